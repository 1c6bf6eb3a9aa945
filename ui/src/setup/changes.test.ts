import { expect, test } from "vitest";

import { called } from "@/setup/changes";

const NOW = { dispositions: [{ id: "late", ru: "Опоздание", en: "Late" }, { id: "late.much", ru: "Сильное", en: "" }] };
const BEFORE = { dispositions: [{ id: "gone", ru: "Розыгрыш", en: "Prank" }] };
const QUEUES = [{ id: "sales", name: "Продажи" }];

test("a change is told by what the thing is called, and by what of it", () => {
  expect(called("dispositions.late.ru", [NOW, BEFORE], "ru")).toEqual({ name: "Опоздание", field: "ru" });
  expect(called("dispositions.late.much.task", [NOW, BEFORE], "ru")).toEqual({ name: "Сильное", field: "task" });
  expect(called("dispositions.late.much.task", [NOW, BEFORE], "en")).toEqual({ name: "late.much", field: "task" });
  expect(called("dispositions.gone", [NOW, BEFORE], "en")).toEqual({ name: "Prank", field: "" });
  expect(called("queues.sales.hunt", [QUEUES], "en")).toEqual({ name: "Продажи", field: "hunt" });
});

test("an order of a list, and what nobody knows", () => {
  expect(called("dispositions", [NOW], "ru")).toEqual({ name: null, field: "" });
  expect(called("mail.server", [NOW, null, [1]], "ru")).toEqual({ name: "mail.server".slice(5), field: "" });
});
