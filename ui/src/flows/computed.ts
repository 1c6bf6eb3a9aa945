/** What functions of code gave back in a test call. Pure. */
import type { CallSettings, TrialTurn } from "@/api/flows";

type Came = Pick<TrialTurn, "kind" | "block" | "values" | "exit" | "fault">;

/** A test runs no code: it says what came of it in this call. */
export function withComputed(settings: CallSettings, turns: readonly Came[]): CallSettings {
  const { answers, branches } = structuredClone(settings);
  for (const { kind, block, values, exit, fault } of turns) {
    if (kind !== "computed" || block === null) continue;
    const found = { outcome: fault === "" ? "found" : "failed", ...(Object.keys(values).length > 0 ? { values } : {}) };
    answers[block] = [...(answers[block] ?? []), found];
    if (exit !== "") branches[block] = exit;
  }
  return { ...settings, answers, branches };
}
