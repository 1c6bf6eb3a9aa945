/** What the server says: HTTP bodies and the live state. Times are ISO-8601 UTC, seconds are numbers. */

import type { Disposition } from "@/api/disposition";
import type { Calling, Direction, FloorState, Joining, Supervision, Unreached } from "@/api/floor";
import type { LineFigures } from "@/api/hearing";
import type { RecordingNow, Silence } from "@/api/recording";
import type { DeskNotice } from "@/api/notices";
import type { Planned } from "@/api/planned";
import type { Promised } from "@/api/promised";
import type { Keyed } from "@/app/actions";

export type * from "@/api/floor";

export type Language = "ru" | "en";
export type Theme = "system" | "light" | "dark";
export type Role = "agent" | "supervisor" | "administrator";
export type Permission =
  | "desk.use"
  | "contacts.read_all"
  | "contacts.give"
  | "calls.join"
  | "agents.direct"
  | "customers.edit"
  | "recordings.play_all"
  | "recordings.play_own"
  | "incident.switch"
  | "system.see"
  | "configuration.edit"
  | "demo.control";

export interface Me {
  person: { id: string; login: string; name: string; role: Role; language: Language; theme: Theme };
  tenant: { id: string; name: string };
  permissions: Permission[];
  agent_id: string | null;
  keys: KeyOfAction[];
  /** May a key do something without Ctrl or Alt? */
  single_keys: boolean;
}

/** What does it for this person, and for whoever has chosen nothing; "" is no key. */
export interface KeyOfAction {
  action: Keyed;
  key: string;
  usual: string;
}

export interface Named {
  id: string;
  name: string;
}

export interface Worded {
  id: string;
  ru: string;
  en: string;
}

export interface SoftphoneAccount {
  uri: string;
  user: string;
  password: string;
  path: string;
  ice_servers: RTCIceServer[];
}

export type AgentState = "offline" | "not_ready" | "ready" | "offered" | "dialling" | "talking" | "held" | "rejoining" | "wrap_up";

/** Where calls ring: in the page, at the telephone on the desk, or at a number outside. */
export type PhoneKind = "page" | "desk" | "outside";

export interface LiveAgent {
  id: string;
  name: string;
  state: AgentState;
  reason: string | null;
  since: string;
  reachable: boolean;
  phone: PhoneKind;
  /** Among which the agent may choose. */
  phones: { phone: PhoneKind; there: boolean }[];
  outside_number: string;
  forward: Forward;
  next: { status: "ready" | "not_ready"; reason: string | null } | null;
}

export interface Customer {
  id: string;
  name: string;
  company: string | null;
  vip: boolean;
  language: string | null;
  about: string | null;
  manager?: string | null;
}

/** Where personal calls go while an agent is away. `number`: of one's own alone; `chosen`: not by the set-up. */
export interface Forward {
  to: "nowhere" | "agent" | "queue" | "outside";
  agent: Named | null;
  queue: Named | null;
  number: string | null;
  chosen: boolean;
}

/** Another agent in shift, or off it with calls that go on, to whom a contact may be passed on. */
export interface Colleague {
  id: string;
  name: string;
  state: AgentState;
  reason: string | null;
  since: string;
  forward: Forward;
}

export type Outcome = "open" | "answered" | "abandoned" | "rejected" | "left" | "callback_failed" | "callback_cancelled" | "callback_merged" | "served" | "unreached" | "voicemail" | "outside" | "lost";

export interface EarlierContact {
  id: string;
  at: string;
  queue: Named | string | null;
  agent: Named | string | null;
  outcome: Outcome;
  disposition: string | null;
  note: string | null;
  talk_seconds: number | null;
}

export type DeskContactState = "offered" | "dialling" | "talking" | "held" | "rejoining" | "wrap_up";

/** A customer who is to be called back; `due_at` is the next attempt, while there is a pause before it. */
export interface Callback {
  asked_at: string;
  attempts: number;
  due_at: string | null;
  /** The time that was asked for. */
  chosen_at?: string | null;
  /** One agent is tried alone first. */
  personal?: boolean;
  failure: string | null;
}

