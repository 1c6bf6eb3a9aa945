/** Calling out: placing a call, and the numbers called lately. */
import { queryOptions } from "@tanstack/react-query";

import type { BookEntry } from "@/api/floor";
import { call } from "@/api/client";
import type { Outcome } from "@/api/types";

/** A number called lately. */
export interface Called {
  contact: string;
  number: string;
  at: string;
  customer: string | null;
  outcome: Outcome;
  failure: string | null;
  queue: string | null;
  entry_point: string;
}

export interface Wish {
  number: string;
  queue?: string | undefined;
  entry_point?: string | undefined;
}

export const placeCall = (wish: Wish) => call<{ contact: string; number: string }>("POST", "/api/desk/calls", wish);

export const recentQuery = queryOptions({
  queryKey: ["calls", "recent"],
  queryFn: async () => (await call<{ calls: Called[] }>("GET", "/api/desk/calls")).calls,
  staleTime: 0,
});

export const callColleague = (agent: string) => call<{ contact: string; number: string }>("POST", `/api/desk/calls/colleagues/${agent}`, {});

const REFRESH_MS = 2_000;

/** Looked at anew while it is shown: who is free changes every moment. */
export const phoneBookQuery = queryOptions({
  queryKey: ["calls", "colleagues"],
  queryFn: async () => (await call<{ agents: BookEntry[] }>("GET", "/api/desk/calls/colleagues")).agents,
  staleTime: 0,
  refetchInterval: REFRESH_MS,
});

export interface PlannedWish extends Wish {
  at: string;
  personal: boolean;
}

export const planCall = (wish: PlannedWish) => call<{ contact: string }>("POST", "/api/desk/callbacks", wish);
export const moveOwn = (id: string, at: string) => call("POST", `/api/desk/callbacks/${id}/move`, { at });
export const cancelOwn = (id: string) => call("POST", `/api/desk/callbacks/${id}/cancel`, {});

const times = async (path: string) => (await call<{ times: string[] }>("GET", path)).times;
/** `personal`: the windows of the queue do not count. `since`: from then on. */
export const ownTimesQuery = (queue: string, personal: boolean, since?: string) =>
  queryOptions({
    queryKey: ["calls", "times", queue, personal, since],
    queryFn: () => times(`/api/desk/callbacks/times?queue=${encodeURIComponent(queue)}&personal=${String(personal)}${since ? `&since=${encodeURIComponent(since)}` : ""}`),
    staleTime: 0,
  });
