/** Who serves a queue, and how well. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { partQuery, type QueueOf } from "@/api/parts";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { byName } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import type { Queue } from "@/queues/queue";

interface AgentOf {
  login: string;
  queues: Record<string, number>;
}

export function Agents({ queue }: { queue: Queue }) {
  const { t } = useLingui();
  const { data, error } = useQuery({ ...partQuery<AgentOf[], QueueOf>("agents"), staleTime: 0 });
  const names = new Map(data?.names["agents"]?.map((each) => [each.id, each[spoken()]]));
  const serving = (data?.value ?? [])
    .filter((agent) => queue.everyone || agent.queues[queue.id] !== undefined)
    .map((agent) => ({ login: agent.login, name: names.get(agent.login) ?? agent.login, level: agent.queues[queue.id] ?? null }))
    .toSorted((one, other) => (other.level ?? 0) - (one.level ?? 0) || byName(one, other));
  return (
    <section className="card queueCard" aria-labelledby="queueAgents">
      <h2 id="queueAgents" className="heading">
        <Trans>Who serves it</Trans>
      </h2>
      <Refusal error={error} />
      {data && serving.length === 0 && (
        <p className="muted">
          <Trans>No agent has this queue yet.</Trans>
        </p>
      )}
      <ul className="queueAgents">
        {serving.map(({ login, name, level }) => (
          <li key={login}>
            <bdi>{name}</bdi>
            {level === null ? null : <Tag>{t`level ${level}`}</Tag>}
          </li>
        ))}
      </ul>
      <p className="caption">
        <Trans>Queues and levels of agents stand in the set-up as a file; for the length of a shift they are changed on the floor.</Trans>
      </p>
      <p className="queueLinks">
        <Link to="/configuration">
          <Trans>Set-up as a file</Trans>
        </Link>
        <Link to="/floor">
          <Trans>To the floor</Trans>
        </Link>
      </p>
    </section>
  );
}
