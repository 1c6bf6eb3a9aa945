/** What each kind of block is: its name, its picture and its fields. Palette, form, list and words of changes are made from this. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  CornerUpLeft,
  Code,
  Database,
  GitBranch,
  Globe,
  Hash,
  Hourglass,
  ListOrdered,
  type LucideIcon,
  MessageSquareText,
  PhoneForwarded,
  PhoneIncoming,
  Mail,
  MessageSquareShare,
  Mic,
  PhoneOff,
  Speech,
  Tags,
  UserRound,
  Users,
  Voicemail,
  Workflow,
} from "lucide-react";

import { without, type Kind, type Values } from "@/flows/flow";

export type ChoiceName = "queues" | "agents" | "flows" | "calendars" | "number_lists" | "connections" | "statements" | "services" | "requests" | "codes" | "functions" | "languages" | "days" | "entry_points";

interface Common {
  /** The place of the value in the block; dots lead inwards. */
  name: string;
  label: MessageDescriptor;
  help?: MessageDescriptor;
  /** Shown only where there is something at this place. */
  within?: string;
}

export type Field = Common &
  (
    | { control: "texts"; optional?: boolean }
    | { control: "text"; optional?: boolean }
    | { control: "number"; usual?: number; least?: number; whole?: boolean }
    | { control: "check"; usual: boolean }
    | { control: "either" }
    | { control: "switch"; on: Values }
    | { control: "phrases" }
    | { control: "one"; of: ChoiceName; optional?: boolean }
    | { control: "some"; of: ChoiceName }
    | { control: "list" }
    | { control: "pairs"; first: MessageDescriptor; second: MessageDescriptor; add: MessageDescriptor }
    | { control: "records"; fields: Field[]; fresh: Values; add: MessageDescriptor }
  );

export interface Described {
  label: MessageDescriptor;
  help: MessageDescriptor;
  icon: LucideIcon;
  fresh: Values;
  fields: Field[];
}

const text = (label: MessageDescriptor): Field => ({ name: "text", label, control: "texts" });
const WRONG: Field = { name: "wrong", label: msg`Said after a wrong key`, control: "texts", optional: true };
const SILENCE: Field = { name: "silence", label: msg`Said after silence`, control: "texts", optional: true };
const ATTEMPTS: Field = { name: "attempts", label: msg`Attempts`, control: "number", usual: 3, least: 1, whole: true };
const TIMEOUT: Field = { name: "timeout_seconds", label: msg`Seconds to wait for a key`, control: "number", usual: 5, least: 0 };
const INTERRUPTIBLE: Field = { name: "interruptible", label: msg`A key interrupts it`, control: "check", usual: true };
const SAID_FIRST: Field = { name: "text", label: msg`Said first`, control: "texts", optional: true };
const QUEUE: Field = { name: "queue", label: msg`Queue`, control: "one", of: "queues" };

const PARAMETERS: Field = { name: "parameters", label: msg`Parameters`, control: "pairs", first: msg`Name`, second: msg`Value`, add: msg`Add a parameter` };
const INTO: Field = { name: "into", label: msg`First part of the attributes' names`, control: "text", optional: true };

const LOCK_OUT: Field[] = [
  { name: "lock_out.by", label: msg`For PINs: wrong entries are counted by`, control: "list", help: msg`The caller's number, an attribute: in braces, as in texts; several by commas. Empty: nothing is counted.` },
  { name: "lock_out.wrong", label: msg`Wrong entries before it is locked`, control: "number", usual: 3, least: 1, whole: true },
  { name: "lock_out.lock_seconds", label: msg`Seconds that a wrong entry counts`, control: "number", usual: 900, least: 1 },
];

