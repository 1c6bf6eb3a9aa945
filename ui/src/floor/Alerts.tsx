/** What supervisors are told of by rule: what stands now, who has seen to it, and what was. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Bell, BellRing, Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { call } from "@/api/client";
import { can, useMe } from "@/api/session";
import type { FloorAlert } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import "@/floor/alerts.css";
import { clock, moment } from "@/i18n/format";
import { serverNow } from "@/live/useLive";

/** An alert this old is no news to a page that has just been opened. */
const NEWS_MS = 15_000;

/** "Waiting too long: Sales", "Given up: Sales, 40% of 25". */
function useSaid(): (alert: FloorAlert) => string {
  const { t } = useLingui();
  return ({ kind, queue, agent, percent, of }) => {
    const words: Record<FloorAlert["kind"], string> = {
      long_wait: t`Waiting too long`,
      long_talk: t`Long conversation`,
      long_hold: t`Long on hold`,
      long_status: t`Long in a status`,
      service_level: t`Too few answered in time`,
      abandoned: t`Too many gave up`,
      ghost_busy: t`Looks at work, takes nothing`,
    };
    const share = percent === null ? null : t`${percent}% of ${of ?? 0}`;
    const about = [agent?.name, queue?.name, share].filter(Boolean).join(", ");
    return about ? `${words[kind]}: ${about}` : words[kind];
  };
}

export function Alerts({ alerts, open }: { alerts: FloorAlert[]; open: (agent: string) => void }) {
  const { t } = useLingui();
  const may = can(useMe(), "agents.direct");
  const see = useMutation({ mutationFn: (alert: string) => call("POST", `/api/supervision/alerts/${alert}/acknowledge`, {}) });
  const standing = alerts.filter((alert) => !alert.over_at).sort((a, b) => Number(a.seen !== null) - Number(b.seen !== null) || b.at.localeCompare(a.at));
  const past = alerts.filter((alert) => alert.over_at).reverse();
  const said = useSaid();
  useNotices(standing, said);
  if (alerts.length === 0) return null;
  return (
    <section className="card alerts" aria-label={t`Alerts`}>
      <h2 className="heading">
        <Trans>Alerts</Trans>
        <span className="muted figures"> {standing.length}</span>
        <AskLeave />
      </h2>
      <Refusal error={see.error} />
      <div role="log" aria-label={t`Alerts that stand`}>
       <ul>
        {standing.map((alert) => (
          <li key={alert.id}>
            <BellRing size={16} aria-hidden />
            <Said alert={alert} said={said(alert)} open={open} />
            <Since at={alert.at} className="muted" />
            <span className="alertSeen">
              {alert.seen ? (
                <SeenBy seen={alert.seen} />
              ) : (
                may && (
                  <Button icon={Check} onPress={() => see.mutate(alert.id)}>
                    <Trans>Acknowledge</Trans>
                  </Button>
                )
              )}
            </span>
          </li>
        ))}
        {standing.length === 0 && (
          <li className="muted">
            <Trans>Nothing stands.</Trans>
          </li>
        )}
       </ul>
      </div>
      {past.length > 0 && (
        <details>
          <summary>
            <Trans>What was</Trans> <span className="muted figures">{past.length}</span>
          </summary>
          <ul aria-label={t`What was`}>
            {past.map((alert) => (
              <li key={alert.id}>
                <span className="figures muted">
                  {moment(alert.at)}–{clock(alert.over_at ?? alert.at)}
                </span>
                <Said alert={alert} said={said(alert)} open={open} />
                {alert.seen && <SeenBy seen={alert.seen} />}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Said({ alert, said, open }: { alert: FloorAlert; said: string; open: (agent: string) => void }) {
  const { agent } = alert;
  if (!agent) return <strong>{said}</strong>;
  return (
    <Button kind="bare" className="alertSaid" onPress={() => open(agent.id)}>
      {said}
    </Button>
  );
}

function SeenBy({ seen: { name, at } }: { seen: NonNullable<FloorAlert["seen"]> }) {
  const when = clock(at);
  return (
    <Tag tone="ok">
      <Trans>Seen by {name} at {when}</Trans>
    </Tag>
  );
}

/** A notification of the browser for each new one, while the page is not looked at. */
function useNotices(standing: readonly FloorAlert[], said: (alert: FloorAlert) => string): void {
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const alert of standing) {
      if (told.current.has(alert.id)) continue;
      told.current.add(alert.id);
      const fresh = serverNow() - Date.parse(alert.at) < NEWS_MS;
      if (fresh && document.hidden && "Notification" in window && Notification.permission === "granted") new Notification(said(alert), { tag: alert.id });
    }
  });
}

function AskLeave() {
  const [asked, setAsked] = useState(() => "Notification" in window && Notification.permission === "default");
  if (!asked) return null;
  return (
    <Button icon={Bell} className="alertLeave" onPress={() => void Notification.requestPermission().then(() => setAsked(false))}>
      <Trans>Notify me in other tabs</Trans>
    </Button>
  );
}
