import type { ReactNode } from "react";

export type Tone = "plain" | "ok" | "warn" | "bad" | "info" | "accent";

/** A small word of state. The colour only repeats what the word says. */
export function Tag({ tone = "plain", dotted, children }: { tone?: Tone; dotted?: boolean; children: ReactNode }) {
  return <span className={`tag ${tone} ${dotted ? "dotted" : ""}`}>{children}</span>;
}
