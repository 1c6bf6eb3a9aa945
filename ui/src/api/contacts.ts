/** The journal of contacts: pages, one contact, its sound. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { ContactDetail, ContactPage, ContactRow, Direction, Outcome, Waveform } from "@/api/types";

export interface ContactFilter {
  scope: "own" | "all";
  outcome?: Outcome | undefined;
  queue?: string | undefined;
  direction?: Direction | undefined;
  q?: string | undefined;
  /** Only those of which a line was poor. */
  poor?: boolean | undefined;
}

function page(filter: ContactFilter, before: string | null): Promise<ContactPage> {
  const search = new URLSearchParams({ scope: filter.scope, limit: "50" });
  if (before) search.set("before", before);
  if (filter.outcome) search.set("outcome", filter.outcome);
  if (filter.direction) search.set("direction", filter.direction);
  if (filter.queue) search.set("queue", filter.queue);
  if (filter.poor) search.set("poor_line", "true");
  if (filter.q) search.set("q", filter.q);
  return call<ContactPage>("GET", `/api/contacts?${search}`);
}

export const contactsQuery = (filter: ContactFilter) =>
  infiniteQueryOptions({
    queryKey: ["contacts", filter],
    queryFn: ({ pageParam }) => page(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // Fresh while the newest are looked at; who has paged far back is left in peace.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 2 ? 15_000 : false),
  });

/** One's own contacts since midnight; at most ten pages. */
export const ownDayQuery = queryOptions({
  queryKey: ["contacts", "own-day"],
  queryFn: async (): Promise<ContactRow[]> => {
    const midnight = new Date().setHours(0, 0, 0, 0);
    const rows: ContactRow[] = [];
    let before: string | null = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const { contacts, next }: ContactPage = await page({ scope: "own" }, before);
      const today = contacts.filter((row) => Date.parse(row.arrived_at) >= midnight);
      rows.push(...today);
      if (!next || today.length < contacts.length) break;
      before = next;
    }
    return rows;
  },
  refetchInterval: 30_000,
});

export const contactQuery = (id: string) =>
  queryOptions({ queryKey: ["contact", id], queryFn: () => call<ContactDetail>("GET", `/api/contacts/${id}`) });

export const waveformQuery = (id: string) =>
  queryOptions({
    queryKey: ["waveform", id],
    queryFn: () => call<Waveform>("GET", `/api/contacts/${id}/waveform`),
    staleTime: Infinity,
  });

export const recordingUrl = (id: string): string => `/api/contacts/${id}/recording`;
