/** What was typed and is not saved yet: kept in this browser, so that a reload and a lost connection take
 * nothing away. Gone when the person signs out or another one signs in (`app/kept.ts`). */
import { useEffect, useRef, useState } from "react";

import { useMe } from "@/api/session";
import { keptUnder } from "@/app/kept";

export function useKept<T>(name: string, start: T): [T, (value: T) => void, () => void] {
  const key = keptUnder(useMe().person.id, name);
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = localStorage.getItem(key);
      return kept === null ? start : (JSON.parse(kept) as T);
    } catch {
      return start;
    }
  });
  const write = (next: T) => {
    setValue(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // A full or forbidden store: what is on the screen stays there.
    }
  };
  const forget = () => {
    localStorage.removeItem(key);
    setValue(start);
  };
  return [value, write, forget];
}

/** After a lost connection the same is tried again as soon as there is one. */
export function useOnline(again: () => void): void {
  const latest = useRef(again);
  useEffect(() => {
    latest.current = again;
  });
  useEffect(() => {
    const back = () => latest.current();
    window.addEventListener("online", back);
    return () => window.removeEventListener("online", back);
  }, []);
}
