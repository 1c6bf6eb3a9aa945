/** A part of the set-up while it is edited: what stands, what is different, what is wrong with it, and back and forth. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { checkPart, partQuery, partsKey, type Edited, type Part, type PartName, type Problem, type QueueOf } from "@/api/parts";
import { begin, change, redo, undo, type Story } from "@/design/story";

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
    change: (next, what = "") => setStory((before) => change(before ?? begin<Edited<Content, Queue>>(now), { ...now, ...next }, what)),
    ...turns(story, setStory),
    published: async (sent) => {
      await server.invalidateQueries({ queryKey: partsKey });
      setStory((story) => (story && JSON.stringify([story.now.content, story.now.queues]) !== JSON.stringify([sent.content, sent.queues]) ? story : null));
    },
  };
  return { editing, error };
}

const turns = <Value>(story: Story<Value> | null, set: (story: Story<Value>) => void) => ({
  undo: story?.past.length ? () => set(undo(story)) : null,
  redo: story?.future.length ? () => set(redo(story)) : null,
});

/** The value once it has not changed for a moment. */
function useSettled<Value>(value: Value): Value {
  const written = JSON.stringify(value); // by what it holds: it is made anew with each paint
  const [settled, setSettled] = useState(written);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(written), 300);
    return () => clearTimeout(timer);
  }, [written]);
  return useMemo(() => JSON.parse(settled) as Value, [settled]);
}
