import { expect, test } from "vitest";

import { freshId, freshIdOf } from "@/setup/freshId";

/** One after the other. */
const drawn = (...all: number[][]) => () => Uint8Array.from(all.shift() ?? []);

test("what a removed thing was called by does not come back", () => {
  const first = freshId("choice", []);
  expect(first).toMatch(/^choice-[a-z2-9]{6}$/);
  expect(freshId("choice", [])).not.toBe(first);
});

test("what is taken is drawn again", () => {
  expect(freshId("field", ["field-aaaaaa"], drawn([0, 0, 0, 0, 0, 0], [0, 31, 32, 63, 255, 1]))).toBe("field-a9a99b");
});

test("an id begins with the name as far as it is Latin, and is short enough for the server", () => {
  const none = () => new Uint8Array(6);
  expect(freshIdOf("Sales, Moscow!", "queue", [], none)).toBe("sales-moscow-aaaaaa");
  expect(freshIdOf("Приёмная", "hours", [], none)).toBe("hours-aaaaaa");
  expect(freshIdOf("x".repeat(100), "queue", [])).toMatch(/^[\w.-]{1,64}$/);
});
