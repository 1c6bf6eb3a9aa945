import type { Named } from "@/api/types";

/** Of an internal call: for one of the two the other, for anybody else both; null of a customer's. */
export function betweenColleagues(row: { agent: Named | null; colleague?: Named | null }, me: string | null): string | null {
  if (!row.colleague) return null;
  const caller = row.agent?.name ?? "";
  if (row.colleague.id === me) return caller;
  return row.agent?.id === me ? row.colleague.name : `${caller} → ${row.colleague.name}`;
}
