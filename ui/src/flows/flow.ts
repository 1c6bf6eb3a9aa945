/** A flow as the editor has it: the document of the configuration file, and every change of it as a pure function. */

export type Texts = Record<string, string>;
export type Values = Record<string, unknown>;

/** One step; exactly one of the kinds stands in it. */
export interface Block {
  id: string;
  name?: string | undefined;
  note?: string | undefined;
  exits?: Record<string, string>;
  /** Where it stands on the canvas; without it the layout puts it somewhere. */
  at?: [number, number] | null | undefined;
  [kind: string]: unknown;
}

export interface FlowTest {
  name: string;
  presses?: string[];
  expect: Values;
  [more: string]: unknown;
}

export interface Flow {
  id: string;
  name?: string;
  languages: string[];
  otherwise: string;
  /** Also for written requests. */
  written?: boolean;
  blocks: Block[];
  tests?: FlowTest[];
  [more: string]: unknown;
}

export const KINDS = ["say", "ask", "collect", "listen", "set", "branch", "look_up", "fetch", "function", "mail", "sms", "record", "voicemail", "queue", "agent", "callback", "outside", "wait", "hang_up", "flow", "back"] as const;
export type Kind = (typeof KINDS)[number];
export const OTHERWISE = "otherwise";

/** Undefined: a kind that this editor does not know. */
export const kindOf = (block: Block): Kind | undefined => KINDS.find((kind) => block[kind] !== undefined && block[kind] !== null);
export const bodyOf = (block: Block): Values => {
  const kind = kindOf(block);
  return kind ? (block[kind] as Values) : {};
};
export const find = (flow: Flow, id: string | null | undefined): Block | undefined => flow.blocks.find((block) => block.id === id);
export const labelOf = (block: Block): string => block.name || block.id;

const ENDS: readonly (Kind | undefined)[] = ["queue", "agent", "hang_up", "back"];
const AFTER_ATTEMPTS = ["no_input", "no_match", "failed"];

const UNSURE = "unsure";

type Phrases = Record<string, Record<string, string[]>>;
type Speech = Values & { phrases?: Phrases; confirm?: Texts; keys_only?: Texts };

const speechOf = (body: Values): Speech | undefined => (body["speech"] as Speech | null | undefined) ?? undefined;

/** The keys of a menu. Where nobody is asked back, what is not sure goes by an exit, too. */
function chosenOf(body: Values): string[] {
  const speech = speechOf(body);
  const unsure = speech !== undefined && Object.keys(speech.confirm ?? {}).length === 0;
  return [...Object.keys((body["keys"] as Texts | undefined) ?? {}), ...(unsure ? [UNSURE] : [])];
}

/** The keys in place of a phrase, and what is not sure where nobody is asked back. */
const phraseExits = (body: Values): string[] => [...Object.keys((body["keys"] as Texts | undefined) ?? {}), ...(Object.keys((body["confirm"] as Texts | undefined) ?? {}).length === 0 ? [UNSURE] : [])];

/** What may come of kinds that usually are `done`. */
const BESIDE_DONE: Partial<Record<Kind, string[]>> = {
  say: ["failed"],
  collect: [OTHERWISE, ...AFTER_ATTEMPTS],
  record: ["no_input", "failed", OTHERWISE],
  voicemail: ["no_input", "failed", OTHERWISE],
  outside: ["no_answer", "busy", "failed", "impossible", OTHERWISE],
  mail: ["failed", OTHERWISE],
  sms: ["failed", OTHERWISE],
  set: [],
  wait: [],
};

/** What a function may name; done is no need where there is any. */
const branchesOf = (body: Values): string[] => (body["branches"] as string[] | undefined) ?? [];
const waysOf = (body: Values): { name: string; needed: boolean }[] => {
  const branches = branchesOf(body);
  const others = ["done", "fault", OTHERWISE].map((name) => ({ name, needed: name === "done" && branches.length === 0 }));
  return [...branches.map((name) => ({ name, needed: true })), ...others];
};

