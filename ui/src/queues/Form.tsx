/** What all the forms of a queue share. */
import { useId, type ReactNode } from "react";

import type { AgentOf, Problem, Thing } from "@/api/parts";
import { withSaid, type Queue, type Speech } from "@/queues/queue";
import { Line } from "@/setup/Fields";

/** The numbers among the fields. */
type FigureOf =
  | "ring_seconds"
  | "ring_all_limit"
  | "priority"
  | "target_seconds"
  | "adjustment_seconds"
  | "last_agent_seconds"
  | "personal_seconds"
  | "decline_pause_seconds"
  | "rejoin_seconds"
  | "wrap_up_seconds"
  | "wrap_up_extension_seconds"
  | "wrap_up_limit_seconds"
  | "announce_every_seconds"
  | "max_waiting"
  | "max_wait_seconds"
  | "recording_pause_seconds";

export interface FigureFor {
  value: number;
  problems: Problem[];
  change: (value: number | null) => void;
}

export interface FormProps {
  queue: Queue;
  /** What is wrong at a place within the queue. */
  at: (place: string) => Problem[];
  names: Record<string, Thing[]>;
  /** `what` names the place, so that typing on there is one step of undo. */
  set: (changes: Partial<Queue>, what?: string) => void;
  /** A number of the queue as the field that shows it needs it. */
  figure: (name: FigureOf) => FigureFor;
  /** All there are, as they are wanted; in the order of the file. */
  agents: AgentOf[];
  setAgent: (agent: AgentOf, what?: string) => void;
  /** What is wrong at a place within the agent of this number. */
  atAgent: (number: number, place: string) => Problem[];
}

/** As `figure`, of the numbers in a part of the queue. */
export function figuresOf<Of extends "callback" | "calling" | "thresholds">({ queue, at, set }: FormProps, of: Of) {
  return (name: { [Name in keyof Queue[Of]]: Queue[Of][Name] extends number ? Name : never }[keyof Queue[Of]] & string): FigureFor => ({
    value: queue[of][name] as number,
    problems: at(`${of}.${name}`),
    change: (value) => set({ [of]: { ...queue[of], [name]: value } }, `${of}.${name}`),
  });
}

const LANGUAGES = ["ru", "en"];

/** What is said, in each language a field. */
export function Said({ label, said, problems = [], help, change }: { label: string; said: Speech[]; problems?: Problem[]; help?: ReactNode; change: (said: Speech[], language: string) => void }) {
  return (
    <div className="queueSaid">
      <div className="partPair">
        {[...new Set([...LANGUAGES, ...said.map(({ language }) => language)])].map((language, number) => (
          <Line
            key={language}
            label={`${label}, ${language}`}
            lang={language}
            rows={2}
            value={said.find((each) => each.language === language)?.text ?? ""}
            problems={number === 0 ? problems : []}
            change={(text) => change(withSaid(said, language, text), language)}
          />
        ))}
      </div>
      {help && <p className="caption">{help}</p>}
    </div>
  );
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
