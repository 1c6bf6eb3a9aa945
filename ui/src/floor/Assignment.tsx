/** An agent's queues and skills, and moving the agent between them until the shift ends. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { ArrowRightLeft, Undo2 } from "lucide-react";
import { useState, type ReactNode, type SubmitEvent } from "react";

import { assign, endAssignment } from "@/api/supervision";
import type { FloorAgent, FloorQueue, Named, Worded } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import "@/floor/assignment.css";
import { clock } from "@/i18n/format";
import { spoken } from "@/i18n/language";

type Levels = Record<string, number>;
const USUAL = 5;
const LEVELS = Array.from({ length: 10 }, (_, number) => number + 1);

interface Props {
  agent: FloorAgent;
  queues: FloorQueue[];
  skills: Worded[];
}

export function Assignment({ agent, queues, skills }: Props) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const back = useMutation({ mutationFn: () => endAssignment(agent.id) });
  const since = agent.assigned_at && clock(agent.assigned_at);
  return (
    <section className="assignment" aria-label={t`Queues and skills`}>
      {since && (
        <p className="assignmentMoved">
          <Tag tone="warn">
            <Trans>Moved for this shift at {since}</Trans>
          </Tag>
          <Button icon={Undo2} isPending={back.isPending} onPress={() => back.mutate()}>
            <Trans>Back to the usual queues</Trans>
          </Button>
        </p>
      )}
      {open ? (
        <Move agent={agent} queues={queues} skills={skills} close={() => setOpen(false)} />
      ) : (
        <Button icon={ArrowRightLeft} onPress={() => setOpen(true)}>
          <Trans>Move to other queues</Trans>
        </Button>
      )}
      <Refusal error={back.error} />
    </section>
  );
}

function Move({ agent, queues, skills, close }: Props & { close: () => void }) {
  const [inQueues, setQueues] = useState<Levels>(agent.levels);
  const [able, setAble] = useState<Levels>(agent.skills);
  const move = useMutation({ mutationFn: () => assign(agent.id, inQueues, able), onSuccess: close });
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    move.mutate();
  };
  return (
    <form className="assignmentForm" onSubmit={send}>
      <Table legend={<Trans>Queues</Trans>} rows={queues} levels={inQueues} change={setQueues} />
      {skills.length > 0 && (
        <Table legend={<Trans>Skills</Trans>} rows={skills.map((skill) => ({ id: skill.id, name: skill[spoken()] }))} levels={able} change={setAble} />
      )}
      <p className="muted">
        <Trans>Until the end of the shift. What is in hand is finished first. For good it is changed in the set-up.</Trans>
      </p>
      <Refusal error={move.error} />
      <span className="callActions">
        <Button type="submit" kind="primary" isPending={move.isPending}>
          <Trans>Move for this shift</Trans>
        </Button>
        <Button onPress={close}>
          <Trans>Cancel</Trans>
        </Button>
      </span>
    </form>
  );
}

function Table({ legend, rows, levels, change }: { legend: ReactNode; rows: readonly Named[]; levels: Levels; change: (levels: Levels) => void }) {
  const { t } = useLingui();
  const put = (id: string, level: number | null) => {
    const others = Object.entries(levels).filter(([one]) => one !== id);
    change(Object.fromEntries(level === null ? others : [...others, [id, level]]));
  };
  return (
    <fieldset>
      <legend className="label">{legend}</legend>
      <ul>
        {rows.map(({ id, name }) => (
          <li key={id}>
            <label className="check">
              <input type="checkbox" checked={id in levels} onChange={(event) => put(id, event.target.checked ? USUAL : null)} />
              <bdi>{name}</bdi>
            </label>
            {id in levels && (
              <select className="input" aria-label={t`Level: ${name}`} value={levels[id]} onChange={(event) => put(id, Number(event.target.value))}>
                {LEVELS.map((level) => (
                  <option key={level}>{level}</option>
                ))}
              </select>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
