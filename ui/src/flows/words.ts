/** Words for blocks, exits and changes. */
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Change } from "@/api/flows";
import { bodyOf, find, type Flow, kindOf, labelOf, type Block, type Kind, type Texts } from "@/flows/flow";
import { DESCRIBED, EXIT_NAMES, type Field } from "@/flows/kinds";

export function languageName(language: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** "1 · Sales" of a menu's key, the name of a case, or what the outcome is called. */
export function exitName(i18n: I18n, block: Block, exit: string): string {
  const keys = ["ask", "listen"].includes(kindOf(block) ?? "") ? (bodyOf(block)["keys"] as Texts | undefined) : undefined;
  const label = keys?.[exit];
  if (label !== undefined) return label === "" ? exit : `${exit} · ${label}`;
  const known = exit === "no_match" && kindOf(block) === "listen" ? msg`Not understood` : EXIT_NAMES[exit];
  return known ? i18n._(known) : exit;
}

export function kindName(i18n: I18n, block: Block): string {
  const kind = kindOf(block);
  return kind ? i18n._(DESCRIBED[kind].label) : "?";
}

const OF_BLOCK: Record<string, MessageDescriptor> = { name: msg`Name`, note: msg`Comment`, exits: msg`Exits`, at: msg`Place on the canvas` };
const OF_FLOW: Record<string, MessageDescriptor> = {
  name: msg`Name`,
  languages: msg`Languages`,
  otherwise: msg`Queue for everything else`,
  written: msg`Serves written requests, too`,
  tests: msg`Tests`,
  blocks: msg`Blocks`,
};

/** A change in words: where, in which field, from what to what. */
export interface Told {
  kind: Change["kind"];
  where: string;
  field: string;
  before: string;
  after: string;
  /** Only the picture changed. */
  look: boolean;
}

export function told(i18n: I18n, change: Change, before: Flow | null, after: Flow | null): Told {
  const [top = "", id = "", ...inside] = change.place.split(".");
  const said = (value: unknown) => inWords(value, after ?? before);
  const common = { kind: change.kind, before: said(change.before), after: said(change.after), look: false };
  if (top !== "blocks" || id === "") return { ...common, where: "", field: wordOf(i18n, OF_FLOW, top) };
  const block = [after, before].map((flow) => flow && find(flow, id)).find(Boolean) ?? undefined;
  return { ...common, ...ofBlock(i18n, block, id, inside) };
}

/** Where in a block; of a block that came or went, what it is and nothing of what stands in it. */
function ofBlock(i18n: I18n, block: Block | undefined, id: string, [part = "", ...rest]: string[]): Partial<Told> & { where: string; field: string } {
  const where = block ? labelOf(block) : id;
  if (part === "" && block) return { where, field: kindName(i18n, block), before: "", after: "" };
  if (part === "exits" && block && rest[0] !== undefined) return { where, field: exitName(i18n, block, rest.join(".")) };
  const kind = part as Kind;
  if (kind in DESCRIBED) return { where, field: fieldName(i18n, DESCRIBED[kind].fields, rest) };
  return { where, field: wordOf(i18n, OF_BLOCK, part), look: part === "at" };
}

function fieldName(i18n: I18n, fields: Field[], path: string[]): string {
  const found = fields.find(({ name }) => name === path[0]);
  if (!found) return path.join(".");
  const rest = path.slice(1).join(".");
  return rest === "" ? i18n._(found.label) : `${i18n._(found.label)} (${found.control === "texts" ? languageName(rest, i18n.locale) : rest})`;
}

const wordOf = (i18n: I18n, words: Record<string, MessageDescriptor>, name: string) => (words[name] ? i18n._(words[name]) : name);

const LONGEST = 160;

function inWords(value: unknown, flow: Flow | null): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return (flow && find(flow, value) && labelOf(find(flow, value) as Block)) || value;
  const text = Array.isArray(value) && value.every((each) => typeof each === "string") ? value.join(", ") : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
