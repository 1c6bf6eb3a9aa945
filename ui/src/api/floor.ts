/** The floor as supervisors are told of it, row by row; and the figures of queues, which the wallboard shows, too. */
import type { FloorNotice } from "@/api/notices";
import type { AgentState, Callback, Colleague, DeskContactState, Forward, LiveQueue, Named, Outcome, Parking, PhoneKind, TalksTo, Worded } from "@/api/types";

/** From where on a queue is marked; 0: never. */
export interface Thresholds {
  wait_warning_seconds: number;
  wait_alarm_seconds: number;
  waiting_warning: number;
  waiting_alarm: number;
  /** Answered up to here is answered in time. */
  level_within_seconds: number;
  /** Percent of the day's contacts that were. */
  level_warning: number;
  level_alarm: number;
}

/** Of contacts that were answered or gave up since midnight; of yesterday from `ends_at` on. */
export interface QueueToday {
  ends_at: string;
  answered: number;
  in_time: number;
  abandoned: number;
  longest_seconds: number;
}

export interface FloorQueue extends LiveQueue {
  thresholds: Thresholds;
  today: QueueToday | null;
}

export interface FloorAgent {
  id: string;
  name: string;
  state: AgentState;
  reason: string | null;
  since: string;
  phone: PhoneKind;
  reachable: boolean;
  queues: string[];
  /** By the queue's id. */
  levels: Record<string, number>;
  skills: Record<string, number>;
  /** Since when a supervisor has put the agent elsewhere for this shift. */
  assigned_at: string | null;
  forward: Forward;
  /** The most pressing of those in hand. */
  contact: FloorHand | null;
  others: FloorHand[];
}

export interface FloorHand {
  id: string;
  ani: string | null;
  queue: Named | string | null;
  state: DeskContactState;
  since: string;
  /** A colleague asks this agent; `id` is the customer's contact. */
  asked: boolean;
  direction: Direction;
  colleague?: Named | null;
  supervisors: { name: string; way: Joining }[];
}

/** listen: hears both, is heard by nobody; whisper: heard by the agent alone; barge: by both. */
export type Joining = "listen" | "whisper" | "barge";

/** The conversation that this supervisor has joined. */
export interface Supervision {
  contact: string;
  ani: string | null;
  queue: Named | null;
  agent: Named | null;
  state: string;
  talks_to: TalksTo;
  way: Joining;
  now: Joining;
  line: number | null;
  rings: number | null;
  since: string;
  others: string[];
}

export interface FloorContact {
  id: string;
  state: string;
  ani: string | null;
  queue: Named | string | null;
  since: string;
  channel: string;
  direction: Direction;
  colleague?: Named | null;
  /** For whom alone it waits now. */
  personal?: Named | null;
  callback?: Callback | null;
  parked: Parking | null;
  /** Who has it, or is offered it. */
  agent: Named | null;
  /** The name of the scenario that talks to the customer. */
  scenario: string | null;
  /** How many steps of scenarios there were. */
  steps: number;
  muted: boolean;
  recording: "on" | "paused" | "off";
}

/** A switch that is set up; `since` is null for one that is off, `entry_point` and `name` for that of the whole centre. */
export interface FloorIncident {
  entry_point: string | null;
  name: string | null;
  since: string | null;
  /** When it is expected to be over. */
  repaired_by: string | null;
  /** What callers are told beside it, by language. */
  texts: Record<string, string>;
}

/** By a rule of the tenant's; `contact` is set where it is about one, `over_at` where it is so no more. */
export interface FloorAlert {
  id: string;
  kind: "long_wait" | "long_talk" | "long_hold" | "long_status" | "service_level" | "abandoned" | "ghost_busy";
  queue: Named | null;
  agent: Named | null;
  contact: string | null;
  /** As it was when it was raised, of so many contacts. */
  percent: number | null;
  of: number | null;
  at: string;
  over_at: string | null;
  seen: { name: string; at: string } | null;
}

/** out: one of us called; internal: a colleague, and there is no customer. */
export type Direction = "in" | "out" | "internal";

/** `trunk`: is there a way out at all? Of each queue the numbers that may be shown, the usual one first. */
export interface Calling {
  trunk: boolean;
  queues: (Named & { callers: { id: string; number: string; name: string }[] })[];
}

export interface Unreached {
  id: string;
  number: string | null;
  /** Set: an internal call. */
  colleague: Named | null;
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

/** All agents, contacts and queues, by row; sent to those who oversee. */
export interface FloorState {
  agents: FloorAgent[];
  contacts: FloorContact[];
  queues: FloorQueue[];
  incidents: FloorIncident[];
  alerts: FloorAlert[];
  notices: FloorNotice[];
  skills: Worded[];
}
