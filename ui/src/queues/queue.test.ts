import { expect, test } from "vitest";

import { beginning, emptyQueue, helpedBy, helpsOf, leadingTo, leadsOf, nextExit, nextRing, terms, withSaid, withText, withUsual, withWrapUp, wrapUpOf } from "@/queues/queue";

test("the kind of a wrap-up changes nothing that the form does not know", () => {
  const queue = { ...emptyQueue("sales", "Sales"), recording: "never" as const, exits: [nextExit([], "sales")] };
  const none = withWrapUp(queue, "none");
  expect([wrapUpOf(queue), wrapUpOf(none), none.wrap_up_seconds]).toEqual(["timed", "none", 0]);
  const manual = withWrapUp(none, "manual");
  expect([wrapUpOf(manual), manual.wrap_up_seconds, manual.recording, manual.exits]).toEqual(["manual", 60, "never", [{ digit: "1", to: { queue: "sales" }, announced: [] }]]);
});

test("a destination is of one kind, and what the form does not know is another", () => {
  const first = { queue: "sales", scenario: "menu", language: "ru" };
  const kinds = ["nowhere", "queue", "scenario", "callback", "reject", "outside", "mailbox"] as const;
  expect(kinds.map((kind) => leadsOf(leadingTo(kind, first)))).toEqual([...kinds]);
  expect(leadsOf({ queue: null, scenario: null, callback: false, reject: null, entry_point: "night" })).toBe("other");
});

test("help comes from exactly one place, and only another queue leaves the customer waiting here, too", () => {
  const another = helpedBy({ when: "wait", at: 60 }, "queue", "support");
  expect([helpsOf(another), another.to, another.keep]).toEqual(["queue", "support", true]);
  const outside = helpedBy(another, "outside", "support");
  expect(outside).toEqual({ when: "wait", at: 60, to: null, keep: false, outside: { dial: "" }, mailbox: null });
  const mailbox = helpedBy(outside, "mailbox", "support");
  expect([helpsOf(mailbox), mailbox.outside, mailbox.keep]).toEqual(["mailbox", null, false]);
  expect(helpsOf(helpedBy(mailbox, "queue", undefined))).toBe("queue");
});

test("a ring comes after the last, and a language without a text is no language", () => {
  expect(nextRing([{ after_seconds: 20, requires: "" }])).toEqual({ after_seconds: 50, requires: "" });
  expect(withText(withText({ ru: "Да" }, "en", "Yes"), "ru", "")).toEqual({ en: "Yes" });
});

test("terms that all must hold are read; whatever else is written stays an expression", () => {
  expect(terms("")).toEqual([]);
  expect(terms("english >= 5 and sales and language = ru")).toEqual([{ skill: "english", least: 5 }, { skill: "sales", least: 1 }, { attribute: "language", value: "ru" }]);
  expect(terms('city = "Нижний Новгород"')).toEqual([{ attribute: "city", value: "Нижний Новгород" }]);
  expect(["english or sales", "not sales", "agent boris", "(english)", "english < 3"].map(terms)).toEqual([null, null, null, null, null]);
});

test("the next key is one that is free", () => {
  const one = nextExit([], undefined);
  expect([one.digit, one.to, nextExit([one], "sales").digit]).toEqual(["1", { callback: true }, "2"]);
});

test("the name of a file is cut between characters", () => {
  expect(encodeURIComponent(beginning("♪ 🎵🎵.wav", 3))).toBe(encodeURIComponent("♪ 🎵"));
});

test("what is said first stays first, and a language without a text is not there", () => {
  const said = [{ text: "Да", language: "ru" }, { text: "Yes", language: "en" }];
  expect(withSaid(said, "ru", "Так")).toEqual([{ text: "Так", language: "ru" }, said[1]]);
  expect(withSaid(withSaid(said, "ru", ""), "de", "Ja")).toEqual([said[1], { text: "Ja", language: "de" }]);
});

test("of numbers that are shown the usual one is first, and without it there is none", () => {
  expect([withUsual(["one", "two"], "two"), withUsual([], "one"), withUsual(["one", "two"], "")]).toEqual([["two", "one"], ["one"], []]);
});
