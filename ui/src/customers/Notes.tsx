/** Notes and tasks of a customer. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Pin } from "lucide-react";
import { type SubmitEvent, useState } from "react";

import { addNote, addTask, changeNote, peopleQuery, tickTask, writtenQuery, type Note, type Task, type Written } from "@/api/customers";
import { useMe } from "@/api/session";
import { useKept } from "@/customers/draft";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/desk/result.css";
import { moment } from "@/i18n/format";

export function Notes({ customer }: { customer: string }) {
  const { t } = useLingui();
  const { data, error } = useQuery(writtenQuery(customer));
  const client = useQueryClient();
  const fresh = (written: Written) => {
    client.setQueryData(writtenQuery(customer).queryKey, written);
    void client.invalidateQueries({ queryKey: ["customer", customer, "timeline"] });
    void client.invalidateQueries({ queryKey: ["tasks"] });
  };
  return (
    <div className="notes">
      <NewNote customer={customer} fresh={fresh} />
      <Refusal error={error} />
      {data && data.notes.length > 0 && (
        <ul className="noteList" aria-label={t`Notes`}>
          {data.notes.map((note) => (
            <OneNote key={note.id} customer={customer} note={note} fresh={fresh} />
          ))}
        </ul>
      )}
      <section aria-label={t`Tasks`} className="tasks">
        <h3 className="heading">
          <Trans>Tasks</Trans>
        </h3>
        {data && data.tasks.length > 0 && (
          <ul>
            {data.tasks.map((task) => (
              <OneTask key={task.id} customer={customer} task={task} fresh={fresh} />
            ))}
          </ul>
        )}
        <NewTask customer={customer} fresh={fresh} />
      </section>
    </div>
  );
}

type Fresh = { fresh: (written: Written) => void };

function NewNote({ customer, fresh }: { customer: string } & Fresh) {
  const { t } = useLingui();
  const [text, write, forget] = useKept(`note.${customer}`, "");
  const add = useMutation({
    mutationFn: () => addNote(customer, text),
    onSuccess: (written) => {
      forget();
      fresh(written);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim()) add.mutate();
  };
  return (
    <form className="noteNew" onSubmit={submit}>
      <textarea className="input resultNote" dir="auto" rows={2} maxLength={10_000} aria-label={t`New note`} placeholder={t`What others should know about this customer`} value={text} onChange={(event) => write(event.target.value)} />
      {text.trim() && (
        <Button type="submit" kind="primary" isPending={add.isPending}>
          <Trans>Save the note</Trans>
        </Button>
      )}
      <Refusal error={add.error} />
    </form>
  );
}

function OneNote({ customer, note, fresh }: { customer: string; note: Note } & Fresh) {
  const { t } = useLingui();
  const me = useMe();
  const [text, setText] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: (body: { text?: string; pinned?: boolean }) => changeNote(customer, note.id, body),
    onSuccess: (written) => {
      setText(null);
      fresh(written);
    },
  });
  return (
    <li className={note.pinned_at ? "pinned" : ""}>
      <p className="noteTop caption">
        <bdi>{note.by.name}</bdi>
        <span className="figures">{moment(note.at)}</span>
        {note.edited_at && <span>{t`mended`}</span>}
        <span className="noteActions">
          {note.by.id === me.person.id && text === null && <IconButton icon={Pencil} name={t`Mend the note`} onPress={() => setText(note.text)} />}
          <IconButton icon={Pin} aria-pressed={note.pinned_at !== null} name={t`Pin on top`} onPress={() => change.mutate({ pinned: note.pinned_at === null })} />
        </span>
      </p>
      {text === null ? (
        <p className="noteText" dir="auto">
          {note.text}
        </p>
      ) : (
        <>
          <textarea className="input" dir="auto" rows={3} maxLength={10_000} aria-label={t`Text of the note`} value={text} onChange={(event) => setText(event.target.value)} />
          <span className="cardActions">
            <Button kind="primary" isDisabled={!text.trim()} isPending={change.isPending} onPress={() => change.mutate({ text })}>
              <Trans>Save</Trans>
            </Button>
            <Button onPress={() => setText(null)}>
              <Trans>Cancel</Trans>
            </Button>
          </span>
        </>
      )}
      <Refusal error={change.error} />
    </li>
  );
}

function useLate(task: Task): boolean {
  const [now] = useState(() => Date.now());
  return task.due_at !== null && task.done_at === null && Date.parse(task.due_at) < now;
}

function OneTask({ customer, task, fresh }: { customer: string; task: Task } & Fresh) {
  const { t } = useLingui();
  const tick = useMutation({ mutationFn: () => tickTask(customer, task.id, !task.done_at), onSuccess: fresh });
  const late = useLate(task);
  const due = task.due_at && moment(task.due_at);
  return (
    <li className={`task ${task.done_at ? "done" : ""}`}>
      <label>
        <input type="checkbox" checked={task.done_at !== null} disabled={tick.isPending} onChange={() => tick.mutate()} />
        <bdi className="taskText">{task.text}</bdi>
      </label>
      <span className="caption">
        {due && <span className={`figures ${late ? "late" : ""}`}>{late ? t`overdue since ${due}` : t`by ${due}`}</span>}
        <bdi>{(task.assignee ?? task.queue)?.name}</bdi>
      </span>
      <Refusal error={tick.error} />
    </li>
  );
}

function NewTask({ customer, fresh }: { customer: string } & Fresh) {
  const { t } = useLingui();
  const me = useMe();
  const { data: people } = useQuery(peopleQuery);
  const empty = { text: "", due: "", assignee: me.person.id };
  const [task, write, forget] = useKept(`task.${customer}`, empty);
  const add = useMutation({
    mutationFn: () => addTask(customer, { text: task.text, due_at: task.due ? new Date(task.due).toISOString() : null, assignee: task.assignee }),
    onSuccess: (written) => {
      forget();
      fresh(written);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (task.text.trim()) add.mutate();
  };
  return (
    <form className="taskNew" onSubmit={submit}>
      <input className="input" dir="auto" aria-label={t`New task`} placeholder={t`What is to be done`} maxLength={1_000} value={task.text} onChange={(event) => write({ ...task, text: event.target.value })} />
      {task.text.trim() && (
        <>
          <input className="input" type="datetime-local" aria-label={t`Due by`} value={task.due} onChange={(event) => write({ ...task, due: event.target.value })} />
          <select className="input" aria-label={t`Who does it`} value={task.assignee} onChange={(event) => write({ ...task, assignee: event.target.value })}>
            {(people?.people ?? [me.person]).map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
          <Button type="submit" kind="primary" isPending={add.isPending}>
            <Trans>Add the task</Trans>
          </Button>
        </>
      )}
      <Refusal error={add.error} />
    </form>
  );
}
