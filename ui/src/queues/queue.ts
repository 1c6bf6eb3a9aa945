/** A queue as it is edited. What the form does not know stays in it, untouched. Pure. */
import type { Thresholds } from "@/api/floor";
import usual from "@/queues/usual.json";

export const STRATEGIES = ["longest_idle", "least_occupied", "fewest_handled", "round_robin", "highest_level", "hunt", "weighted_random", "ring_all"] as const;
export type Strategy = (typeof STRATEGIES)[number];
export type Presence = "always" | "logged_in" | "ready";
export type Texts = Record<string, string>;

export interface Ring {
  after_seconds: number;
  requires: string;
}

/** A number outside, by the trunk. */
export interface Outside {
  dial: string;
  entry_point?: string | null;
  ring_seconds?: number;
  longest_seconds?: number;
  music?: boolean;
  shows_customer?: boolean;
  [other: string]: unknown;
}

export interface Mailbox {
  /** Null: the one that the customer waits in. */
  queue?: string | null;
  text?: Texts;
  thanks?: Texts;
  max_seconds?: number;
}

export const USUAL_OUTSIDE = { ring_seconds: 30, longest_seconds: 3600 };
export const USUAL_MAILBOX = { max_seconds: 120 };

export interface Destination {
  queue?: string | null;
  scenario?: string | null;
  callback?: boolean;
  reject?: { text: string; language: string } | null;
  outside?: Outside | null;
  mailbox?: Mailbox | null;
  [other: string]: unknown;
}

export interface Overflow {
  when: "wait" | "length" | "agents" | "ratio";
  at: number;
  to?: string | null;
  keep?: boolean;
  outside?: Outside | null;
  mailbox?: Mailbox | null;
}

/** In place of the usual music: a recording, over and over, or silence. */
export interface Music {
  silence: boolean;
  recording: string;
  name: string;
  music_seconds: number;
}

export interface Speech {
  text: string;
  language: string;
}

export interface Exit {
  digit: string;
  to: Destination;
  announced: Speech[];
}

export type Recording = "always" | "on_demand" | "never";

export interface CallbackTimes {
  window_seconds: number;
  most: number;
  days: number;
}

export interface Callback {
  attempts: number;
  retry_seconds: number;
  ring_seconds: number;
  lifetime_seconds: number;
  open: string | null;
  prefixes: string[];
  times: CallbackTimes;
  accepted: Speech[];
  impossible: Speech[];
}

export interface Calling {
  /** The usual one first. */
  callers: string[];
  ring_seconds: number;
  prefixes: string[];
}

export interface Queue {
  id: string;
  name: string;
  division: string | null;
  ring_seconds: number;
  wrap_up_seconds: number;
  wrap_up_manual: boolean;
  wrap_up_extension_seconds: number;
  wrap_up_limit_seconds: number;
  announce_every_seconds: number;
  announce_wait: boolean;
  everyone: boolean;
  requires: string;
  rings: Ring[];
  strategy: Strategy;
  hunt: string[];
  ring_all_limit: number;
  priority: number;
  target_seconds: number;
  last_agent_seconds: number;
  personal_seconds: number;
  overflow: Overflow[];
  max_waiting: number;
  max_wait_seconds: number;
  join_empty: Presence;
  leave_empty: Presence;
  otherwise: Destination | null;
  messages: Texts[];
  music: Music | null;
  decline_pause_seconds: number;
  rejoin_seconds: number;
  agent_lost: Speech[];
  adjustment_seconds: number;
  exits: Exit[];
  exits_announced: Speech[];
  recording: Recording;
  recording_pause_seconds: number;
  callback: Callback;
  calling: Calling;
  thresholds: Thresholds;
  [other: string]: unknown;
}

export const emptyQueue = (id: string, name: string): Queue => ({ ...(structuredClone(usual) as unknown as Queue), id, name });

export type WrapUp = "none" | "timed" | "manual";

export const wrapUpOf = (queue: Queue): WrapUp => (queue.wrap_up_seconds === 0 ? "none" : queue.wrap_up_manual ? "manual" : "timed");

export const withWrapUp = (queue: Queue, kind: WrapUp): Queue => ({
  ...queue,
  wrap_up_manual: kind === "manual",
  wrap_up_seconds: kind === "none" ? 0 : queue.wrap_up_seconds || usual.wrap_up_seconds,
});

