/** The live state inside React. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import type { LiveState } from "@/api/types";
import { currentFeed, FEED_KEY } from "@/live/connection";
import type { Feed } from "@/live/feed";

/** A part of the live state; undefined until the first snapshot. */
export function useLive<T>(pick: (state: LiveState) => T): T | undefined {
  const { data } = useQuery({
    queryKey: FEED_KEY,
    queryFn: (): Promise<Feed> => Promise.reject(new Error("the feed is pushed, never asked for")),
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
    select: (feed: Feed) => pick(feed.state),
  });
  return data;
}

const watchers = new Set<() => void>();
let ticking: number | undefined;
let second = 0;

/** The server's clock, milliseconds. */
export const serverNow = (): number => Date.now() + (currentFeed()?.offset ?? 0);

function watchSeconds(watcher: () => void): () => void {
  watchers.add(watcher);
  ticking ??= window.setInterval(() => {
    second += 1;
    for (const one of watchers) one();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      clearInterval(ticking);
      ticking = undefined;
    }
  };
}

/** Re-renders once a second; returns the server's clock. All timers of the page tick together. */
export function useServerClock(): number {
  useSyncExternalStore(watchSeconds, () => second);
  return serverNow();
}

export function useSecondsSince(iso: string | null | undefined): number {
  const now = useServerClock();
  return iso ? Math.max(0, (now - Date.parse(iso)) / 1000) : 0;
}

export function useSecondsUntil(iso: string | null | undefined): number {
  const now = useServerClock();
  return iso ? Math.max(0, (Date.parse(iso) - now) / 1000) : 0;
}
