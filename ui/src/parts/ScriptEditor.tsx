/** One talk script: its steps in a list, the form of the chosen one, and beside it the problems, the preview and the versions. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowLeft, ArrowUp, Copy, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import type { Problem } from "@/api/parts";
import type { Step } from "@/api/talk";
import { Button, IconButton } from "@/design/Button";
import { useFocusing } from "@/design/focus";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { Preview } from "@/parts/Preview";
import { copyOf, emptyStep, freeName, insert, move, placed, remove, waysOut, withStep, type Script, type ScriptQueue, type Scripts } from "@/parts/script";
import { StepForm } from "@/parts/StepForm";
import { PartVersions } from "@/setup/PartVersions";
import { ProblemCount, Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import type { Editing } from "@/setup/useSetupPart";

export type ScriptsEditing = Editing<Scripts, ScriptQueue>;

export function PublishedToWhom() {
  return <Trans>Conversations that begin now go by this version. Whoever has begun a script ends it as it was.</Trans>;
}

export function ScriptEditor({ editing, number, leave }: { editing: ScriptsEditing; number: number; leave: () => void }) {
  const { t } = useLingui();
  const scripts = editing.value.talk_scripts;
  const script = scripts[number] as Script;
  const [chosen, setChosen] = useState<string | null>(script.steps[0]?.id ?? null);
  // A form of its own for each that is chosen; a step that is given another name stays in the same one.
  const [form, setForm] = useState(0);
  const choose = (other: string | null) => {
    setChosen(other);
    if (other !== chosen) setForm(form + 1);
  };
  const box = useRef<HTMLDivElement>(null);
  const step = script.steps.find(({ id }) => id === chosen) ?? null;
  const own = editing.problems.filter(({ place }) => placed(place).script === number || !place.startsWith("talk_scripts["));
  const write = (next: Script, what = "") => editing.change({ value: { talk_scripts: scripts.map((each, n) => (n === number ? next : each)) } }, what);
  const nameOf = ({ place }: Problem) => {
    const at = placed(place).step;
    return at === null ? script.name || script.id : (script.steps[at]?.id ?? place);
  };
  const focus = useFocusing();
  const focusForm = () => focus(() => box.current?.querySelector<HTMLElement>("textarea, input"));
  return (
    <div className="page partEditor">
      <header className="partTop">
        <IconButton icon={ArrowLeft} name={t`All talk scripts`} onPress={leave} />
        <h1>{script.name || script.id}</h1>
        <span className="shellSpace" />
        <PartActions part="talk-scripts" editing={editing}>
          <PublishedToWhom />
        </PartActions>
      </header>
      <Refusal error={editing.error} />
      <div className="partColumns">
        <Steps script={script} chosen={step?.id ?? null} problems={own} number={number} choose={choose} write={write} edit={focusForm} />
        <div ref={box} className="partForm">
          {step ? (
            <StepForm
              key={form}
              script={script}
              step={step}
              naming={{ script, fields: editing.opened.form.fields, attributes: editing.opened.attributes }}
              problems={own.filter(({ place }) => placed(place).step === script.steps.indexOf(step))}
              change={(next, what) => write(withStep(script, step.id, () => next), `${step.id} ${what}`)}
              write={write}
              renamed={setChosen}
            />
          ) : (
            <OfScript script={script} editing={editing} write={write} />
          )}
        </div>
        <aside className="partAside" aria-label={t`About the talk script`}>
          <Tabs
            label={t`About the talk script`}
            pages={[
              { id: "preview", name: <Trans>Preview</Trans>, content: <Preview script={script} fields={editing.opened.form.fields} attributes={editing.opened.attributes} /> },
              {
                id: "problems",
                name: <ProblemCount problems={own} />,
                content: (
                  <Problems
                    problems={own}
                    where={nameOf}
                    jump={({ place }) => {
                      const at = placed(place).step;
                      choose(at === null ? null : (script.steps[at]?.id ?? null));
                      focusForm();
                    }}
                  />
                ),
              },
              {
                id: "versions",
                name: <Trans>Versions</Trans>,
                content: (
                  <PartVersions
                    part="talk-scripts"
                    item={script.id}
                    editing={editing}
                    with={(earlier) => ({ talk_scripts: scripts.map((each) => (each.id === script.id ? (earlier.talk_scripts.find(({ id }) => id === script.id) ?? each) : each)) })}
                  />
                ),
              },
            ]}
          />
        </aside>
      </div>
    </div>
  );
}

interface StepsProps {
  script: Script;
  chosen: string | null;
  number: number;
  problems: Problem[];
  choose: (step: string | null) => void;
  write: (script: Script) => void;
  edit: () => void;
}

function Steps({ script, chosen, number, problems, choose, write, edit }: StepsProps) {
  const { t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const moved = useRef(false);
  // A row that changes its place, or is gone, loses the keyboard.
  useEffect(() => {
    if (moved.current && (document.activeElement === document.body || list.current?.contains(document.activeElement))) {
      list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    }
    moved.current = false;
  });
  const step = script.steps.find(({ id }) => id === chosen);
  const at = step ? script.steps.indexOf(step) : -1;
  const add = () => {
    const made = emptyStep(freeName("step", script.steps.map(({ id }) => id)));
    write(insert(script, made, chosen));
    choose(made.id);
    edit();
  };
  const take = () => {
    if (!step) return;
    write(remove(script, step.id));
    choose((script.steps[at + 1] ?? script.steps[at - 1])?.id ?? null);
  };
  const copy = () => {
    if (!step) return;
    const made = copyOf(script, step);
    write(insert(script, made, step.id));
    choose(made.id);
  };
  const go = (to: number) => {
    const rows = [null, ...script.steps.map(({ id }) => id)];
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (next === undefined) return;
    choose(next);
    list.current?.querySelectorAll<HTMLElement>('[role="option"]')[rows.indexOf(next)]?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    const acts: Record<string, () => void> = {
      ArrowDown: () => (event.altKey && step ? write(move(script, step.id, 1)) : go(at + 2)),
      ArrowUp: () => (event.altKey && step ? write(move(script, step.id, -1)) : go(at)),
      Home: () => go(0),
      End: () => go(script.steps.length),
      Enter: edit,
      " ": edit,
      Insert: add,
      Delete: take,
    };
    const act = event.ctrlKey || event.metaKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    moved.current = event.altKey || event.key === "Delete";
    act();
  };
  return (
    <section className="partOutline" aria-label={t`Steps`}>
      <div className="partTools" role="toolbar" aria-label={t`Steps`}>
        <Button icon={Plus} onPress={add}>
          <Trans>Add a step</Trans>
        </Button>
        <IconButton icon={ArrowUp} name={t`Move the step up`} isDisabled={at < 1} onPress={() => step && write(move(script, step.id, -1))} />
        <IconButton icon={ArrowDown} name={t`Move the step down`} isDisabled={at < 0 || at === script.steps.length - 1} onPress={() => step && write(move(script, step.id, 1))} />
        <IconButton icon={Copy} name={t`Copy the step`} isDisabled={!step} onPress={copy} />
        <IconButton icon={Trash2} name={t`Remove the step`} isDisabled={!step} onPress={take} />
      </div>
      <ul ref={list} role="listbox" aria-label={t`Steps in the order of the file`} className="partRows" onKeyDown={keys}>
        <li role="option" aria-selected={!step} tabIndex={step ? -1 : 0} className={step ? "partRow" : "partRow chosen"} onClick={() => choose(null)}>
          <span className="partRowName">
            <Trans>The script and its queues</Trans>
          </span>
        </li>
        {script.steps.map((each, n) => (
          <Row key={each.id} step={each} first={n === 0} chosen={each.id === chosen} problems={problems.filter(({ place }) => placed(place).script === number && placed(place).step === n)} choose={() => choose(each.id)} edit={edit} />
        ))}
      </ul>
      <p className="muted partKeys">
        <Trans>Arrows choose, Alt with an arrow moves, Enter edits, Insert adds, Delete removes.</Trans>
      </p>
    </section>
  );
}

function Row({ step, first, chosen, problems, choose, edit }: { step: Step; first: boolean; chosen: boolean; problems: Problem[]; choose: () => void; edit: () => void }) {
  const { t } = useLingui();
  const row = useRef<HTMLLIElement>(null);
  const wrong = problems.some(({ warning }) => !warning);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const ways = [...new Set(waysOut(step))];
  const state = [first ? t`start` : "", problems.length > 0 ? (wrong ? t`fault` : t`warning`) : ""].filter(Boolean).join(", ");
  return (
    <li ref={row} role="option" aria-selected={chosen} tabIndex={chosen ? 0 : -1} className={["partRow", chosen && "chosen", wrong ? "wrong" : problems.length > 0 && "doubtful"].filter(Boolean).join(" ")} onClick={choose} onDoubleClick={edit}>
      <span className="partRowName">
        {step.id} {state && <span className="partRowState">{state}</span>}
      </span>
      <span className="partRowText muted">{step.say}</span>
      <span className="partRowText muted">{ways.map((way) => `→ ${way ?? t`the end`}`).join("  ")}</span>
    </li>
  );
}

function OfScript({ script, editing, write }: { script: Script; editing: ScriptsEditing; write: (script: Script, what: string) => void }) {
  const { t } = useLingui();
  const has = (queue: string, on: boolean) => editing.change({ queues: editing.queues.map((each) => (each.id === queue ? { ...each, talk_script: on ? script.id : null } : each)) });
  return (
    <div className="partFields">
      <div className="field">
        <label htmlFor="scriptTitle">
          <Trans>Name</Trans>
        </label>
        <input id="scriptTitle" className="input" maxLength={100} value={script.name} onChange={(event) => write({ ...script, name: event.target.value }, "name")} />
      </div>
      <fieldset className="field">
        <legend className="label">
          <Trans>Queues that have this script</Trans>
        </legend>
        {editing.queues.map(({ id, name, talk_script }) => (
          <label key={id} className="partCheck">
            <input type="checkbox" checked={talk_script === script.id} onChange={(event) => has(id, event.target.checked)} />
            {name}
            {talk_script !== null && talk_script !== script.id && <span className="muted">{t`has “${talk_script}” now`}</span>}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
