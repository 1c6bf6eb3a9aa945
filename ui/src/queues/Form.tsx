/** What all the forms of a queue share. */
import { useId, type ReactNode } from "react";

import type { Problem, Thing } from "@/api/parts";
import type { Queue } from "@/queues/queue";

/** The numbers among the fields. */
type FigureOf =
  | "ring_seconds"
  | "ring_all_limit"
  | "priority"
  | "target_seconds"
  | "last_agent_seconds"
  | "personal_seconds"
  | "wrap_up_seconds"
  | "wrap_up_extension_seconds"
  | "wrap_up_limit_seconds"
  | "announce_every_seconds"
  | "max_waiting"
  | "max_wait_seconds";

export interface FormProps {
  queue: Queue;
  /** What is wrong at a place within the queue. */
  at: (place: string) => Problem[];
  names: Record<string, Thing[]>;
  /** `what` names the place, so that typing on there is one step of undo. */
  set: (changes: Partial<Queue>, what?: string) => void;
  /** A number of the queue as the field that shows it needs it. */
  figure: (name: FigureOf) => { value: number; problems: Problem[]; change: (value: number | null) => void };
}

export function Group({ title, children }: { title: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="card queueCard" aria-labelledby={id}>
      <h2 id={id} className="heading">
        {title}
      </h2>
      {children}
    </section>
  );
}

export function Check({ label, value, change }: { label: ReactNode; value: boolean; change: (value: boolean) => void }) {
  return (
    <label className="queueCheck">
      <input type="checkbox" checked={value} onChange={(event) => change(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
