/** What stands on the wall, as a fold of its messages. Pure. */
import type { FloorQueue } from "@/api/types";

export interface Figures {
  queues: FloorQueue[];
  agents: { ready: number; busy: number; wrap_up: number; not_ready: number };
}

export interface Drawn {
  name: string;
  seq: number;
  figures: Figures | null;
  /** Server clock minus this machine's, milliseconds. */
  offset: number;
}

export type WallMessage =
  | { type: "name"; name: string }
  | { type: "snapshot"; shared: { wall: number }; state: { now: string; wall: Figures } }
  | { type: "shared"; of: "wall"; seq: number; set?: Partial<Figures>; whole?: Figures }
  | { type: "ping" };

const NOTHING: Drawn = { name: "", seq: 0, figures: null, offset: 0 };

/** "gap": a change was lost; the next snapshot helps. */
export function drawn(before: Drawn | null, message: WallMessage, localNow: number): Drawn | "gap" {
  const shown = before ?? NOTHING;
  switch (message.type) {
    case "name":
      return { ...shown, name: message.name };
    case "snapshot":
      return { ...shown, seq: message.shared.wall, figures: message.state.wall, offset: Date.parse(message.state.now) - localNow };
    case "shared": {
      const from = message.whole ?? (message.seq === shown.seq + 1 ? shown.figures : null);
      return from ? { ...shown, seq: message.seq, figures: { ...from, ...message.set } } : "gap";
    }
    case "ping":
      return shown;
  }
}
