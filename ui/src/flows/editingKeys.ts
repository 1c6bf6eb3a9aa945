/** The keys of every editor, by place, so that they hold in every layout. They are not among the person's own: nothing else is meant by them. */
import { useEffect, useRef } from "react";

import { combination } from "@/app/combination";

export function useEditingKeys(actions: Record<string, () => void>): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      const action = current.current[combination(event)];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}
