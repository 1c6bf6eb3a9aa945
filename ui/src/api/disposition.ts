/** How contacts end, and what is to follow from that. */
import type { Worded } from "@/api/types";

export type Asked = "never" | "optional" | "required";

/** One of a tree: what has others under it is a heading. */
export interface Disposition extends Worded {
  under: string | null;
  /** Does the agent say with it what is to be done next? */
  task: Asked;
  task_queue: string | null;
  task_seconds: number;
  /** Does the agent plan a call with it? */
  call: Asked;
  call_seconds: number;
  call_own: boolean;
  /** Does the agent write to the customer with it? */
  mail: Asked;
  mail_reply: string | null;
  /** By language; "" is any. */
  mail_subject: Record<string, string>;
}
