/** Talk scripts: what is read to the customer, and what was answered. */
import { call } from "@/api/client";
import type { Language } from "@/api/types";

export interface Given {
  step: string;
  answer?: string | null;
  value?: string | null;
}

export interface Branch {
  of: string;
  test: "is" | "is_not" | "contains" | "more" | "less" | "known" | "unknown";
  value: string;
  then: string | null;
}

export interface Step {
  id: string;
  say: string;
  hint: string;
  answers: { id: string; text: string; then: string | null }[];
  field: "text" | "long_text" | "number" | "date" | "phone" | "mail" | null;
  label: string;
  prefill: string;
  required: boolean;
  pattern: string;
  least: number | null;
  most: number | null;
  branches: Branch[];
  then: string | null;
}

export interface TalkScript {
  script: string;
  title: string;
  version: number;
  steps: Step[];
  /** What branches look at. */
  known: Record<string, string>;
  answers: Given[];
}

export interface TalkPart {
  agent: string | null;
  title: string;
  steps: { step: string; said: string; answer: string | null; value: string | null }[];
}

export const talkQuery = (contact: string, script: string) => ({
  queryKey: ["talk", contact, script],
  queryFn: () => call<TalkScript>("GET", `/api/desk/contacts/${contact}/talk`),
  // What was answered since is in this page only until it is saved.
  staleTime: Infinity,
  gcTime: 0,
});

export const keepAnswers = (contact: string, { script, version }: TalkScript, answers: Given[]) =>
  call("PUT", `/api/desk/contacts/${contact}/talk`, { script, version, answers });

export const toldQuery = (contact: string) => ({
  queryKey: ["talk", contact],
  queryFn: async () => (await call<{ parts: TalkPart[] }>("GET", `/api/contacts/${contact}/talk`)).parts,
});

/** A canned reply, filled in from the contact; `missing` stands in it as `{customer.name}`. */
export interface Reply {
  shortcut: string;
  language: Language;
  text: string;
  missing: string[];
}

export const repliesQuery = (contact: string) => ({
  queryKey: ["replies", contact],
  queryFn: () => call<{ replies: Reply[] }>("GET", `/api/desk/contacts/${contact}/replies`),
});
