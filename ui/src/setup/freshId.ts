/** Ids of new things. What stood under an id before is told by it in what is over, so none is given out again. */

/** As many bytes by chance. */
export type Chance = (bytes: number) => Uint8Array;

/** 32, so that each comes as often; none of them is taken for another. */
const SIGNS = "abcdefghijkmnpqrstuvwxyz23456789";
const LENGTH = 6;
const byChance: Chance = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/** "field-k3x9ab". */
export function freshId(base: string, taken: string[], chance = byChance): string {
  for (;;) {
    const id = `${base}-${Array.from(chance(LENGTH), (byte) => SIGNS.charAt(byte % SIGNS.length)).join("")}`;
    if (!taken.includes(id)) return id;
  }
}

/** Begins with the name as far as it is Latin, with `otherwise` where nothing of it is. */
export function freshIdOf(name: string, otherwise: string, taken: string[], chance = byChance): string {
  const latin = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "").slice(0, 50).replace(/-+$/, "");
  return freshId(latin || otherwise, taken, chance);
}
