import { expect, test } from "vitest";

import { moved, placed } from "@/queues/order";

test("one is moved by a place, and not beyond an end", () => {
  const list = ["a", "b", "c"];
  expect([moved(list, 0, 1), moved(list, 2, -1), moved(list, 0, -1), moved(list, 2, 1), moved(list, -1, 1)].map((each) => each.join(""))).toEqual(["bac", "acb", "abc", "abc", "abc"]);
});

test("one that is let go stands before or after the other, whichever way it came", () => {
  const list = ["a", "b", "c"];
  expect([placed(list, "a", "c", true), placed(list, "a", "c", false), placed(list, "c", "a", false), placed(list, "a", "a", true), placed(list, "x", "a", true)].map((each) => each.join(""))).toEqual(["bca", "bac", "cab", "abc", "abc"]);
});
