/** Times, durations and numbers as people read them; the only place that formats. Always a 24-hour clock. */
import { spoken } from "@/i18n/language";
import type { Named, Worded } from "@/api/types";

const tag = () => (spoken() === "ru" ? "ru-RU" : "en-GB");
const kept = new Map<string, Intl.DateTimeFormat>();

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag() + JSON.stringify(options);
  let format = kept.get(key);
  if (!format) kept.set(key, (format = new Intl.DateTimeFormat(tag(), options)));
  return format;
}

/** 74 -> "1:14", 3674 -> "1:01:14"; below zero is zero. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

export const clock = (iso: string): string => dates({ hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

export const clockSeconds = (iso: string): string =>
  dates({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(iso));

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** Today only the time; this year the day and month too; else the year as well. */
export function moment(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (sameDay(at, now)) return clock(iso);
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return dates(at.getFullYear() === now.getFullYear() ? day : { ...day, year: "numeric" }).format(at);
}

/** The day with its name: "Tue 1 December". */
export const day = (iso: string): string => dates({ weekday: "short", day: "numeric", month: "long" }).format(new Date(iso));

export const fullMoment = (iso: string): string =>
  dates({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

/** "2027-01-31" as a day in words. */
export const fullDate = (iso: string): string => dates({ day: "numeric", month: "long", year: "numeric" }).format(new Date(`${iso}T12:00`));

export const number = (value: number): string => new Intl.NumberFormat(tag()).format(value);

/** +79161234567 -> "+7 916 123-45-67"; other numbers keep their digits with the country code set off. */
export function phone(e164: string): string {
  const russian = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(e164);
  if (russian) return `+7 ${russian[1]} ${russian[2]}-${russian[3]}-${russian[4]}`;
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (american) return `+1 ${american[1]} ${american[2]}-${american[3]}`;
  const british = /^\+44(20|1\d{2}|\d{4})(\d{3,4})(\d{3,4})$/.exec(e164);
  if (british) return `+44 ${british[1]} ${british[2]} ${british[3]}`;
  return e164;
}

export const worded = (list: readonly Worded[], id: string | null): string =>
  list.find((one) => one.id === id)?.[spoken()] ?? "";

/** Some messages name a queue or a person by object, some by text. */
export const nameOf = (thing: Named | string | null | undefined): string =>
  typeof thing === "string" ? thing : (thing?.name ?? "");

export function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? "")
    .join("")
    .toUpperCase();
}

const collators = new Map<string, Intl.Collator>();

/** The order of names in the language spoken. A thousand of them are compared with every change of the floor. */
export function byName(a: { name: string }, b: { name: string }): number {
  let collator = collators.get(tag());
  if (!collator) collators.set(tag(), (collator = new Intl.Collator(tag())));
  return collator.compare(a.name, b.name);
}
