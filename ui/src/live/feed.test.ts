import { expect, test } from "vitest";

import type { LiveState } from "@/api/types";
import { next } from "@/live/feed";

const state = { now: "2026-11-22T10:00:05.000Z", contacts: [], queues: [], demo: null } as unknown as LiveState;
const feed = { seq: 7, state, offset: 0 };

test("a snapshot replaces everything and sets the server's clock", () => {
  const taken = next(feed, { type: "snapshot", seq: 40, state }, Date.parse("2026-11-22T10:00:00.000Z"));
  expect(taken).toEqual({ seq: 40, state, offset: 5_000 });
});

test("the next change replaces the named keys whole and leaves the others as they are", () => {
  const changed = next(feed, { type: "change", seq: 8, set: { demo: { calls_per_minute: 4 } } }, 0);
  expect(changed).toEqual({ seq: 8, state: { ...state, demo: { calls_per_minute: 4 } }, offset: 0 });
  expect(changed !== "gap" && changed.state.queues).toBe(state.queues);
});

test("a lost or repeated change is a gap", () => {
  expect(next(feed, { type: "change", seq: 9, set: {} }, 0)).toBe("gap");
  expect(next(feed, { type: "change", seq: 7, set: {} }, 0)).toBe("gap");
  expect(next(null, { type: "change", seq: 1, set: {} }, 0)).toBe("gap");
});

test("a ping changes nothing", () => {
  expect(next(feed, { type: "ping" }, 0)).toBe(feed);
});
