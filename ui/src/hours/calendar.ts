/** Opening hours as they are edited. Pure. */

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `date`: "2027-01-07", or "01-07" for every year (holidays only). Without `hours` the day is closed. */
export interface SpecialDay {
  date: string;
  name: string;
  hours: string[];
}

export interface Calendar {
  id: string;
  name: string;
  time_zone: string;
  /** A weekday that is left out is closed. */
  weekly: Partial<Record<Weekday, string[]>>;
  holidays: SpecialDay[];
  exceptions: SpecialDay[];
}

export type DaysOf = "holidays" | "exceptions";

/** In which lists a day is being typed that is in none of them yet. */
export interface Typed {
  lists: readonly DaysOf[];
  tell: (next: (before: readonly DaysOf[]) => readonly DaysOf[]) => void;
}

export const emptyCalendar = (id: string, name: string, time_zone: string): Calendar => ({
  id,
  name,
  time_zone,
  weekly: Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, ["09:00-18:00"]])),
  holidays: [],
  exceptions: [],
});

/** "9", "930", "9.30" and "9:30" are times; what is none stays as it was typed, and is told of by the server. */
export function timeOf(typed: string): string {
  const found = /^(\d{1,2})(?:[:.\s-]?(\d{2}))?$/.exec(typed.trim());
  if (!found) return typed.trim();
  const [, hours = "", minutes = "00"] = found;
  const known = (Number(hours) < 24 && Number(minutes) < 60) || (Number(hours) === 24 && minutes === "00");
  return known ? `${hours.padStart(2, "0")}:${minutes}` : typed.trim();
}

export function endsOf(period: string): [string, string] {
  const [from = "", to = ""] = period.split("-");
  return [from, to];
}

const leap = (year: number) => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;

/** "05-09" in this year; 29 February in the next year that has one. */
export const inYear = (yearly: string, year: number): string => (yearly === "02-29" && !leap(year) ? inYear(yearly, year + 1) : `${year}-${yearly}`);

const minutesOf = (time: string) => (/^\d\d:\d\d$/.test(time) ? Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) : NaN);
const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** What is put in when one more period is wanted: the working day, or what is left of it an hour later. */
export function nextPeriod(periods: readonly string[]): string {
  const last = periods.at(-1);
  if (last === undefined) return "09:00-18:00";
  const end = minutesOf(endsOf(last)[1]);
  if (Number.isNaN(end) || end >= 23 * 60) return "00:00-00:00";
  const from = end < 17 * 60 ? end + 60 : end;
  return `${clock(from)}-${from < 18 * 60 ? "18:00" : clock(Math.min(from + 120, 1439))}`;
}

export function withWeekday(calendar: Calendar, day: Weekday, periods: string[]): Calendar {
  const weekly: Calendar["weekly"] = { ...calendar.weekly, [day]: periods };
  return { ...calendar, weekly: Object.fromEntries(WEEKDAYS.filter((each) => weekly[each]?.length).map((each) => [each, weekly[each]])) };
}

export const asOn = (calendar: Calendar, day: Weekday, others: readonly Weekday[]): Calendar =>
  others.reduce((changed, other) => withWeekday(changed, other, calendar.weekly[day] ?? []), calendar);

/** Neighbouring weekdays with the same hours, those that are closed left out. */
export function groups(weekly: Calendar["weekly"]): { from: Weekday; to: Weekday; periods: string[] }[] {
  const found: { from: Weekday; to: Weekday; periods: string[] }[] = [];
  WEEKDAYS.forEach((day, at) => {
    const periods = weekly[day] ?? [];
    const last = found.at(-1);
    if (last && last.to === WEEKDAYS[at - 1] && last.periods.join() === periods.join()) last.to = day;
    else found.push({ from: day, to: day, periods });
  });
  return found.filter(({ periods }) => periods.length > 0);
}

/** Every year first, then by date: as the file of a country lists them. */
const inOrder = (days: readonly SpecialDay[]) => days.toSorted((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));

/** With the day in place of `before`, or as a new one. */
export function withDay(days: readonly SpecialDay[], before: SpecialDay | null, day: SpecialDay): SpecialDay[] {
  return inOrder([...days.filter((each) => each !== before && each.date !== day.date), day]);
}

export type Arrival = "new" | "known" | "renamed" | "past";

export interface Coming {
  date: string;
  name: string;
  arrival: Arrival;
  /** What the calendar calls the day now. */
  called: string | null;
}

/** What a file of holidays would do to those that are there. `today`: "2026-11-29". */
export function coming(there: readonly SpecialDay[], found: readonly { date: string; name: string }[], today: string): Coming[] {
  const known = new Map(there.map((day) => [day.date, day]));
  return found.map(({ date, name }) => {
    const same = known.get(date);
    const yearly = known.get(date.slice(-5));
    const arrival: Arrival = same ? (same.name === name ? "known" : "renamed") : yearly ? "known" : date.length > 5 && date < today ? "past" : "new";
    return { date, name, arrival, called: (same ?? yearly)?.name ?? null };
  });
}

/** A day that is there keeps its hours and takes the name of the file. */
export function withHolidays(there: readonly SpecialDay[], taken: readonly { date: string; name: string }[]): SpecialDay[] {
  const names = new Map(taken.map(({ date, name }) => [date, name]));
  const kept = there.map((day) => (names.has(day.date) ? { ...day, name: names.get(day.date) ?? day.name } : day));
  const dates = new Set(there.map(({ date }) => date));
  return inOrder([...kept, ...taken.filter(({ date }) => !dates.has(date)).map(({ date, name }) => ({ date, name, hours: [] }))]);
}
