/** Keyboard shortcuts by place of the key, so that they hold in every layout (Alt+Ф is Alt+A). */
import { useEffect, useRef } from "react";

const SINGLE_KEY = "otklik.keys.single";

/** Single keys may disturb people who dictate (WCAG 2.1.4): they can be turned off. */
export const singleKeys = {
  allowed: (): boolean => localStorage.getItem(SINGLE_KEY) !== "off",
  allow: (yes: boolean): void => localStorage.setItem(SINGLE_KEY, yes ? "on" : "off"),
};

const TEXT_INPUTS = "input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]";

export function combination(event: Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "code">): string {
  const { ctrlKey, metaKey, altKey, shiftKey, code } = event;
  const parts = [ctrlKey || metaKey ? "ctrl" : "", altKey ? "alt" : "", shiftKey ? "shift" : "", code.replace(/^Key/, "")];
  return parts.filter(Boolean).join("+");
}

/** `{"alt+A": ..., "M": ..., "ctrl+Enter": ...}`; a missing action leaves the key to the browser. */
export function useKeys(actions: Record<string, (() => void) | undefined>): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const combined = event.altKey || event.ctrlKey || event.metaKey;
      const typing = event.target instanceof Element && event.target.matches(TEXT_INPUTS);
      if (!combined && (typing || !singleKeys.allowed() || document.querySelector('[role="dialog"]'))) return;
      const action = current.current[combination(event)];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}
