/** What stands at one step: the words, the answers or a field, and where it goes on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { useId, useRef, useState, type ReactNode } from "react";

import type { Problem } from "@/api/parts";
import type { Step } from "@/api/talk";
import { Button, IconButton } from "@/design/Button";
import { Branches } from "@/parts/Branches";
import { nameInWords, type Naming } from "@/parts/names";
import { emptyStep, freeAnswer, freeName, insert, namesForTexts, rename, withStep, type Script } from "@/parts/script";
import { Told } from "@/setup/Told";

interface Props {
  script: Script;
  step: Step;
  naming: Naming;
  problems: Problem[];
  /** `what` names the field, so that typing on is one step of undo. */
  change: (step: Step, what: string) => void;
  write: (script: Script) => void;
  renamed: (step: string) => void;
}

export function StepForm(props: Props) {
  const { step, script, naming, problems, change } = props;
  const { t } = useLingui();
  const names = namesForTexts(script, naming.fields, naming.attributes, step.id);
  const told = (place: string) => problems.filter((problem) => problem.place.split("].").at(-1) === place || problem.place.endsWith(`.${place}`));
  const text = (part: "say" | "hint" | "prefill", value: string) => change({ ...step, [part]: value }, part);
  return (
    <div className="partFields">
      <Named {...props} />
      <Text label={<Trans>The agent says</Trans>} large value={step.say} names={names} naming={naming} problems={told("say")} change={(value) => text("say", value)} />
      <Text label={<Trans>Hint for the agent, not read out</Trans>} value={step.hint} names={names} naming={naming} problems={told("hint")} change={(value) => text("hint", value)} />
      <Answers {...props} />
      <Field {...props} names={names} />
      <Branches {...props} onward={(place, then) => <Then {...props} label={place} then={then} />} />
      {step.answers.length === 0 && (
        <div className="field">
          <span className="label">{step.branches.length > 0 ? <Trans>Otherwise goes on to</Trans> : <Trans>Goes on to</Trans>}</span>
          <Then {...props} label={t`Goes on to`} then={{ value: step.then, set: (then) => ({ ...step, then }) }} />
        </div>
      )}
    </div>
  );
}

function Named({ script, step, write, renamed }: Props) {
  const { t } = useLingui();
  const [name, setName] = useState(step.id);
  const id = useId();
  const wrong = name !== step.id && (!/^[\p{L}\p{N}._-]{1,64}$/u.test(name) || script.steps.some((each) => each.id === name));
  const keep = () => {
    if (wrong || name === step.id) setName(step.id);
    else {
      write(rename(script, step.id, name));
      renamed(name);
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        <Trans>Name of the step</Trans>
      </label>
      <input
        id={id}
        className="input partShort"
        aria-invalid={wrong || undefined}
        title={t`Letters, digits, dots, hyphens, underscores; no other step is called so`}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === "Enter" && keep()}
      />
    </div>
  );
}

interface TextProps {
  label: ReactNode;
  value: string;
  names: string[];
  naming: Naming;
  problems: Problem[];
  large?: boolean;
  oneLine?: boolean;
  change: (value: string) => void;
}

/** A text, and the names that can be put into it where the cursor stands. */
function Text({ label, value, names, naming, problems, large, oneLine, change }: TextProps) {
  const { t, i18n } = useLingui();
  const id = useId();
  const area = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const put = (name: string) => {
    const at = area.current?.selectionStart ?? value.length;
    const to = area.current?.selectionEnd ?? at;
    change(`${value.slice(0, at)}{${name}}${value.slice(to)}`);
    area.current?.focus();
  };
  const shared = { id, ref: area, className: "input", dir: "auto", value, "aria-describedby": problems.length > 0 ? `${id}told` : undefined } as const;
  return (
    <div className="field">
      <div className="partTextTop">
        <label htmlFor={id}>{label}</label>
        <select className="input partInsert" aria-label={t`Put a name in`} value="" onChange={(event) => put(event.target.value)}>
          <option value="">{t`Put a name in`}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {nameInWords(i18n, name, naming)}
            </option>
          ))}
        </select>
      </div>
      {oneLine ? <input {...shared} onChange={(event) => change(event.target.value)} /> : <textarea {...shared} rows={large ? 4 : 2} onChange={(event) => change(event.target.value)} />}
      <Told id={`${id}told`} problems={problems} />
    </div>
  );
}

function Answers(props: Props) {
  const { step, change } = props;
  const { t } = useLingui();
  const set = (id: string, more: Partial<Step["answers"][number]>): Step => ({ ...step, answers: step.answers.map((each) => (each.id === id ? { ...each, ...more } : each)) });
  const add = () => change({ ...step, then: null, answers: [...step.answers, { id: freeAnswer(step), text: "", then: step.then }] }, "");
  return (
    <fieldset className="field partGroup">
      <legend className="label">
        <Trans>Answers to choose from</Trans>
      </legend>
      {step.answers.map(({ id, text, then }, number) => {
        const at = number + 1;
        return (
          <div key={id} className="partRecord">
            <input className="input" dir="auto" aria-label={t`Answer ${at}`} placeholder={t`What the customer answers`} value={text} onChange={(event) => change(set(id, { text: event.target.value }), `answer ${id}`)} />
            <Then {...props} label={t`After answer ${at}`} then={{ value: then, set: (next) => set(id, { then: next }) }} />
            <IconButton icon={X} name={t`Remove answer ${at}`} onPress={() => change({ ...step, answers: step.answers.filter((each) => each.id !== id) }, "")} />
          </div>
        );
      })}
      <Button kind="bare" icon={Plus} className="partAdd" onPress={add}>
        <Trans>Add an answer</Trans>
      </Button>
    </fieldset>
  );
}

