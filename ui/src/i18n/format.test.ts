import { i18n } from "@lingui/core";
import { beforeEach, expect, test } from "vitest";

import { clock, duration, initials, moment, nameOf, phone } from "@/i18n/format";

beforeEach(() => i18n.loadAndActivate({ locale: "ru", messages: {} }));

test("durations grow from minutes to hours and never go below zero", () => {
  expect([0, 9, 74, 3_674, -5].map(duration)).toEqual(["0:00", "0:09", "1:14", "1:01:14", "0:00"]);
});

test("numbers are grouped as their country writes them; unknown ones are left alone", () => {
  expect(phone("+79161234567")).toBe("+7 916 123-45-67");
  expect(phone("+12025550123")).toBe("+1 202 555-0123");
  expect(phone("+442079460123")).toBe("+44 20 7946 0123");
  expect(phone("1000")).toBe("1000");
});

test("clocks have 24 hours in both languages", () => {
  const evening = new Date(2026, 10, 22, 21, 5).toISOString();
  expect(clock(evening)).toBe("21:05");
  i18n.loadAndActivate({ locale: "en", messages: {} });
  expect(clock(evening)).toBe("21:05");
});

test("a moment of today is only a time, of another day also a date", () => {
  const now = new Date(2026, 10, 22, 12, 0);
  expect(moment(new Date(2026, 10, 22, 9, 30).toISOString(), now)).toBe("09:30");
  expect(moment(new Date(2026, 10, 20, 9, 30).toISOString(), now)).toMatch(/^20 нояб\.?, 09:30$/);
  expect(moment(new Date(2025, 10, 20, 9, 30).toISOString(), now)).toContain("2025");
});

test("names come as objects, as text, or not at all", () => {
  expect([{ id: "s", name: "Продажи" }, "Продажи", null].map(nameOf)).toEqual(["Продажи", "Продажи", ""]);
  expect([initials("Анна Смирнова"), initials("admin")]).toEqual(["АС", "A"]);
});
