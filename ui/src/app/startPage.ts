import { can } from "@/api/session";
import type { Me } from "@/api/types";

/** Where a person begins: an agent at the desk, everybody else on the floor. */
export const startPage = (me: Me) => (can(me, "desk.use") && me.agent_id ? "/desk" : "/floor");
