/** Who serves a queue, and how well. It stands at the agents, and is published together with the queues. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useId } from "react";

import type { AgentOf } from "@/api/parts";
import { IconButton } from "@/design/Button";
import { byName } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { AddOne } from "@/queues/AddOne";
import { Check, Group, type FormProps } from "@/queues/Form";
import { withLevel } from "@/setup/agents";
import { Figure } from "@/setup/Fields";
import { Told } from "@/setup/Told";

const LEVELS = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
/** Of whom is put in. */
const USUAL_LEVEL = 5;

export function Agents(props: FormProps) {
  const { queue, names, agents, set, setAgent } = props;
  const { t } = useLingui();
  const called = new Map(names["agents"]?.map((each) => [each.id, each[spoken()]]));
  const all = agents.map((agent, number) => ({ agent, number, name: called.get(agent.login) ?? agent.login })).toSorted(byName);
  const serving = all.filter(({ agent }) => agent.queues[queue.id] !== undefined);
  const others = all.filter(({ agent }) => agent.queues[queue.id] === undefined);
  const add = (login: string) => {
    const found = agents.find((each) => each.login === login);
    if (found) setAgent(withLevel(found, queue.id, USUAL_LEVEL));
  };
  return (
    <Group title={t`Who serves it`}>
      <Check label={t`All agents belong to it`} value={queue.everyone} change={(everyone) => set({ everyone })} />
      <p className="caption">
        {queue.everyone ? (
          <Trans>Whoever is not named here has level 1.</Trans>
        ) : (
          <Trans>Only those named here are offered its contacts.</Trans>
        )}{" "}
        <Trans>Level 10 is best: “Highest level” goes by it first, “Longest free” among those free equally long.</Trans>
      </p>
      {serving.length === 0 && !queue.everyone && (
        <p className="muted">
          <Trans>No agent has this queue yet.</Trans>
        </p>
      )}
      <ul className="queueAgents" aria-label={t`Agents of the queue`}>
        {serving.map(({ agent, number, name }) => (
          <Serving key={agent.login} {...props} agent={agent} number={number} name={name} />
        ))}
      </ul>
      <AddOne label={t`Put in an agent`} icon={Plus} things={others.map(({ agent, name }) => ({ id: agent.login, name }))} add={add} />
      <p className="caption">
        <Trans>For the length of a shift, queues of an agent are changed on the floor.</Trans>
      </p>
      <p className="queueLinks">
        <Link to="/floor">
          <Trans>To the floor</Trans>
        </Link>
      </p>
    </Group>
  );
}

function Serving({ queue, agent, number, name, setAgent, atAgent }: FormProps & { agent: AgentOf; number: number; name: string }) {
  const { t } = useLingui();
  const id = useId();
  const problems = [...atAgent(number, `queues.${queue.id}`), ...atAgent(number, "login")];
  return (
    <li data-place={`agents[${number}]`}>
      <label htmlFor={id}>
        <bdi>{name}</bdi>
      </label>
      <select
        id={id}
        className="input"
        aria-label={t`Level: ${name}`}
        aria-describedby={problems.length > 0 ? `${id}told` : undefined}
        aria-invalid={problems.some(({ warning }) => !warning) || undefined}
        value={agent.queues[queue.id]}
        onChange={(event) => setAgent(withLevel(agent, queue.id, Number(event.target.value)))}
      >
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {t`level ${level}`}
          </option>
        ))}
      </select>
      <IconButton icon={X} name={t`Take out: ${name}`} onPress={() => setAgent(withLevel(agent, queue.id, null))} />
      {queue.strategy === "weighted_random" && (
        <Figure label={t`Weight, in all queues: ${name}`} least={0} value={agent.weight} problems={atAgent(number, "weight")} change={(weight) => setAgent({ ...agent, weight: weight as number }, "weight")} />
      )}
      <Told id={`${id}told`} problems={problems} />
    </li>
  );
}
