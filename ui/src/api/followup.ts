/** What follows from a contact, and what may be done with tasks. */
import { call } from "@/api/client";
import type { Task } from "@/api/customers";

export interface FollowUp {
  text: string;
  due_at: string | null;
  /** One of the two, or neither: whoever writes it. */
  assignee: string | null;
  queue: string | null;
}

export interface Handling {
  due_at?: string | null;
  assignee?: string;
  queue?: string;
  done?: boolean;
}

export const writeFollowUp = (contact: string, body: FollowUp) => call("PUT", `/api/desk/contacts/${contact}/follow-up`, body);
export const forgetFollowUp = (contact: string) => call("DELETE", `/api/desk/contacts/${contact}/follow-up`);
export const handleTask = (task: string, body: Handling) => call<{ tasks: Task[] }>("PATCH", `/api/tasks/${task}`, body);
