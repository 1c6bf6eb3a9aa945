/** What an agent can do from the desk. The server owns the call; each of these only asks. */
import { call } from "@/api/client";
import type { PhoneKind, SoftphoneAccount, TalksTo } from "@/api/types";

const contact = (id: string, action: string) => `/api/desk/contacts/${id}/${action}`;
type Shift = { softphone: SoftphoneAccount };

/** Null where calls ring elsewhere than in the page. */
export const startShift = async (phone: PhoneKind) => (await call<{ softphone: SoftphoneAccount | null }>("POST", "/api/desk/shift", { phone })).softphone;
export const choosePhone = (phone: PhoneKind) => call("PUT", "/api/desk/phone", { phone });
export const freshAccount = async () => (await call<Shift>("POST", "/api/desk/softphone", {})).softphone;
export const endShift = () => call("DELETE", "/api/desk/shift");

export type Status = { status: "ready"; reason: string | null } | { status: "not_ready"; reason: string | null };
export const READY: Status = { status: "ready", reason: null };
export const chooseStatus = (status: Status) => call("PUT", "/api/desk/status", status);

export const decline = (id: string) => call("POST", contact(id, "decline"), {});
export const accept = (id: string) => call("POST", contact(id, "accept"), {});
export const park = (id: string, reason: string | null, returns_at: string | null) => call("POST", contact(id, "park"), { reason, returns_at });
export const resume = (id: string) => call("POST", contact(id, "resume"), {});
export const hold = (id: string) => call("POST", contact(id, "hold"), {});
export const retrieve = (id: string) => call("POST", contact(id, "retrieve"), {});
export const end = (id: string) => call("POST", contact(id, "end"), {});
export const rejoin = (id: string) => call("POST", contact(id, "rejoin"), {});
export const wishRecording = (id: string, wish: "paused" | "resumed" | "started") => call("POST", contact(id, "recording"), { wish });
export const mute = (id: string, muted: boolean) => call("POST", contact(id, "mute"), { muted });

/** Whom a contact is passed on to, or who is asked about it. */
export type Target = { queue: string } | { agent: string } | { number: string };

export const consult = (id: string, target: Target) => call("POST", contact(id, "consult"), target);
export const turn = (id: string, talks_to: TalksTo) => call("POST", contact(id, "consult/turn"), { talks_to });
export const completeTransfer = (id: string) => call("POST", contact(id, "consult/complete"), {});
export const release = (id: string, consultation: string) => call("POST", contact(id, "consult/release"), { consultation });
export const backToCustomer = (id: string) => call("POST", contact(id, "consult/cancel"), {});
export const transfer = (id: string, target: Target) => call("POST", contact(id, "transfer"), target);
export const pull = (id: string) => call("POST", contact(id, "pull"), {});

export interface Result {
  disposition: string | null;
  note: string;
}
export const saveDraft = (id: string, draft: Result) => call("PUT", contact(id, "draft"), draft);
export const finishWrapUp = (id: string, result: Result, then: Status) =>
  call("POST", contact(id, "wrap-up"), { ...result, then: then.status, reason: then.reason });
