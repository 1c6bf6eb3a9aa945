/** What one has to do, and what anybody of one's queues may take; on the desk between contacts. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { myTasksQuery } from "@/api/customers";
import { Refusal } from "@/design/Refusal";
import { RefusedOfGone, TaskRow } from "@/followup/TaskRow";

export function MyTasks() {
  const { t } = useLingui();
  const { data, error } = useQuery(myTasksQuery);
  if (error && !data) return <Refusal error={error} />;
  if (!data) return null;
  if (data.tasks.length === 0) return <RefusedOfGone tasks={data.tasks} />;
  return (
    <section className="myTasks" aria-label={t`My tasks`}>
      <h2 className="heading">
        <Trans>My tasks</Trans> <span className="figures muted">{data.tasks.length}</span>
      </h2>
      <Refusal error={error} />
      <RefusedOfGone tasks={data.tasks} />
      <ul className="card tasks">
        {data.tasks.map((task) => (
          <TaskRow key={task.id} task={task} />
        ))}
      </ul>
    </section>
  );
}
