/** How a line is heard, from what its packets suffered: the same computation as `contact/quality.py`, held to one table with it. */

export type Hearing = "good" | "poor" | "bad";

/** Of the line's beginning until now; `there` is what the other end tells of what it hears. */
export interface Counts {
  received: number;
  lost: number;
  sent: number;
  lostThere: number;
  jitterMs: number;
  jitterThereMs: number;
  roundTripMs: number;
}

const UNHARMED = 93.2;
const LOSS_ROBUSTNESS = 25.1;
const CODEC_MS = 20;
const POOR = 3.6;
const BAD = 3.1;
const BETTER = 0.15;
export const NOTHING: Counts = { received: 0, lost: 0, sent: 0, lostThere: 0, jitterMs: 0, jitterThereMs: 0, roundTripMs: 0 };

/** 1 to 4.4: the short form of the E-model (ITU-T G.107) by Cole and Rosenbluth, 2001. */
export function mos(loss: number, jitterMs: number, roundTripMs: number): number {
  const percent = 100 * Math.min(1, Math.max(0, loss));
  const delay = Math.max(0, roundTripMs) / 2 + 2 * Math.max(0, jitterMs) + CODEC_MS;
  const byDelay = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const byLoss = (95 * percent) / (percent + LOSS_ROBUSTNESS);
  const r = Math.min(100, Math.max(0, UNHARMED - byDelay - byLoss));
  return Math.round(100 * Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)) / 100;
}

/** In a word; it becomes better only when it is clearly so. */
export function hearing(figure: number, before: Hearing): Hearing {
  if (figure < BAD + (before === "bad" ? BETTER : 0)) return "bad";
  return figure < POOR + (before === "good" ? 0 : BETTER) ? "poor" : "good";
}

const share = (lost: number, came: number) => Math.min(1, Math.max(0, lost) / Math.max(1, Math.max(0, lost) + Math.max(0, came)));
const lossHere = (before: Counts, after: Counts) => share(after.lost - before.lost, after.received - before.received);
function lossThere(before: Counts, after: Counts): number {
  const lost = after.lostThere - before.lostThere;
  return share(lost, after.sent - before.sent - lost);
}
const jitter = (counts: Counts) => Math.max(counts.jitterMs, counts.jitterThereMs);

export interface Report {
  loss: number;
  jitter_ms: number;
  round_trip_ms: number;
  worst_mos: number;
  now: Hearing;
}

/** One line, asked every few seconds; judged by what came between the last sample and the last but two. */
export class Meter {
  now: Hearing = "good";
  /** Which of the two does not hear well. */
  way: "in" | "out" = "in";
  private samples: [Counts, Counts] = [NOTHING, NOTHING];
  private worst = 5;

  get heard(): boolean {
    return this.worst < 5;
  }

  /** True: it has become better or worse. */
  feed(counts: Counts): boolean {
    const [before, last] = this.samples;
    this.samples = [last, counts];
    if (counts.received <= last.received) return false;
    const [here, there] = [lossHere(before, counts), lossThere(before, counts)];
    const figure = mos(Math.max(here, there), jitter(counts), counts.roundTripMs);
    this.worst = Math.min(this.worst, figure);
    const was = this.now;
    this.now = hearing(figure, was);
    this.way = there > here || (there === here && counts.jitterThereMs > counts.jitterMs) ? "out" : "in";
    return this.now !== was;
  }

  /** Of the whole line by now. */
  report(): Report {
    const counts = this.samples[1];
    return {
      loss: Math.max(lossHere(NOTHING, counts), lossThere(NOTHING, counts)),
      jitter_ms: jitter(counts),
      round_trip_ms: counts.roundTripMs,
      worst_mos: this.worst,
      now: this.now,
    };
  }
}
