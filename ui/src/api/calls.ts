/** Calling out: placing a call, and the numbers called lately. */
import { queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { Called } from "@/api/types";

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
