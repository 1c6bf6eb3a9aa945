import { expect, test } from "vitest";

import { pathTo, under, within } from "@/desk/dispositions";

const ASKS_NOTHING = {
  ...{ task: "never" as const, task_queue: null, task_seconds: 0 },
  ...{ call: "never" as const, call_seconds: 0, call_own: true },
  ...{ mail: "never" as const, mail_reply: null, mail_subject: {} },
};
const word = (id: string, heading: string | null = null) => ({ id, ru: id, en: id, under: heading, ...ASKS_NOTHING });
const TREE = [word("sold"), word("complaint"), word("late", "complaint"), word("broken", "complaint"), word("spam")];
const ids = (list: { id: string }[]) => list.map((one) => one.id);

test("a queue that names no results offers all of them", () => {
  expect(within(TREE, null)).toBe(TREE);
});

test("headings stay when something under them is offered", () => {
  expect(ids(within(TREE, ["late", "spam"]))).toEqual(["complaint", "late", "spam"]);
});

test("the way to a result begins at the top", () => {
  expect(ids(pathTo(TREE, "broken"))).toEqual(["complaint", "broken"]);
  expect(pathTo(TREE, "gone")).toEqual([]);
  expect(pathTo(TREE, null)).toEqual([]);
});

test("a circle does not hang the page", () => {
  expect(ids(pathTo([word("a", "b"), word("b", "a")], "a"))).toEqual(["b", "a"]);
});

test("each level keeps the order of the list", () => {
  expect(ids(under(TREE, null))).toEqual(["sold", "complaint", "spam"]);
  expect(ids(under(TREE, "complaint"))).toEqual(["late", "broken"]);
});
