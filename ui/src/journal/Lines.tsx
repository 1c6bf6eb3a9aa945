/** How the customer and the agents were heard, in a word first, then in figures. */
import { Trans, useLingui } from "@lingui/react/macro";

import type { LineFigures } from "@/api/hearing";
import "@/journal/lines.css";
import { Tag, type Tone } from "@/design/Tag";

const percent = (part: number) => `${(100 * part).toLocaleString(undefined, { maximumFractionDigits: 1 })}\u202f%`;
const POOR = 3.6;
const BAD = 3.1;
const tone = (figure: number): Tone => (figure < BAD ? "bad" : figure < POOR ? "warn" : "ok");

export function Lines({ lines }: { lines: readonly LineFigures[] }) {
  const { t } = useLingui();
  if (lines.length === 0) return null;
  const said = (figure: number) => (figure < BAD ? t`Badly heard` : figure < POOR ? t`Poorly heard` : t`Well heard`);
  return (
    <section className="drawerCourse">
      <h3 className="heading">
        <Trans>How they heard each other</Trans>
      </h3>
      <ul className="lines">
        {lines.map((line) => (
          <li key={line.agent?.id ?? ""}>
            <span className="linesWhose">
              {line.agent?.name ?? t`Customer's line`}
              <Tag tone={tone(line.mos)}>{said(line.mos)}</Tag>
              {line.mos >= POOR && line.worst_mos < POOR && <Tag tone="warn">{t`poorly for a while`}</Tag>}
            </span>
            <span className="caption figures">
              <Trans>
                MOS {line.mos.toFixed(1)}, at worst {line.worst_mos.toFixed(1)} · lost {percent(line.loss)} · jitter {Math.round(line.jitter_ms)} ms
              </Trans>
              {line.round_trip_ms > 0 && (
                <>
                  {" · "}
                  <Trans>there and back {Math.round(line.round_trip_ms)} ms</Trans>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
