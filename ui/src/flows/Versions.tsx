/** What was published of a flow, what is different now, in words, and the way back. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useState } from "react";

import { compareFlow, flowsKey, rollBack, versionsQuery, type Difference } from "@/api/flows";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { told } from "@/flows/words";
import { fullMoment } from "@/i18n/format";

interface Props {
  flow: string;
  /** Of the set-up. */
  version: number;
  /** The revision of the draft that is kept; null: there is none, and the newest version is compared. */
  revision: number | null;
  published: () => void;
}

export function Versions({ flow, version, revision, published }: Props) {
  const { t } = useLingui();
  const server = useQueryClient();
  const { data, error } = useQuery(versionsQuery(flow));
  const [shown, setShown] = useState<number>();
  const back = useMutation({
    mutationFn: (to: number) => rollBack(flow, to, version),
    onSuccess: async () => {
      await server.invalidateQueries({ queryKey: flowsKey });
      published();
    },
  });
  const newest = data?.versions[0];
  const compared = shown ?? newest?.version;
  return (
    <div className="flowPanel">
      <Refusal error={error ?? back.error} />
      {data?.versions.length === 0 && (
        <p className="muted">
          <Trans>Not published yet.</Trans>
        </p>
      )}
      <ul className="flowVersions" aria-label={t`Versions`}>
        {data?.versions.map(({ version: number, made_at, by, comment, gone }) => (
          <li key={number}>
            <span>
              <strong className="figures">{number}</strong> {number === newest?.version && !gone && <Tag tone="ok">{t`Counts now`}</Tag>}
              {gone && <Tag>{t`Deleted`}</Tag>}
              <span className="muted flowVersionBy">{[fullMoment(made_at), by, comment].filter(Boolean).join(" · ")}</span>
            </span>
            <span className="flowVersionActions">
              <Button kind="bare" pressed={compared === number} onPress={() => setShown(number)}>
                <Trans>Compare</Trans>
              </Button>
              {number !== newest?.version && !gone && (
                <Button kind="bare" icon={RotateCcw} isPending={back.isPending && back.variables === number} onPress={() => back.mutate(number)}>
                  <Trans>Publish again</Trans>
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {compared !== undefined && newest && (revision !== null || compared !== newest.version) && <Compared flow={flow} before={compared} after={revision === null ? newest.version : undefined} mark={revision ?? 0} />}
    </div>
  );
}

function Compared({ flow, before, after, mark }: { flow: string; before: number; after: number | undefined; mark: number }) {
  const { data, error } = useQuery({ queryKey: [...flowsKey, "compared", flow, before, after, mark], queryFn: () => compareFlow(flow, before, after) });
  return (
    <section aria-live="polite">
      <h3>{after === undefined ? <Trans>From version {before} to the draft</Trans> : <Trans>From version {before} to version {after}</Trans>}</h3>
      <Refusal error={error} />
      {data && <ChangesInWords difference={data} />}
    </section>
  );
}

export function ChangesInWords({ difference }: { difference: Difference }) {
  const { t, i18n } = useLingui();
  const found = difference.changes.map((change) => told(i18n, change, difference.before, difference.after)).filter(({ look }) => !look);
  if (found.length === 0) {
    return (
      <p className="muted">
        <Trans>Nothing is different.</Trans>
      </p>
    );
  }
  const words = { "+": t`added`, "-": t`removed`, "~": t`changed` };
  return (
    <ul className="flowChanges">
      {found.map(({ kind, where, field, before, after }, number) => (
        <li key={number} className={{ "+": "added", "-": "removed", "~": "changed" }[kind]}>
          <strong>{[where, field].filter(Boolean).join(": ")}</strong> <span className="flowChangeKind">{words[kind]}</span>
          {(before || after) && (
            <span className="flowChangeWords">
              {before && <del>{before}</del>} {after && <ins>{after}</ins>}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
