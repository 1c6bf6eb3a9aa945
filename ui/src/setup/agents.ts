/** What is changed of agents beside a part of the set-up. Pure. */
import type { AgentOf, Edited, Part, Published, QueueOf } from "@/api/parts";

const written = ({ queues, weight }: AgentOf) => JSON.stringify([Object.entries(queues).toSorted(([one], [other]) => (one < other ? -1 : 1)), weight]);

/** Of the changed those who are not as they stand now. Whoever is there no more is left out. */
export function different(changed: Record<string, AgentOf>, stand: readonly AgentOf[]): Record<string, AgentOf> {
  const found = stand.flatMap((each) => {
    const agent = changed[each.login];
    return agent && written(agent) !== written(each) ? [[each.login, agent] as const] : [];
  });
  return Object.fromEntries(found);
}

/** All, the changed as they are wanted. */
export const wanted = (changed: Record<string, AgentOf>, stand: readonly AgentOf[]): AgentOf[] => stand.map((each) => changed[each.login] ?? each);

/** What stands once this has been published. */
export const afterwards = <Value, Queue extends QueueOf>({ value, queues, agents }: Edited<Value, Queue>, { version, over }: Published<Value, Queue>): Part<Value, Queue> => ({
  ...over,
  version,
  value,
  queues,
  agents: wanted(agents, over.agents),
});

/** In the queue with this level; null: not in it. */
export function withLevel(agent: AgentOf, queue: string, level: number | null): AgentOf {
  const others = Object.fromEntries(Object.entries(agent.queues).filter(([id]) => id !== queue));
  return { ...agent, queues: level === null ? others : { ...others, [queue]: level } };
}

/** What changes when a queue is taken out: nobody is in it any more. */
export const withoutQueue = (agents: readonly AgentOf[], queue: string): Record<string, AgentOf> =>
  Object.fromEntries(agents.filter(({ queues }) => queue in queues).map((agent) => [agent.login, withLevel(agent, queue, null)]));
