/** Calling out, and calling colleagues, as the server tells of it. */
import type { Colleague, Named, Outcome } from "@/api/types";

/** `trunk`: is there a way out at all? Of each queue the numbers that may be shown, the usual one first. */
export interface Calling {
  trunk: boolean;
  queues: (Named & { callers: { id: string; number: string; name: string }[] })[];
}

export interface Unreached {
  id: string;
  number: string | null;
  /** Set: an internal call. */
  colleague?: Named | null;
  failure: string | null;
  queue: string | null;
  entry_point: string;
  at: string;
}

/** Whom one may call inside. `refused`: the code of what a call would meet now; null: it would ring. */
export interface BookEntry extends Colleague {
  number: string;
  refused: string | null;
}

/** A number called lately. */
export interface Called {
  contact: string;
  number: string;
  at: string;
  customer: string | null;
  outcome: Outcome;
  failure: string | null;
  queue: string | null;
  entry_point: string;
}
