import { expect, test } from "vitest";

import type { FloorAgent, FloorContact, FloorQueue } from "@/api/types";
import type { FloorNotice } from "@/api/notices";
import { addressed, markOf, servedToday, shownAgents, shownContacts, stillToSee } from "@/floor/shown";

const agent = (id: string, name: string, state: FloorAgent["state"], since: string, more: Partial<FloorAgent> = {}): FloorAgent => ({ id, name, state, reason: null, since, queues: ["Продажи"], levels: { sales: 5 }, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: null, others: [], ...more });
const thresholds = { wait_warning_seconds: 30, wait_alarm_seconds: 60, waiting_warning: 0, waiting_alarm: 5, level_within_seconds: 20, level_warning: 80, level_alarm: 50 };
const queue = (waiting: number): FloorQueue => ({ id: "sales", name: "Продажи", waiting, longest_since: null, agents_ready: 0, thresholds, today: null });

const anna = agent("a", "Анна Королёва", "ready", "10:00");
const boris = agent("b", "Борис", "talking", "09:00", { queues: ["Поддержка"] });
const vera = agent("v", "Вера", "offline", "08:00");
const all = [vera, boris, anna];
const ids = (shown: { id: string }[]) => shown.map((one) => one.id).join("");

test("who is busy comes first, then by name; or by name, or by the time in the state with the absent last", () => {
  expect(ids(shownAgents(all, [], {}))).toBe("bav");
  expect(ids(shownAgents(all, [], { sort: "name" }))).toBe("abv");
  expect(ids(shownAgents(all, [], { sort: "time" }))).toBe("bav");
});

test("agents are found by words of the name, by queue, and by state", () => {
  expect(ids(shownAgents(all, [], { q: "королева" }))).toBe("a");
  expect(ids(shownAgents(all, [queue(0)], { queue: "sales" }))).toBe("av");
  expect(ids(shownAgents(all, [], { queue: "gone" }))).toBe("");
  expect(ids(shownAgents(all, [], { state: "busy" }))).toBe("b");
});

test("contacts are found by digits however they are written", () => {
  const contact = { id: "c", ani: "+79161234567", queue: { id: "sales", name: "Продажи" } } as FloorContact;
  expect(shownContacts([contact], { q: "916 123-45" })).toEqual([contact]);
  expect(shownContacts([contact], { q: "917" })).toEqual([]);
  expect(shownContacts([contact], { queue: "support" })).toEqual([]);
});

test("a queue is marked by what is worst about it; a threshold of nought never marks", () => {
  expect(markOf(queue(1), 29)).toBe(null);
  expect(markOf(queue(1), 30)).toBe("wait_warning");
  expect(markOf(queue(5), 30)).toBe("waiting_alarm");
  expect(markOf(queue(5), 60)).toBe("wait_alarm");
});

test("a message is still to be seen by those at work whom it is for and who have not put it away", () => {
  const at = "2026-11-28T10:00:00Z";
  const notice: FloorNotice = { id: "n", urgent: false, at, expires_at: at, withdrawn_at: null, queues: [], agents: [], seen: [] };
  const supports = agent("s", "Света", "talking", "09:00", { levels: { support: 3 } });
  const people = [...all, supports];
  const left = (more: Partial<FloorNotice>) => stillToSee({ ...notice, ...more }, people).map((one) => one.id);
  expect(left({})).toEqual(["b", "a", "s"]); // Vera is off shift
  expect(left({ seen: [{ id: "b", name: "Борис", at }] })).toEqual(["a", "s"]);
  expect(left({ queues: ["support"] })).toEqual(["s"]);
  expect(left({ queues: ["support"], agents: ["a", "v"] })).toEqual(["a", "s"]);
  expect(addressed({ ...notice, queues: ["sales", "gone"], agents: ["s"] }, people, [queue(0)])).toEqual(["Продажи", "gone", "Света"]);
});

const NOW = Date.parse("2026-11-28T12:00:00Z");
const served = (answered: number, in_time: number, abandoned: number, ends_at = "2026-11-29T00:00:00Z"): FloorQueue => ({
  ...queue(0),
  today: { ends_at, answered, in_time, abandoned, longest_seconds: answered * 10 },
});

test("the day's shares are those of all who were offered, of one queue and of several, and yesterday's are none", () => {
  expect(servedToday([served(3, 2, 1)], NOW)).toEqual({ offered: 4, answered: 3, abandoned: 1, longest_seconds: 30, level: 50 });
  expect(servedToday([served(3, 2, 1), served(2, 2, 0)], NOW)).toMatchObject({ offered: 6, answered: 5, longest_seconds: 30, level: 66 });
  expect(servedToday([served(3, 2, 1, "2026-11-28T00:00:00Z"), queue(0)], NOW)).toEqual({ offered: 0, answered: 0, abandoned: 0, longest_seconds: 0, level: null });
});

test("a queue is marked by its service level once there were contacts enough, what waits now goes before", () => {
  expect(markOf(served(9, 1, 0), 0, NOW)).toBe(null);
  expect(markOf(served(10, 8, 0), 0, NOW)).toBe(null);
  expect(markOf(served(10, 7, 0), 0, NOW)).toBe("level_warning");
  expect(markOf(served(10, 4, 0), 0, NOW)).toBe("level_alarm");
  expect(markOf(served(10, 4, 0), 60, NOW)).toBe("wait_alarm");
  expect(markOf(served(10, 7, 0), 30, NOW)).toBe("wait_warning");
});
