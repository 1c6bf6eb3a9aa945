/** What is still to be done in the whole centre; above all what nobody sees: of people who are gone, of queues without agents. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp } from "lucide-react";

import { tasksOfQuery, type Whose } from "@/api/followup";
import { Button } from "@/design/Button";
import { Choice } from "@/design/Choice";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { RefusedOfGone, TaskRow } from "@/followup/TaskRow";

export function Tasks({ whose, choose }: { whose: Whose | undefined; choose: (whose: Whose | undefined) => void }) {
  const { t } = useLingui();
  const lost = useQuery(tasksOfQuery("nobody"));
  const count = lost.data?.total ?? 0;
  const open = whose !== undefined;
  const usual = count > 0 ? "nobody" : "all";
  const choices = [
    { id: "nobody" as const, name: t`Nobody's` },
    { id: "own" as const, name: t`My own` },
    { id: "all" as const, name: t`All` },
  ];
  return (
    <section className="card floorTasks" aria-label={t`Tasks`}>
      <h2 className="heading">
        <Trans>Tasks</Trans>
        {count > 0 && (
          <Tag tone="warn">
            <Trans>Nobody sees {count}</Trans>
          </Tag>
        )}
        {open && <Choice name={t`Whose tasks`} value={whose} choose={choose} options={choices.map((one) => ({ ...one, short: one.name }))} />}
        <Button kind="bare" icon={open ? ChevronUp : ChevronDown} aria-expanded={open} onPress={() => choose(open ? undefined : usual)}>
          {open ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
        </Button>
      </h2>
      {open && <List whose={whose} />}
      <Refusal error={lost.error} />
    </section>
  );
}

function List({ whose }: { whose: Whose }) {
  const { data, error } = useQuery(tasksOfQuery(whose));
  if (error) return <Refusal error={error} />;
  if (!data) return null;
  if (data.tasks.length === 0) {
    return (
      <>
        <RefusedOfGone tasks={data.tasks} />
        <p className="muted" role="status">
          {whose === "nobody" ? <Trans>Every task has somebody who sees it.</Trans> : <Trans>Nothing is to be done.</Trans>}
        </p>
      </>
    );
  }
  const { total } = data;
  const shown = data.tasks.length;
  return (
    <>
      <RefusedOfGone tasks={data.tasks} />
      {total > shown && (
        <p className="muted" role="status">
          <Trans>
            The first {shown} of {total}
          </Trans>
        </p>
      )}
      <ul className="tasks">
        {data.tasks.map((task) => (
          <TaskRow key={task.id} task={task} whose />
        ))}
      </ul>
    </>
  );
}
