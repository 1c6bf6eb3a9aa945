/** A rule by which supervisors are told of something. Pure. */
import usual from "@/alerts/usual.json";

export const KINDS = ["long_wait", "long_talk", "long_hold", "long_status", "service_level", "abandoned", "ghost_busy"] as const;
export type Kind = (typeof KINDS)[number];
export const STATES = ["not_ready", "wrap_up", "ready"] as const;
export type State = (typeof STATES)[number];

export interface AlertRule {
  id: string;
  kind: Kind;
  after_seconds: number;
  queues: string[];
  states: State[];
  percent: number;
  within_seconds: number;
  short_seconds: number;
  window_seconds: number;
  at_least: number;
}

export type FigureOf = "after_seconds" | "percent" | "within_seconds" | "short_seconds" | "window_seconds" | "at_least";

/** Counted over the contacts of a queue; the others last. */
const OF_A_SHARE: readonly FigureOf[] = ["percent", "short_seconds", "window_seconds", "at_least"];

export const figuresOf = (kind: Kind): readonly FigureOf[] => (kind === "service_level" ? ["percent", "within_seconds", "short_seconds", "window_seconds", "at_least"] : kind === "abandoned" ? OF_A_SHARE : ["after_seconds"]);

/** Where one begins that has just become this. */
const FIRST: Record<Kind, Partial<AlertRule>> = {
  long_wait: { after_seconds: 120 },
  long_talk: { after_seconds: 1200 },
  long_hold: { after_seconds: 180 },
  long_status: { after_seconds: 3600 },
  service_level: { percent: 80 },
  abandoned: { percent: 5 },
  ghost_busy: { after_seconds: 120 },
};

/** With its queues; what another kind needs is not in it. */
export const ofKind = (rule: Pick<AlertRule, "id" | "queues">, kind: Kind): AlertRule => ({ ...(structuredClone(usual) as unknown as AlertRule), ...FIRST[kind], id: rule.id, queues: rule.queues, kind });
