import { expect, test } from "vitest";

import { combination, printed } from "@/app/combination";

const press = (code: string, held: Partial<Record<"ctrlKey" | "altKey" | "shiftKey" | "metaKey", boolean>> = {}) =>
  combination({ ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, code, ...held });

test("shortcuts follow the place of the key, whatever the layout prints on it", () => {
  expect(press("KeyA", { altKey: true })).toBe("alt+A");
  expect(press("KeyM")).toBe("M");
  expect(press("Enter", { ctrlKey: true })).toBe("ctrl+Enter");
  expect(press("NumpadEnter", { ctrlKey: true })).toBe("ctrl+Enter");
  expect(press("Enter", { metaKey: true })).toBe("ctrl+Enter");
  expect(press("Slash", { shiftKey: true })).toBe("shift+Slash");
});

test("keys are shown as they stand on a keyboard", () => {
  expect(["shift+Slash", "alt+A", "ctrl+Enter", "Digit1", "ctrl+shift+BracketLeft"].map(printed)).toEqual(["?", "Alt+A", "Ctrl+↵", "1", "Ctrl+Shift+["]);
});
