/** What stands at which place. Pure. */

/** The ids in all lists, in their order: while it is the same, "dispositions[3].ru" is of the same result. */
export function standing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(standing);
  if (typeof value !== "object" || value === null) return null;
  const inside = Object.entries(value).filter(([, each]) => typeof each === "object" && each !== null);
  return ["id" in value ? value.id : null, inside.map(([name, each]) => [name, standing(each)])];
}

export const standSame = (one: unknown, other: unknown) => JSON.stringify(standing(one)) === JSON.stringify(standing(other));