/** The exits of a block: those that must lead somewhere first, then those that may. */
export function exitsOf(block: Block): { name: string; needed: boolean }[] {
  const kind = kindOf(block);
  const body = bodyOf(block);
  const needed = (names: string[]) => names.map((name) => ({ name, needed: true }));
  const may = (names: string[]) => names.map((name) => ({ name, needed: false }));
  const asks = body["ask_number"] || body["ask_time"];
  const known = (): { name: string; needed: boolean }[] => {
    switch (kind) {
      case "ask":
        return [...needed(chosenOf(body)), ...may([OTHERWISE, ...AFTER_ATTEMPTS])];
      case "listen":
        return [...needed(["done", ...phraseExits(body)]), ...may([OTHERWISE, ...AFTER_ATTEMPTS, "deaf"])];
      case "callback":
        return [...needed(["impossible"]), ...may([OTHERWISE, ...(asks ? AFTER_ATTEMPTS : [])])];
      case "look_up":
      case "fetch":
        return [...needed(["found", "not_found", ...(body["lock_out"] ? ["locked"] : [])]), ...may(["failed", "forgotten", OTHERWISE])];
      case "branch":
        return needed([...new Set(((body["cases"] as { exit: string }[] | undefined) ?? []).map((one) => one.exit)), OTHERWISE]);
      default: {
        const besideDone = kind && BESIDE_DONE[kind];
        return besideDone ? [...needed(["done"]), ...may(besideDone)] : [];
      }
    }
  };
  const found = kind === "function" ? waysOf(body) : known();
  const names = new Set(found.map(({ name }) => name));
  // What leads somewhere is shown even where it makes no sense any more: only then can it be taken away.
  const odd = Object.keys(block.exits ?? {}).filter((name) => !names.has(name));
  return [...found, ...(kind === "flow" && !block.exits?.[OTHERWISE] ? may([OTHERWISE]) : []), ...may(odd)];
}

/** The object but for one of its keys. */
export const without = <T>(from: Record<string, T>, key: string): Record<string, T> => Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));

export const ends = (block: Block): boolean => ENDS.includes(kindOf(block));

/** The first exit that leads nowhere: where the next block is connected. */
export const freeExit = (block: Block): string | undefined =>
  ends(block) ? undefined : exitsOf(block).find(({ name, needed }) => needed && !block.exits?.[name] && !(name !== OTHERWISE && kindOf(block) !== "ask" && block.exits?.[OTHERWISE]))?.name ?? (kindOf(block) === "ask" && !block.exits?.[OTHERWISE] ? OTHERWISE : undefined);

function replace(flow: Flow, id: string, change: (block: Block) => Block): Flow {
  return { ...flow, blocks: flow.blocks.map((block) => (block.id === id ? change(block) : block)) };
}

const tidy = (from: Partial<Block>): Partial<Block> => Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined));

export const setBlock = (flow: Flow, id: string, fields: Partial<Block>): Flow => replace(flow, id, (block) => tidy({ ...block, ...fields }) as Block);

export function setBody(flow: Flow, id: string, body: Values): Flow {
  return replace(flow, id, (block) => {
    const kind = kindOf(block);
    return kind ? withoutLostExits({ ...block, [kind]: withoutLostPhrases(body, bodyOf(block)) }, block) : block;
  });
}

/** Phrases of a key that was taken away go with it; those of one that was renamed stay its own. */
function withoutLostPhrases(now: Values, before: Values): Values {
  const speech = speechOf(now);
  if (!speech?.phrases) return now;
  const keysOf = (body: Values) => Object.keys((body["keys"] as Texts | undefined) ?? {});
  const [was, is] = [keysOf(before), keysOf(now)];
  const gone = was.filter((key) => !is.includes(key));
  const come = is.filter((key) => !was.includes(key));
  if (gone.length === 0) return now;
  const renamed = (key: string) => (gone.length === 1 && come.length === 1 && key === gone[0] ? (come[0] as string) : key);
  const phrases = Object.fromEntries(Object.entries(speech.phrases).map(([key, said]): [string, Record<string, string[]>] => [renamed(key), said]).filter(([key]) => is.includes(key)));
  return { ...now, speech: { ...speech, phrases } };
}

/** An exit whose key or case was taken away goes with it; one that was renamed keeps its way. */
function withoutLostExits(now: Block, before: Block): Block {
  if (!now.exits) return now;
  const was = exitsOf({ ...before, exits: {} }).map(({ name }) => name);
  const is = exitsOf({ ...now, exits: {} }).map(({ name }) => name);
  const gone = was.filter((name) => !is.includes(name));
  const come = is.filter((name) => !was.includes(name));
  const exits: Record<string, string> = {};
  for (const [name, to] of Object.entries(now.exits)) {
    const renamed = gone.length === 1 && come.length === 1 && name === gone[0] ? come[0] : name;
    if (renamed !== undefined && (renamed !== name || !gone.includes(name))) exits[renamed] = to;
  }
  return { ...now, exits };
}

