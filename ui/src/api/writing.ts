/** Answers in writing, and requests that an agent enters for a customer. */
import { call } from "@/api/client";

/** kept: here alone; sent: by mail. */
export interface Answered {
  number: number;
  delivery: "kept" | "sent" | "failed";
  failure: string | null;
}

export const answer = (contact: string, text: string, send: boolean) => call<Answered>("POST", `/api/desk/contacts/${contact}/answers`, { text, send });
export const sendAgain = (contact: string, number: number) => call<Answered>("POST", `/api/desk/contacts/${contact}/answers/send`, { number });

export type Way = "paper" | "person" | "mail" | "other";

export interface EnteredRequest {
  way: Way;
  text: string;
  subject: string;
  name: string;
  phone: string;
  mail: string;
}

export const enterRequest = (body: EnteredRequest) => call<{ contact: string }>("POST", "/api/desk/requests", body);
