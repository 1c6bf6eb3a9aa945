import { expect, test } from "vitest";

import type { Branch, Step } from "@/api/talk";
import { answerOf, filled, holds, refusedAt, wayOf, wrongWith } from "@/talk/way";

const step = (id: string, more: Partial<Step> = {}): Step => ({
  id, say: id, hint: "", answers: [], field: null, label: "", prefill: "", required: false, pattern: "", least: null, most: null, branches: [], then: null, ...more,
});
const branch = (of: string, test: Branch["test"], value: string, then: string | null): Branch => ({ of, test, value, then });
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

const SUM = step("sum", {
  field: "number",
  branches: [branch("written.sum", "more", "10 000", "manager"), branch("vip", "is", "true", "gift")],
  then: "bye",
});
const BRANCHED = [SUM, step("manager", { say: "{written.sum}?", then: "bye" }), step("gift"), step("bye")];

test("the first condition that holds leads on, else the answer does", () => {
  const next = (value: string, known = {}) => wayOf(BRANCHED, [{ step: "sum", value }], known).now?.id;
  expect([next("12 500,50"), next("500", { vip: "true" }), next("500", { vip: "false" }), next("500")]).toEqual(["manager", "gift", "bye", "bye"]);
});

test("a way that was taken holds, whatever is known since", () => {
  const given = [{ step: "sum", value: "5" }, { step: "gift" }];
  expect(wayOf(BRANCHED, given, { vip: "false" }).gone.map((one) => one.step.id)).toEqual(["sum", "gift"]);
  expect(wayOf(BRANCHED, [{ step: "sum", value: "5" }, { step: "elsewhere" }], {}).now?.id).toBe("bye");
});

test("what was answered is read out later, and stands in later fields", () => {
  const steps = [ASK, step("when", { say: "{chosen.ask}: when?", field: "text", prefill: "{written.ask}" })];
  const { now } = wayOf(steps, [{ step: "ask", answer: "yes" }]);
  expect([now?.say, now?.prefill]).toEqual(["Yes: when?", ""]);
  expect(filled("{chosen.a} {unknown}", {})).toBe("… {unknown}");
});

test("conditions compare numbers as numbers and dates by time", () => {
  const known = { a: "9", b: "2027-02-01", c: "", d: "Moscow, Kazan" };
  const found = (of: string, test: Branch["test"], value = "") => holds(branch(of, test, value, null), known);
  expect([found("a", "less", "10"), found("b", "more", "2027-01-31"), found("c", "less", "1"), found("c", "unknown"), found("d", "contains", "kazan"), found("d", "is_not", "moscow"), found("e", "known")]).toEqual([
    true, true, false, true, true, true, false,
  ]);
});

test("what the server would refuse is said at once", () => {
  const number = step("n", { field: "number", least: 1, most: 5, required: true });
  expect(["", "x", "0", "6", "3"].map((each) => wrongWith(number, each))).toEqual(["required", "number", "least", "most", null]);
  const text = step("t", { field: "text", pattern: "[A-Z]{2}-\\d+" });
  expect(["AB-1", "ab-1", ""].map((each) => wrongWith(text, each))).toEqual([null, "pattern", null]);
  expect([wrongWith(step("m", { field: "mail" }), "a@b"), wrongWith(step("p", { field: "phone" }), "12")]).toEqual(["mail", "phone"]);
});

test("a mail is one as the server has it", () => {
  const mail = step("mail", { field: "mail" });
  expect(["a@b.ru", "a@b", "a@@b.ru", "a@b,c.ru", "a@b..ru", "<a@b.ru>", `${"a".repeat(250)}@b.ru`].map((one) => wrongWith(mail, one))).toEqual([null, ...Array<string>(6).fill("mail")]);
});

test("a refusal leads back to the answer whose value it is about", () => {
  expect([refusedAt("answers.2.value"), refusedAt("answers.2.step"), refusedAt(null)]).toEqual([2, null, null]);
});
