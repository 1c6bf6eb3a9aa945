/** The tree of results as an agent goes down it. */
import type { Disposition } from "@/api/disposition";

/** What may be chosen, with the headings that lead there, in the order of the list; `offered` null: everything. */
export function within(dispositions: Disposition[], offered: string[] | null): Disposition[] {
  if (!offered) return dispositions;
  const kept = new Set(offered.flatMap((leaf) => pathTo(dispositions, leaf).map((one) => one.id)));
  return dispositions.filter((one) => kept.has(one.id));
}

/** From the top heading down to this one; empty for one that is not there. */
export function pathTo(dispositions: Disposition[], id: string | null): Disposition[] {
  const path: Disposition[] = [];
  let one = dispositions.find((each) => each.id === id);
  while (one && !path.includes(one)) {
    path.unshift(one);
    const { under } = one;
    one = dispositions.find((each) => each.id === under);
  }
  return path;
}

export const under = (dispositions: Disposition[], heading: string | null) => dispositions.filter((one) => one.under === heading);