export type TalksTo = "customer" | "colleague" | "both";

/** What this agent asks a colleague about the contact, or, with `number`, somebody outside. */
export interface Consultation {
  talks_to: TalksTo;
  answered: boolean;
  /** Had answered, and the line is lost at this moment. */
  coming_back: boolean;
  since: string;
  queue: Named | null;
  agent: Named | null;
  number?: string | null;
}

/** Who was asked before and is in the conversation; with `number` somebody outside. */
export interface Participant {
  consultation: string;
  agent: Named | null;
  number: string | null;
  since: string;
  connected: boolean;
}

/** Why whoever an agent called outside was not talked to, or that they have hung up. */
export type OutsideEnd = "busy" | "no_answer" | "rejected" | "unallocated" | "failed" | "cancelled" | "lost" | "no_line" | "hung_up";

/** A contact that may be picked from the queue. */
export interface Pickable {
  id: string;
  channel: string;
  ani: string | null;
  name: string | null;
  vip: boolean;
  queue: Named;
  since: string;
}

/** What a customer wrote; `sender` and `fields` are what else the form gave. */
export interface Letter {
  at: string;
  text: string;
  sender: Record<string, string>;
  fields: Record<string, string>;
  number: number;
  /** Of an answer: who of us wrote it. */
  by: string | null;
  delivery: "kept" | "sending" | "sent" | "failed" | null;
  failure: string | null;
}

/** By whom a contact was put aside, why, and until when at the latest; `until_written`: no time was chosen. */
export interface Parking {
  agent: Named | null;
  at: string;
  reason: string | null;
  returns_at: string;
  until_written: boolean;
}

export interface ParkedContact extends Pickable {
  parked: Parking;
}

/** A call, as against what was written. */
export const onLine = (contact: { channel: string }) => contact.channel === "voice" || contact.channel === "video";

/** What a scenario has found out; `form`: how the value is written, null: as it looks like. */
export interface Attribute {
  name: string;
  ru: string;
  en: string;
  form: "text" | "number" | "date" | "phone" | null;
  value: string;
}

export interface DeskContact {
  id: string;
  state: DeskContactState;
  offer: number;
  channel: string;
  direction: Direction;
  /** Of an internal call: the other one. */
  colleague?: Named | null;
  /** This agent calls, and nobody has answered yet. */
  placed: boolean;
  ani: string | null;
  dnis: string | null;
  /** Null of an internal call alone. */
  queue: Named | null;
  choices: string[];
  found: Attribute[];
  customer: Customer | null;
  arrived_at: string;
  queued_at: string | null;
  offered_at: string | null;
  offer_expires_at: string | null;
  answered_at: string | null;
  wrap_up_ends_at: string | null;
  wrap_up_extends: boolean;
  muted: boolean;
  /** Null where there is no line to record. */
  recording: RecordingNow | null;
  /** How the customer's line is heard now; null: not measured yet. */
  customer_line: "good" | "poor" | "bad" | null;
  callback?: Callback | null;
  /** What the customer said into the machine; it is heard once it is `stored`. */
  message: { seconds: number; stored: boolean } | null;
  consultation: Consultation | null;
  /** Of a conference that this agent leads. */
  participants?: Participant[];
  /** How the last consultation ended, until the customer is back. */
  /** Supervisors beside this conversation, as far as they are shown. */
  supervisors: { name: string; way: Joining }[];
  /** In wrap-up: who took the contact over. */
  taken_by: string | null;
  /** Of the last one called outside about this contact, until the agent goes on. */
  outside_end?: OutsideEnd | null;
  consulted: "completed" | "cancelled" | "nobody" | "left" | "over" | null;
  /** Set where this is a consultation: a colleague asks about the customer. */
  asked: { contact: string; by: Named | null; talks_to: TalksTo; others?: Named[] } | null;
  /** Whose call it is, where it has been led on to this agent. */
  meant_for?: Named | null;
  /** What the agent reads to customers of this queue. */
  talk_script: string | null;
  /** What may be chosen at the end; null: any of the tenant's. */
  dispositions: string[] | null;
  disposition_required: boolean;
  draft: { disposition: string | null; note: string };
  letters: Letter[];
  earlier: EarlierContact[];
}

