/** Where the keyboard goes after a change. */
import { useCallback, useLayoutEffect, useState } from "react";

type Find = () => HTMLElement | null | undefined;

/**
 * Puts the keyboard into what is found once the change of the same turn is in the page, and before anything else happens:
 * a timer may come late and take the keyboard from whoever has gone on to another field.
 */
export function useFocusing(): (find: Find) => void {
  const [wanted, want] = useState<{ find: Find } | null>(null);
  useLayoutEffect(() => wanted?.find()?.focus(), [wanted]);
  return useCallback((find) => want({ find }), []);
}