const SPEECH: Field[] = [
  { name: "speech", label: msg`Customers may say it, too`, control: "switch", on: { phrases: {} }, help: msg`Words are recognised where the installation can; otherwise only keys are asked for.` },
  { name: "speech.phrases", within: "speech", label: msg`What may be said for each key`, control: "phrases", help: msg`Several by commas. The digit itself may always be said.` },
  { name: "speech.confirm", within: "speech", label: msg`Asked back when it is not sure`, control: "texts", optional: true, help: msg`The word heard in braces stands for what was understood. Answered by yes or 1, no or 2. Left out: an exit of its own.` },
  { name: "speech.keys_only", within: "speech", label: msg`Said when only keys are left`, control: "texts", optional: true },
  { name: "speech.attempts", within: "speech", label: msg`Attempts by words, then keys`, control: "number", usual: 3, least: 1, whole: true },
  { name: "speech.sure", within: "speech", label: msg`Sure from (0 to 1)`, control: "number", usual: 0.85, least: 0 },
  { name: "speech.unsure", within: "speech", label: msg`Understood at all from (0 to 1)`, control: "number", usual: 0.6, least: 0 },
  { name: "speech.silence_seconds", within: "speech", label: msg`Seconds of silence after what was said`, control: "number", usual: 0.8, least: 0 },
  { name: "speech.longest_seconds", within: "speech", label: msg`The longest utterance, in seconds`, control: "number", usual: 8, least: 0 },
];

const MESSAGE: Field[] = [
  { name: "max_seconds", label: msg`The longest message, in seconds`, control: "number", least: 1, help: msg`At most 600.` },
  { name: "silence_seconds", label: msg`Seconds of silence that end it`, control: "number", usual: 5, least: 0, help: msg`0: silence does not.` },
  { name: "keys", label: msg`Keys that end it`, control: "text", help: msg`Usually #.` },
  { name: "beep", label: msg`A tone says when to begin`, control: "check", usual: true },
];

const COMPARISON: Field[] = [
  { name: "attribute", label: msg`Attribute`, control: "text" },
  { name: "one_of", label: msg`Is one of`, control: "list" },
  { name: "at_least", label: msg`At least`, control: "number" },
  { name: "at_most", label: msg`At most`, control: "number" },
];

const QUEUE_TEST: Field[] = [
  QUEUE,
  { name: "waiting_at_least", label: msg`Waiting, at least`, control: "number", least: 0, whole: true },
  { name: "waiting_at_most", label: msg`Waiting, at most`, control: "number", least: 0, whole: true },
  { name: "wait_at_least", label: msg`Expected wait in seconds, at least`, control: "number", least: 0 },
  { name: "wait_at_most", label: msg`Expected wait in seconds, at most`, control: "number", least: 0 },
  { name: "ready_at_least", label: msg`Agents free, at least`, control: "number", least: 0, whole: true },
  { name: "ready_at_most", label: msg`Agents free, at most`, control: "number", least: 0, whole: true },
  { name: "working_at_least", label: msg`Agents at work, at least`, control: "number", least: 0, whole: true },
  { name: "working_at_most", label: msg`Agents at work, at most`, control: "number", least: 0, whole: true },
];

const CASE: Field[] = [
  { name: "exit", label: msg`Name of the exit`, control: "text" },
  { name: "when.open", label: msg`While open`, control: "one", of: "calendars", optional: true },
  { name: "when.closed", label: msg`While closed`, control: "one", of: "calendars", optional: true },
  { name: "when.days", label: msg`Days`, control: "some", of: "days" },
  { name: "when.hours", label: msg`Hours`, control: "list", help: msg`As 09:00-18:00, several by commas.` },
  { name: "when.incident", label: msg`An incident is on`, control: "either" },
  { name: "vip", label: msg`The caller is a VIP`, control: "either" },
  { name: "when.hidden", label: msg`The number is withheld`, control: "either" },
  { name: "when.caller_list", label: msg`The caller is on a list`, control: "some", of: "number_lists" },
  { name: "when.caller_prefix", label: msg`The number begins with`, control: "list" },
  { name: "when.caller", label: msg`The caller's number`, control: "list" },
  { name: "when.dialled", label: msg`The number dialled`, control: "list" },
  { name: "when.channel", label: msg`Channel`, control: "list" },
  { name: "language", label: msg`Language`, control: "some", of: "languages" },
  { name: "attributes", label: msg`What is known of the contact`, control: "records", fields: COMPARISON, fresh: { attribute: "" }, add: msg`Add a comparison` },
  { name: "state", label: msg`How a queue stands`, control: "records", fields: QUEUE_TEST, fresh: { queue: "" }, add: msg`Add a queue` },
];

