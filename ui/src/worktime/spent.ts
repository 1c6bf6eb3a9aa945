/** Working time as it is shown: stretches that go on grow with the clock, sums are grouped, and all of it as a file. Pure. */
import type { DayStretch, DayTold, SpentIn, SpentState, WorkedDay } from "@/api/workforce";

/** As in the ribbon's style sheet. */
export type Kind = "ready" | "ringing" | "talking" | "held" | "wrap_up" | "pause" | "missed";

export function kindOf(state: SpentState, reason: string | null): Kind {
  if (state === "not_ready") return reason === "missed" ? "missed" : "pause";
  if (state === "offered") return "ringing";
  if (state === "dialling" || state === "rejoining") return "talking";
  return state;
}

/** A status by its reason; what was done with a contact as such. */
export const keyOf = (state: SpentState, reason: string | null): string => (state === "ready" || state === "not_ready" ? `${state} ${reason ?? ""}` : state);

export interface Piece extends DayStretch {
  begins: number;
  ends: number;
}

/** Instants as numbers; what goes on ends now. */
export function pieces(told: DayTold, now: number): Piece[] {
  return told.stretches.map((one) => {
    const begins = Date.parse(one.began_at);
    return { ...one, begins, ends: one.ended_at === null ? Math.max(begins, now) : Date.parse(one.ended_at) };
  });
}

/** Longest first. Each instant is cut to its millisecond, and so the sums add up to the whole. */
export function sums(of: readonly Piece[]): SpentIn[] {
  const found = new Map<string, SpentIn>();
  for (const { state, reason, begins, ends } of of) {
    const status = state === "ready" || state === "not_ready";
    const key = keyOf(state, reason);
    const before = found.get(key) ?? { state, reason: status ? reason : null, milliseconds: 0 };
    found.set(key, { ...before, milliseconds: before.milliseconds + (ends - begins) });
  }
  return [...found.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

export interface Worked {
  agent: string;
  name: string;
  days: WorkedDay[];
  milliseconds: number;
  spent: SpentIn[];
}

/** Of each agent all days together, in the order in which agents come. */
export function byAgent(days: readonly WorkedDay[]): Worked[] {
  const found = new Map<string, Worked>();
  for (const day of days) {
    const before = found.get(day.agent) ?? { agent: day.agent, name: day.name, days: [], milliseconds: 0, spent: [] };
    found.set(day.agent, { ...before, days: [...before.days, day], milliseconds: before.milliseconds + day.milliseconds, spent: added(before.spent, day.spent) });
  }
  return [...found.values()];
}

function added(before: readonly SpentIn[], more: readonly SpentIn[]): SpentIn[] {
  const found = new Map(before.map((one) => [keyOf(one.state, one.reason), one]));
  for (const one of more) {
    const key = keyOf(one.state, one.reason);
    found.set(key, { ...one, milliseconds: one.milliseconds + (found.get(key)?.milliseconds ?? 0) });
  }
  return [...found.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

export const spentIn = (spent: readonly SpentIn[], ...kinds: Kind[]): number =>
  spent.reduce((sum, one) => sum + (kinds.includes(kindOf(one.state, one.reason)) ? one.milliseconds : 0), 0);

/** With something in hand, of the time in shift; null where there was none. */
export function occupancy(worked: { milliseconds: number; spent: readonly SpentIn[] }): number | null {
  return worked.milliseconds > 0 ? spentIn(worked.spent, "ringing", "talking", "held", "wrap_up") / worked.milliseconds : null;
}

/** Full hours within, a handful at most, for the marks under a ribbon. */
export function hours(begins: number, ends: number): number[] {
  const first = new Date(begins);
  first.setMinutes(0, 0, 0);
  const span = (ends - begins) / 3_600_000;
  const step = [1, 2, 3, 4, 6].find((each) => span / each <= 8) ?? 12;
  const found: number[] = [];
  for (const at = first; at.getTime() <= ends; at.setHours(at.getHours() + 1)) {
    if (at.getTime() >= begins && at.getHours() % step === 0) found.push(at.getTime());
  }
  return found;
}

/** A table as a spreadsheet takes it: a mark of the encoding, seconds with the comma and the separator of the language. */
export function csv(rows: readonly (readonly (string | number)[])[], russian: boolean): string {
  const separator = russian ? ";" : ",";
  const cell = (value: string | number) => {
    if (typeof value === "number") return russian ? String(value).replace(".", ",") : String(value);
    // What begins so is a formula to a spreadsheet.
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[";,\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(separator)).join("\r\n")}\r\n`;
}
