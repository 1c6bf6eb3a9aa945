/** How long each queue is, and for how long; marked where it is over the tenant's thresholds. */
import { Trans, useLingui } from "@lingui/react/macro";
import { AlertTriangle, ChartBar, Clock } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { FloorQueue } from "@/api/types";
import { Button } from "@/design/Button";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { markOf, type Mark } from "@/floor/shown";
import { useSecondsSince, useServerClock } from "@/live/useLive";

const QueueFigures = lazy(() => import("@/floor/QueueFigures").then((module) => ({ default: module.QueueFigures })));

/** Of each queue, as time goes on. */
export function useMarks(queues: readonly FloorQueue[]): (Mark | null)[] {
  const now = useServerClock();
  return queues.map((queue) => markOf(queue, queue.longest_since ? (now - Date.parse(queue.longest_since)) / 1000 : 0));
}

export function Queues({ queues }: { queues: FloorQueue[] }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  return (
    <section className="card floorCard">
      <div className="floorHeading">
        <h2 className="heading">
          <Trans>Queues</Trans>
        </h2>
        <Button kind="bare" icon={ChartBar} onPress={() => setAsked(true)}>
          <Trans>Figures</Trans>
        </Button>
      </div>
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
      {asked && (
        <Suspense>
          <QueueFigures close={() => setAsked(false)} />
        </Suspense>
      )}
    </section>
  );
}

function QueueRow({ queue }: { queue: FloorQueue }) {
  const mark = markOf(queue, useSecondsSince(queue.longest_since));
  return (
    <tr className={mark ? `marked ${mark.endsWith("alarm") ? "alarm" : "warning"}` : ""}>
      <td className="floorName">
        {queue.name} {mark && <MarkTag mark={mark} />}
      </td>
      <td className={`end figures ${mark?.startsWith("waiting") ? "markedFigure" : ""}`}>{queue.waiting}</td>
      <td className={`end ${mark?.startsWith("wait_") ? "markedFigure" : ""}`}>
        {queue.longest_since ? <Since at={queue.longest_since} /> : <span className="muted">–</span>}
      </td>
      <td className="end figures">{queue.agents_ready}</td>
    </tr>
  );
}

/** A sign and a word; the colour only repeats them. */
function MarkTag({ mark }: { mark: Mark }) {
  const { t } = useLingui();
  const words: Record<Mark, string> = {
    wait_alarm: t`Waiting too long`,
    waiting_alarm: t`Too many waiting`,
    wait_warning: t`Waiting long`,
    waiting_warning: t`Many waiting`,
  };
  const alarm = mark.endsWith("alarm");
  const Sign = alarm ? AlertTriangle : Clock;
  return (
    <Tag tone={alarm ? "bad" : "warn"}>
      <Sign size={12} aria-hidden /> {words[mark]}
    </Tag>
  );
}
