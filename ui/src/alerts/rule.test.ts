import { expect, test } from "vitest";

import { figuresOf, KINDS, ofKind } from "@/alerts/rule";
import usual from "@/alerts/usual.json";

test("a rule of another kind keeps its queues, and nothing that only the kind before had", () => {
  const level = { ...ofKind({ id: "a", queues: ["sales"] }, "service_level"), percent: 70, within_seconds: 15 };
  expect(ofKind(level, "long_wait")).toEqual({ ...usual, id: "a", queues: ["sales"], kind: "long_wait", after_seconds: 120 });
});

test("what a kind shows is all of it that is not usual", () => {
  for (const kind of KINDS) {
    const different = Object.entries(ofKind({ id: "a", queues: [] }, kind)).filter(([name, value]) => name in usual && JSON.stringify(value) !== JSON.stringify(usual[name as keyof typeof usual]));
    expect(figuresOf(kind)).toEqual(expect.arrayContaining(different.map(([name]) => name)));
  }
});
