/** Cards of customers: the list, one card, what is written about them, merges, the timeline. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { Named, Worded } from "@/api/types";

export type IdentityKind = "phone" | "mail" | "whatsapp" | "viber" | "telegram" | "max" | "vk" | "other";

export interface Identity {
  id: string;
  kind: IdentityKind;
  value: string;
  label: string;
  source: "agent" | "contact" | "import";
  confirmed_at: string | null;
  added_at: string;
  shared: number;
}

export type FieldValue = string | number | boolean | string[] | null;

export interface CustomerRow {
  id: string;
  name: string;
  company: string;
  vip: boolean;
  language: string;
  phones: string[];
  mails: string[];
  changed_at: string;
}

export interface Merge {
  id: string;
  gone: Named;
  at: string;
  by: string | null;
  why: string;
  undone_at: string | null;
  added_to: "kept" | "other" | null;
  undoable: boolean;
}

export interface Card {
  id: string;
  version: number;
  name: string;
  company: string;
  vip: boolean;
  language: string;
  about: string;
  manager: Named | null;
  preferred_channel: string;
  preferred_time: string;
  fields: Record<string, FieldValue>;
  created_at: string;
  changed_at: string;
  identities: Identity[];
  merges: Merge[];
}

export interface CardChange {
  field: string;
  before: FieldValue;
  after: FieldValue;
  at: string;
  by: string | null;
}

export interface FormField {
  id: string;
  kind: "text" | "long_text" | "number" | "date" | "choice" | "choices" | "yes_no" | "phone" | "mail" | "link";
  ru: string;
  en: string;
  help_ru: string;
  help_en: string;
  required: boolean;
  group: string | null;
  longest: number;
  least: number | null;
  most: number | null;
  choices: Worded[];
}

export interface Form {
  groups: Worded[];
  fields: FormField[];
}

export interface Note {
  id: string;
  text: string;
  at: string;
  by: Named;
  edited_at: string | null;
  pinned_at: string | null;
}

export interface Task {
  id: string;
  /** Null: nobody knew whose the contact was; then `number` is all there is. */
  customer: Named | null;
  contact: string | null;
  number: string | null;
  text: string;
  at: string;
  by: Named;
  /** Null: for whoever of `queue` takes it. */
  assignee: Named | null;
  queue: Named | null;
  due_at: string | null;
  done_at: string | null;
  done_by: string | null;
}

export interface Written {
  notes: Note[];
  tasks: Task[];
}

export interface TimelineItem {
  id: string;
  kind: "contact" | "note" | "task" | "change";
  at: string;
  card: string;
  what: string;
  by: string | null;
  text: string;
  channel: string | null;
  direction: string | null;
  number: string | null;
  queue: string | null;
  disposition: Worded | null;
  talk_seconds: number | null;
  recorded: boolean;
  due_at: string | null;
  field: string | null;
  before: FieldValue;
  /** Of a merge: the card that was taken in. */
  after: FieldValue | Partial<Named>;
}

export interface Reason {
  kind: "identity" | "name";
  value: string;
  likeness: number;
}

export interface Duplicate {
  customer: CustomerRow;
  reasons: Reason[];
}

export type Side = "kept" | "other";

export interface MergePreview {
  kept: Card;
  other: Card;
  fields: { field: string; kept: FieldValue; other: FieldValue; suggested: Side }[];
  reasons: Reason[];
  contacts: Record<Side, number>;
}

const PATH = "/api/customers";
const of = (id: string, ...more: string[]) => [PATH, id, ...more].join("/");

export const customersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["customers", q],
    queryFn: ({ pageParam }) => {
      const search = new URLSearchParams({ limit: "50" });
      if (q) search.set("q", q);
      if (pageParam) search.set("before", pageParam);
      return call<{ customers: CustomerRow[]; next: string | null }>("GET", `${PATH}?${search}`);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const cardQuery = (id: string) => queryOptions({ queryKey: ["customer", id], queryFn: () => call<Card>("GET", of(id)), staleTime: 5_000 });
export const writtenQuery = (id: string) => queryOptions({ queryKey: ["customer", id, "written"], queryFn: () => call<Written>("GET", of(id, "notes")) });
export const duplicatesQuery = (id: string) =>
  queryOptions({ queryKey: ["customer", id, "duplicates"], queryFn: () => call<{ duplicates: Duplicate[] }>("GET", of(id, "duplicates")) });
export const previewQuery = (id: string, other: string) =>
  queryOptions({ queryKey: ["merge", id, other], queryFn: () => call<MergePreview>("GET", of(id, "merge", other)), staleTime: 0, gcTime: 0 });
export const formQuery = queryOptions({ queryKey: ["customer-form"], queryFn: () => call<Form>("GET", `${PATH}/form`), staleTime: 60_000 });
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: () => call<{ people: (Named & { agent: boolean })[] }>("GET", `${PATH}/people`),
  staleTime: 300_000,
});
export const myTasksQuery = queryOptions({ queryKey: ["tasks"], queryFn: () => call<{ tasks: Task[] }>("GET", "/api/tasks"), refetchInterval: 60_000 });

export const timelineQuery = (id: string, kind: string, q: string) =>
  infiniteQueryOptions({
    queryKey: ["customer", id, "timeline", kind, q],
    queryFn: ({ pageParam }) => {
      const search = new URLSearchParams({ limit: "30" });
      if (kind) search.set("kind", kind);
      if (q) search.set("q", q);
      if (pageParam) search.set("before", pageParam);
      return call<{ items: TimelineItem[]; next: string | null }>("GET", `${of(id, "timeline")}?${search}`);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export interface NewIdentity {
  kind: IdentityKind;
  value: string;
  label?: string;
  source?: "agent" | "contact";
}

export const createCustomer = (body: { name: string; identities: NewIdentity[] }) => call<Card>("POST", PATH, body);
export const saveCard = (id: string, body: Record<string, unknown>) => call<{ card: Card; meanwhile: CardChange[] }>("PATCH", of(id), body);
export const addIdentity = (id: string, body: NewIdentity) => call<Card>("POST", of(id, "identities"), body);
export const changeIdentity = (id: string, identity: string, body: { confirmed: boolean }) => call<Card>("PATCH", of(id, "identities", identity), body);
export const removeIdentity = (id: string, identity: string) => call<Card>("DELETE", of(id, "identities", identity));
export const addNote = (id: string, text: string) => call<Written>("POST", of(id, "notes"), { text });
export const changeNote = (id: string, note: string, body: { text?: string; pinned?: boolean }) => call<Written>("PATCH", of(id, "notes", note), body);
export const addTask = (id: string, body: { text: string; due_at: string | null; assignee: string | null }) => call<Written>("POST", of(id, "tasks"), body);
export const tickTask = (id: string, task: string, done: boolean) => call<Written>("PATCH", of(id, "tasks", task), { done });
export const sayDistinct = (id: string, other: string) => call("POST", of(id, "distinct"), { other });
export const mergeCards = (preview: MergePreview, take: string[], why: string) =>
  call<Card>("POST", of(preview.kept.id, "merge"), { other: preview.other.id, version: preview.kept.version, other_version: preview.other.version, take, why });
export const undoMerge = (id: string, merge: string, added_to: Side) => call<{ kept: Card; other: Named }>("POST", of(id, "unmerge"), { merge, added_to });

