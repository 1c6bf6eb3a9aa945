/** What the program found about itself, worst first, each with what to do. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, RefreshCw, TriangleAlert } from "lucide-react";

import { call } from "@/api/client";
import type { Finding, SystemReport } from "@/api/system";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag, type Tone } from "@/design/Tag";
import { spoken } from "@/i18n/language";
import "@/system/system.css";

const ORDER: Finding["state"][] = ["fault", "warning", "ok"];
const ICONS = { fault: CircleX, warning: TriangleAlert, ok: CircleCheck };
const TONES: Record<Finding["state"], Tone> = { fault: "bad", warning: "warn", ok: "ok" };

export function System() {
  const { t } = useLingui();
  const report = useQuery({ queryKey: ["system"], queryFn: () => call<SystemReport>("GET", "/api/system"), refetchInterval: 30_000 });
  const findings = [...(report.data?.findings ?? [])].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const states: Record<Finding["state"], string> = { fault: t`Fault`, warning: t`Warning`, ok: t`In order` };
  const down = report.data && !report.data.telephony.up;
  const amiss = findings.filter((finding) => finding.state !== "ok").length + (down ? 1 : 0);

  return (
    <div className="page system">
      <div className="systemTop">
        <div>
          <h1>
            <Trans>System</Trans>
          </h1>
          {report.data && (
            <p className="muted">
              {amiss === 0 ? <Trans>Everything is in order.</Trans> : <Plural value={amiss} one="# thing needs attention." other="# things need attention." />}
            </p>
          )}
        </div>
        <Button icon={RefreshCw} isPending={report.isFetching} onPress={() => void report.refetch()}>
          <Trans>Check now</Trans>
        </Button>
      </div>
      <Refusal error={report.error} />
      {report.data && down && <Telephony telephony={report.data.telephony} />}
      <ul className="findings card">
        {findings.map((finding) => {
          const Icon = ICONS[finding.state];
          return (
            <li key={finding.id} className={finding.state}>
              <Icon size={20} aria-hidden />
              <div>
                <p className="findingTitle">
                  <strong>{finding.title}</strong>
                  <Tag tone={TONES[finding.state]}>{states[finding.state]}</Tag>
                </p>
                {finding.found && <p className="muted">{finding.found}</p>}
                {finding.advice && <p className="findingAdvice">{finding.advice}</p>}
              </div>
            </li>
          );
        })}
      </ul>
      {report.data && !down && <Telephony telephony={report.data.telephony} />}
    </div>
  );
}

function Telephony({ telephony: { up, advice } }: Pick<SystemReport, "telephony">) {
  return (
    <section className="systemTelephony">
      <h2 className="heading">
        <Trans>Telephony</Trans>
      </h2>
      <Tag tone={up ? "ok" : "bad"} dotted>
        {up ? <Trans>Running</Trans> : <Trans>Down</Trans>}
      </Tag>
      {advice && <p className="findingAdvice">{advice[spoken()]}</p>}
    </section>
  );
}
