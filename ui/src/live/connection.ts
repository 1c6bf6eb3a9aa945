/** Keeps the live feed up: one socket, silence is noticed, a gap or a loss starts afresh. */
import { create } from "zustand";

import { reportSessionOver } from "@/api/client";
import { queryClient } from "@/api/queryClient";
import type { LiveMessage } from "@/api/types";
import { next, type Feed } from "@/live/feed";

const SESSION_OVER = 4401;
/** The server pings every 15 s; twice that and a little is silence. */
const SILENCE_MS = 35_000;
const SLOWEST_RETRY_MS = 5_000;

export const FEED_KEY = ["live"] as const;

interface Link {
  state: "connecting" | "live" | "lost";
}
export const useLink = create<Link>(() => ({ state: "connecting" }));

export const currentFeed = (): Feed | null => queryClient.getQueryData<Feed>(FEED_KEY) ?? null;

type Listener = (feed: Feed) => void;
const listeners = new Set<Listener>();

/** For those outside React: called after every change. */
export function onFeed(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

class Connection {
  private socket: WebSocket | null = null;
  private retry: number | undefined;
  private watch: number | undefined;
  private attempts = 0;

  start(): void {
    window.addEventListener("online", this.hurry);
    this.open();
  }

  stop(): void {
    window.removeEventListener("online", this.hurry);
    clearTimeout(this.retry);
    this.drop();
    useLink.setState({ state: "connecting" });
    queryClient.removeQueries({ queryKey: FEED_KEY });
  }

  private readonly hurry = (): void => {
    if (useLink.getState().state !== "live") this.open();
  };

  private open(): void {
    clearTimeout(this.retry);
    this.drop();
    const url = new URL("/api/live", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => this.take(JSON.parse(event.data) as LiveMessage);
    socket.onclose = (event) => this.lost(event.code);
    this.listenForSilence();
  }

  private drop(): void {
    clearTimeout(this.watch);
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  private lost(code: number): void {
    this.drop();
    if (code === SESSION_OVER) {
      reportSessionOver();
      return;
    }
    if (this.attempts > 0 || currentFeed()) useLink.setState({ state: "lost" });
    const pause = Math.min(SLOWEST_RETRY_MS, 250 * 2 ** this.attempts) * (0.75 + Math.random() / 2);
    this.attempts += 1;
    this.retry = window.setTimeout(() => this.open(), pause);
  }

  private listenForSilence(): void {
    clearTimeout(this.watch);
    this.watch = window.setTimeout(() => this.lost(0), SILENCE_MS);
  }

  private take(message: LiveMessage): void {
    this.listenForSilence();
    const feed = next(currentFeed(), message, Date.now());
    if (feed === "gap") {
      this.lost(0);
      return;
    }
    if (message.type === "ping") return;
    this.attempts = 0;
    useLink.setState({ state: "live" });
    queryClient.setQueryData(FEED_KEY, feed);
    for (const listener of listeners) listener(feed);
  }
}

export const connection = new Connection();
