/** What one has to do, on the desk between contacts. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { myTasksQuery } from "@/api/customers";
import "@/customers/customers.css";
import { OneTask } from "@/customers/Notes";

export function MyTasks() {
  const { t } = useLingui();
  const client = useQueryClient();
  const { data } = useQuery(myTasksQuery);
  if (!data || data.tasks.length === 0) return null;
  return (
    <section className="myTasks" aria-label={t`My tasks`}>
      <h2 className="heading">
        <Trans>My tasks</Trans> <span className="figures muted">{data.tasks.length}</span>
      </h2>
      <ul className="card tasks">
        {data.tasks.map((task) => (
          <OneTask key={task.id} task={task} fresh={() => void client.invalidateQueries({ queryKey: ["tasks"] })}>
            <Link to="/customers" search={{ customer: task.customer.id }}>
              <bdi>{task.customer.name}</bdi>
            </Link>
          </OneTask>
        ))}
      </ul>
    </section>
  );
}