export interface LiveQueue {
  id: string;
  name: string;
  waiting: number;
  longest_since: string | null;
  agents_ready: number;
  expected_wait_seconds?: number | null;
}

export interface LiveState {
  now: string;
  agent: LiveAgent | null;
  contacts: DeskContact[];
  waiting: Pickable[];
  parked: ParkedContact[];
  supervision: Supervision | null;
  /** In whose name this agent may call. */
  calling: Calling | null;
  /** The last call of the agent's, if it reached nobody. */
  unreached: Unreached | null;
  /** Calls at chosen times that this agent has asked for or is to make. */
  callbacks?: Planned[];
  notices: DeskNotice[];
  queues: LiveQueue[];
  floor: FloorState | null;
  telephony: { up: boolean; advice: { ru: string; en: string } | null };
  switchboard: { up: boolean; reason: "away" | "behind" | null };
  demo: { calls_per_minute: number } | null;
  reasons: Worded[];
  /** Ready for some channels only. */
  statuses: Worded[];
  park_reasons: Worded[];
  /** When an agent was last seen to do something else; null where there are none. */
  agents_changed_at: string | null;
  /** Is there a server by which answers in writing go out? */
  mail: boolean;
  dispositions: Disposition[];
}

type FloorTable = "agents" | "contacts" | "queues";

/** What many pages show alike. `whole`: this page was too far behind for the changes. */
export type Shared =
  | { type: "shared"; of: "centre"; seq: number; set?: Partial<LiveState>; whole?: Partial<LiveState> }
  | {
      type: "shared";
      of: "floor";
      seq: number;
      set?: Partial<FloorState>;
      put?: { [table in FloorTable]?: FloorState[table] };
      gone?: { [table in FloorTable]?: string[] };
      whole?: FloorState;
    };

export type LiveMessage =
  | { type: "snapshot"; seq: number; shared: { centre: number; floor?: number }; state: LiveState }
  | { type: "change"; seq: number; set: Partial<LiveState> }
  | Shared
  | { type: "ping" };

export interface ContactRow extends Promised {
  id: string;
  channel: string;
  direction: Direction;
  arrived_at: string;
  ended_at: string | null;
  outcome: Outcome;
  stage: string;
  ani: string | null;
  dnis: string | null;
  customer: Named | null;
  queue: Named | null;
  agent: Named | null;
  /** Of an internal call: who was called. */
  colleague?: Named | null;
  choices: string[];
  wait_seconds: number;
  talk_seconds: number;
  hold_seconds: number;
  wrap_up_seconds: number;
  disposition: Worded | null;
  note: string | null;
  recording: { seconds: number; silences: Silence[] } | null;
  parked_seconds: number;
  callback_seconds?: number | null;
  callback_attempts?: number | null;
  dialling_seconds: number;
  outside_seconds?: number;
  /** Why a call out reached nobody. */
  failure: string | null;
}

export interface ContactPage {
  contacts: ContactRow[];
  next: string | null;
}

export interface ContactDetail extends ContactRow {
  found: Attribute[];
  lines: LineFigures[];
  letters: Letter[];
  timeline: { at: string; what: string; who: string | null; text?: string | null; found: Attribute[] }[];
}

/** `rule` is null where an offer was possible. */
export interface WhyCandidate {
  agent: Named;
  rule: string | null;
  ru: string;
  en: string;
  facts: { idle_seconds?: number; unmet?: string };
}

export interface WhyStep {
  seq: number;
  at: string;
  what: string;
  ru: string;
  en: string;
  considered: WhyCandidate[];
}

/** A contact beside one agent: in hand, or waiting; `rule` is null where it could be offered at this moment. */
export interface WhyContact {
  contact: string;
  queue: Named | null;
  waited_seconds: number;
  rule: string | null;
  ru: string;
  en: string;
  facts: { unmet?: string };
}

export interface Waveform {
  seconds: number;
  customer: number[];
  agent: number[];
}
