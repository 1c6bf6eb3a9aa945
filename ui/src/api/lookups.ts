/** What outer systems know of the customer in hand. */
import { call } from "@/api/client";
import type { Attribute } from "@/api/types";

export interface LookUp {
  id: string;
  ru: string;
  en: string;
  asks_ru: string | null;
  asks_en: string | null;
  /** What is not known of the customer: nothing can be asked. */
  lacks: { name: string; ru: string; en: string } | null;
}

export interface LookedUp {
  outcome: "found" | "not_found" | "failed";
  reason: string;
  message: string;
  values: Attribute[];
}

const of = (contact: string) => `/api/desk/contacts/${contact}/look-ups`;

/** `known`: whose card it is; with another one other things can be asked. */
export const lookUpsQuery = (contact: string, known: string | undefined) => ({
  queryKey: ["look-ups", contact, known],
  queryFn: async () => (await call<{ look_ups: LookUp[] }>("GET", of(contact))).look_ups,
  staleTime: 60_000,
});

export const lookUp = (contact: string, id: string, entered: string) => call<LookedUp>("POST", `${of(contact)}/${encodeURIComponent(id)}`, { entered });
