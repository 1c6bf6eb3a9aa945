/** A part of the set-up while it is edited: what stands, what is different, what is wrong with it, and back and forth. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { checkPart, partQuery, partsKey, type Edited, type Part, type PartName, type Problem, type QueueOf } from "@/api/parts";

interface Story<Value> {
  past: Value[];
  now: Value;
  future: Value[];
  /** What was typed last: typing on is one step. */
  what: string;
}

export interface Editing<Content, Queue extends QueueOf> extends Edited<Content, Queue> {
  opened: Part<Content, Queue>;
  problems: Problem[];
  unsaved: boolean;
  /** Why it could not be checked. */
  error: Error | null;
  /** `what` names the place, so that typing on there is one step of undo. */
  change: (next: Partial<Edited<Content, Queue>>, what?: string) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  /** What was sent counts now; what has been changed since stays. */
  published: (sent: Edited<Content, Queue>) => Promise<void>;
}

const MOST_STEPS = 200;

export function usePart<Content, Queue extends QueueOf>(part: PartName): { editing: Editing<Content, Queue> | null; error: Error | null } {
  const server = useQueryClient();
  const { data, error } = useQuery(partQuery<Content, Queue>(part));
  const [story, setStory] = useState<Story<Edited<Content, Queue>> | null>(null);
  const stands = data ? { content: data.content, queues: data.queues } : null;
  const now = story?.now ?? stands;
  const settled = useSettled(now);
  const checked = useQuery({
    queryKey: [...partsKey, part, "check", data?.version, settled],
    queryFn: () => checkPart(part, settled as Edited<unknown, QueueOf>),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (!data || !now) return { editing: null, error };
  const editing: Editing<Content, Queue> = {
    ...now,
    opened: data,
    problems: checked.data?.problems ?? [],
    unsaved: JSON.stringify(now) !== JSON.stringify(stands),
    error: checked.error,
    change: (next, what = "") => setStory((before) => written(before ?? begun(now), { ...now, ...next }, what)),
    ...turns(story, setStory),
    published: async (sent) => {
      await server.invalidateQueries({ queryKey: partsKey });
      setStory((story) => (story && JSON.stringify([story.now.content, story.now.queues]) !== JSON.stringify([sent.content, sent.queues]) ? story : null));
    },
  };
  return { editing, error };
}

const begun = <Value>(now: Value): Story<Value> => ({ past: [], now, future: [], what: "" });

const turns = <Value>(story: Story<Value> | null, set: (story: Story<Value>) => void) => ({
  undo: story?.past.length ? () => set(back(story)) : null,
  redo: story?.future.length ? () => set(forth(story)) : null,
});

function written<Value>(story: Story<Value>, next: Value, what: string): Story<Value> {
  if (what !== "" && what === story.what) return { ...story, now: next, future: [] };
  return { past: [...story.past, story.now].slice(-MOST_STEPS), now: next, future: [], what };
}

function back<Value>(story: Story<Value>): Story<Value> {
  const before = story.past.at(-1);
  return before === undefined ? story : { past: story.past.slice(0, -1), now: before, future: [story.now, ...story.future], what: "" };
}

function forth<Value>(story: Story<Value>): Story<Value> {
  const [next, ...future] = story.future;
  return next === undefined ? story : { past: [...story.past, story.now], now: next, future, what: "" };
}

/** The value once it has not changed for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 300);
    return () => clearTimeout(timer);
  }, [JSON.stringify(value)]); // eslint-disable-line react-hooks/exhaustive-deps -- by what it holds: it is made anew with each paint
  return settled;
}
