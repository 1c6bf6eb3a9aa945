/** How agents and customers were heard in the last days, the worst first. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { DAYS, heardLines } from "@/api/hearing";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";

const POOR = 3.6;

export function HeardLines() {
  const { t } = useLingui();
  const { data, error } = useQuery({ queryKey: ["heard lines"], queryFn: heardLines });
  if (error) return <Refusal error={error} />;
  if (!data) return null;
  const rows = [...data.agents, ...(data.customers ? [{ id: "", name: t`Customers' lines`, ...data.customers }] : [])];
  return (
    <section className="servedHeard">
      <h3 className="heading">
        <Trans>How they heard each other</Trans>
      </h3>
      <p className="caption">
        <Plural value={DAYS} one="In the last day" other="In the last # days" />
      </p>
      {rows.length === 0 && (
        <p className="muted">
          <Trans>Nothing was measured yet.</Trans>
        </p>
      )}
      <ul className="servedQueues">
        {rows.map((row) => (
          <li key={row.id}>
            <h3>{row.name}</h3>
            <p>
              <span className="figures">
                <Trans>MOS {row.mos.toFixed(1)}</Trans>
              </span>{" "}
              <span className="muted">
                (<Plural value={row.calls} one="# call" other="# calls" />)
              </span>{" "}
              {row.poor > 0 && (
                <Tag tone={row.mos < POOR ? "bad" : "warn"}>
                  <Plural value={row.poor} one="# poorly heard" other="# poorly heard" />
                </Tag>
              )}
            </p>
          </li>
        ))}
      </ul>
      {rows.some((row) => row.poor > 0) && (
        <Link to="/contacts" search={{ poor: true }}>
          <Trans>Show the contacts that were poorly heard</Trans>
        </Link>
      )}
    </section>
  );
}
