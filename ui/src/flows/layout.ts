/** Where blocks stand on the canvas, and which one is next in each direction. Pure. */
import { exitsOf, without, type Block, type Flow } from "@/flows/flow";

export interface Place {
  x: number;
  y: number;
}

export const WIDTH = 232;
const COLUMN = WIDTH + 88;
const GAP = 28;
const HEAD = 66;
const EXIT = 26;

/** Exits that are drawn: those that must lead somewhere, and those that do. */
export const shownExits = (block: Block) => exitsOf(block).filter(({ name, needed }) => needed || block.exits?.[name]);
export const heightOf = (block: Block) => HEAD + EXIT * shownExits(block).length;

/** Blocks in the order in which a caller could come to them, those that nothing leads to at the end. */
export function order(flow: Flow): Block[] {
  const byId = new Map(flow.blocks.map((block) => [block.id, block]));
  const seen = new Set<string>();
  const found: Block[] = [];
  const visit = (block: Block | undefined) => {
    if (!block || seen.has(block.id)) return;
    seen.add(block.id);
    found.push(block);
    for (const { name } of exitsOf(block)) visit(byId.get(block.exits?.[name] ?? ""));
  };
  flow.blocks.forEach(visit);
  return found;
}

/** Steps from the first block by the longest way that does not go back. */
export function depths(flow: Flow): Map<string, number> {
  const byId = new Map(flow.blocks.map((block) => [block.id, block]));
  const depth = new Map<string, number>();
  const onWay = new Set<string>();
  const visit = (block: Block | undefined, at: number) => {
    if (!block || onWay.has(block.id) || (depth.get(block.id) ?? -1) >= at) return;
    depth.set(block.id, at);
    onWay.add(block.id);
    for (const to of Object.values(block.exits ?? {})) visit(byId.get(to), at + 1);
    onWay.delete(block.id);
  };
  visit(flow.blocks[0], 0);
  for (const block of flow.blocks) if (!depth.has(block.id)) visit(block, 0);
  return depth;
}

/** A place for every block: its own, or a column by its depth. */
export function places(flow: Flow): Map<string, Place> {
  const found = new Map<string, Place>();
  const depth = depths(flow);
  const free = new Map<number, number>();
  for (const block of order(flow)) {
    if (block.at) {
      found.set(block.id, { x: block.at[0], y: block.at[1] });
      continue;
    }
    const column = depth.get(block.id) ?? 0;
    const y = free.get(column) ?? 0;
    found.set(block.id, { x: column * COLUMN, y });
    free.set(column, y + heightOf(block) + GAP);
  }
  return found;
}

export const tidyUp = (flow: Flow): Flow => ({ ...flow, blocks: flow.blocks.map((block) => without(block, "at") as Block) });

/** By the arrows of the list: down and up as it is read, right along an exit, left back to what leads here. */
export function neighbour(flow: Flow, id: string, direction: "up" | "down" | "left" | "right"): string | undefined {
  const all = order(flow);
  const at = all.findIndex((block) => block.id === id);
  if (direction === "up" || direction === "down") return all[at + (direction === "down" ? 1 : -1)]?.id;
  const block = all[at];
  if (direction === "right") {
    const onward = block && exitsOf(block).map(({ name }) => block.exits?.[name]).find(Boolean);
    return flow.blocks.some((each) => each.id === onward) ? onward : undefined;
  }
  return all.find((each) => each.id !== id && Object.values(each.exits ?? {}).includes(id))?.id;
}
