import { expect, test } from "vitest";

import { emptyBranch, emptyStep, freeAnswer, insert, move, namesForConditions, placed, remove, rename, sampled, waysOut, withStep, type Script } from "@/parts/script";

const SCRIPT: Script = {
  id: "s",
  name: "S",
  steps: [
    { ...emptyStep("ask", "{customer}?"), answers: [{ id: "1", text: "Yes", then: "when" }, { id: "2", text: "No", then: null }], branches: [{ ...emptyBranch("chosen.ask"), then: "when" }] },
    { ...emptyStep("when", "{chosen.ask} {card.city}"), field: "date", then: "bye" },
    emptyStep("bye", "{written.when}"),
  ],
};

test("a step under another name is named so everywhere", () => {
  const found = rename(rename(SCRIPT, "ask", "hello"), "when", "day");
  expect(found.steps.map(({ id, say }) => [id, say])).toEqual([["hello", "{customer}?"], ["day", "{chosen.hello} {card.city}"], ["bye", "{written.day}"]]);
  expect([found.steps[0]?.branches[0]?.of, found.steps[0]?.branches[0]?.then, found.steps[0]?.answers[0]?.then]).toEqual(["chosen.hello", "day", "day"]);
});

test("what led to a step that is gone ends the script", () => {
  const [ask] = remove(SCRIPT, "when").steps;
  expect(ask && waysOut(ask)).toEqual([null, null, null]);
});

test("steps are put in after the chosen one, and moved within the list", () => {
  const order = (script: Script) => script.steps.map(({ id }) => id);
  expect(order(insert(SCRIPT, emptyStep("new"), "ask"))).toEqual(["ask", "new", "when", "bye"]);
  expect(order(move(SCRIPT, "when", -1))).toEqual(["when", "ask", "bye"]);
  expect(move(SCRIPT, "ask", -1)).toBe(SCRIPT);
});

test("an answer gets the number that nobody has", () => {
  const [ask] = withStep(SCRIPT, "ask", (step) => ({ ...step, answers: step.answers.slice(1) })).steps;
  expect(ask && freeAnswer(ask)).toBe("1");
});

test("a sample is asked for what the script names, and conditions know what was answered", () => {
  expect(sampled(SCRIPT)).toEqual(["customer", "card.city"]);
  expect(namesForConditions(SCRIPT, [], [{ id: "order" }]).slice(-3)).toEqual(["contact.order", "chosen.ask", "written.when"]);
});

test("a problem is shown where it is", () => {
  expect(placed("talk_scripts[1].steps[12].answers[0].then")).toEqual({ script: 1, step: 12 });
  expect(placed("talk_scripts[0].steps")).toEqual({ script: 0, step: null });
  expect(placed("queues[0].talk_script")).toEqual({ script: null, step: null });
});
