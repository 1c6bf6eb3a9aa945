/** A slash at the beginning of a word asks for a canned reply; what stands between it and the caret is what is looked for. */

export interface Slash {
  from: number;
  to: number;
  sought: string;
}

export function slashAt(text: string, caret: number): Slash | null {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const sought = found[1] ?? "";
  return { from: caret - sought.length - 1, to: caret, sought };
}

/** Where the reply stands in place of the slash, and where the caret is then. */
export const placed = (text: string, slash: Slash, reply: string): { text: string; caret: number } => ({
  text: text.slice(0, slash.from) + reply + text.slice(slash.to),
  caret: slash.from + reply.length,
});

const HOLE = /\{(?:customer\.name|customer\.company|customer\.number|agent\.name|queue\.name|contact(?:\.[\p{L}\p{N}_]+)+)\}/gu;

/** What was to be filled in and is not. */
export const holes = (text: string): string[] => [...new Set(text.match(HOLE) ?? [])];
