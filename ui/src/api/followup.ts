/** What follows from a contact, and what may be done with tasks. */
import { queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { Task } from "@/api/customers";

export interface FollowUp {
  text: string;
  due_at: string | null;
  /** One of the two, or neither: whoever writes it. */
  assignee: string | null;
  queue: string | null;
}

/** nobody: of people who are gone, and of queues without agents. */
export type Whose = "own" | "nobody" | "all";

/** The first hundred; `total` is all. */
export interface TasksTold {
  tasks: Task[];
  total: number;
}

export const tasksOfQuery = (whose: Whose) =>
  queryOptions({ queryKey: ["tasks", "of", whose], queryFn: () => call<TasksTold>("GET", `/api/tasks?of=${whose}`), refetchInterval: 60_000 });

export interface Handling {
  /** For oneself, unless somebody else was first. */
  take?: boolean;
  due_at?: string | null;
  assignee?: string;
  queue?: string;
  /** Whose it was when it was handed on: whoever was first wins. */
  seen?: string | null;
  done?: boolean;
}

export const writeFollowUp = (contact: string, body: FollowUp) => call("PUT", `/api/desk/contacts/${contact}/follow-up`, body);
export const forgetFollowUp = (contact: string) => call("DELETE", `/api/desk/contacts/${contact}/follow-up`);
export interface PlannedAfter {
  number: string;
  at: string;
  own: boolean;
  disposition: string;
}

export const planAfter = (contact: string, body: PlannedAfter) => call<{ contact: string; number: string; at: string }>("PUT", `/api/desk/contacts/${contact}/follow-up/call`, body);
export const planNoMore = (contact: string) => call("DELETE", `/api/desk/contacts/${contact}/follow-up/call`);

export interface Sent {
  delivery: "kept" | "sending" | "sent" | "failed";
  failure: string | null;
}

export const writeAfter = (contact: string, body: { to: string; subject: string; text: string }) => call<Sent>("PUT", `/api/desk/contacts/${contact}/follow-up/mail`, body);
export const writeNoMore = (contact: string) => call("DELETE", `/api/desk/contacts/${contact}/follow-up/mail`);

/** Where the customer may be reached. */
export const reachQuery = (contact: string) =>
  queryOptions({
    queryKey: ["reach", contact],
    queryFn: () => call<{ number: string | null; mails: string[] }>("GET", `/api/desk/contacts/${contact}/follow-up`),
  });

export const handleTask = (task: string, body: Handling) => call<TasksTold>("PATCH", `/api/tasks/${task}`, body);
