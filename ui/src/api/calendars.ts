/** What the server says of opening hours that are being edited. It keeps nothing of it. */
import { call, send } from "@/api/client";
import type { Calendar } from "@/hours/calendar";

export interface Holiday {
  date: string;
  name: string;
}

/** Times as the clock on the wall of the calendar's zone shows them: "2026-12-24T10:30". */
export interface AtMoment {
  at: string;
  open: boolean;
  /** When it opens or closes next; null: not for years to come. */
  until: string | null;
  by: { day: string; kind: "exception" | "holiday" | "weekday"; name: string };
}

export const readHolidays = (file: File) => send<{ holidays: Holiday[] }>("POST", "/api/calendars/holidays", file);

/** `at`: an instant, or without an offset what the clock on the wall of the calendar's zone shows then. */
export const lookAt = (calendar: Calendar, at: string) => call<AtMoment>("POST", "/api/calendars/moment", { calendar, at });
