import { expect, test } from "vitest";

import { withComputed } from "@/flows/computed";

const settings = { presses: [], ani: "", language: "", vip: false, request: null, branches: { hours: "open" }, answers: {} };
const computed = { kind: "computed" as const, block: "due", values: {}, exit: "", fault: "" };

test("a test that is kept says what the code gave back, each time", () => {
  const turns = [{ ...computed, values: { days: "3" }, exit: "late" }, { ...computed, kind: "said" as const }, { ...computed, fault: "KeyError: 'x'" }];
  expect(withComputed(settings, turns)).toEqual({ ...settings, branches: { hours: "open", due: "late" }, answers: { due: [{ outcome: "found", values: { days: "3" } }, { outcome: "failed" }] } });
  expect(settings.answers).toEqual({});
});
