/** The fields of the customer's card as they are edited. Pure. */
import type { FormField } from "@/api/customers";

export interface Choice {
  id: string;
  ru: string;
  en: string;
}

export interface CardField {
  id: string;
  kind: FormField["kind"];
  ru: string;
  en: string;
  help_ru: string;
  help_en: string;
  required: boolean;
  group: string | null;
  pattern: string;
  /** 0: as long as the kind allows. */
  longest: number;
  least: number | null;
  most: number | null;
  choices: Choice[];
  choices_from: string | null;
}

export interface ChoiceList {
  id: string;
  choices: Choice[];
}

export interface CardSetUp {
  customer_fields: CardField[];
  field_groups: Choice[];
  choice_lists: ChoiceList[];
}

/** A row of the card: a heading, or a field under the heading before it. */
export interface Entry {
  of: "group" | "field";
  id: string;
}

export const keyOf = ({ of, id }: Entry) => `${of}:${id}`;

export function entryOf(key: string | null): Entry | null {
  const [, of, id] = /^(group|field):(.*)$/s.exec(key ?? "") ?? [];
  return of && id !== undefined ? { of: of as Entry["of"], id } : null;
}

/** As the card is read: fields without a heading first, then each heading with its own. */
export function entries({ customer_fields, field_groups }: CardSetUp): Entry[] {
  const known = new Set(field_groups.map(({ id }) => id));
  const under = (group: string | null) => customer_fields.filter((each) => (each.group !== null && known.has(each.group) ? each.group : null) === group).map(({ id }): Entry => ({ of: "field", id }));
  return [...under(null), ...field_groups.flatMap(({ id }): Entry[] => [{ of: "group", id }, ...under(id)])];
}

/** A field belongs to the heading that stands before it. */
function arranged(card: CardSetUp, order: Entry[]): CardSetUp {
  let group: string | null = null;
  const fields: CardField[] = [];
  const groups: Choice[] = [];
  for (const { of, id } of order) {
    if (of === "group") {
      group = id;
      const found = card.field_groups.find((each) => each.id === id);
      if (found) groups.push(found);
    } else {
      const found = card.customer_fields.find((each) => each.id === id);
      if (found) fields.push(found.group === group ? found : { ...found, group });
    }
  }
  return { ...card, customer_fields: fields, field_groups: groups };
}

/** With what belongs to it, as many rows as that is. */
function block(order: Entry[], at: number): number {
  if (order[at]?.of !== "group") return 1;
  const next = order.findIndex((each, index) => index > at && each.of === "group");
  return (next < 0 ? order.length : next) - at;
}

const find = (order: Entry[], key: string) => order.findIndex((each) => keyOf(each) === key);

/** A field goes past the next row, into the next heading and out of its own; a heading goes past a whole one. */
export function move(card: CardSetUp, key: string, by: -1 | 1): CardSetUp {
  const order = entries(card);
  const at = find(order, key);
  if (at < 0) return card;
  const length = block(order, at);
  const taken = order.splice(at, length);
  if (taken[0]?.of === "field") {
    const to = at + by;
    return to < 0 || to > order.length ? card : arranged(card, order.toSpliced(to, 0, ...taken));
  }
  const groups = order.flatMap((each, index) => (each.of === "group" ? [index] : []));
  const to = by < 0 ? groups.findLast((index) => index < at) : groups.filter((index) => index >= at)[1] ?? (order.length > at ? order.length : undefined);
  return to === undefined ? card : arranged(card, order.toSpliced(to, 0, ...taken));
}

export type Where = "before" | "after" | "into";

/** A heading stands beside headings; a field beside fields, or in a heading. */
export function allows(key: string, at: string, where: Where): boolean {
  const [dragged, target] = [entryOf(key)?.of, entryOf(at)?.of];
  if (dragged === "group") return target === "group" && where !== "into";
  return target === "field" ? where !== "into" : where === "into";
}

export function put(card: CardSetUp, key: string, at: string, where: Where): CardSetUp {
  const order = entries(card);
  const from = find(order, key);
  if (from < 0 || key === at || !allows(key, at, where)) return card;
  const taken = order.splice(from, block(order, from));
  const target = find(order, at);
  if (target < 0) return card;
  return arranged(card, order.toSpliced(where === "before" ? target : target + block(order, target), 0, ...taken));
}

/** After the chosen row; in the chosen heading, the last. */
export function insert(card: CardSetUp, made: CardField, at: string | null): CardSetUp {
  const order = entries(card);
  const target = at === null ? -1 : find(order, at);
  const to = target < 0 ? order.length : target + block(order, target);
  return arranged({ ...card, customer_fields: [...card.customer_fields, made] }, order.toSpliced(to, 0, { of: "field", id: made.id }));
}

/** Fields of a heading that goes stay, without one. */
export function remove(card: CardSetUp, { of, id }: Entry): CardSetUp {
  if (of === "field") return { ...card, customer_fields: card.customer_fields.filter((each) => each.id !== id) };
  const left = { ...card, field_groups: card.field_groups.filter((each) => each.id !== id), customer_fields: card.customer_fields.map((each) => (each.group === id ? { ...each, group: null } : each)) };
  return arranged(left, entries(left));
}

export const emptyField = (id: string): CardField => ({ id, kind: "text", ru: "", en: "", help_ru: "", help_en: "", required: false, group: null, pattern: "", longest: 0, least: null, most: null, choices: [], choices_from: null });

export const isWritten = (kind: CardField["kind"]) => kind === "text" || kind === "long_text";
export const isChoosing = (kind: CardField["kind"]) => kind === "choice" || kind === "choices";

/** Of another kind; what only the former kind has is gone. */
export const become = (field: CardField, kind: CardField["kind"]): CardField => ({
  ...field,
  kind,
  ...(isWritten(kind) ? {} : { pattern: "", longest: 0 }),
  ...(kind === "number" ? {} : { least: null, most: null }),
  ...(isChoosing(kind) ? {} : { choices: [], choices_from: null }),
});

const USUAL: Partial<Record<CardField["kind"], number>> = { text: 500, long_text: 10_000 };

/** As the card draws it. */
export const drawn = (field: CardField, { choice_lists }: CardSetUp): FormField => ({
  ...field,
  longest: field.longest || (USUAL[field.kind] ?? 0),
  choices: field.choices.length > 0 ? field.choices : (choice_lists.find(({ id }) => id === field.choices_from)?.choices ?? []),
});

export function renamed(card: CardSetUp, of: "field" | "group" | "list", from: string, to: string): CardSetUp {
  const named = <Thing extends { id: string }>(things: Thing[]) => things.map((each) => (each.id === from ? { ...each, id: to } : each));
  switch (of) {
    case "field":
      return { ...card, customer_fields: named(card.customer_fields) };
    case "group":
      return { ...card, field_groups: named(card.field_groups), customer_fields: card.customer_fields.map((each) => (each.group === from ? { ...each, group: to } : each)) };
    case "list":
      return { ...card, choice_lists: named(card.choice_lists), customer_fields: card.customer_fields.map((each) => (each.choices_from === from ? { ...each, choices_from: to } : each)) };
  }
}
