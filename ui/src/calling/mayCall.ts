import { useLive } from "@/live/useLive";

/** Is this an agent in shift, with a queue in whose name to call? Whether it can be done now is said when it is tried. */
export const useMayCall = (): boolean =>
  useLive((state) => state.agent !== null && state.agent.state !== "offline" && (state.calling?.queues.length ?? 0) > 0) ?? false;

/** Colleagues are called without any queue. */
export const useMayCallInside = (): boolean => useLive((state) => state.agent !== null && state.agent.state !== "offline" && state.calling !== null) ?? false;
