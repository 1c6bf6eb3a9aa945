/** Working time: how shifts were spent. Days are those of this browser's time zone. */
import { queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { AgentState } from "@/api/types";

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

/** "2026-11-28" here. */
export function dayOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The day so many days later, or earlier. */
export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T12:00`);
  at.setDate(at.getDate() + days);
  return dayOf(at);
}

const asked = (values: Record<string, string>) => new URLSearchParams({ ...values, time_zone: zone() });

export const workingTimeQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ["working time", from, to],
    queryFn: async () => (await call<{ days: WorkedDay[] }>("GET", `/api/working-time?${asked({ from, to })}`)).days,
  });

/** `agent` is null for one's own. */
export const dayQuery = (agent: string | null, day: string) =>
  queryOptions({
    queryKey: ["working time", agent ?? "own", day],
    queryFn: () => call<DayTold>("GET", `/api/${agent === null ? "desk/working-time" : `working-time/${agent}`}?${asked({ day })}`),
  });
