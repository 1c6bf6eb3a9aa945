/** What the kinds of identities, fields and events of a card are called. */
import { useLingui } from "@lingui/react/macro";

import type { FieldValue, Form, FormField, IdentityKind } from "@/api/customers";
import { fullDate, number, phone } from "@/i18n/format";
import { spoken } from "@/i18n/language";

export const KINDS: IdentityKind[] = ["phone", "mail", "whatsapp", "viber", "telegram", "max", "vk", "other"];
const BY_NUMBER: readonly IdentityKind[] = ["phone", "whatsapp", "viber"];

export const written = (kind: IdentityKind, value: string) => (BY_NUMBER.includes(kind) ? phone(value) : value);

const language = (code: string) => new Intl.DisplayNames([spoken()], { type: "language" }).of(code);

export function useCardWords(form?: Form) {
  const { t } = useLingui();
  const kinds: Record<IdentityKind, string> = {
    phone: t`Phone`,
    mail: t`E-mail`,
    whatsapp: "WhatsApp",
    viber: "Viber",
    telegram: "Telegram",
    max: "MAX",
    vk: "VK",
    other: t`Other`,
  };
  const fields: Record<string, string> = {
    name: t`Name`,
    company: t`Company`,
    language: t`Language`,
    vip: t`VIP`,
    about: t`About the customer`,
    manager: t`Personal manager`,
    preferred_channel: t`Preferred channel`,
    preferred_time: t`Preferred time`,
  };
  const channels: Record<string, string> = {
    voice: t`Call`,
    chat: t`Chat`,
    message: t`Messenger`,
    email: t`E-mail`,
    fax: t`Fax`,
    video: t`Video`,
    web: t`Web form`,
    device: t`Device`,
  };
  const plain = (field: string, value: string) => (field === "preferred_channel" ? channels[value] : field === "language" ? language(value) : undefined);
  const own = (id: string) => form?.fields.find((one) => one.id === id.replace(/^fields\./, ""));
  return {
    kind: (kind: IdentityKind) => kinds[kind],
    channel: (channel: string) => channels[channel] ?? channel,
    field: (field: string) => fields[field] ?? own(field)?.[spoken()] ?? field,
    /** A value as people read it. */
    value: (field: string, value: FieldValue | undefined): string => {
      if (value === null || value === undefined || value === "") return "–";
      if (typeof value === "boolean") return value ? t`Yes` : t`No`;
      const known = own(field);
      const choice = (id: string) => known?.choices.find((one) => one.id === id)?.[spoken()] ?? id;
      if (Array.isArray(value)) return value.map(choice).join(", ") || "–";
      if (typeof value === "number") return number(value);
      const kinds: Partial<Record<FormField["kind"], (value: string) => string>> = { date: fullDate, phone };
      return plain(field, value) ?? ((known && kinds[known.kind]) ?? choice)(value);
    },
    channels,
  };
}
