/** The live state as a fold: a snapshot, then sequenced changes of whole top-level keys. Pure. */
import type { LiveMessage, LiveState } from "@/api/types";

export interface Feed {
  seq: number;
  state: LiveState;
  /** Server clock minus this machine's clock, milliseconds. */
  offset: number;
}

/** The next feed, or "gap" when a change was lost and only a new snapshot can help. */
export function next(feed: Feed | null, message: LiveMessage, localNow: number): Feed | "gap" {
  switch (message.type) {
    case "snapshot":
      return { seq: message.seq, state: message.state, offset: Date.parse(message.state.now) - localNow };
    case "change":
      if (!feed || message.seq !== feed.seq + 1) return "gap";
      return { ...feed, seq: message.seq, state: { ...feed.state, ...message.set } };
    case "ping":
      return feed ?? "gap";
  }
}
