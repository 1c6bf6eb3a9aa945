import { expect, test } from "vitest";

import { drawn, type Drawn, type Figures } from "@/wall/drawn";

const figures: Figures = { queues: [], agents: { ready: 2, busy: 1, wrap_up: 0, not_ready: 0 } };
const shown: Drawn = { name: "Hall", seq: 7, figures, offset: 0 };
const busy = { agents: { ready: 0, busy: 3, wrap_up: 0, not_ready: 0 } };

test("a snapshot sets the figures and the server's clock, and keeps the name", () => {
  const message = { type: "snapshot", shared: { wall: 3 }, state: { now: "2026-11-28T10:00:05.000Z", wall: figures } } as const;
  expect(drawn({ ...shown, seq: 0, figures: null }, message, Date.parse("2026-11-28T10:00:00.000Z"))).toEqual({ ...shown, seq: 3, offset: 5_000 });
});

test("the next change is laid over, the whole takes its place, and anything else is a gap", () => {
  expect(drawn(shown, { type: "shared", of: "wall", seq: 8, set: busy }, 0)).toEqual({ ...shown, seq: 8, figures: { ...figures, ...busy } });
  expect(drawn(shown, { type: "shared", of: "wall", seq: 90, whole: { ...figures, ...busy } }, 0)).toEqual({ ...shown, seq: 90, figures: { ...figures, ...busy } });
  expect(drawn(shown, { type: "shared", of: "wall", seq: 9, set: busy }, 0)).toBe("gap");
  expect(drawn(null, { type: "shared", of: "wall", seq: 1, set: busy }, 0)).toBe("gap");
});
