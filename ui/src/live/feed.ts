/** The live state as a fold: a snapshot, then numbered changes, the page's own and those shared with others. Pure. */
import type { FloorState, LiveMessage, LiveState, Shared } from "@/api/types";

export interface Feed {
  seq: number;
  /** How far what is shared has been read. */
  shared: { centre: number; floor?: number };
  state: LiveState;
  /** Server clock minus this machine's clock, milliseconds. */
  offset: number;
}

/** The next feed, or "gap" when a change was lost and only a new snapshot can help. */
export function next(feed: Feed | null, message: LiveMessage, localNow: number): Feed | "gap" {
  switch (message.type) {
    case "snapshot":
      return { seq: message.seq, shared: message.shared, state: message.state, offset: Date.parse(message.state.now) - localNow };
    case "change":
      if (!feed || message.seq !== feed.seq + 1) return "gap";
      return { ...feed, seq: message.seq, state: { ...feed.state, ...message.set } };
    case "shared":
      if (!feed || (!message.whole && message.seq !== (feed.shared[message.of] ?? NaN) + 1)) return "gap";
      return { ...feed, shared: { ...feed.shared, [message.of]: message.seq }, state: laid(feed.state, message) };
    case "ping":
      return feed ?? "gap";
  }
}

function laid(state: LiveState, message: Shared): LiveState {
  if (message.of === "centre") return { ...state, ...message.whole, ...message.set };
  const shown = message.whole ?? state.floor;
  if (!shown) return state;
  const { put = {}, gone = {} } = message;
  const floor: FloorState = {
    ...shown,
    ...message.set,
    agents: rows(shown.agents, put.agents, gone.agents),
    contacts: rows(shown.contacts, put.contacts, gone.contacts),
    queues: rows(shown.queues, put.queues, gone.queues),
  };
  return { ...state, floor };
}

/** Rows that did not change stay the same objects, so that nothing of them is drawn again. */
function rows<Row extends { id: string }>(shown: Row[], put: Row[] | undefined, gone: string[] | undefined): Row[] {
  if (!put && !gone) return shown;
  const fresh = new Map(put?.map((row) => [row.id, row]));
  const left = new Set(gone);
  const kept = shown.filter((row) => !left.has(row.id)).map((row) => take(fresh, row.id) ?? row);
  return fresh.size > 0 ? [...kept, ...fresh.values()] : kept;
}

function take<Row>(rows: Map<string, Row>, id: string): Row | undefined {
  const row = rows.get(id);
  rows.delete(id);
  return row;
}
