/** How a key is written down: by its place, with what is held beside it. */

export function combination(event: Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "code">): string {
  const { ctrlKey, metaKey, altKey, shiftKey, code } = event;
  const parts = [ctrlKey || metaKey ? "ctrl" : "", altKey ? "alt" : "", shiftKey ? "shift" : "", code.replace(/^Key|^Numpad(?=Enter)/, "")];
  return parts.filter(Boolean).join("+");
}

export const isCombined = (key: string): boolean => /ctrl|alt/.test(key);

const PRINTED: Record<string, string> = {
  ctrl: "Ctrl", alt: "Alt", shift: "Shift", Enter: "↵", Slash: "/", Backslash: "\\", Comma: ",", Period: ".", Semicolon: ";",
  Quote: "'", BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=", Backquote: "`",
};

/** As it stands on a keyboard: "Alt+A", "?". */
export function printed(key: string): string {
  if (key === "shift+Slash") return "?";
  return key
    .split("+")
    .map((part) => PRINTED[part] ?? part.replace("Digit", ""))
    .join("+");
}
