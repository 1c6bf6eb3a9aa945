/** Scenarios in Python as the server has them: the code, its versions, what it failed of. */
import { call } from "@/api/client";
import type { CallSettings, CourseOfFlow, FlowVersion, Named } from "@/api/flows";
import type { FlowTest } from "@/flows/flow";

export interface ScenarioFault {
  at: string;
  contact: string;
  scenario: string;
  block: string;
  reason: string;
  traceback: string;
}

export interface HandlerList {
  version: number;
  handlers: (Named & { numbers: string[]; last_fault: string | null })[];
  taken: string[];
  queues: Named[];
  faults: ScenarioFault[];
}

export interface HandlerBody {
  name: string;
  language: string;
  otherwise: string;
  code: string;
  /** Also for written requests. */
  written: boolean;
  tests: FlowTest[];
}

export interface HandlerTurn {
  kind: "said" | "pressed" | "spoke" | "heard" | "silent" | "failed" | "deaf" | "outside" | "wrote" | "unspoken" | "step";
  text: string;
  confidence: number | null;
  /** Of a step: what the code wants, and on which line it stands. */
  verb: string;
  line: number;
}

export interface HandlerTrial {
  turns: HandlerTurn[];
  /** What a question waits for; empty: the call is over. */
  asks: "" | "keys" | "words" | "message";
  /** Of the code, where it stands or failed; 0: it cannot be told. */
  line: number;
  queue: string | null;
  agent: string | null;
  served: boolean;
  callback: boolean;
  voicemail: string | null;
  choices: string[];
  attributes: Record<string, string>;
  priority: number;
  fault: string | null;
  traceback: string;
  seconds: number;
}

export interface HandlerVerdict {
  name: string;
  /** Empty: it holds. */
  wrong: string[];
}

export interface OpenedHandler extends HandlerBody {
  id: string;
  version: number;
  queues: Named[];
  entry_points: (Named & { number: string; scenario: string })[];
  versions: FlowVersion[];
  faults: ScenarioFault[];
}

const PATH = "/api/handlers";
const of = (handler: string) => `${PATH}/${encodeURIComponent(handler)}`;

export const handlersKey = ["handlers"] as const;
export const handlersQuery = { queryKey: [...handlersKey, "all"], queryFn: () => call<HandlerList>("GET", PATH) };
export const openedHandlerQuery = (handler: string) => ({ queryKey: [...handlersKey, "opened", handler], queryFn: () => call<OpenedHandler>("GET", of(handler)), refetchInterval: 10_000 });

export const handlerCourseQuery = (handler: string) => ({ queryKey: [...handlersKey, "course", handler], queryFn: () => call<CourseOfFlow>("GET", `${of(handler)}/course`), refetchInterval: 5_000 });

export const codeOfVersion = (handler: string, version: number) => call<HandlerBody>("GET", `${of(handler)}/code?version=${version}`);
export const saveHandler = (handler: string, body: HandlerBody & { comment: string; entry_points: string[] }, version: number) => call<{ version: number; warnings: string[] }>("PUT", of(handler), body, version);
const tried = (handler: string, { language, otherwise, code, written }: HandlerBody) => ({ id: handler, language, otherwise, code, written });
export const tryHandler = (handler: string, body: HandlerBody, { language, ...settings }: CallSettings, signal: AbortSignal) => call<HandlerTrial>("POST", `${PATH}/trial`, { ...tried(handler, body), ...settings, caller_language: language }, undefined, signal);
export const testHandler = (handler: string, body: HandlerBody, signal: AbortSignal) => call<{ verdicts: HandlerVerdict[] }>("POST", `${PATH}/tests`, { ...tried(handler, body), tests: body.tests }, undefined, signal);
export const deleteHandler = (handler: string, version: number) => call<{ version: number }>("DELETE", of(handler), undefined, version);
