/** Markdown as a tree that React paints: no HTML comes out of it, so none can go wrong. What is not understood stays a text. */

export type Inline =
  | string
  | { kind: "bold" | "italic" | "strike"; content: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; content: Inline[] };

export type Block =
  | { kind: "heading"; level: number; content: Inline[] }
  | { kind: "paragraph"; lines: Inline[][] }
  | { kind: "list"; start: number | null; items: Block[][] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "code"; text: string }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] }
  | { kind: "rule" };

/** Deeper nesting, and longer lines, stay as they were written. */
const DEEPEST = 6;
const LONGEST_LINE = 4_000;

const SPAN = /(`+)([^`]+)\1|\[([^\][]+)\]\(([^()\s]+)\)|\*\*(\S(?:[^*]*\S)?)\*\*|~~(\S(?:[^~]*\S)?)~~|\*(\S(?:[^*]*\S)?)\*|(?<!\w)_(\S(?:[^_]*\S)?)_(?!\w)|(https?:\/\/[^\s<>()[\]]*[^\s<>()[\].,;:!?])/;
const SAFE = /^(?:https?:\/\/|mailto:|tel:)/i;

export function inline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  let rest = text;
  while (rest && rest.length <= LONGEST_LINE && depth < DEEPEST) {
    const match = SPAN.exec(rest);
    if (!match) break;
    if (match.index) found.push(rest.slice(0, match.index));
    found.push(span(match, depth + 1));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) found.push(rest);
  return found;
}

function span([whole, , code, name, href, bold, strike, star, underline, address]: RegExpExecArray, depth: number): Inline {
  if (code !== undefined) return { kind: "code", text: code };
  if (name !== undefined && href !== undefined) return SAFE.test(href) ? { kind: "link", href, content: inline(name, depth) } : whole;
  if (bold !== undefined) return { kind: "bold", content: inline(bold, depth) };
  if (strike !== undefined) return { kind: "strike", content: inline(strike, depth) };
  const italic = star ?? underline;
  if (italic !== undefined) return { kind: "italic", content: inline(italic, depth) };
  return { kind: "link", href: address ?? "", content: [address ?? ""] };
}

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const FENCE = /^\s*```/;
const RULE = /^\s*(?:-\s*){3,}$|^\s*(?:\*\s*){3,}$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,3})[.)])\s+(.*)$/;
const QUOTE = /^\s*>\s?/;
const ROW = /^\s*\|.*\|\s*$/;
const DIVIDER = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;

class Reader {
  at = 0;
  constructor(
    readonly lines: readonly string[],
    readonly depth: number,
  ) {}

  get line(): string | undefined {
    return this.lines[this.at];
  }

  /** As long as it holds. */
  take(holds: (line: string) => boolean): string[] {
    const from = this.at;
    while (this.line !== undefined && holds(this.line)) this.at += 1;
    return this.lines.slice(from, this.at);
  }
}

export const markdown = (text: string): Block[] => blocks(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);

function blocks(lines: readonly string[], depth: number): Block[] {
  const reader = new Reader(lines, depth);
  const found: Block[] = [];
  while (reader.line !== undefined) {
    if (reader.line.trim() === "") reader.at += 1;
    else found.push(block(reader, reader.line));
  }
  return found;
}

function block(reader: Reader, line: string): Block {
  const heading = HEADING.exec(line);
  if (heading?.[1]) {
    reader.at += 1;
    return { kind: "heading", level: heading[1].length, content: inline(heading[2] ?? "") };
  }
  if (FENCE.test(line)) return fenced(reader);
  if (RULE.test(line)) {
    reader.at += 1;
    return { kind: "rule" };
  }
  if (reader.depth < DEEPEST) {
    if (QUOTE.test(line)) return { kind: "quote", blocks: blocks(reader.take((one) => QUOTE.test(one)).map((one) => one.replace(QUOTE, "")), reader.depth + 1) };
    if (ITEM.test(line)) return list(reader, line);
  }
  if (ROW.test(line) && DIVIDER.test(reader.lines[reader.at + 1] ?? "")) return table(reader);
  return paragraph(reader);
}

function fenced(reader: Reader): Block {
  reader.at += 1;
  const text = reader.take((line) => !FENCE.test(line)).join("\n");
  reader.at += 1;
  return { kind: "code", text };
}

const indent = (line: string) => line.length - line.trimStart().length;

/** An item goes on with what stands further in than its mark. */
function list(reader: Reader, first: string): Block {
  const [, space = "", number] = ITEM.exec(first) ?? [];
  const ordered = number !== undefined;
  const items: Block[][] = [];
  for (;;) {
    const match = ITEM.exec(reader.line ?? "");
    if (!match || match[1]?.length !== space.length || (match[2] !== undefined) !== ordered) break;
    reader.at += 1;
    const under = reader.take((line) => line.trim() === "" || indent(line) > space.length);
    const deep = Math.min(...under.filter((line) => line.trim() !== "").map(indent));
    items.push(blocks([match[3] ?? "", ...under.map((line) => line.slice(deep))], reader.depth + 1));
  }
  return { kind: "list", start: ordered ? Number(number) : null, items };
}

const cells = (row: string): Inline[][] => row.trim().slice(1, -1).split("|").map((cell) => inline(cell.trim()));

function table(reader: Reader): Block {
  const head = cells(reader.line ?? "");
  reader.at += 2;
  return { kind: "table", head, rows: reader.take((line) => ROW.test(line)).map(cells) };
}

function paragraph(reader: Reader): Block {
  const first = reader.at;
  const starts = (line: string) => line.trim() === "" || [HEADING, FENCE, RULE, QUOTE, ITEM].some((mark) => mark.test(line));
  const lines = reader.take((line) => reader.at === first || !starts(line));
  return { kind: "paragraph", lines: lines.map((line) => inline(line.trim())) };
}

/** The words alone, for a note. */
export function words(text: string): string {
  return markdown(text).map((one) => blockWords(one)).join("\n");
}

const said = (content: readonly Inline[]): string =>
  content
    .map((one) => {
      if (typeof one === "string") return one;
      if (one.kind === "code") return one.text;
      const name = said(one.content);
      return one.kind === "link" && name !== one.href ? `${name} (${one.href})` : name;
    })
    .join("");

function blockWords(block: Block): string {
  switch (block.kind) {
    case "heading":
      return said(block.content);
    case "paragraph":
      return block.lines.map(said).join("\n");
    case "list":
      return block.items.map((item, at) => `${block.start === null ? "•" : `${block.start + at}.`} ${item.map(blockWords).join("\n")}`).join("\n");
    case "quote":
      return block.blocks.map(blockWords).join("\n");
    case "code":
      return block.text;
    case "table":
      return [block.head, ...block.rows].map((row) => row.map(said).join(" · ")).join("\n");
    case "rule":
      return "";
  }
}
