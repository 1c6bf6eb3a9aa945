/** The tree of results as it is edited: in the order in which it is read, each with all that stands under it. Pure. */
import type { Disposition } from "@/api/disposition";
import type { QueueOf } from "@/api/parts";

export interface Results {
  dispositions: Disposition[];
}

export interface ResultsQueue extends QueueOf {
  /** None named: everything is offered. */
  dispositions: string[];
  disposition_required: boolean;
}

export interface Placed {
  one: Disposition;
  depth: number;
}

/** From the top down; what stands under nothing that is there is at the top, and what stands under itself comes last. */
export function rows(all: Disposition[]): Placed[] {
  const found: Placed[] = [];
  const seen = new Set<string>();
  const down = (one: Disposition, depth: number) => {
    if (seen.has(one.id)) return;
    seen.add(one.id);
    found.push({ one, depth });
    for (const each of all) if (each.under === one.id) down(each, depth + 1);
  };
  for (const one of all) if (one.under === null || !all.some(({ id }) => id === one.under)) down(one, 0);
  for (const one of all) down(one, 0);
  return found;
}

const ordered = (all: Disposition[]) => rows(all).map(({ one }) => one);

/** With all that stands under it. */
export function branch(all: Disposition[], id: string): Set<string> {
  const inside = new Set([id]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { id: each, under } of all) {
      if (under !== null && inside.has(under) && !inside.has(each)) {
        inside.add(each);
        grown = true;
      }
    }
  }
  return inside;
}

export const isHeading = (all: Disposition[], id: string) => all.some(({ under }) => under === id);

const find = (all: Disposition[], id: string) => all.find((each) => each.id === id);

/** Among those that stand under the same. */
function beside(all: Disposition[], id: string, by: -1 | 1): Disposition | undefined {
  const under = find(all, id)?.under ?? null;
  const siblings = ordered(all).filter((each) => each.under === under);
  return siblings[siblings.findIndex((each) => each.id === id) + by];
}

/** Into itself, or into what stands under it, nothing can be put. */
export const allows = (all: Disposition[], id: string, at: string) => !branch(all, id).has(at);

export function put(all: Disposition[], id: string, at: string, where: "before" | "after" | "into"): Disposition[] {
  const target = find(all, at);
  if (!target || !find(all, id) || !allows(all, id, at)) return all;
  const moved = branch(all, id);
  const under = where === "into" ? at : target.under;
  const taken = ordered(all).filter((each) => moved.has(each.id)).map((each) => (each.id === id ? { ...each, under } : each));
  const left = ordered(all).filter((each) => !moved.has(each.id));
  const whole = branch(left, at);
  const last = left.reduce((found, each, index) => (whole.has(each.id) ? index : found), 0);
  const index = where === "before" ? left.findIndex((each) => each.id === at) : last + 1;
  return ordered([...left.slice(0, index), ...taken, ...left.slice(index)]);
}

export function move(all: Disposition[], id: string, by: -1 | 1): Disposition[] {
  const other = beside(all, id, by);
  return other ? put(all, id, other.id, by < 0 ? "before" : "after") : all;
}

/** 1: under the one before it; -1: out, after the one it stood under. */
export function turn(all: Disposition[], id: string, by: -1 | 1): Disposition[] {
  const other = by > 0 ? beside(all, id, -1)?.id : find(all, id)?.under;
  return other ? put(all, id, other, by > 0 ? "into" : "after") : all;
}

export function insert(all: Disposition[], made: Disposition, at: string | null, where: "after" | "into"): Disposition[] {
  return at === null ? ordered([...all, made]) : put([...all, { ...made, under: null }], made.id, at, where);
}

/** With all that stands under it; queues forget what is gone, save where they would then offer everything. */
export function remove(all: Disposition[], queues: ResultsQueue[], id: string): { left: Disposition[]; queues: ResultsQueue[] } {
  const gone = branch(all, id);
  const left = all.filter((each) => !gone.has(each.id));
  const fewer = ({ dispositions, ...queue }: ResultsQueue) => {
    const kept = dispositions.filter((each) => !gone.has(each));
    return { ...queue, dispositions: kept.length > 0 ? kept : dispositions };
  };
  return { left, queues: queues.map(fewer) };
}

export function rename(all: Disposition[], queues: ResultsQueue[], from: string, to: string): { dispositions: Disposition[]; queues: ResultsQueue[] } {
  const named = (id: string) => (id === from ? to : id);
  return {
    dispositions: all.map((each) => ({ ...each, id: named(each.id), under: each.under === null ? null : named(each.under) })),
    queues: queues.map((queue) => ({ ...queue, dispositions: queue.dispositions.map(named) })),
  };
}

/** What the queue offers: by its own name, or by that of a heading above it. */
export function offered(all: Disposition[], queue: ResultsQueue): Set<string> {
  if (queue.dispositions.length === 0) return new Set(all.map(({ id }) => id));
  return new Set(queue.dispositions.flatMap((id) => [...branch(all, id)]));
}

/** Offered or not, in as few names as it takes: a heading stands for all that is under it. At least one stays. */
export function offer(all: Disposition[], queue: ResultsQueue, id: string, on: boolean): ResultsQueue {
  const meant = branch(all, id);
  const before = offered(all, queue);
  const headings = new Set(all.map(({ under }) => under));
  const leaf = (each: string) => !headings.has(each);
  const kept = new Set(all.map((each) => each.id).filter((each) => leaf(each) && (meant.has(each) ? on : before.has(each))));
  if (kept.size === 0) return queue;
  const names: string[] = [];
  const told = new Set<string>();
  for (const { one } of rows(all)) {
    const inside = branch(all, one.id);
    if (told.has(one.id) || ![...inside].every((each) => !leaf(each) || kept.has(each))) continue;
    names.push(one.id);
    for (const each of inside) told.add(each);
  }
  return { ...queue, dispositions: names };
}

export const emptyResult = (id: string, under: string | null): Disposition => ({
  id,
  ru: "",
  en: "",
  under,
  task: "never",
  task_queue: null,
  task_seconds: 86_400,
  call: "never",
  call_seconds: 86_400,
  call_own: true,
  mail: "never",
  mail_reply: null,
  mail_subject: {},
});
