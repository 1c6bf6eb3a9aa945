import { expect, test } from "vitest";

import type { Step } from "@/api/talk";
import { answerOf, wayOf } from "@/talk/way";

const step = (id: string, more: Partial<Step> = {}): Step => ({ id, say: id, answers: [], field: null, label: "", then: null, ...more });
const ASK = step("ask", { answers: [{ id: "yes", text: "Yes", then: "when" }, { id: "no", text: "No", then: null }] });
const STEPS = [ASK, step("when", { field: "date", then: "bye" }), step("bye")];

test("the script begins with its first step", () => {
  expect(wayOf(STEPS, [])).toEqual({ gone: [], now: ASK });
  expect(wayOf([], []).now).toBeNull();
});

test("an answer leads on, and the last one ends the script", () => {
  expect(wayOf(STEPS, [{ step: "ask", answer: "yes" }]).now?.id).toBe("when");
  expect(wayOf(STEPS, [{ step: "ask", answer: "no" }]).now).toBeNull();
  const whole = wayOf(STEPS, [{ step: "ask", answer: "yes" }, { step: "when", value: "2027-01-31" }, { step: "bye" }]);
  expect(whole.now).toBeNull();
  expect(whole.gone.map(answerOf)).toEqual(["Yes", "2027-01-31", ""]);
});

test("answers that no longer fit are left behind", () => {
  const { gone, now } = wayOf(STEPS, [{ step: "ask", answer: "no" }, { step: "when", value: "x" }]);
  expect(gone).toHaveLength(1);
  expect(now).toBeNull();
});
