/** A call at a chosen time. `by` null: the customer asked; `agent`: who is tried alone first. */
export interface Planned {
  id: string;
  number: string;
  customer: string | null;
  queue: { id: string; name: string } | null;
  at: string;
  asked_at: string;
  by: { id: string; name: string | null } | null;
  agent: { id: string; name: string | null } | null;
  state: string;
  attempts: number;
  failure: string | null;
}
