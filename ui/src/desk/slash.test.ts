import { expect, test } from "vitest";

import { holes, placed, slashAt } from "@/desk/slash";

test("a slash at the beginning of a word asks, one inside a word, a date or an address does not", () => {
  expect(slashAt("/", 1)).toEqual({ from: 0, to: 1, sought: "" });
  expect(slashAt("Добрый день /адр", 16)).toEqual({ from: 12, to: 16, sought: "адр" });
  expect(slashAt("a\n/x", 4)).toEqual({ from: 2, to: 4, sought: "x" });
  expect(["12/05", "и/или", "https://x", "/a b", "//"].map((text) => slashAt(text, text.length))).toEqual([null, null, null, null, null]);
});

test("the reply stands where the slash stood, and what was around it stays", () => {
  const slash = slashAt("Да, /адр!", 8);
  expect(slash && placed("Да, /адр!", slash, "Тверская, 12")).toEqual({ text: "Да, Тверская, 12!", caret: 16 });
});

test("what is not filled in is found; other braces are text", () => {
  expect(holes("{customer.name}, {agent.name} и {customer.name}, {x}, {}")).toEqual(["{customer.name}", "{agent.name}"]);
});
