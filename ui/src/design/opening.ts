/** What opens from a button and is loaded when somebody reaches for it: until then the desk's first load goes without it. */
import { useRef, useState } from "react";

export interface Opened {
  /** Where it opens. */
  at: React.RefObject<HTMLButtonElement | null>;
  close: () => void;
}

/** `load`: the import of what opens; asked for when the button is pointed at or focused, so that a press finds it there. */
export function useOpening(kind: "menu" | "dialog", load: () => Promise<unknown>) {
  const at = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const reach = () => void load();
  const opened: Opened = { at, close: () => setOpen(false) };
  const button = {
    ref: at,
    "aria-haspopup": kind,
    "aria-expanded": open,
    onHoverStart: reach,
    onFocus: reach,
    onPress: () => setOpen(true),
    onKeyDown: (event: { key: string }) => kind === "menu" && event.key === "ArrowDown" && setOpen(true),
  } as const;
  return { open, opened, button };
}
