/** What can be done at this moment: each screen offers its actions here; keys and the palette find them by name. */
import { useLayoutEffect, useRef } from "react";

/** Those that may have a key; the server keeps the same list (`tenancy/keys.py`), a test compares them. */
export const KEYED = [
  "palette", "shortcuts", "accept", "decline", "call", "mute", "hold", "recording", "keypad", "transfer", "ask", "park", "complete", "back", "swap",
  "together", "note", "knowledge", "save",
] as const;
export type Keyed = (typeof KEYED)[number];

/** Those that only the palette finds. */
export const UNKEYED = ["end", "startShift", "endShift", "noticeSeen"] as const;
export type ActionId = Keyed | (typeof UNKEYED)[number];

type Offered = Partial<Record<ActionId, (() => void) | undefined>>;

const offered = new Set<{ current: Offered }>();

/** A missing action cannot be done now. Before the browser paints: what is seen is what a key does. */
export function useActions(actions: Offered): void {
  const current = useRef(actions);
  useLayoutEffect(() => {
    current.current = actions;
  });
  useLayoutEffect(() => {
    offered.add(current);
    return () => void offered.delete(current);
  }, []);
}

/** What does it now: of the screen that came last. */
export function does(action: ActionId): (() => void) | undefined {
  let found: (() => void) | undefined;
  for (const one of offered) found = one.current[action] ?? found;
  return found;
}
