/** A day as a ribbon: each stretch as wide as it is long. What it says is said in words beside it, too. */
import { useLingui } from "@lingui/react/macro";

import type { Worded } from "@/api/types";
import type { SpentIn } from "@/api/workforce";
import { clock, clockSeconds, duration } from "@/i18n/format";
import { statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { hours, keyOf, kindOf, type Piece } from "@/worktime/spent";
import "@/worktime/worktime.css";

const NONE: readonly Worded[] = [];
const iso = (at: number) => new Date(at).toISOString();

/** "Lunch", "Talking", "Ready". */
export function useSpentWords(): (one: Pick<SpentIn, "state" | "reason">) => string {
  const words = useWords();
  const reasons = useLive(statusWords) ?? NONE;
  return ({ state, reason }) => words.status(state, reason, reasons);
}

export function Ribbon({ of }: { of: readonly Piece[] }) {
  const { t } = useLingui();
  const named = useSpentWords();
  const [first, last] = [of[0], of.at(-1)];
  if (!first || !last) return null;
  const [begins, length] = [first.begins, Math.max(1, last.ends - first.begins)];
  const place = (at: number) => `${((at - begins) / length) * 100}%`;
  const [from, to] = [clock(iso(begins)), clock(iso(last.ends))];
  return (
    <div className="ribbon" role="img" aria-label={t`The day from ${from} to ${to}`}>
      <div className="ribbonBand">
        {of.map((one) => (
          <span
            key={one.began_at}
            className={`spent ${kindOf(one.state, one.reason)}`}
            style={{ insetInlineStart: place(one.begins), width: `${((one.ends - one.begins) / length) * 100}%` }}
            title={`${named(one)} · ${clockSeconds(iso(one.begins))} – ${clockSeconds(iso(one.ends))} · ${duration((one.ends - one.begins) / 1000)}`}
          />
        ))}
      </div>
      <div className="ribbonHours figures">
        {hours(begins, last.ends).map((at) => (
          <span key={at} style={{ insetInlineStart: place(at) }}>
            {clock(iso(at))}
          </span>
        ))}
      </div>
    </div>
  );
}

/** How much of it was what, with its share. */
export function Sums({ spent, milliseconds }: { spent: readonly SpentIn[]; milliseconds: number }) {
  const named = useSpentWords();
  return (
    <dl className="spentSums">
      {spent.map((one) => (
        <div key={keyOf(one.state, one.reason)}>
          <dt>
            <span className={`swatch spent ${kindOf(one.state, one.reason)}`} aria-hidden />
            <span className="clip">{named(one)}</span>
          </dt>
          <dd className="figures">
            {duration(one.milliseconds / 1000)}
            <span className="muted spentShare">{milliseconds > 0 ? `${Math.round((one.milliseconds / milliseconds) * 100)}\u202f%` : ""}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
