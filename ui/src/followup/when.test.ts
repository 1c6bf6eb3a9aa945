import { expect, test } from "vitest";

import { field, firstShown, later } from "@/followup/when";

const NOW = new Date(2026, 10, 30, 17, 5, 40);

test("a field shows local time to the minute", () => {
  expect(field(NOW)).toBe("2026-11-30T17:05");
});

test("later is in an hour, tomorrow at nine, or in a week at nine", () => {
  expect([later("hour", NOW), later("tomorrow", NOW), later("week", NOW)].map(field)).toEqual(["2026-11-30T18:05", "2026-12-01T09:00", "2026-12-07T09:00"]);
});

test("times of a later day are shown from its beginning, those of today from now", () => {
  expect(firstShown(NOW.getTime() + 3_600_000, NOW.getTime())).toBeUndefined();
  expect(firstShown(NOW.getTime() + 2 * 86_400_000, NOW.getTime())).toBe(new Date(2026, 11, 2).toISOString());
});
