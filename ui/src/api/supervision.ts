/** What a supervisor can do from the floor. The engine decides; each of these only asks. */
import { call } from "@/api/client";
import type { Joining } from "@/api/types";

/** Of the last customers who were told how long it would take. */
export interface PromisesKept {
  count: number;
  /** The share who did not wait longer. */
  within: number;
  error_seconds: number;
  off_seconds: number;
}

/** Of its last answers. */
export interface ServedQueue {
  id: string;
  name: string;
  answers: number;
  waited_seconds: number | null;
  target_seconds: number;
  of_target: number | null;
  promises: PromisesKept | null;
  callbacks: PromisesKept | null;
}

export interface QueueFigures {
  order: "oldest" | "furthest_behind";
  queues: ServedQueue[];
}

const contact = (id: string, action: string) => `/api/supervision/contacts/${id}/${action}`;
const agent = (id: string, what: string) => `/api/supervision/agents/${id}/${what}`;

export const queueFigures = () => call<QueueFigures>("GET", "/api/supervision/queues/figures");
export const joinCall = (id: string, way: Joining) => call("POST", contact(id, "join"), { way });
export const goOver = (id: string, way: Joining) => call("PUT", contact(id, "join"), { way });
export const leaveCall = (id: string) => call("DELETE", contact(id, "join"));
export const takeOver = (id: string) => call("POST", contact(id, "take-over"), {});
export const answerFor = (id: string) => call("POST", contact(id, "answer"), {});
export const endCall = (id: string) => call("POST", contact(id, "end"), {});
export const setStatus = (id: string, status: "ready" | "not_ready", reason: string | null) => call("PUT", agent(id, "status"), { status, reason });
export const assign = (id: string, queues: Record<string, number>, skills: Record<string, number>) => call("PUT", agent(id, "assignment"), { queues, skills });
export const endAssignment = (id: string) => call("DELETE", agent(id, "assignment"));
export const endShiftOf = (id: string) => call("DELETE", agent(id, "shift"));
