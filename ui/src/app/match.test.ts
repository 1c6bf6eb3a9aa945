import { expect, test } from "vitest";

import { fit, meant } from "@/app/match";

const MUTE = ["Микрофон: выключить и включить", "Microphone off and on"];
const HOLD = ["Удержание и возврат", "Hold and take back"];

const first = (typed: string, ...all: string[][]) =>
  all.map((names) => [fit(typed, names), names[0]] as const).filter(([found]) => found !== null).sort(([a], [b]) => Number(a) - Number(b))[0]?.[1];

test("a few letters in Russian or in English find it", () => {
  expect(first("микр", MUTE, HOLD)).toBe(MUTE[0]);
  expect(first("micro", MUTE, HOLD)).toBe(MUTE[0]);
  expect(first("удер", MUTE, HOLD)).toBe(HOLD[0]);
  expect(first("back", MUTE, HOLD)).toBe(HOLD[0]);
});

test("letters typed in the wrong layout find the same", () => {
  expect(meant("vbrh")).toContain("микр");
  expect(first("vbrh", MUTE, HOLD)).toBe(MUTE[0]);
  expect(first("ьшск", MUTE, HOLD)).toBe(MUTE[0]);
  expect(first("ХОЛД".toLowerCase(), MUTE, HOLD)).toBeUndefined();
  expect(first("РЩДВ", MUTE, HOLD)).toBe(HOLD[0]);
});

test("the second word, first letters of words and ё find it too; what does not fit is not shown", () => {
  expect(fit("выкл", MUTE)).not.toBeNull();
  expect(fit("мвв", MUTE)).not.toBeNull();
  expect(fit("темная", ["Тёмная тема"])).toBe(0);
  expect(fit("xyz", MUTE)).toBeNull();
  expect(fit("о", HOLD)).toBeGreaterThan(Number(fit("уд", HOLD)));
});

test("the beginning of the name is before a word in the middle, and that before scattered letters", () => {
  const ranks = ["mic", "off", "crop", "mof"].map((typed) => Number(fit(typed, ["Microphone off"])));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
});
