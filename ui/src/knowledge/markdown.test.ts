import { expect, test } from "vitest";

import { inline, markdown, words } from "@/knowledge/markdown";

test("headings, lists within lists, quotes, tables and code become what they are", () => {
  const text = "## Возврат\n\nДо **14 дней**,\nс *чеком*.\n\n1. Фото\n   - спереди\n   - сзади\n2. Заявка\n\n> Важно\n\n| Сумма | Срок |\n|---|---|\n| 100 | день |\n\n```\nx < 1\n```\n---";
  expect(markdown(text).map((block) => block.kind)).toEqual(["heading", "paragraph", "list", "quote", "table", "code", "rule"]);
  expect(markdown(text)[2]).toEqual({
    kind: "list",
    start: 1,
    items: [
      [
        { kind: "paragraph", lines: [["Фото"]] },
        { kind: "list", start: null, items: [[{ kind: "paragraph", lines: [["спереди"]] }], [{ kind: "paragraph", lines: [["сзади"]] }]] },
      ],
      [{ kind: "paragraph", lines: [["Заявка"]] }],
    ],
  });
});

test("only addresses that a person may follow become links", () => {
  expect(inline("[a](https://a.example) [b](javascript:alert(1)) [c](data:text/html,x)")).toEqual([
    { kind: "link", href: "https://a.example", content: ["a"] },
    " [b](javascript:alert(1)) ",
    "[c](data:text/html,x)",
  ]);
  expect(inline("see https://a.example/x.")).toEqual(["see ", { kind: "link", href: "https://a.example/x", content: ["https://a.example/x"] }, "."]);
});

test("HTML stays a text", () => {
  const hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)>";
  expect(markdown(hostile)).toEqual([{ kind: "paragraph", lines: [[hostile]] }]);
});

test("names with underscores and lonely marks are left alone", () => {
  expect(inline("snake_case_name 2 * 3 * 4 ** x")).toEqual(["snake_case_name 2 * 3 * 4 ** x"]);
});

test("whatever is written is read in no time", () => {
  const begun = performance.now();
  for (const evil of [">".repeat(50_000), "*".repeat(50_000), "- ".repeat(30_000), "[".repeat(50_000), "**a ".repeat(20_000), "`".repeat(50_000), "a\n".repeat(50_000), "_a".repeat(1_900)]) markdown(evil);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("the words alone can be put into a note", () => {
  expect(words("# A\n\n- **b**\n- [c](https://c.example)\n\n1. d")).toBe("A\n• b\n• c (https://c.example)\n1. d");
});