export const DESCRIBED: Record<Kind, Described> = {
  say: {
    label: msg`Say`,
    help: msg`Speaks a text.`,
    icon: MessageSquareText,
    fresh: { text: {} },
    fields: [text(msg`Text`), INTERRUPTIBLE],
  },
  ask: {
    label: msg`Menu`,
    help: msg`Speaks a text and waits for a key.`,
    icon: ListOrdered,
    fresh: { text: {}, keys: {} },
    fields: [
      { name: "opening", label: msg`Said first, once`, control: "texts", optional: true },
      text(msg`Text`),
      { name: "keys", label: msg`Keys`, control: "pairs", first: msg`Key`, second: msg`What it means`, add: msg`Add a key` },
      WRONG,
      SILENCE,
      ATTEMPTS,
      TIMEOUT,
      INTERRUPTIBLE,
      { name: "into", label: msg`Attribute that keeps the key`, control: "text", optional: true },
      ...SPEECH,
    ],
  },
  collect: {
    label: msg`Digits`,
    help: msg`Asks for a number or a code.`,
    icon: Hash,
    fresh: { text: {}, into: "number" },
    fields: [
      text(msg`Text`),
      { name: "into", label: msg`Attribute that keeps the digits`, control: "text" },
      { name: "min_digits", label: msg`Fewest digits`, control: "number", usual: 1, least: 1, whole: true },
      { name: "max_digits", label: msg`Most digits`, control: "number", usual: 20, least: 1, whole: true },
      { name: "terminator", label: msg`Key that ends them`, control: "text", help: msg`Usually #.` },
      { name: "masked", label: msg`A secret: no digit is kept`, control: "check", usual: false },
      WRONG,
      SILENCE,
      ATTEMPTS,
      TIMEOUT,
      INTERRUPTIBLE,
    ],
  },
  listen: {
    label: msg`Phrase`,
    help: msg`Asks something that is answered in a few words, and keeps them.`,
    icon: Speech,
    fresh: { text: {}, into: "phrase" },
    fields: [
      text(msg`Text`),
      { name: "into", label: msg`Attribute that keeps the words`, control: "text" },
      { name: "keys", label: msg`Keys in place of words`, control: "pairs", first: msg`Key`, second: msg`What it means`, add: msg`Add a key` },
      { name: "confirm", label: msg`Asked back when it is not sure`, control: "texts", optional: true, help: msg`The word heard in braces stands for what was understood. Answered by yes or 1, no or 2. Left out: an exit of its own.` },
      { name: "wrong", label: msg`Said after what was not understood`, control: "texts", optional: true },
      SILENCE,
      { name: "keys_only", label: msg`Said when only keys are left`, control: "texts", optional: true },
      { name: "attempts", label: msg`Attempts by words, then keys`, control: "number", usual: 3, least: 1, whole: true },
      { name: "timeout_seconds", label: msg`Seconds to wait for the first word`, control: "number", usual: 5, least: 0 },
      { name: "interruptible", label: msg`A word or a key interrupts it`, control: "check", usual: true },
      { name: "sure", label: msg`Sure from (0 to 1)`, control: "number", usual: 0.6, least: 0, help: msg`What the recogniser itself says of the words.` },
      { name: "unsure", label: msg`Understood at all from (0 to 1)`, control: "number", usual: 0.3, least: 0 },
      { name: "silence_seconds", label: msg`Seconds of silence after what was said`, control: "number", usual: 1, least: 0 },
      { name: "longest_seconds", label: msg`The longest utterance, in seconds`, control: "number", usual: 12, least: 0 },
    ],
  },
  set: {
    label: msg`Note`,
    help: msg`Notes something that goes with the contact.`,
    icon: Tags,
    fresh: {},
    fields: [
      { name: "attributes", label: msg`Attributes`, control: "pairs", first: msg`Name`, second: msg`Value`, add: msg`Add an attribute` },
      { name: "priority", label: msg`Priority`, control: "number", whole: true },
      { name: "requires", label: msg`What is asked of an agent`, control: "text", optional: true },
      { name: "language", label: msg`Language from here on`, control: "one", of: "languages", optional: true },
      { name: "vip", label: msg`The caller is a VIP`, control: "either" },
    ],
  },
  branch: {
    label: msg`Condition`,
    help: msg`Goes by the first case that holds: hours, numbers, what is known, how a queue stands.`,
    icon: GitBranch,
    fresh: { cases: [] },
    fields: [{ name: "cases", label: msg`Cases`, control: "records", fields: CASE, fresh: { exit: "" }, add: msg`Add a case` }],
  },
  look_up: {
    label: msg`Database`,
    help: msg`Asks a database; the first row becomes attributes.`,
    icon: Database,
    fresh: { connection: "", statement: "" },
    fields: [
      { name: "connection", label: msg`Connection`, control: "one", of: "connections" },
      { name: "statement", label: msg`Statement`, control: "one", of: "statements" },
      PARAMETERS,
      INTO,
      ...LOCK_OUT,
    ],
  },
  fetch: {
    label: msg`Service`,
    help: msg`Asks a service over HTTP; its answer becomes attributes.`,
    icon: Globe,
    fresh: { service: "", request: "" },
    fields: [
      { name: "service", label: msg`Service`, control: "one", of: "services" },
      { name: "request", label: msg`Request`, control: "one", of: "requests" },
      PARAMETERS,
      INTO,
      ...LOCK_OUT,
    ],
  },
  function: {
    label: msg`Python function`,
    help: msg`Lets your own Python code compute; what it gives back becomes attributes.`,
    icon: Code,
    fresh: { code: "", function: "" },
    fields: [
      { name: "code", label: msg`Python code`, control: "one", of: "codes" },
      { name: "function", label: msg`Function`, control: "one", of: "functions" },
      PARAMETERS,
      INTO,
      { name: "branches", label: msg`Exits that it may name`, control: "list", help: msg`Several by commas. Empty: there is one.` },
    ],
  },
  mail: {
    label: msg`Mail`,
    help: msg`Writes a mail, by the server of the set-up.`,
    icon: Mail,
    fresh: { recipient: "", subject: {}, text: {} },
    fields: [
      { name: "recipient", label: msg`To whom`, control: "text", help: msg`One address, or an attribute in braces.` },
      { name: "subject", label: msg`Subject`, control: "texts" },
      text(msg`Text`),
    ],
  },
  sms: {
    label: msg`SMS`,
    help: msg`Sends an SMS, by the service of the set-up.`,
    icon: MessageSquareShare,
    fresh: { text: {} },
    fields: [
      text(msg`Text`),
      { name: "recipient", label: msg`To whom`, control: "text", optional: true, help: msg`Usually the caller. Or a number, or an attribute in braces.` },
    ],
  },
  record: {
    label: msg`Record`,
    help: msg`Keeps what the customer says.`,
    icon: Mic,
    fresh: {},
    fields: [SAID_FIRST, { name: "into", label: msg`Attribute that keeps the message's name`, control: "text", optional: true }, ...MESSAGE],
  },
  voicemail: {
    label: msg`Voicemail`,
    help: msg`The customer leaves a message; it waits in a queue for an agent to hear it.`,
    icon: Voicemail,
    fresh: { queue: "" },
    fields: [QUEUE, SAID_FIRST, ...MESSAGE],
  },
  queue: {
    label: msg`Queue`,
    help: msg`The contact waits there for an agent.`,
    icon: Users,
    fresh: { queue: "" },
    fields: [QUEUE],
  },
  agent: {
    label: msg`Agent`,
    help: msg`One agent is tried first, then the queue.`,
    icon: UserRound,
    fresh: { agent: "", queue: "" },
    fields: [
      { name: "agent", label: msg`Agent`, control: "one", of: "agents" },
      QUEUE,
      { name: "agent_seconds", label: msg`Seconds for the agent alone`, control: "number", usual: 30, least: 0 },
    ],
  },
  callback: {
    label: msg`Callback`,
    help: msg`The customer hangs up, keeps the place in the queue, and is called back.`,
    icon: PhoneIncoming,
    fresh: { queue: "" },
    fields: [
      QUEUE,
      { name: "ask_number", label: msg`At a number that is keyed`, help: msg`It is read back and confirmed, and stands in no log.`, control: "check", usual: false },
      { name: "text", label: msg`Asks for the number`, control: "texts", optional: true },
      { name: "entered", label: msg`Said before it is read back`, control: "texts", optional: true },
      { name: "right", label: msg`Said after: 1 is right, another key begins anew`, control: "texts", optional: true },
      { name: "ask_time", label: msg`At a time that the customer chooses`, help: msg`The next free times are read out, each with its key; 9: others, 0: another day.`, control: "check", usual: false },
      { name: "time", label: msg`Said before the times`, control: "texts", optional: true },
      { name: "times", label: msg`Times at once`, control: "number", usual: 3, least: 1, whole: true },
      ATTEMPTS,
      TIMEOUT,
    ],
  },
  outside: {
    label: msg`Outside number`,
    help: msg`Puts the customer through to a number outside, and goes on once the other side has hung up.`,
    icon: PhoneForwarded,
    fresh: { dial: "" },
    fields: [
      { name: "dial", label: msg`Number`, control: "text", help: msg`As +44…, a short number, or an attribute in braces.` },
      { name: "rules_of", label: msg`What is keyed or found must begin as the calls out of`, control: "one", of: "queues", optional: true, help: msg`Needed for a number in braces: else anybody could call anywhere at your expense.` },
      { name: "entry_point", label: msg`Whose number is shown there`, control: "one", of: "entry_points", optional: true, help: msg`Usually the one that the customer has called.` },
      { name: "shows_customer", label: msg`The customer's own number is shown`, control: "check", usual: false },
      { name: "ring_seconds", label: msg`Seconds that it rings`, control: "number", usual: 30, least: 1 },
      { name: "longest_seconds", label: msg`The longest conversation, in seconds`, control: "number", usual: 3600, least: 1 },
      { name: "music", label: msg`Music while it rings`, control: "check", usual: false },
    ],
  },
  wait: {
    label: msg`Wait`,
    help: msg`Music for a while.`,
    icon: Hourglass,
    fresh: { wait_seconds: 5 },
    fields: [{ name: "wait_seconds", label: msg`Seconds`, control: "number", least: 0 }],
  },
  hang_up: {
    label: msg`Hang up`,
    help: msg`The customer has been served; a text may be said first.`,
    icon: PhoneOff,
    fresh: {},
    fields: [SAID_FIRST],
  },
  flow: {
    label: msg`Another flow`,
    help: msg`Runs another flow, then goes on here.`,
    icon: Workflow,
    fresh: { flow: "" },
    fields: [{ name: "flow", label: msg`Flow`, control: "one", of: "flows" }],
  },
  back: {
    label: msg`Back`,
    help: msg`Goes back to the flow that ran this one.`,
    icon: CornerUpLeft,
    fresh: {},
    fields: [{ name: "exit", label: msg`By the exit`, control: "text", optional: true }],
  },
};

