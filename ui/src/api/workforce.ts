/** Working time: how shifts were spent. Days are those of this browser's time zone. */
import { queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { AgentState } from "@/api/types";
import { serverNow } from "@/live/useLive";

export type SpentState = Exclude<AgentState, "offline">;

export interface SpentIn {
  state: SpentState;
  /** Of a status; null otherwise. */
  reason: string | null;
  milliseconds: number;
}

export interface WorkedDay {
  agent: string;
  name: string;
  /** "2026-11-28" */
  day: string;
  began_at: string;
  /** Null where the shift goes on. */
  ended_at: string | null;
  milliseconds: number;
  spent: SpentIn[];
}

export interface DayStretch {
  began_at: string;
  /** Null for what goes on. */
  ended_at: string | null;
  state: SpentState;
  status: "ready" | "not_ready";
  reason: string | null;
  contact: string | null;
  channel: string | null;
}

export interface DayTold {
  agent: string;
  name: string;
  day: string;
  worked: WorkedDay | null;
  stretches: DayStretch[];
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const two = (part: number) => String(part).padStart(2, "0");

/** "2026-11-28" here. */
export const dayOf = (at: Date): string => `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** "2026-11-28 09:05:30" here, as spreadsheets read it. */
export function momentOf(iso: string): string {
  const at = new Date(iso);
  return `${dayOf(at)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** While a year is typed by keyboard the field tells of the years 2, 20 and 202. */
export const isWhole = (day: string): boolean => /^2[0-9]{3}-/.test(day);

/** The day so many days later, or earlier. */
export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T12:00`);
  at.setDate(at.getDate() + days);
  return dayOf(at);
}

const asked = (values: Record<string, string>) => new URLSearchParams({ ...values, time_zone: zone() });

/** What goes on is shown as growing: that it has ended is asked for. */
const whileItGoesOn = (last: string) => () => (last >= dayOf(new Date(serverNow())) ? 30_000 : false);

export const workingTimeQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ["working time", from, to],
    refetchInterval: whileItGoesOn(to),
    queryFn: async () => (await call<{ days: WorkedDay[] }>("GET", `/api/working-time?${asked({ from, to })}`)).days,
  });

/** `agent` is null for one's own. */
export const dayQuery = (agent: string | null, day: string) =>
  queryOptions({
    queryKey: ["working time", agent ?? "own", day],
    refetchInterval: whileItGoesOn(day),
    queryFn: () => call<DayTold>("GET", `/api/${agent === null ? "desk/working-time" : `working-time/${agent}`}?${asked({ day })}`),
  });