export type Leads = "nowhere" | "queue" | "scenario" | "callback" | "reject" | "outside" | "mailbox" | "other";

export function leadsOf(to: Destination | null): Leads {
  if (to === null) return "nowhere";
  if (to.queue) return "queue";
  if (to.scenario) return "scenario";
  if (to.callback) return "callback";
  if (to.outside) return "outside";
  if (to.mailbox) return "mailbox";
  return to.reject ? "reject" : "other";
}

export type Helps = "queue" | "outside" | "mailbox";

export const helpsOf = ({ outside, mailbox }: Overflow): Helps => (outside ? "outside" : mailbox ? "mailbox" : "queue");

/** Where help comes from is exactly one; only another queue leaves the customer waiting here, too. */
export const helpedBy = (overflow: Overflow, kind: Helps, queue: string | undefined): Overflow => ({
  ...overflow,
  to: kind === "queue" ? (queue ?? null) : null,
  keep: kind === "queue",
  outside: kind === "outside" ? { dial: "" } : null,
  mailbox: kind === "mailbox" ? {} : null,
});

/** A new destination of this kind, with the first there is of what it leads to. */
export function leadingTo(kind: Leads, first: { queue: string; scenario: string; language: string }): Destination | null {
  switch (kind) {
    case "queue":
      return { queue: first.queue };
    case "scenario":
      return { scenario: first.scenario };
    case "callback":
      return { callback: true };
    case "reject":
      return { reject: { text: "", language: first.language } };
    case "outside":
      return { outside: { dial: "" } };
    case "mailbox":
      return { mailbox: {} };
    default:
      return null;
  }
}

export const nextRing = (rings: readonly Ring[]): Ring => ({ after_seconds: (rings.at(-1)?.after_seconds ?? 0) + 30, requires: "" });

/** The first characters, each whole: half of an emoji cannot be sent. */
export const beginning = (text: string, most: number) => Array.from(text).slice(0, most).join("");

/** Of a message: a language whose text is empty is left out. */
export const withText = (texts: Texts, language: string, text: string): Texts => Object.fromEntries(Object.entries({ ...texts, [language]: text }).filter(([, said]) => said !== ""));

/** In each language at most once; without a text there is nothing in it. Who is first stays first: it is said to those of other languages. */
export function withSaid(said: readonly Speech[], language: string, text: string): Speech[] {
  if (text === "") return said.filter((each) => each.language !== language);
  if (!said.some((each) => each.language === language)) return [...said, { text, language }];
  return said.map((each) => (each.language === language ? { ...each, text } : each));
}

export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"];

/** By the first key that is free, to the first queue there is, else called back. */
export const nextExit = (exits: readonly Exit[], queue: string | undefined): Exit => ({
  digit: KEYS.find((key) => !exits.some(({ digit }) => digit === key)) ?? "1",
  to: queue === undefined ? { callback: true } : { queue },
  announced: [],
});

/** The usual one first, the others as they stood. Without a usual one agents do not call out. */
export const withUsual = (callers: readonly string[], usual: string): string[] => (usual === "" ? [] : [usual, ...callers.filter((each) => each !== usual)]);

/** What is asked of an agent, term by term; null where the expression has more than terms that all must hold. */
export type Term = { skill: string; least: number } | { attribute: string; value: string };

export function terms(requires: string): Term[] | null {
  if (requires.trim() === "") return [];
  const found = requires.split(/\s+and\s+/).map((part) => {
    const skill = /^\s*([\p{L}\p{N}_][\p{L}\p{N}_-]*)\s*(?:>=\s*(\d+))?\s*$/u.exec(part);
    if (skill && !["not", "or", "agent"].includes(skill[1] ?? "")) return { skill: skill[1] ?? "", least: Number(skill[2] ?? 1) };
    const attribute = /^\s*([\p{L}\p{N}_][\p{L}\p{N}_-]*)\s*=\s*(?:"([^"]*)"|([\p{L}_][\p{L}\p{N}_-]*))\s*$/u.exec(part);
    return attribute ? { attribute: attribute[1] ?? "", value: attribute[2] ?? attribute[3] ?? "" } : null;
  });
  return found.includes(null) ? null : (found as Term[]);
}
