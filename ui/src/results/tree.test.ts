import { expect, test } from "vitest";

import { allows, branch, emptyResult, insert, move, offer, offered, put, remove, rename, rows, turn, type ResultsQueue } from "@/results/tree";

const ALL = [emptyResult("done", null), emptyResult("claim", null), emptyResult("late", "claim"), emptyResult("spam", null), emptyResult("broken", "claim")];
const QUEUE: ResultsQueue = { id: "sales", name: "Sales", dispositions: [], disposition_required: true };
const told = (all: typeof ALL) => rows(all).map(({ one, depth }) => "-".repeat(depth) + one.id).join(" ");

test("the tree is read from the top down, with whatever stands under nothing or itself", () => {
  expect(told(ALL)).toBe("done claim -late -broken spam");
  expect(told([emptyResult("a", "b"), emptyResult("b", "a"), emptyResult("c", "gone")])).toBe("c a -b");
  expect([...branch(ALL, "claim")]).toEqual(["claim", "late", "broken"]);
});

test("a result moves among those beside it with all that stands under it", () => {
  expect(told(move(ALL, "claim", 1))).toBe("done spam claim -late -broken");
  expect(told(move(ALL, "claim", -1))).toBe("claim -late -broken done spam");
  expect(told(move(ALL, "late", -1))).toBe("done claim -late -broken spam");
  expect(told(move(ALL, "broken", -1))).toBe("done claim -broken -late spam");
});

test("it goes under the one before it and out again", () => {
  expect(told(turn(ALL, "spam", 1))).toBe("done claim -late -broken -spam");
  expect(told(turn(ALL, "late", -1))).toBe("done claim -broken late spam");
  expect([told(turn(ALL, "done", 1)), told(turn(ALL, "done", -1))]).toEqual([told(ALL), told(ALL)]);
});

test("dragged it lands where it was let go, never in itself", () => {
  expect(told(put(ALL, "spam", "late", "before"))).toBe("done claim -spam -late -broken");
  expect(told(put(ALL, "late", "done", "into"))).toBe("done -late claim -broken spam");
  expect(told(put(ALL, "claim", "late", "into"))).toBe(told(ALL));
  expect([allows(ALL, "claim", "late"), allows(ALL, "late", "claim")]).toEqual([false, true]);
});

test("a new one stands after the chosen one or under it", () => {
  expect(told(insert(ALL, emptyResult("new", null), "claim", "after"))).toBe("done claim -late -broken new spam");
  expect(told(insert(ALL, emptyResult("new", null), "done", "into"))).toBe("done -new claim -late -broken spam");
  expect(told(insert(ALL, emptyResult("new", null), null, "after"))).toBe("done claim -late -broken spam new");
});

test("what is removed goes with all under it, and a queue never comes to offer everything by it", () => {
  const found = remove(ALL, [{ ...QUEUE, dispositions: ["late", "spam"] }, { ...QUEUE, dispositions: ["claim"] }], "claim");
  expect(told(found.left)).toBe("done spam");
  expect(found.queues.map(({ dispositions }) => dispositions)).toEqual([["spam"], ["claim"]]);
});

test("under another name it is named so everywhere", () => {
  const found = rename(ALL, [{ ...QUEUE, dispositions: ["claim"] }], "claim", "complaint");
  expect(told(found.dispositions)).toBe("done complaint -late -broken spam");
  expect(found.queues[0]?.dispositions).toEqual(["complaint"]);
});

test("a queue offers a part of the tree in as few names as it takes", () => {
  const fewer = offer(ALL, QUEUE, "late", false);
  expect(fewer.dispositions).toEqual(["done", "broken", "spam"]);
  expect(offer(ALL, fewer, "late", true).dispositions).toEqual(["done", "claim", "spam"]);
  expect(offer(ALL, fewer, "claim", false).dispositions).toEqual(["done", "spam"]);
  expect([...offered(ALL, { ...QUEUE, dispositions: ["claim"] })]).toEqual(["claim", "late", "broken"]);
  expect(offer(ALL, { ...QUEUE, dispositions: ["late"] }, "late", false).dispositions).toEqual(["late"]);
});
