/** One queue in forms; beside it problems, versions. */
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";

import type { Problem } from "@/api/parts";
import { IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { Agents } from "@/queues/Agents";
import { Callbacks, CallingOut } from "@/queues/Calls";
import { Exits } from "@/queues/Exits";
import { Group, Said, type FormProps } from "@/queues/Form";
import { jump } from "@/queues/jump";
import { others } from "@/queues/Leading";
import { withWrapUp, wrapUpOf, type Queue, type WrapUp } from "@/queues/queue";
import { Serving } from "@/queues/Serving";
import { Heard, Limits } from "@/queues/Waiting";
import { Marks, Recording } from "@/queues/Watching";
import { wanted } from "@/setup/agents";
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
  const own = problemsOf(editing, number);
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
    agents: wanted(editing.agents, editing.opened.agents),
    setAgent: (agent, what = "") => editing.change({ agents: { ...editing.agents, [agent.login]: agent } }, what && `${agent.login} ${what}`),
    atAgent: (agent, inside) => editing.at(`agents[${agent}].${inside}`),
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
          <Itself {...form} />
          <Agents {...form} />
          <Serving {...form} />
          <After {...form} />
          <Heard {...form} />
          <Exits {...form} />
          <Limits {...form} />
          <Callbacks {...form} />
          <CallingOut {...form} />
          <Recording {...form} />
          <LineBreaks {...form} />
          <Marks {...form} />
          <p className="muted">
            <Trans>Talk scripts and results of the queue have screens of their own.</Trans>
          </p>
        </div>
        <aside className="partStack" aria-label={t`About the queue`}>
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

/** Is it of an agent's belonging to this queue? */
export const ofMembers = (place: string, queue: string): boolean => /^agents\[\d+\]\./.test(place) && place.endsWith(`.queues.${queue}`);

/** Its own, of its agents, and what belongs to no queue. */
function problemsOf(editing: QueuesEditing, number: number): Problem[] {
  const own = editing.at(`queues[${number}]`);
  const others = editing.value.filter((_, at) => at !== number);
  return editing.problems.filter((problem) => own.includes(problem) || (!problem.place.startsWith("queues[") && !others.some(({ id }) => ofMembers(problem.place, id))));
}

/** What stands at a place, by the title of its part of the form. */
function whereOf(problem: Problem, place: string, i18n: I18n): string {
  const field = /^\.(\w+)/.exec(problem.place.slice(place.length))?.[1] ?? "";
  if (problem.place.startsWith("agents[")) return i18n._(msg`Who serves it`);
  if (!problem.place.startsWith(place)) return problem.place || "–";
  if (/^(requires|rings)$/.test(field)) return i18n._(msg`What is asked of an agent`);
  if (/^(strategy|hunt|ring_|priority|target_|last_agent|personal_|adjustment_|decline_)/.test(field)) return i18n._(msg`Who gets the contact`);
  if (field.startsWith("wrap_up")) return i18n._(msg`After the conversation`);
  if (/^(announce|messages|music)/.test(field)) return i18n._(msg`What they hear while they wait`);
  if (field.startsWith("exits")) return i18n._(msg`Keys while they wait`);
  if (field === "callback") return i18n._(msg`Callbacks`);
  if (field === "calling") return i18n._(msg`Calls out`);
  if (field.startsWith("recording")) return i18n._(msg`Recording`);
  if (/^(rejoin_|agent_lost)/.test(field)) return i18n._(msg`When the agent’s line breaks off`);
  if (field === "thresholds") return i18n._(msg`Marks on the floor and the wallboard`);
  if (/^(max_|join_|leave_|otherwise|overflow)/.test(field)) return i18n._(msg`Limits and overflow`);
  return field === "name" ? i18n._(msg`Name`) : problem.place.slice(place.length + 1) || i18n._(msg`The queue`);
}

function Itself({ queue, at, names, set }: FormProps) {
  const { t } = useLingui();
  const divisions = others(names["divisions"]);
  return (
    <Group title={t`The queue`}>
      <div className="partPair">
        <Line label={t`Name`} longest={100} value={queue.name} problems={at("name")} change={(name) => set({ name }, "name")} />
        {divisions.length > 0 && (
          <Pick label={t`Centre`} value={queue.division ?? ""} options={[{ id: "", name: t`Of all` }, ...divisions]} problems={at("division")} change={(division) => set({ division: division || null })} />
        )}
      </div>
      <p className="caption">
        <Trans>In the file and in reports it is</Trans> <code>{queue.id}</code>
      </p>
    </Group>
  );
}

function LineBreaks({ queue, at, set, figure }: FormProps) {
  const { t } = useLingui();
  return (
    <Group title={t`When the agent’s line breaks off`}>
      <div className="partPair">
        <Figure label={t`The agent’s page may come back within, seconds`} {...figure("rejoin_seconds")} />
      </div>
      <Said
        label={t`Said to the customer`}
        said={queue.agent_lost}
        problems={at("agent_lost")}
        help={<Trans>Before the music; without it, words of the program. After the time the customer is back in the queue, at the old place.</Trans>}
        change={(agent_lost, language) => set({ agent_lost }, `agent_lost.${language}`)}
      />
    </Group>
  );
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
