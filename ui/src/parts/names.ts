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

export function nameInWords(i18n: I18n, name: string, { script, fields, attributes }: Naming): string {
  const plain = PLAIN[name];
  if (plain) return i18n._(plain);
  const [kind, ...rest] = name.split(".");
  const id = rest.join(".");
  const language = spoken();
  switch (kind) {
    case "card": {
      const called = fields.find((field) => field.id === id)?.[language] || id;
      return i18n._(msg`Card: ${called}`);
    }
    case "contact": {
      const called = attributes.find((each) => each.id === id)?.[language] || id;
      return i18n._(msg`Found out: ${called}`);
    }
    case "chosen":
    case "written": {
      const step = script.steps.find((each) => each.id === id);
      const called = (kind === "written" && step?.label) || id;
      return kind === "chosen" ? i18n._(msg`Answer at “${called}”`) : i18n._(msg`Field “${called}”`);
    }
    default:
      return name;
  }
}
