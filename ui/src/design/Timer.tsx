import { duration } from "@/i18n/format";
import { useSecondsSince, useSecondsUntil } from "@/live/useLive";

/** Time since an instant, ticking; silent for screen readers, who ask when they want to know. */
export function Since({ at, className = "" }: { at: string | null | undefined; className?: string }) {
  const seconds = useSecondsSince(at);
  return (
    <span className={`figures ${className}`} role="timer" aria-live="off">
      {duration(seconds)}
    </span>
  );
}

export function Until({ at, className = "" }: { at: string | null | undefined; className?: string }) {
  const seconds = useSecondsUntil(at);
  return (
    <span className={`figures ${className}`} role="timer" aria-live="off">
      {duration(Math.ceil(seconds))}
    </span>
  );
}
