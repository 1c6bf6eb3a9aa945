/** Flows as the server has them: drafts, test calls, publishing, versions. */
import { keepPreviousData } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { Flow } from "@/flows/flow";

export interface Named {
  id: string;
  name: string;
}

export interface DraftHead {
  revision: number;
  base: number;
  saved_at: string;
  by: string | null;
}

export interface FlowRow extends Named {
  published: boolean;
  draft: DraftHead | null;
  numbers: string[];
}

export type ScenarioTests = "always" | "warn" | "never";

export interface FlowList {
  version: number;
  /** Scenarios whose tests do not hold cannot count, count with a warning, or are not tested. */
  scenario_tests: ScenarioTests;
  flows: FlowRow[];
  queues: Named[];
  plain: Named[];
}

/** A flow to begin with, with its tests; in the person's language, for the queues that there are. */
export interface FlowTemplate extends Named {
  help: string;
  flow: Flow;
}

export interface Problem {
  place: string;
  block: string | null;
  code: string;
  warning: boolean;
  elsewhere: boolean;
  message: string;
}

export interface Problems {
  problems: Problem[];
  uncovered: { block: string; exit: string }[];
}

export interface Choices {
  queues: Named[];
  agents: Named[];
  flows: Named[];
  calendars: Named[];
  number_lists: Named[];
  connections: Named[];
  statements: Named[];
  services: Named[];
  requests: Named[];
  codes: Named[];
  functions: Named[];
  entry_points: (Named & { number: string; scenario: string })[];
}

export interface Opened extends Problems {
  id: string;
  version: number;
  published: Flow | null;
  draft: (DraftHead & { body: Flow }) | null;
  run_by: Named[];
  choices: Choices;
}

export interface CallSettings {
  presses: string[];
  ani: string;
  language: string;
  vip: boolean;
  /** The fields of what was written in place of a call. */
  request: Record<string, string> | null;
  branches: Record<string, string>;
  /** What the database or service of a block answers: nobody is asked. */
  answers: Record<string, { outcome: string; values?: Record<string, string> }[]>;
}

export interface TrialTurn {
  kind: "said" | "pressed" | "spoke" | "heard" | "silent" | "failed" | "deaf" | "outside" | "wrote" | "unspoken" | "passed" | "computed";
  text: string;
  confidence: number | null;
  flow: string | null;
  block: string | null;
  /** What the function `text` gave back, and the exit that it named; or why it failed. */
  values: Record<string, string>;
  exit: string;
  fault: string;
  traceback: string;
}

export interface Trial {
  turns: TrialTurn[];
  asks: boolean;
  at: string | null;
  queue: string | null;
  agent: string | null;
  served: boolean;
  /** In the queue, to be called back. */
  callback: boolean;
  /** The queue where a message was left. */
  voicemail: string | null;
  choices: string[];
  attributes: Record<string, string>;
  priority: number;
  fault: string | null;
  seconds: number;
}

export interface FlowVersion {
  version: number;
  made_at: string;
  by: string | null;
  comment: string;
  gone: boolean;
}

export interface Change {
  kind: "+" | "-" | "~";
  place: string;
  before: unknown;
  after: unknown;
}

export interface Difference {
  before: Flow | null;
  after: Flow | null;
  changes: Change[];
}

export interface CourseOfFlow {
  contacts: number;
  served: number;
  queued: number;
  left: number;
  now: number;
  contained: number | null;
  steps: Record<string, { came: number; left: number; now: number }>;
}

const PATH = "/api/flows";
const of = (flow: string) => `${PATH}/${encodeURIComponent(flow)}`;

export const flowsKey = ["flows"] as const;
export const flowsQuery = { queryKey: flowsKey, queryFn: () => call<FlowList>("GET", PATH) };
export const templatesQuery = (language: string) => ({
  queryKey: [...flowsKey, "templates", language],
  queryFn: () => call<{ templates: FlowTemplate[] }>("GET", `/api/flow-templates?language=${language}`),
  placeholderData: keepPreviousData,
});
export const openedQuery = (flow: string) => ({ queryKey: [...flowsKey, "opened", flow], queryFn: () => call<Opened>("GET", of(flow)), refetchOnWindowFocus: false, staleTime: Infinity });
export const versionsQuery = (flow: string) => ({ queryKey: [...flowsKey, "versions", flow], queryFn: () => call<{ versions: FlowVersion[] }>("GET", `${of(flow)}/versions`) });

export const courseQuery = (flow: string) => ({ queryKey: [...flowsKey, "course", flow], queryFn: () => call<CourseOfFlow>("GET", `${of(flow)}/course`), refetchInterval: 5_000 });

export const keepDraft = (flow: Flow, base: number, revision: number) => call<Problems & { revision: number }>("PUT", `${of(flow.id)}/draft`, { flow, base }, revision);
export const throwAway = (flow: string, revision: number) => call("DELETE", `${of(flow)}/draft`, undefined, revision);
export const checkFlow = (flow: Flow, signal: AbortSignal) => call<Problems>("POST", `${PATH}/check`, { flow }, undefined, signal);
export const tryFlow = (flow: Flow, settings: CallSettings, signal: AbortSignal) => call<Trial>("POST", `${PATH}/trial`, { flow, ...settings }, undefined, signal);
export const setTesting = (scenario_tests: ScenarioTests, version: number) => call<{ version: number }>("PUT", `${PATH}/tests`, { scenario_tests }, version);
export const publishFlow = (flow: string, revision: number, comment: string, entry_points: string[]) => call<{ version: number }>("POST", `${of(flow)}/publish`, { comment, entry_points }, revision);
export const deleteFlow = (flow: string, version: number) => call<{ version: number }>("DELETE", of(flow), undefined, version);
export const rollBack = (flow: string, to: number, version: number) => call<{ version: number }>("POST", `${of(flow)}/rollback`, { version: to }, version);
export const compareFlow = (flow: string, before: number, after?: number) => call<Difference>("GET", `${of(flow)}/compare?before=${before}${after === undefined ? "" : `&after=${after}`}`);
