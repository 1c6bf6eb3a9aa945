/** One queue: what matters most of it in forms; beside it who serves it, problems, versions. */
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";

import type { Problem } from "@/api/parts";
import { IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { spoken } from "@/i18n/language";
import { Agents } from "@/queues/Agents";
import { Group, type FormProps } from "@/queues/Form";
import { jump } from "@/queues/jump";
import { withWrapUp, wrapUpOf, type Queue, type WrapUp } from "@/queues/queue";
import { Serving } from "@/queues/Serving";
import { Heard, Limits } from "@/queues/Waiting";
import { Figure, Line, Pick } from "@/setup/Fields";
import { PartVersions } from "@/setup/PartVersions";
import { ProblemCount, Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import type { Editing } from "@/setup/useSetupPart";

export type QueuesEditing = Editing<Queue[]>;

export function PublishedQueues() {
  return <Trans>Counts at once, also for those who wait now: nobody loses the place.</Trans>;
}

export function QueueEditor({ editing, number, leave }: { editing: QueuesEditing; number: number; leave: () => void }) {
  const { t, i18n } = useLingui();
  const queue = editing.value[number] as Queue;
  const place = `queues[${number}]`;
  const own = editing.problems.filter((problem) => !problem.place.startsWith("queues[") || editing.at(place).includes(problem));
  const form: FormProps = {
    queue,
    names: editing.opened.names,
    at: (inside) => editing.at(`${place}.${inside}`),
    set: (changes, what = "") => editing.change({ value: editing.value.map((each, n) => (n === number ? { ...queue, ...changes } : each)) }, what && `${queue.id} ${what}`),
    figure: (name) => ({
      value: queue[name],
      problems: editing.at(`${place}.${name}`),
      change: (value) => form.set({ [name]: value }, name),
    }),
  };
  return (
    <div className="page partEditor">
      <header className="partTop">
        <IconButton icon={ArrowLeft} name={t`All queues`} onPress={leave} />
        <h1>{queue.name || queue.id}</h1>
        <span className="shellSpace" />
        <PartActions part="queues" editing={editing}>
          <PublishedQueues />
        </PartActions>
      </header>
      <Refusal error={editing.error} />
      <div className="partBeside">
        <div className="partStack">
          <Group title={t`The queue`}>
            <Line label={t`Name`} longest={100} value={queue.name} problems={form.at("name")} change={(name) => form.set({ name }, "name")} />
            <p className="caption">
              <Trans>In the file and in reports it is</Trans> <code>{queue.id}</code>
            </p>
          </Group>
          <Serving {...form} />
          <After {...form} />
          <Heard {...form} />
          <Limits {...form} />
          <CallbackHours {...form} />
          <p className="muted">
            <Trans>What is not here, keys, recording, calls out, thresholds, stays as it is. It stands in the set-up as a file.</Trans>
          </p>
        </div>
        <aside className="partStack" aria-label={t`About the queue`}>
          <Agents queue={queue} />
          <div className="card">
            <Tabs
              label={t`About the queue`}
              pages={[
                { id: "problems", name: <ProblemCount problems={own} />, content: <Problems problems={own} where={(problem) => whereOf(problem, place, i18n)} jump={jump} /> },
                {
                  id: "versions",
                  name: <Trans>Versions</Trans>,
                  content: <PartVersions part="queues" item={queue.id} editing={editing} with={(earlier) => editing.value.map((each) => (each.id === queue.id ? (earlier.find(({ id }) => id === queue.id) ?? each) : each))} />,
                },
              ]}
            />
          </div>
        </aside>
      </div>
    </div>
  );
}

/** What stands at a place, by the title of its part of the form. */
function whereOf(problem: Problem, place: string, i18n: I18n): string {
  const field = /^\.(\w+)/.exec(problem.place.slice(place.length))?.[1] ?? "";
  if (!problem.place.startsWith(place)) return problem.place || "–";
  if (/^(requires|rings)$/.test(field)) return i18n._(msg`What is asked of an agent`);
  if (/^(strategy|hunt|ring_|priority|target_|last_agent|personal_)/.test(field)) return i18n._(msg`Who gets the contact`);
  if (field.startsWith("wrap_up")) return i18n._(msg`After the conversation`);
  if (/^(announce|messages|music)/.test(field)) return i18n._(msg`What they hear while they wait`);
  if (/^(max_|join_|leave_|otherwise|overflow)/.test(field)) return i18n._(msg`Limits and overflow`);
  return field === "name" ? i18n._(msg`Name`) : problem.place.slice(place.length + 1) || i18n._(msg`The queue`);
}

function After({ queue, set, figure }: FormProps) {
  const { t } = useLingui();
  /** Its fields stay while one of them is typed in, also where 0 stands, which means none. */
  const [typing, setTyping] = useState(false);
  const kind = typing ? "timed" : wrapUpOf(queue);
  const seconds = figure("wrap_up_seconds");
  const kinds: { id: WrapUp; name: string }[] = [
    { id: "none", name: t`None: ready again at once` },
    { id: "timed", name: t`Up to a time` },
    { id: "manual", name: t`Until the agent ends it` },
  ];
  return (
    <Group title={t`After the conversation`}>
      <div className="partPair" onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setTyping(false)}>
        <Pick
          label={t`Wrap-up`}
          value={kind}
          options={kinds}
          change={(next) => {
            setTyping(false);
            set(withWrapUp(queue, next as WrapUp));
          }}
        />
        {kind === "timed" && (
          <>
            <Figure
              label={t`Wrap-up, seconds`}
              {...seconds}
              change={(value) => {
                setTyping(true);
                seconds.change(value);
              }}
            />
            <Figure label={t`More on request, seconds`} {...figure("wrap_up_extension_seconds")} />
            <Figure label={t`Longest wrap-up, seconds`} {...figure("wrap_up_limit_seconds")} />
          </>
        )}
      </div>
    </Group>
  );
}

function CallbackHours({ queue, at, names, set }: FormProps) {
  const { t } = useLingui();
  const calendars = (names["calendars"] ?? []).map((each) => ({ id: each.id, name: each[spoken()] }));
  return (
    <Group title={t`Hours of callbacks`}>
      <div className="partPair">
        <Pick
          label={t`Customers are called back`}
          value={queue.callback?.open ?? ""}
          options={[{ id: "", name: t`At any time` }, ...calendars.map(({ id, name }) => ({ id, name: t`While it is open: ${name}` }))]}
          problems={at("callback.open")}
          change={(open) => set({ callback: { ...queue.callback, open: open || null } })}
        />
      </div>
      <p className="caption">
        <Trans>Whether callers come into the queue at all outside the hours is decided by the rules of the entry point.</Trans>
      </p>
    </Group>
  );
}
