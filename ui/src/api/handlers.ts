/** Scenarios in Python as the server has them: the code, its versions, what it failed of. */
import { call } from "@/api/client";
import type { FlowVersion, Named } from "@/api/flows";

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

export const codeOfVersion = (handler: string, version: number) => call<HandlerBody>("GET", `${of(handler)}/code?version=${version}`);
export const saveHandler = (handler: string, body: HandlerBody & { comment: string; entry_points: string[] }, version: number) => call<{ version: number }>("PUT", of(handler), body, version);
export const deleteHandler = (handler: string, version: number) => call<{ version: number }>("DELETE", of(handler), undefined, version);
