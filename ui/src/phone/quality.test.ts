import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { hearing, Meter, mos, NOTHING } from "@/phone/quality";

const table = JSON.parse(readFileSync(fileURLToPath(new URL("quality.table.json", import.meta.url)), "utf8")) as [number, number, number, number][];

test.each(table)("loss %d, jitter %d ms, round trip %d ms make %d", (loss, jitter, roundTrip, figure) => {
  expect(mos(loss, jitter, roundTrip)).toBe(figure);
});

test("a word becomes better only when the line is clearly so", () => {
  expect([hearing(3.59, "good"), hearing(3.7, "poor"), hearing(3.76, "poor"), hearing(3.2, "bad")]).toEqual(["poor", "poor", "good", "bad"]);
});

test("it says which of the two does not hear", () => {
  const meter = new Meter();
  expect(meter.feed({ ...NOTHING, received: 200, sent: 200 })).toBe(false);
  expect(meter.feed({ ...NOTHING, received: 400, sent: 400, lostThere: 80 })).toBe(true);
  expect([meter.now, meter.way]).toEqual(["bad", "out"]);
  expect(meter.report().loss).toBe(0.2);
});
