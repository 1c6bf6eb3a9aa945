/** What the keys do in an outline. Pure. */
import type { Acts } from "@/setup/Outline";

type Keys = Record<string, () => void>;

/** `at`: where the chosen row is. Not among those that are shown, it is not acted upon unseen: the first that is shown is chosen. */
export function choosing(acts: Pick<Acts, "edit" | "add" | "remove">, go: (to: number) => void, at: number, count: number): Keys {
  const seen = (act: () => void) => (at < 0 ? () => go(0) : act);
  return {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(count - 1),
    Enter: seen(acts.edit),
    " ": seen(acts.edit),
    Insert: seen(acts.add),
    Delete: seen(acts.remove),
  };
}

/** With Alt. */
export const moving = (acts: Pick<Acts, "move" | "turn">, still: boolean): Keys =>
  still
    ? {}
    : {
        ArrowDown: () => acts.move(1),
        ArrowUp: () => acts.move(-1),
        ...(acts.turn && { ArrowRight: () => acts.turn?.(1), ArrowLeft: () => acts.turn?.(-1) }),
      };
