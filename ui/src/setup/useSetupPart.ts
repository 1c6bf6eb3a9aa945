/** A part of the set-up while it is edited: what stands, what is different, what is wrong with it, and back and forth. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { checkPart, partQuery, partsKey, type Edited, type Part, type PartName, type Problem, type Published, type QueueOf } from "@/api/parts";
import { begin, change, redo, undo, type Story } from "@/design/story";
import { afterwards, different } from "@/setup/agents";
import { standSame } from "@/setup/standing";

export interface Editing<Value, Queue extends QueueOf = QueueOf> extends Edited<Value, Queue> {
  opened: Part<Value, Queue>;
  problems: Problem[];
  /** Those of one place, "dispositions[3].name", and of what stands inside it. */
  at: (place: string) => Problem[];
  unsaved: boolean;
  /** Why it could not be checked. */
  error: Error | null;
  /** `what` names the place, so that typing on there is one step of undo. */
  change: (next: Partial<Edited<Value, Queue>>, what?: string) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  /** What was sent counts now; what has been changed since stays. */
  published: (sent: Edited<Value, Queue>, done: Published<Value, Queue>) => void;
  /** What counts now, in place of all that was changed here. */
  theirs: () => Promise<void>;
}

export function useSetupPart<Value, Queue extends QueueOf = QueueOf>(part: PartName): { editing: Editing<Value, Queue> | null; error: Error | null } {
  const server = useQueryClient();
  const { data, error } = useQuery(partQuery<Value, Queue>(part));
  const [story, setStory] = useState<Story<Edited<Value, Queue>> | null>(null);
  const stands: Edited<Value, Queue> | null = data ? { value: data.value, queues: data.queues, agents: {} } : null;
  const now = story?.now ?? stands;
  const settled = useSettled(now);
  const checked = useQuery({
    queryKey: [...partsKey, part, "check", data?.version, settled],
    queryFn: async () => ({ of: settled, ...(await checkPart(part, settled as Edited<unknown, QueueOf>)) }),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    networkMode: "always", // without a network it fails and is said, rather than waits in silence
    gcTime: 0,
  });
  if (!data || !now) return { editing: null, error };
  // Of what stood there before the next answer comes, while places still name the same.
  const problems = checked.data && standSame(placed(checked.data.of), placed(now)) ? checked.data.faults : [];
  const again = () => server.invalidateQueries({ queryKey: partsKey });
  const editing: Editing<Value, Queue> = {
    ...now,
    opened: data,
    problems,
    at: (place) => problems.filter((problem) => inside(problem.place, place)),
    unsaved: JSON.stringify({ ...now, agents: different(now.agents, data.agents) }) !== JSON.stringify(stands),
    error: checked.error,
    change: (next, what = "") =>
      setStory((before) => {
        const stood = before ?? begin<Edited<Value, Queue>>(now);
        const agents = different(next.agents ?? stood.now.agents, data.agents);
        return change(stood, { ...stood.now, ...next, agents }, what);
      }),
    ...turns(story, setStory),
    published: (sent, done) => {
      // What has been published is known: it is shown also where it cannot be read again.
      server.setQueryData<Part<Value, Queue>>([...partsKey, part], afterwards(sent, done));
      setStory((story) => (story && written(story.now) !== written(sent) ? story : null));
      void again();
    },
    theirs: async () => {
      // Where theirs cannot be had, mine stays.
      await server.query({ ...partQuery<Value, Queue>(part), staleTime: 0, networkMode: "always" });
      setStory(null);
      void server.invalidateQueries({ queryKey: [...partsKey, part, "versions"] });
    },
  };
  return { editing, error };
}

const written = <Value, Queue extends QueueOf>({ value, queues, agents }: Edited<Value, Queue>) => JSON.stringify([value, queues, agents]);

/** What has places: agents keep theirs. */
const placed = (edited: Edited<unknown, QueueOf> | null) => edited && { value: edited.value, queues: edited.queues };

/** "a[1].b" and "a[1][0]" are inside "a[1]"; "a[10]" is not. */
export const inside = (place: string, of: string) => place === of || (place.startsWith(of) && /^[.[]/.test(place.slice(of.length)));

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
