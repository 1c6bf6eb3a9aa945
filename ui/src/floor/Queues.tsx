/** How long each queue is, and for how long; marked where it is over the tenant's thresholds. */
import { Trans, useLingui } from "@lingui/react/macro";
import { AlertTriangle, ChartBar, Clock } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { FloorQueue } from "@/api/types";
import { Button } from "@/design/Button";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { duration } from "@/i18n/format";
import { markOf, type Mark, type Served, servedToday } from "@/floor/shown";
import { useSecondsSince, useServerClock } from "@/live/useLive";

const QueueFigures = lazy(() => import("@/floor/QueueFigures").then((module) => ({ default: module.QueueFigures })));

/** Of each queue, as time goes on. */
export function useMarks(queues: readonly FloorQueue[]): (Mark | null)[] {
  const now = useServerClock();
  return queues.map((queue) => markOf(queue, queue.longest_since ? (now - Date.parse(queue.longest_since)) / 1000 : 0, now));
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
      <Today queues={queues} />
      {asked && (
        <Suspense>
          <QueueFigures close={() => setAsked(false)} />
        </Suspense>
      )}
    </section>
  );
}

/** Since midnight: who was answered in time, who gave up; of each queue and of all. */
function Today({ queues }: { queues: FloorQueue[] }) {
  const { t } = useLingui();
  const now = useServerClock();
  return (
    <table className="table servedToday" aria-label={t`Served today`}>
      <thead>
        <tr>
          <th>{t`Today`}</th>
          <th className="end">{t`In time`}</th>
          <th className="end">{t`Offered`}</th>
          <th className="end">{t`Answered`}</th>
          <th className="end">{t`Abandoned`}</th>
          <th className="end">{t`Longest wait`}</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <TodayRow key={queue.id} name={queue.name} served={servedToday([queue], now)} mark={markOf({ ...queue, waiting: 0 }, 0, now)} />
        ))}
      </tbody>
      {queues.length > 1 && (
        <tfoot>
          <TodayRow name={t`All queues`} served={servedToday(queues, now)} mark={null} />
        </tfoot>
      )}
    </table>
  );
}

/** `mark`: of the service level alone. */
function TodayRow({ name, served, mark }: { name: string; served: Served; mark: Mark | null }) {
  return (
    <tr className={mark?.endsWith("alarm") ? "alarm" : ""}>
      <td className="floorName">{name}</td>
      <td className={`end figures ${mark ? "markedFigure" : ""}`}>{served.level === null ? <span className="muted">–</span> : `${served.level}\u202f%`}</td>
      <td className="end figures">{served.offered}</td>
      <td className="end figures">{served.answered}</td>
      <td className="end figures">{served.abandoned}</td>
      <td className="end figures">{served.offered > 0 ? duration(served.longest_seconds) : <span className="muted">–</span>}</td>
    </tr>
  );
}

function QueueRow({ queue }: { queue: FloorQueue }) {
  const mark = markOf(queue, useSecondsSince(queue.longest_since), useServerClock());
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
    level_alarm: t`Far too few answered in time`,
    wait_warning: t`Waiting long`,
    waiting_warning: t`Many waiting`,
    level_warning: t`Too few answered in time`,
  };
  const alarm = mark.endsWith("alarm");
  const Sign = alarm ? AlertTriangle : Clock;
  return (
    <Tag tone={alarm ? "bad" : "warn"}>
      <Sign size={12} aria-hidden /> {words[mark]}
    </Tag>
  );
}
