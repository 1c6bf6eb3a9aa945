/** The way of a conversation through its talk script. */
import type { Branch, Given, Step } from "@/api/talk";

export interface Gone {
  step: Step;
  given: Given;
}

type Names = Record<string, string>;

/**
 * The steps behind, as far as the answers still lead through the script, and the step to read now; null: it is over. Their
 * texts are filled in with what was answered before. What is known may change meanwhile: where an answer was gone on from,
 * the way that was taken then holds.
 */
export function wayOf(steps: Step[], given: Given[], known: Names = {}): { gone: Gone[]; now: Step | null } {
  const gone: Gone[] = [];
  let looked = known;
  let read: Names = {};
  let now: Step | null = steps[0] ?? null;
  for (const [number, each] of given.entries()) {
    if (now?.id !== each.step) break;
    gone.push({ step: withTexts(now, read), given: each });
    const [chosen, written] = [`chosen.${now.id}`, `written.${now.id}`];
    looked = { ...looked, [chosen]: each.answer ?? "", [written]: each.value ?? "" };
    read = { ...read, [chosen]: textOf(now, each), [written]: each.value ?? "" };
    const then: string | null = taken(now, each, given[number + 1]) ?? following(now, each, looked);
    now = steps.find((step) => step.id === then) ?? null;
  }
  return { gone, now: now && withTexts(now, read) };
}

const textOf = (step: Step, given: Given) => step.answers.find((one) => one.id === given.answer)?.text ?? "";
/** The step that was gone on to, if one can go there. */
const taken = (step: Step, given: Given, next: Given | undefined) => (next && waysOn(step, given).includes(next.step) ? next.step : null);
const after = (step: Step, given: Given) => (step.answers.length ? step.answers.find((one) => one.id === given.answer)?.then : step.then) ?? null;
const waysOn = (step: Step, given: Given) => [...step.branches.map(({ then }) => then), after(step, given)];

function following(step: Step, given: Given, known: Names): string | null {
  const branch = step.branches.find((each) => holds(each, known));
  return branch ? branch.then : after(step, given);
}

/** A number as people write it, "1 900,50"; null: no number. */
export function asNumber(written: string): number | null {
  const plain = written.replace(/[\s\u00a0]/g, "").replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

export function holds({ of, test, value }: Branch, known: Names): boolean {
  const found = (known[of] ?? "").trim().toLowerCase();
  const wanted = value.trim().toLowerCase();
  switch (test) {
    case "known":
      return found !== "";
    case "unknown":
      return found === "";
    case "is":
      return found === wanted;
    case "is_not":
      return found !== wanted;
    case "contains":
      return found.includes(wanted);
    case "more":
      return found !== "" && compared(found, wanted) > 0;
    case "less":
      return found !== "" && compared(found, wanted) < 0;
  }
}

function compared(one: string, other: string): number {
  const [left, right] = [asNumber(one), asNumber(other)];
  if (left !== null && right !== null) return left - right;
  return one < other ? -1 : one > other ? 1 : 0;
}

const HOLE = /\{([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*)\}/gu;
const LATER = /^(chosen|written)\./;

/** The names in a text, in their order. */
export const namesIn = (text: string): string[] => [...text.matchAll(HOLE)].map(([, name = ""]) => name);

/** With what is known in place of the names; of what is known only on the way, a line to fill in. */
export const filled = (text: string, known: Names): string => text.replace(HOLE, (hole, name: string) => known[name] || (known[name] !== undefined || LATER.test(name) ? "…" : hole));

const withTexts = (step: Step, known: Names): Step => ({
  ...step,
  say: filled(step.say, known),
  hint: filled(step.hint, known),
  prefill: namesIn(step.prefill).every((name) => known[name]) ? filled(step.prefill, known) : "",
});

export type Wrong = "required" | "number" | "least" | "most" | "phone" | "mail" | "pattern";

/** As the server has it (`_MAIL` in customer/identity.py). */
const MAIL = /^[^@\s"<>(),:;]+@[^@\s"<>(),:;.]+(\.[^@\s"<>(),:;.]+)+$/;
const isMail = (text: string) => text.length <= 254 && MAIL.test(text);

/** Which of the answers a refusal is about, by its field; null: none of their values. */
export function refusedAt(field: string | null): number | null {
  const found = /^answers\.(\d+)\.value$/.exec(field ?? "");
  return found ? Number(found[1]) : null;
}

/** What the server would refuse, said before anything is sent; null: nothing. */
export function wrongWith(step: Step, written: string): Wrong | null {
  const text = written.trim();
  if (!step.field) return null;
  if (text === "") return step.required ? "required" : null;
  switch (step.field) {
    case "number":
      return wrongNumber(step, asNumber(text));
    case "phone":
      return (text.match(/\d/g) ?? []).length < 5 ? "phone" : null;
    case "mail":
      return isMail(text) ? null : "mail";
    default:
      return step.pattern && !matches(step.pattern, text) ? "pattern" : null;
  }
}

function wrongNumber({ least, most }: Step, number: number | null): Wrong | null {
  if (number === null) return "number";
  if (least !== null && number < least) return "least";
  return most !== null && number > most ? "most" : null;
}

/** What the browser cannot read is left to the server. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    return true;
  }
}

export const answerOf = ({ step, given }: Gone) =>
  [step.answers.find((one) => one.id === given.answer)?.text, given.value].filter(Boolean).join(" · ");