export interface Onward {
  value: string | null;
  set: (then: string | null) => Step;
}

const NEW = "\u0000new";
const END = "\u0000end";

/** Which step follows; a new one can be made on the spot. */
function Then({ script, step, label, then, change, write }: Props & { label: string; then: Onward }) {
  const { t } = useLingui();
  const known = script.steps.some(({ id }) => id === then.value);
  const choose = (value: string) => {
    const made = emptyStep(freeName("step", script.steps.map(({ id }) => id)));
    if (value === NEW) write(insert(withStep(script, step.id, () => then.set(made.id)), made, step.id));
    else change(then.set(value === END ? null : value), "");
  };
  return (
    <select className="input partThen" aria-label={label} value={then.value ?? END} onChange={(event) => choose(event.target.value)}>
      <option value={END}>{t`The script is over`}</option>
      {then.value !== null && !known && <option value={then.value}>{then.value}</option>}
      {script.steps.map(({ id, say }) => (
        <option key={id} value={id}>
          {say ? `${id}: ${say.slice(0, 40)}` : id}
        </option>
      ))}
      <option value={NEW}>{t`A new step`}</option>
    </select>
  );
}

function Field(props: Props & { names: string[] }) {
  const { step, naming, names, problems, change } = props;
  const { t } = useLingui();
  const kind = useId();
  const label = useId();
  const kinds: [NonNullable<Step["field"]>, string][] = [
    ["text", t`A line of text`],
    ["long_text", t`A longer text`],
    ["number", t`A number`],
    ["date", t`A date`],
    ["phone", t`A telephone number`],
    ["mail", t`A mail address`],
  ];
  const become = (value: string) => change({ ...step, field: (value || null) as Step["field"], ...(value ? {} : { required: false, prefill: "" }), pattern: "", least: null, most: null }, "");
  return (
    <fieldset className="field partGroup">
      <legend className="label">
        <Trans>A field to write into</Trans>
      </legend>
      <div className="partPair">
        <div className="field">
          <label htmlFor={kind}>
            <Trans>What is written</Trans>
          </label>
          <select id={kind} className="input" value={step.field ?? ""} onChange={(event) => become(event.target.value)}>
            <option value="">{t`Nothing`}</option>
            {kinds.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
        {step.field && (
          <div className="field">
            <label htmlFor={label}>
              <Trans>Name of the field</Trans>
            </label>
            <input id={label} className="input" dir="auto" value={step.label} onChange={(event) => change({ ...step, label: event.target.value }, "label")} />
          </div>
        )}
      </div>
      {step.field && (
        <>
          <Text
            label={<Trans>What stands in it at first</Trans>}
            oneLine
            value={step.prefill}
            names={names}
            naming={naming}
            problems={problems.filter(({ place }) => place.endsWith(".prefill"))}
            change={(prefill) => change({ ...step, prefill }, "prefill")}
          />
          <Limits {...props} />
          <label className="partCheck">
            <input type="checkbox" checked={step.required} onChange={(event) => change({ ...step, required: event.target.checked }, "")} />
            <Trans>It has to be filled in</Trans>
          </label>
        </>
      )}
    </fieldset>
  );
}

function Limits({ step, problems, change }: Props) {
  const least = useId();
  const most = useId();
  const pattern = useId();
  const figure = (value: string) => (value === "" ? null : Number(value));
  if (step.field === "number") {
    return (
      <div className="partPair">
        <div className="field">
          <label htmlFor={least}>
            <Trans>No less than</Trans>
          </label>
          <input id={least} type="number" step="any" className="input" value={step.least ?? ""} onChange={(event) => change({ ...step, least: figure(event.target.value) }, "least")} />
        </div>
        <div className="field">
          <label htmlFor={most}>
            <Trans>No more than</Trans>
          </label>
          <input id={most} type="number" step="any" className="input" value={step.most ?? ""} onChange={(event) => change({ ...step, most: figure(event.target.value) }, "most")} />
          <Told id={`${most}told`} problems={problems.filter(({ place }) => place.endsWith(".most"))} />
        </div>
      </div>
    );
  }
  if (step.field !== "text" && step.field !== "long_text") return null;
  return (
    <div className="field">
      <label htmlFor={pattern}>
        <Trans>What it must look like, as a regular expression</Trans>
      </label>
      <input id={pattern} className="input partCode" spellCheck={false} value={step.pattern} onChange={(event) => change({ ...step, pattern: event.target.value }, "pattern")} />
      <Told id={`${pattern}told`} problems={problems.filter(({ place }) => place.endsWith(".pattern"))} />
    </div>
  );
}
