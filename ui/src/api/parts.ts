/** Parts of the set-up that have a screen of their own: read, checked, published, their versions. */
import { ApiError, call } from "@/api/client";
import type { FormField } from "@/api/customers";

export type PartName = "talk-scripts" | "results" | "card";

export interface Problem {
  place: string;
  code: string;
  warning: boolean;
  message: string;
}

export interface PartChange {
  kind: "+" | "-" | "~";
  place: string;
  before: unknown;
  after: unknown;
}

export interface Checked {
  version: number;
  changes: PartChange[];
  problems: Problem[];
}

export interface QueueOf {
  id: string;
  name: string;
}

export interface Part<Content, Queue extends QueueOf = QueueOf> {
  version: number;
  content: Content;
  queues: Queue[];
  form: { fields: FormField[] };
  attributes: { id: string; ru: string; en: string }[];
}

export interface PartVersion {
  version: number;
  made_at: string;
  by: string | null;
  comment: string;
  gone: boolean;
}

/** What is edited of a part. */
export interface Edited<Content, Queue extends QueueOf> {
  content: Content;
  queues: Queue[];
}

export const partsKey = ["parts"] as const;
const of = (part: PartName) => `/api/parts/${part}`;

export const openPart = <Content, Queue extends QueueOf>(part: PartName, version?: number) =>
  call<Part<Content, Queue>>("GET", version === undefined ? of(part) : `${of(part)}?version=${version}`);

export const partQuery = <Content, Queue extends QueueOf>(part: PartName) => ({
  queryKey: [...partsKey, part],
  queryFn: () => openPart<Content, Queue>(part),
  refetchOnWindowFocus: false,
  staleTime: Infinity,
  gcTime: 0,
});

export const partVersionsQuery = (part: PartName, item?: string) => ({
  queryKey: [...partsKey, part, "versions", item],
  queryFn: () => call<{ versions: PartVersion[] }>("GET", `${of(part)}/versions${item === undefined ? "" : `?item=${encodeURIComponent(item)}`}`),
});

/** A queue's name is sent, too: the server takes what belongs to the part. */
const sent = ({ content, queues }: Edited<unknown, QueueOf>) => ({ content, queues: Object.fromEntries(queues.map((queue) => [queue.id, queue])) });

export const checkPart = (part: PartName, edited: Edited<unknown, QueueOf>) => call<Checked>("POST", `${of(part)}/check`, sent(edited));

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Over the version that was opened. Where only something else was changed since, over the newest. */
export async function publishPart<Content, Queue extends QueueOf>(part: PartName, edited: Edited<Content, Queue>, opened: Part<Content, Queue>, comment: string): Promise<Checked> {
  const put = (version: number) => call<Checked>("PUT", of(part), { ...sent(edited), comment }, version);
  try {
    return await put(opened.version);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "config_conflict") throw error;
    const newest = await openPart<Content, Queue>(part);
    if (!same(newest.content, opened.content) || !same(newest.queues, opened.queues)) throw error;
    return put(newest.version);
  }
}
