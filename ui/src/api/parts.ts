/** Parts of the set-up that have a screen of their own: read, checked, published, their versions. */
import { ApiError, call } from "@/api/client";
import type { FormField } from "@/api/customers";

/** One of those that a screen has, or any list of the file by its name. */
export type PartName = "talk-scripts" | "results" | "card" | "queues" | "calendars" | "entry_points" | "alerts";

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
  faults: Problem[];
}

export interface QueueOf {
  id: string;
  name: string;
}

/** What is set of an agent beside the queues. */
export interface AgentOf {
  login: string;
  /** The level in each, 1-10. */
  queues: Record<string, number>;
  weight: number;
}

/** What may be referred to. */
export interface Thing {
  id: string;
  ru: string;
  en: string;
}

export interface Part<Value, Queue extends QueueOf = QueueOf> {
  version: number;
  value: Value;
  queues: Queue[];
  /** In the order of the file; none where the part sets nothing of them. */
  agents: AgentOf[];
  /** By the list of the file it stands in; flows and handlers are scenarios, too. */
  names: Record<string, Thing[]>;
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
export interface Edited<Value, Queue extends QueueOf> {
  value: Value;
  queues: Queue[];
  /** By login those alone that are different: the others stay as they are, whoever changes them meanwhile. */
  agents: Record<string, AgentOf>;
}

export const partsKey = ["parts"] as const;
const of = (part: PartName) => `/api/configuration/parts/${part}`;

export const openPart = <Value, Queue extends QueueOf>(part: PartName, version?: number) =>
  call<Part<Value, Queue>>("GET", version === undefined ? of(part) : `${of(part)}?version=${version}`);

export const partQuery = <Value, Queue extends QueueOf>(part: PartName) => ({
  queryKey: [...partsKey, part],
  queryFn: () => openPart<Value, Queue>(part),
  refetchOnWindowFocus: false,
  staleTime: Infinity,
  gcTime: 0,
});

export const partVersionsQuery = (part: PartName, item?: string) => ({
  queryKey: [...partsKey, part, "versions", item],
  queryFn: () => call<{ versions: PartVersion[] }>("GET", `${of(part)}/versions${item === undefined ? "" : `?item=${encodeURIComponent(item)}`}`),
});

/** A queue's name is sent, too: the server takes what belongs to the part. */
const sent = ({ value, queues, agents }: Edited<unknown, QueueOf>) => ({ value, queues: Object.fromEntries(queues.map((queue) => [queue.id, queue])), agents });

export const checkPart = (part: PartName, edited: Edited<unknown, QueueOf>) => call<Checked>("POST", `${of(part)}/check`, sent(edited));

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export interface Published<Value, Queue extends QueueOf> {
  version: number;
  /** What it was published over: all that was not sent stands as it is here. */
  over: Part<Value, Queue>;
}

/** Over the version that was opened. Where only something else was changed since, over the newest. */
export async function publishPart<Value, Queue extends QueueOf>(part: PartName, edited: Edited<Value, Queue>, opened: Part<Value, Queue>, comment: string): Promise<Published<Value, Queue>> {
  const put = async (over: Part<Value, Queue>) => {
    const { version } = await call<Checked>("PUT", of(part), { ...sent(edited), comment }, over.version);
    return { version, over };
  };
  try {
    return await put(opened);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "config_conflict") throw error;
    const newest = await openPart<Value, Queue>(part);
    const agents = (stands: Part<Value, Queue>) => stands.agents.filter(({ login }) => login in edited.agents);
    if (!same(newest.value, opened.value) || !same(newest.queues, opened.queues) || !same(agents(newest), agents(opened))) throw error;
    return put(newest);
  }
}
