/** Names that texts and conditions use, in words. */
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { FormField } from "@/api/customers";
import { spoken } from "@/i18n/language";
import type { Script } from "@/parts/script";

export interface Naming {
  script: Script;
  fields: FormField[];
  attributes: { id: string; ru: string; en: string }[];
}

const PLAIN: Record<string, MessageDescriptor> = {
  customer: msg`Customer`,
  company: msg`Company`,
  number: msg`Number`,
  agent: msg`Agent`,
  queue: msg`Queue`,
  vip: msg`VIP`,
  language: msg`Language`,
};

export function nameInWords(i18n: I18n, name: string, naming: Naming): string {
  const plain = PLAIN[name];
  if (plain) return i18n._(plain);
  const [kind = "", ...rest] = name.split(".");
  const of = OF_KIND[kind];
  return of ? of(i18n, rest.join("."), naming) : name;
}

const OF_KIND: Record<string, (i18n: I18n, id: string, naming: Naming) => string> = {
  card: (i18n, id, { fields }) => {
    const called = fields.find((field) => field.id === id)?.[spoken()] || id;
    return i18n._(msg`Card: ${called}`);
  },
  contact: (i18n, id, { attributes }) => {
    const called = attributes.find((each) => each.id === id)?.[spoken()] || id;
    return i18n._(msg`Found out: ${called}`);
  },
  chosen: (i18n, called) => i18n._(msg`Answer at “${called}”`),
  written: (i18n, id, { script }) => {
    const called = script.steps.find((step) => step.id === id)?.label || id;
    return i18n._(msg`Field “${called}”`);
  },
};
