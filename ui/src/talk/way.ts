/** The way of a conversation through its talk script. */
import type { Given, Step } from "@/api/talk";

export interface Gone {
  step: Step;
  given: Given;
}

/** The steps behind, as far as the answers still lead through the script, and the step to read now; null: it is over. */
export function wayOf(steps: Step[], given: Given[]): { gone: Gone[]; now: Step | null } {
  const gone: Gone[] = [];
  let now: Step | null = steps[0] ?? null;
  for (const each of given) {
    if (!now || now.id !== each.step) break;
    const then = following(now, each);
    gone.push({ step: now, given: each });
    now = steps.find((step) => step.id === then) ?? null;
  }
  return { gone, now };
}

const following = (step: Step, given: Given) =>
  step.answers.length ? step.answers.find((one) => one.id === given.answer)?.then : step.then;

export const answerOf = ({ step, given }: Gone) =>
  [step.answers.find((one) => one.id === given.answer)?.text, given.value].filter(Boolean).join(" · ");
