import { expect, test } from "vitest";

import type { FloorAgent, FloorState, LiveState } from "@/api/types";
import { next, type Feed } from "@/live/feed";

const row = (id: string, state: FloorAgent["state"]): FloorAgent => ({ id, name: id, state, reason: null, since: "", queues: [], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: null, others: [] });
const floor: FloorState = { agents: [row("anna", "ready"), row("boris", "ready")], contacts: [], queues: [], incidents: [], alerts: [], notices: [], skills: [] };
const state = { now: "2026-11-22T10:00:05.000Z", contacts: [], queues: [], demo: null, floor } as unknown as LiveState;
const feed: Feed = { seq: 7, shared: { centre: 3, floor: 20 }, state, offset: 0 };

function follows(message: Parameters<typeof next>[1], from: Feed = feed): Feed {
  const taken = next(from, message, 0);
  if (taken === "gap") throw new Error("a gap");
  return taken;
}

test("a snapshot replaces everything and sets the server's clock", () => {
  const taken = next(feed, { type: "snapshot", seq: 40, shared: { centre: 9 }, state }, Date.parse("2026-11-22T10:00:00.000Z"));
  expect(taken).toEqual({ seq: 40, shared: { centre: 9 }, state, offset: 5_000 });
});

test("the next change replaces the named keys whole and leaves the others as they are", () => {
  const changed = follows({ type: "change", seq: 8, set: { demo: { calls_per_minute: 4 } } });
  expect(changed).toEqual({ ...feed, seq: 8, state: { ...state, demo: { calls_per_minute: 4 } } });
  expect(changed.state.queues).toBe(state.queues);
});

test("what the centre shows to everybody has its own numbers", () => {
  const changed = follows({ type: "shared", of: "centre", seq: 4, set: { demo: { calls_per_minute: 4 } } });
  expect(changed).toEqual({ ...feed, shared: { centre: 4, floor: 20 }, state: { ...state, demo: { calls_per_minute: 4 } } });
});

test("a change of the floor replaces the rows it names and keeps the others as they are", () => {
  const put = { agents: [row("boris", "talking"), row("kate", "ready")] };
  const changed = follows({ type: "shared", of: "floor", seq: 21, put, gone: { agents: ["nobody"] } });
  expect(changed.state.floor?.agents).toEqual([row("anna", "ready"), row("boris", "talking"), row("kate", "ready")]);
  expect(changed.state.floor?.agents[0]).toBe(floor.agents[0]);
  expect(changed.state.floor?.contacts).toBe(floor.contacts);
  const left = follows({ type: "shared", of: "floor", seq: 22, gone: { agents: ["anna"] } }, changed);
  expect(left.state.floor?.agents.map((agent) => agent.id)).toEqual(["boris", "kate"]);
});

test("a page too far behind takes the whole floor and goes on from its number", () => {
  const whole: FloorState = { ...floor, agents: [row("kate", "held")] };
  const taken = follows({ type: "shared", of: "floor", seq: 900, whole });
  expect([taken.state.floor, taken.shared.floor]).toEqual([whole, 900]);
});

test("a lost or repeated change is a gap", () => {
  expect(next(feed, { type: "change", seq: 9, set: {} }, 0)).toBe("gap");
  expect(next(feed, { type: "change", seq: 7, set: {} }, 0)).toBe("gap");
  expect(next(null, { type: "change", seq: 1, set: {} }, 0)).toBe("gap");
  expect(next(feed, { type: "shared", of: "floor", seq: 22 }, 0)).toBe("gap");
  expect(next({ ...feed, shared: { centre: 3 } }, { type: "shared", of: "floor", seq: 1 }, 0)).toBe("gap");
});

test("a ping changes nothing", () => {
  expect(next(feed, { type: "ping" }, 0)).toBe(feed);
});
