/** Days and times of a calendar's own clock in words: never of the clock of whoever looks. */
import { spoken } from "@/i18n/language";
import type { Weekday } from "@/hours/calendar";
import { WEEKDAYS } from "@/hours/calendar";

const words = (options: Intl.DateTimeFormatOptions, at: Date) => new Intl.DateTimeFormat(spoken() === "ru" ? "ru-RU" : "en-GB", { ...options, timeZone: "UTC" }).format(at);

/** 1 January 2024 was a Monday. */
const ofWeek = (day: Weekday) => new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day)));

export const weekdayName = (day: Weekday) => words({ weekday: "long" }, ofWeek(day));
export const weekdayShort = (day: Weekday) => words({ weekday: "short" }, ofWeek(day));
export const monthName = (month: number) => words({ month: "long" }, new Date(Date.UTC(2024, month - 1, 1)));

/** "2026-12-24T10:30" */
export const wallMoment = (at: string) => words({ weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }, new Date(`${at}Z`));

/** "2026-12-24", or "12-24" for every year. What is no date is shown as it stands. */
export function dateInWords(date: string): string {
  const yearly = /^\d\d-\d\d$/.test(date);
  const at = new Date(`${yearly ? `2024-${date}` : date}T12:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return words(yearly ? { day: "numeric", month: "long" } : { weekday: "short", day: "numeric", month: "long", year: "numeric" }, at);
}
