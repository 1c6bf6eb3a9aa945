import { expect, test } from "vitest";

import { asksBoth, beside, emptyEntryPoint, hoursOf, withHours } from "@/entry/rule";

test("of the hours one is chosen, and the other conditions stay", () => {
  const when = { open: "office", closed: null, dialled: ["1000"] };
  expect(hoursOf(when)).toBe("open:office");
  const closed = withHours(when, "closed:night:2");
  expect([hoursOf(closed), closed.open, closed["dialled"]]).toEqual(["closed:night:2", null, ["1000"]]);
  expect(hoursOf(withHours(closed, ""))).toBe("");
});

test("of a rule that asks for open and closed hours at once, none is lost or hidden", () => {
  const when = { open: "office", closed: "night", caller: ["1"] };
  expect([asksBoth(when), hoursOf(when), beside(when)]).toEqual([true, "open:office", ["closed"]]);
  expect(withHours(when, "open:shop")).toEqual({ ...when, open: "shop" });
  const one = withHours(when, "");
  expect([one, hoursOf(one), beside(one)]).toEqual([{ ...when, open: null }, "closed:night", []]);
  expect(hoursOf(withHours(one, ""))).toBe("");
});

test("conditions that the form does not show are told by their names", () => {
  expect(beside({ caller: ["1"], dialled: ["1000"], channel: [], hidden: null })).toEqual(["dialled"]);
  expect(beside({ hidden: false })).toEqual(["hidden"]);
});

test("a number that is new has its clock, a flow where there is one, and no rule", () => {
  expect(emptyEntryPoint("shop-a", "Shop", "menu", "Europe/Berlin")).toEqual({ id: "shop-a", name: "Shop", number: "", scenario: "menu", time_zone: "Europe/Berlin", rules: [] });
});
