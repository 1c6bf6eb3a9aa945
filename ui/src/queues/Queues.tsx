/** Queues: all of them, and one while it is edited. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ListOrdered, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { emptyQueue, wrapUpOf, type Queue } from "@/queues/queue";
import { ofMembers, PublishedQueues, QueueEditor, type QueuesEditing } from "@/queues/QueueEditor";
import "@/queues/queues.css";
import { STRATEGY } from "@/queues/words";
import { wanted, withoutQueue } from "@/setup/agents";
import { freshIdOf } from "@/setup/freshId";
import { NewNamed } from "@/setup/NewNamed";
import { Problems } from "@/setup/Problems";
import { ProblemsTag } from "@/setup/ProblemsTag";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { useSetupPart } from "@/setup/useSetupPart";

export function Queues() {
  const search = useSearch({ from: "/inside/configuration/queues" });
  const navigate = useNavigate({ from: "/configuration/queues" });
  const { editing, error } = useSetupPart<Queue[]>("queues");
  const open = (queue: string | undefined) => void navigate({ search: queue === undefined ? {} : { queue } });
  const number = editing?.value.findIndex(({ id }) => id === search.queue) ?? -1;
  return (
    <>
      {!editing ? (
        <div className="page partList">
          <SetupNav />
          <h1>
            <Trans>Queues</Trans>
          </h1>
          <Refusal error={error} />
        </div>
      ) : number < 0 ? (
        <All editing={editing} open={open} />
      ) : (
        <QueueEditor key={search.queue} editing={editing} number={number} leave={() => open(undefined)} />
      )}
      <LeaveGuard unsaved={editing?.unsaved ?? false} within="/configuration/queues">
        <Trans>What was changed in the queues is not published.</Trans>
      </LeaveGuard>
    </>
  );
}

function All({ editing, open }: { editing: QueuesEditing; open: (queue: string) => void }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const queues = editing.value;
  const elsewhere = editing.problems.filter(({ place }) => !place.startsWith("queues[") && !queues.some(({ id }) => ofMembers(place, id)));
  return (
    <div className="page partList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Queues</Trans>
        </h1>
        <span className="partTools">
          <PartActions part="queues" editing={editing}>
            <PublishedQueues />
          </PartActions>
          <Button icon={Plus} aria-expanded={adding} onPress={() => setAdding(!adding)}>
            <Trans>New queue</Trans>
          </Button>
        </span>
      </div>
      <p className="muted">
        <Trans>Where contacts wait, to whom they are offered, and what happens when it takes too long.</Trans>
      </p>
      <Refusal error={editing.error} />
      {elsewhere.length > 0 && <Problems problems={elsewhere} where={({ place }) => place || "–"} jump={() => undefined} />}
      {adding && (
        <NewNamed
          usual={t`Queue`}
          submit={t`Create`}
          add={(name) => {
            const made = emptyQueue(freshIdOf(name, "queue", queues.map(({ id }) => id)), name);
            editing.change({ value: [...queues, made] });
            open(made.id);
          }}
        />
      )}
      {queues.length === 0 && !adding && (
        <div className="blank card">
          <ListOrdered size={28} aria-hidden />
          <Trans>No queues yet.</Trans>
        </div>
      )}
      {queues.length > 0 && (
        <ul className="card setupList partTable queueList" aria-label={t`Queues`}>
          {queues.map((queue, number) => (
            <Row key={queue.id} queue={queue} number={number} editing={editing} open={open} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ queue, number, editing, open }: { queue: Queue; number: number; editing: QueuesEditing; open: (queue: string) => void }) {
  const { t, i18n } = useLingui();
  const own = editing.problems.filter((problem) => editing.at(`queues[${number}]`).includes(problem) || ofMembers(problem.place, queue.id));
  const agents = wanted(editing.agents, editing.opened.agents);
  const serving = agents.filter(({ queues }) => queue.id in queues).length;
  const name = queue.name || queue.id;
  const seconds = queue.wrap_up_seconds;
  /** Nobody serves it any more, or the rest could not be published. */
  const take = () =>
    editing.change({ value: editing.value.filter((each) => each !== queue), agents: { ...editing.agents, ...withoutQueue(agents, queue.id) } });
  const wrapUp = { none: t`no wrap-up`, timed: t`wrap-up up to ${seconds} s`, manual: t`wrap-up until the agent ends it` }[wrapUpOf(queue)];
  return (
    <li>
      <Button kind="bare" className="setupOpen" onPress={() => open(queue.id)}>
        {name}
      </Button>
      <span className="queueSummary">
        <span>{i18n._(STRATEGY[queue.strategy].name)}</span>
        <span className="caption">
          {queue.everyone ? <Trans>all agents</Trans> : <Plural value={serving} one="# agent" other="# agents" />}
          {" · "}
          {wrapUp}
          {queue.rings.length > 0 && (
            <>
              {" · "}
              <Plural value={queue.rings.length} one="asks for less after a while" other="asks for less in # steps" />
            </>
          )}
        </span>
      </span>
      <span className="setupMarks"><ProblemsTag problems={own} /></span>
      <IconButton icon={Trash2} name={t`Delete ${name}`} onPress={take} />
    </li>
  );
}