export const setExit = (flow: Flow, id: string, exit: string, to: string | undefined): Flow =>
  replace(flow, id, (block) => {
    const others = without(block.exits ?? {}, exit);
    return { ...block, exits: to === undefined || to === "" ? others : { ...others, [exit]: to } };
  });

export function newId(flow: Flow, kind: Kind): string {
  const word = kind.replace("_", "-");
  const taken = new Set(flow.blocks.map(({ id }) => id));
  for (let number = 1; ; number++) if (!taken.has(`${word}-${number}`)) return `${word}-${number}`;
}

/** A new block, led to from an exit of another if there is one; where that exit led before, the new block leads on. */
export function addBlock(flow: Flow, kind: Kind, body: Values, from?: { block: string; exit: string }): { flow: Flow; id: string } {
  const id = newId(flow, kind);
  const source = from && find(flow, from.block);
  const before = source ? source.exits?.[from.exit] : undefined;
  const made: Block = { id, [kind]: body };
  const onward = before ? freeExit(made) : undefined;
  if (before && onward) made.exits = { [onward]: before };
  const place = source ? flow.blocks.indexOf(source) + 1 : flow.blocks.length;
  const grown: Flow = { ...flow, blocks: [...flow.blocks.slice(0, place), made, ...flow.blocks.slice(place)] };
  return { flow: source ? setExit(grown, source.id, from.exit, id) : grown, id };
}

/** What led to it leads to where its only way led, or nowhere. */
export function removeBlock(flow: Flow, id: string): Flow {
  const gone = find(flow, id);
  const ways = new Set(Object.values(gone?.exits ?? {}).filter((to) => to !== id));
  const onward = ways.size === 1 ? [...ways][0] : undefined;
  const blocks = flow.blocks
    .filter((block) => block.id !== id)
    .map((block) => {
      if (!Object.values(block.exits ?? {}).includes(id)) return block;
      const exits = Object.entries(block.exits ?? {}).flatMap(([name, to]) => (to !== id ? [[name, to]] : onward ? [[name, onward]] : []));
      return { ...block, exits: Object.fromEntries(exits) as Record<string, string> };
    });
  return { ...flow, blocks };
}

export function copyBlock(flow: Flow, id: string): { flow: Flow; id: string } {
  const source = find(flow, id);
  const kind = source && kindOf(source);
  if (!source || !kind) return { flow, id };
  const made = addBlock(flow, kind, structuredClone(bodyOf(source)));
  return { flow: setBlock(made.flow, made.id, tidy({ name: source.name, note: source.note })), id: made.id };
}

/** The flow begins with its first block. */
export function startWith(flow: Flow, id: string): Flow {
  const first = find(flow, id);
  return first ? { ...flow, blocks: [first, ...flow.blocks.filter((block) => block !== first)] } : flow;
}

/** Every text gets a place for the language, every other keeps what it has. */
export function setLanguages(flow: Flow, languages: string[]): Flow {
  const gone = flow.languages.filter((language) => !languages.includes(language));
  const texts = (value: unknown): unknown => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([language]) => !gone.includes(language)));
  };
  const blocks = flow.blocks.map((block) => {
    const kind = kindOf(block);
    if (!kind) return block;
    const body = { ...bodyOf(block) };
    for (const name of ["subject", "text", "opening", "wrong", "silence", "confirm", "keys_only", "entered", "right", "time"]) if (body[name] !== undefined) body[name] = texts(body[name]);
    const speech = speechOf(body);
    if (speech) {
      const changed: Speech = { ...speech };
      for (const name of ["confirm", "keys_only"]) if (speech[name] !== undefined) changed[name] = texts(speech[name]);
      if (speech.phrases) changed.phrases = Object.fromEntries(Object.entries(speech.phrases).map(([key, said]) => [key, texts(said)])) as Phrases;
      body["speech"] = changed;
    }
    return { ...block, [kind]: body };
  });
  return { ...flow, languages, blocks };
}

/** What a person reads of a block at a glance: the words it says, or where it leads. */
export function excerpt(block: Block, language: string): string {
  const text = (bodyOf(block)["text"] as Texts | undefined) ?? {};
  return text[language] ?? Object.values(text)[0] ?? "";
}

/** Found by name, id, note or anything in it. */
export function matches(block: Block, sought: string): boolean {
  const words = sought.trim().toLowerCase();
  return words !== "" && JSON.stringify([block.id, block.name, block.note, bodyOf(block)]).toLowerCase().includes(words);
}
