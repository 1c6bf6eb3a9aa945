/** What one has to do, and what anybody of one's queues may take; on the desk between contacts. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

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

export function MyTasks() {
  const { t } = useLingui();
  const { data, error } = useQuery(myTasksQuery);
  if (error && !data) return <Refusal error={error} />;
  if (!data || data.tasks.length === 0) return null;
  return (
    <section className="myTasks" aria-label={t`My tasks`}>
      <h2 className="heading">
        <Trans>My tasks</Trans> <span className="figures muted">{data.tasks.length}</span>
      </h2>
      <Refusal error={error} />
      <ul className="card tasks">
        {data.tasks.map((task) => (
          <MyTask key={task.id} task={task} />
        ))}
      </ul>
    </section>
  );
}

function MyTask({ task }: { task: Task }) {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Handling) => handleTask(task.id, body),
    onSuccess: (mine) => {
      client.setQueryData(myTasksQuery.queryKey, mine);
      void client.invalidateQueries({ queryKey: ["customer"] });
    },
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
      </span>
      <span className="taskWays">
        {!task.assignee && (
          <Button isPending={change.isPending} onPress={() => change.mutate({ assignee: me.person.id })}>
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
  return (
    <select
      className="input"
      aria-label={t`Postpone: ${task.text}`}
      value=""
      onChange={(event) => event.target.value && postpone(later(event.target.value as Later, new Date()).toISOString())}
    >
      <option value="">{t`Postpone…`}</option>
      <option value="hour">{t`by an hour`}</option>
      <option value="tomorrow">{t`to tomorrow, 9:00`}</option>
      <option value="week">{t`by a week`}</option>
    </select>
  );
}

function HandOn({ task, hand }: { task: Task; hand: (body: Handling) => void }) {
  const { t } = useLingui();
  const me = useMe();
  const { data: people } = useQuery(peopleQuery);
  const queues = useLive((state) => state.queues) ?? [];
  const choose = (value: string) => {
    const [kind, id] = [value.slice(0, 1), value.slice(1)];
    if (id) hand(kind === "q" ? { queue: id } : { assignee: id });
  };
  return (
    <select className="input" aria-label={t`Hand on: ${task.text}`} value="" onChange={(event) => choose(event.target.value)}>
      <option value="">{t`Hand on…`}</option>
      <optgroup label={t`Anybody of the queue`}>
        {queues
          .filter((queue) => task.assignee !== null || queue.id !== task.queue?.id)
          .map((queue) => (
            <option key={queue.id} value={`q${queue.id}`}>
              {queue.name}
            </option>
          ))}
      </optgroup>
      <optgroup label={t`A colleague`}>
        {(people?.people ?? [])
          .filter((one) => one.id !== me.person.id)
          .map((one) => (
            <option key={one.id} value={`p${one.id}`}>
              {one.name}
            </option>
          ))}
      </optgroup>
    </select>
  );
}
