/** Where personal calls go while an agent is away. */
import { call } from "@/api/client";

/** At most one of them; without any: nowhere. */
export interface ForwardWish {
  agent?: string;
  queue?: string;
  number?: string;
}

const where = (agent: string | null) => (agent === null ? "/api/desk/forward" : `/api/supervision/agents/${agent}/forward`);

/** `agent` null: one's own. `to` null: as the set-up says. */
export const forward = (agent: string | null, to: ForwardWish | null) => (to === null ? call("DELETE", where(agent)) : call("PUT", where(agent), to));
