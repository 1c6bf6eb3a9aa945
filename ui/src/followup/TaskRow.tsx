/** One thing to be done: ticked off, taken, postponed, handed on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";

import { myTasksQuery, peopleQuery, type Task } from "@/api/customers";
import { handleTask, type Handling } from "@/api/followup";
import { useMe } from "@/api/session";
import { CallNumber } from "@/calling/CallNumber";
import "@/customers/customers.css";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import "@/followup/followup.css";
import { later, type Later } from "@/followup/when";
import { moment, phone } from "@/i18n/format";
import { useLive } from "@/live/useLive";

const taskKey = (task: string) => ["task", task];

/** Why it could not be done, of a task that is no longer in the list: it went with whoever was first. */
export function RefusedOfGone({ tasks }: { tasks: readonly Task[] }) {
  const last = useMutationState({ filters: { mutationKey: ["task"] }, select: ({ state, options }) => ({ error: state.error, task: options.mutationKey?.[1] }) }).at(-1);
  return <Refusal error={tasks.some(({ id }) => id === last?.task) ? null : (last?.error ?? null)} />;
}

/** `whose`: who is to do it is shown, since it may be anybody. */
export function TaskRow({ task, whose = false }: { task: Task; whose?: boolean }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const change = useMutation({
    mutationKey: taskKey(task.id),
    gcTime: 60_000,
    mutationFn: (body: Handling) => handleTask(task.id, body),
    onSuccess: (mine) => {
      client.setQueryData(myTasksQuery.queryKey, mine);
      void client.invalidateQueries({ queryKey: ["customer"] });
      void client.invalidateQueries({ queryKey: ["tasks", "of"] });
    },
    // Somebody else was first: the list is not what it was.
    onError: () => void client.invalidateQueries({ queryKey: ["tasks"] }),
  });
  const [now] = useState(() => Date.now());
  const due = task.due_at && moment(task.due_at);
  const late = task.due_at !== null && Date.parse(task.due_at) < now;
  return (
    <li className="task">
      <label>
        <input type="checkbox" checked={!change.isError && (change.variables?.done ?? false)} disabled={change.isPending} onChange={() => change.mutate({ done: true })} />
        <bdi className="taskText">{task.text}</bdi>
      </label>
      <span className="caption">
        {due && <span className={`figures ${late ? "late" : ""}`}>{late ? t`overdue since ${due}` : t`by ${due}`}</span>}
        {task.customer && (
          <Link to="/customers" search={{ customer: task.customer.id }}>
            <bdi>{task.customer.name}</bdi>
          </Link>
        )}
        {!task.customer && task.number && <span className="figures">{phone(task.number)}</span>}
        {!task.assignee && task.queue && <Tag>{task.queue.name}</Tag>}
        {whose && task.assignee && <bdi>{task.assignee.name}</bdi>}
      </span>
      <span className="taskWays">
        {!task.assignee && (
          <Button isPending={change.isPending} onPress={() => change.mutate({ take: true })}>
            <Trans>Take it</Trans>
          </Button>
        )}
        <CallNumber number={task.number} />
        <Postpone task={task} postpone={(due_at) => change.mutate({ due_at })} />
        <HandOn task={task} hand={change.mutate} />
      </span>
      <Refusal error={change.error} />
    </li>
  );
}

function Postpone({ task, postpone }: { task: Task; postpone: (due_at: string) => void }) {
  const { t } = useLingui();
  const ways: Record<Later, string> = { hour: t`By an hour`, tomorrow: t`To tomorrow, 9:00`, week: t`By a week` };
  return (
    <MenuTrigger>
      <Button icon={ChevronDown} aria-label={t`Postpone: ${task.text}`}>
        <Trans>Postpone</Trans>
      </Button>
      <Popover className="popover" placement="bottom start" offset={6}>
        <Menu className="menu" aria-label={t`Postpone`} onAction={(way) => postpone(later(way as Later, new Date()).toISOString())}>
          {(Object.keys(ways) as Later[]).map((way) => (
            <MenuItem key={way} id={way}>
              {ways[way]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function HandOn({ task, hand }: { task: Task; hand: (body: Handling) => void }) {
  const { t } = useLingui();
  const me = useMe();
  const seen = task.assignee?.id ?? null;
  const { data } = useQuery(peopleQuery);
  const queues = useLive((state) => state.queues) ?? [];
  const others = queues.filter((queue) => task.assignee !== null || queue.id !== task.queue?.id);
  const people = (data?.people ?? []).filter((one) => one.id !== seen);
  const to = (person: string) => hand(person === me.person.id && seen === null ? { take: true } : { assignee: person, seen });
  return (
    <MenuTrigger>
      <Button icon={ChevronDown} aria-label={t`Hand on: ${task.text}`}>
        <Trans>Hand on</Trans>
      </Button>
      <Popover className="popover" placement="bottom start" offset={6}>
        <Menu className="menu" aria-label={t`Hand on`}>
          <MenuSection>
            <Header>
              <Trans>Anybody of the queue</Trans>
            </Header>
            {others.map((queue) => (
              <MenuItem key={queue.id} id={`q${queue.id}`} textValue={queue.name} onAction={() => hand({ queue: queue.id, seen })}>
                <span className="clip">{queue.name}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection>
            <Header>
              <Trans>A colleague</Trans>
            </Header>
            {people.map((one) => (
              <MenuItem key={one.id} id={`p${one.id}`} textValue={one.name} onAction={() => to(one.id)}>
                <span className="clip">{one.name}</span>
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
