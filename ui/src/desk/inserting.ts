/** A text from beside the note that is to go into it: whatever field takes texts now has it. */
import { useEffect, useRef } from "react";

type Take = (text: string) => void;
const takers: { current: Take }[] = [];

/** The field that came last takes it. */
export function useTaking(take: Take): void {
  const current = useRef(take);
  useEffect(() => {
    current.current = take;
  });
  useEffect(() => {
    takers.push(current);
    return () => void takers.splice(takers.indexOf(current), 1);
  }, []);
}

/** False: there is no field. */
export function insert(text: string): boolean {
  const taker = takers.at(-1);
  taker?.current(text);
  return taker !== undefined;
}
