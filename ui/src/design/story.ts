/** What is edited, with the way back and forth. Pure. */

export interface Story<Value> {
  past: Value[];
  now: Value;
  future: Value[];
  /** What was changed last; the same once more (a text being typed) is one step back. */
  what: string;
}

const MOST_STEPS = 200;

export const begin = <Value>(now: Value): Story<Value> => ({ past: [], now, future: [], what: "" });

/** `what` empty: always a step of its own. */
export function change<Value>(story: Story<Value>, now: Value, what = ""): Story<Value> {
  if (now === story.now) return story;
  const same = what !== "" && what === story.what;
  return { past: same ? story.past : [...story.past, story.now].slice(-MOST_STEPS), now, future: [], what };
}

export function undo<Value>(story: Story<Value>): Story<Value> {
  const before = story.past.at(-1);
  return before === undefined ? story : { past: story.past.slice(0, -1), now: before, future: [story.now, ...story.future], what: "" };
}

export function redo<Value>(story: Story<Value>): Story<Value> {
  const [next, ...future] = story.future;
  return next === undefined ? story : { past: [...story.past, story.now], now: next, future, what: "" };
}