export const EXIT_NAMES: Record<string, MessageDescriptor> = {
  done: msg`Then`,
  found: msg`Found`,
  not_found: msg`Not found`,
  locked: msg`Locked`,
  forgotten: msg`Keys lost by a restart`,
  failed: msg`Failed`,
  fault: msg`Its code failed`,
  no_input: msg`Silence`,
  no_match: msg`Wrong keys`,
  busy: msg`Busy`,
  no_answer: msg`No answer`,
  unsure: msg`Not sure what was said`,
  deaf: msg`Nobody can listen`,
  impossible: msg`Impossible`,
  otherwise: msg`Everything else`,
};

export const DAY_NAMES: Record<string, MessageDescriptor> = {
  mon: msg`Monday`,
  tue: msg`Tuesday`,
  wed: msg`Wednesday`,
  thu: msg`Thursday`,
  fri: msg`Friday`,
  sat: msg`Saturday`,
  sun: msg`Sunday`,
};

/** The value at a place with dots. */
export function valueAt(values: Values, name: string): unknown {
  return name.split(".").reduce<unknown>((inside, part) => (inside && typeof inside === "object" ? (inside as Values)[part] : undefined), values);
}

/** With another value there; undefined takes it away, and whatever is empty then. */
export function withValue(values: Values, name: string, value: unknown): Values {
  const [first = "", ...rest] = name.split(".");
  const inner = rest.length > 0 ? withValue((values[first] as Values | undefined) ?? {}, rest.join("."), value) : value;
  const others = without(values, first);
  const empty = inner === undefined || (rest.length > 0 && Object.keys(inner as Values).length === 0);
  if (empty) return others;
  return first in values ? { ...values, [first]: inner } : { ...others, [first]: inner };
}
