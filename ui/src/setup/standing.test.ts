import { expect, test } from "vitest";

import { standSame } from "@/setup/standing";

const PART = { value: { dispositions: [{ id: "a", ru: "А", mail_subject: {} }, { id: "b", ru: "Б", mail_subject: {} }] }, queues: [{ id: "q", dispositions: ["a"], wait: null }] };
const [a, b] = PART.value.dispositions;
const of = (dispositions: unknown[]) => ({ ...PART, value: { dispositions } });

test("while it is written on, all stands where it stood", () => {
  expect(standSame(PART, of([{ ...a, ru: "Ая", mail_subject: { ru: "О" } }, b]))).toBe(true);
  expect(standSame(PART, { ...PART, queues: [{ id: "q", dispositions: ["a"], wait: 5 }] })).toBe(true);
});

test("what is added, moved, removed or called otherwise changes what a place names", () => {
  for (const other of [of([a, b, { id: "c" }]), of([b, a]), of([b]), of([{ ...a, id: "z" }, b]), { ...PART, queues: [{ id: "q", dispositions: ["a", "b"], wait: null }] }]) expect(standSame(PART, other)).toBe(false);
});
