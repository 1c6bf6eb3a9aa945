import { i18n } from "@lingui/core";
import { beforeEach, expect, test } from "vitest";

import { attribute } from "@/i18n/attribute";

const said = (value: string, form: "text" | "number" | "date" | "phone" | null = null) => attribute({ form, value });

beforeEach(() => i18n.loadAndActivate({ locale: "ru", messages: {} }));

test("days, moments and fractions are written in the language of the page", () => {
  expect(said("2026-12-01")).toBe("1 декабря 2026 г.");
  expect(said("2026-12-01 18:30:00")).toContain("18:30");
  expect(said("1250.5")).toMatch(/^1.250,5$/);
  i18n.loadAndActivate({ locale: "en", messages: {} });
  expect(said("2026-12-01")).toBe("1 December 2026");
});

test("the digits of an order stay together, those of a sum are set apart", () => {
  expect(said("1234567")).toBe("1234567");
  expect(said("1234567", "number").replace(/\s/g, " ")).toBe("1 234 567");
  expect(said("+79161234567", "phone")).toBe("+7 916 123-45-67");
});

test("what is not what its form says is shown as it is", () => {
  expect(said("soon", "date")).toBe("soon");
  expect(said("many", "number")).toBe("many");
  expect(said("2026-12-01", "text")).toBe("2026-12-01");
  expect(said("<b>2026</b>")).toBe("<b>2026</b>");
});
