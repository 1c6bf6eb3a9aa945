/** What is to be done next, by whom and by when. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { myTasksQuery, peopleQuery } from "@/api/customers";
import { forgetFollowUp, writeFollowUp } from "@/api/followup";
import { useMe } from "@/api/session";
import { useKept } from "@/customers/draft";
import type { Part } from "@/followup/FollowUp";
import { field } from "@/followup/when";
import { useLive } from "@/live/useLive";

interface Draft {
  text: string;
  /** Null: as the result proposes it. */
  due: string | null;
  whose: string | null;
}
const EMPTY: Draft = { text: "", due: null, whose: null };
const QUEUE = "queue:";

export function TaskAfter({ contact: { id: contact }, result, follow }: Part) {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const [draft, write, forget] = useKept(`followup.${contact}`, EMPTY);
  const [missing, setMissing] = useState(false);
  const [opened] = useState(() => Date.now());
  const text = useRef<HTMLInputElement>(null);
  const written = useRef(false);
  const { data: people } = useQuery(peopleQuery);
  const queues = useLive((state) => state.queues) ?? [];
  const required = result.task === "required";
  const due = draft.due ?? (result.task_seconds > 0 ? field(new Date(opened + 1000 * result.task_seconds)) : "");
  const whose = draft.whose ?? (result.task_queue ? QUEUE + result.task_queue : me.person.id);

  useEffect(() => {
    follow("task", {
      ready: () => {
        const ready = !required || draft.text.trim() !== "";
        setMissing(!ready);
        if (!ready) text.current?.focus();
        return ready;
      },
      write: async () => {
        if (draft.text.trim()) {
          const queue = whose.startsWith(QUEUE) ? whose.slice(QUEUE.length) : null;
          await writeFollowUp(contact, { text: draft.text, due_at: due ? new Date(due).toISOString() : null, assignee: queue ? null : whose, queue });
          written.current = true;
        } else if (written.current) await forgetFollowUp(contact);
        void client.invalidateQueries({ queryKey: myTasksQuery.queryKey });
      },
      over: forget,
    });
    return () => follow("task", null);
  });

  return (
    <fieldset className="followUp">
      <legend className="heading">
        <Trans>What is to be done next</Trans>
        {!required && (
          <span className="caption">
            {" "}
            <Trans>(if you like)</Trans>
          </span>
        )}
      </legend>
      <input
        ref={text}
        className="input"
        dir="auto"
        maxLength={1_000}
        aria-label={t`Task`}
        aria-required={required}
        aria-invalid={missing || undefined}
        aria-describedby={missing ? "missing-task" : undefined}
        placeholder={t`Send the bill, check the delivery…`}
        value={draft.text}
        onChange={(event) => write({ ...draft, text: event.target.value })}
      />
      {missing && (
        <p id="missing-task" className="resultMissing" role="alert">
          <Trans>This result asks for a task.</Trans>
        </p>
      )}
      {(required || draft.text.trim() !== "") && (
        <div className="followUpWhose">
          <select className="input" aria-label={t`Who does it`} value={whose} onChange={(event) => write({ ...draft, whose: event.target.value })}>
            <option value={me.person.id}>{t`I myself`}</option>
            <optgroup label={t`Anybody of the queue`}>
              {queues.map((queue) => (
                <option key={queue.id} value={QUEUE + queue.id}>
                  {queue.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t`A colleague`}>
              {(people?.people ?? [])
                .filter((one) => one.id !== me.person.id)
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
            </optgroup>
          </select>
          <input className="input" type="datetime-local" aria-label={t`Due by`} value={due} onChange={(event) => write({ ...draft, due: event.target.value })} />
        </div>
      )}
    </fieldset>
  );
}
