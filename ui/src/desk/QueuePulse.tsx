import { Trans } from "@lingui/react/macro";
import { Users } from "lucide-react";

import type { LiveQueue } from "@/api/types";
import { Since } from "@/design/Timer";
import { useLive, useSecondsSince } from "@/live/useLive";

/** From this wait on a queue is shown as late. */
export const LATE_SECONDS = 60;

export const longestWait = (queues: readonly LiveQueue[]): string | null =>
  queues.map((queue) => queue.longest_since).reduce((a, b) => (!b || (a !== null && a < b) ? a : b), null);

/** How many wait now and for how long, all queues together. */
export function QueuePulse() {
  const queues = useLive((state) => state.queues);
  const longest = longestWait(queues ?? []);
  const late = useSecondsSince(longest) >= LATE_SECONDS;
  if (!queues) return null;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  return (
    <div className="pulse">
      <Users size={16} aria-hidden />
      <span>
        <Trans>Waiting</Trans> <strong className="figures">{waiting}</strong>
      </span>
      {longest && (
        <span>
          · <Since at={longest} className={late ? "late" : ""} />
        </span>
      )}
    </div>
  );
}
