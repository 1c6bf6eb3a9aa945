import { expect, test } from "vitest";

import { allows, become, drawn, emptyField, entries, insert, keyOf, move, put, remove, renamed, type CardSetUp } from "@/fields/card";

const CARD: CardSetUp = {
  customer_fields: [{ ...emptyField("city"), group: "deal", kind: "choice", choices_from: "cities" }, emptyField("site"), { ...emptyField("since"), group: "deal" }, { ...emptyField("news"), group: "taste" }],
  field_groups: [
    { id: "deal", ru: "Договор", en: "Contract" },
    { id: "taste", ru: "Вкус", en: "Taste" },
  ],
  choice_lists: [{ id: "cities", choices: [{ id: "msk", ru: "Москва", en: "Moscow" }] }],
};
const told = (card: CardSetUp) =>
  entries(card)
    .map((each) => (each.of === "group" ? `[${each.id}]` : each.id))
    .join(" ");

test("fields without a heading stand first, then each heading with its own", () => {
  expect(told(CARD)).toBe("site [deal] city since [taste] news");
  expect(told({ ...CARD, field_groups: [] })).toBe("city site since news");
});

test("a field moves past the next, into the next heading and out of its own", () => {
  expect(told(move(CARD, "field:city", 1))).toBe("site [deal] since city [taste] news");
  const next = move(CARD, "field:since", 1);
  expect(told(next)).toBe("site [deal] city [taste] since news");
  expect(next.customer_fields.find(({ id }) => id === "since")?.group).toBe("taste");
  const out = move(CARD, "field:city", -1);
  expect([told(out), out.customer_fields.find(({ id }) => id === "city")?.group]).toEqual(["site city [deal] since [taste] news", null]);
  expect([move(CARD, "field:site", -1), move(CARD, "field:news", 1)]).toEqual([CARD, CARD]);
});

test("a heading moves with its fields", () => {
  expect(told(move(CARD, "group:taste", -1))).toBe("site [taste] news [deal] city since");
  expect(told(move(CARD, "group:deal", 1))).toBe("site [taste] news [deal] city since");
  expect([move(CARD, "group:deal", -1), move(CARD, "group:taste", 1)]).toEqual([CARD, CARD]);
});

test("dragged a field stands where it was let go, and a heading only beside headings", () => {
  expect(told(put(CARD, "field:news", "field:city", "before"))).toBe("site [deal] news city since [taste]");
  expect(told(put(CARD, "field:site", "group:taste", "into"))).toBe("[deal] city since [taste] news site");
  expect(told(put(CARD, "group:deal", "group:taste", "after"))).toBe("site [taste] news [deal] city since");
  expect([allows("group:deal", "field:city", "after"), allows("field:city", "field:since", "into"), allows("group:deal", "group:taste", "into")]).toEqual([false, false, false]);
});

test("a new field stands after the chosen row, in the chosen heading last; what is removed leaves the rest", () => {
  expect(told(insert(CARD, emptyField("new"), "field:city"))).toBe("site [deal] city new since [taste] news");
  expect(told(insert(CARD, emptyField("new"), "group:deal"))).toBe("site [deal] city since new [taste] news");
  expect(told(insert(CARD, emptyField("new"), null))).toBe("site [deal] city since [taste] news new");
  expect(told(remove(CARD, { of: "group", id: "deal" }))).toBe("city site since [taste] news");
  expect(told(remove(CARD, { of: "field", id: "since" }))).toBe("site [deal] city [taste] news");
});

test("of another kind a field loses what only the former kind has", () => {
  const text = { ...emptyField("a"), pattern: "[0-9]+", longest: 4 };
  expect(become(text, "long_text")).toEqual({ ...text, kind: "long_text" });
  expect(become({ ...text, required: true }, "number")).toEqual({ ...emptyField("a"), kind: "number", required: true });
});

test("the preview draws the choices of the list and the usual length", () => {
  expect(CARD.customer_fields.map((each) => [drawn(each, CARD).longest, drawn(each, CARD).choices.map(({ id }) => id)])).toEqual([[0, ["msk"]], [500, []], [500, []], [500, []]]);
});

test("under another name it is named so everywhere", () => {
  expect(renamed(CARD, "list", "cities", "towns").customer_fields[0]?.choices_from).toBe("towns");
  expect(told(renamed(renamed(CARD, "group", "deal", "order"), "field", "city", "town"))).toBe("site [order] town since [taste] news");
  expect(keyOf({ of: "field", id: "a:b" })).toBe("field:a:b");
});
