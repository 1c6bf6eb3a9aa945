/** Places in a list. Pure. */

export const without = <Item>(list: readonly Item[], at: number): Item[] => list.filter((_, number) => number !== at);

export const put = <Item>(list: readonly Item[], at: number, item: Item): Item[] => list.map((each, number) => (number === at ? item : each));

/** By so many places; beyond an end nothing moves. */
export function moved<Item>(list: readonly Item[], at: number, by: number): Item[] {
  const to = at + by;
  const item = list[at];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const others = without(list, at);
  return [...others.slice(0, to), item, ...others.slice(to)];
}

/** One that is in the list, before or after another. */
export function placed<Item>(list: readonly Item[], item: Item, there: Item, after: boolean): Item[] {
  const others = list.filter((each) => each !== item);
  const at = others.indexOf(there);
  if (at < 0 || others.length === list.length) return [...list];
  const to = after ? at + 1 : at;
  return [...others.slice(0, to), item, ...others.slice(to)];
}
