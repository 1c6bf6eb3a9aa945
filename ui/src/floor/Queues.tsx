/** How long each queue is, and for how long. */
import { Trans, useLingui } from "@lingui/react/macro";
import { AlertTriangle } from "lucide-react";

import type { LiveQueue } from "@/api/types";
import { Since } from "@/design/Timer";
import { LATE_SECONDS } from "@/desk/QueuePulse";
import { useSecondsSince } from "@/live/useLive";

export function Queues({ queues }: { queues: LiveQueue[] }) {
  const { t } = useLingui();
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Queues</Trans>
      </h2>
      <table className="table" aria-label={t`Queues`}>
        <thead>
          <tr>
            <th>{t`Queue`}</th>
            <th className="end">{t`Waiting`}</th>
            <th className="end">{t`Longest wait`}</th>
            <th className="end">{t`Agents ready`}</th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <QueueRow key={queue.id} queue={queue} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QueueRow({ queue }: { queue: LiveQueue }) {
  const late = useSecondsSince(queue.longest_since) >= LATE_SECONDS;
  return (
    <tr>
      <td className="floorName">{queue.name}</td>
      <td className="end figures">{queue.waiting}</td>
      <td className={`end ${late ? "floorLate" : ""}`}>
        {late && <AlertTriangle size={14} aria-hidden />} {queue.longest_since ? <Since at={queue.longest_since} /> : <span className="muted">–</span>}
      </td>
      <td className="end figures">{queue.agents_ready}</td>
    </tr>
  );
}
