/** How well people were heard. */
import { call } from "@/api/client";
import type { Named } from "@/api/types";

/** Of an agent's line, or without `agent` of the customer's. */
export interface LineFigures {
  agent: Named | null;
  mos: number;
  worst_mos: number;
  /** A share of the packets. */
  loss: number;
  jitter_ms: number;
  round_trip_ms: number;
}

interface Heard {
  calls: number;
  mos: number;
  /** In so many calls it was poor. */
  poor: number;
}

export interface HeardLines {
  agents: (Named & Heard)[];
  customers: Heard | null;
}

export const DAYS = 7;
export const heardLines = () => call<HeardLines>("GET", `/api/supervision/lines?days=${DAYS}`);
