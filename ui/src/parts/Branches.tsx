/** Ways on by conditions: looked at in their order, before the answer decides. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowUp, Plus, X } from "lucide-react";
import type { ReactNode } from "react";

import type { Problem } from "@/api/parts";
import type { Branch, Step } from "@/api/talk";
import { Button, IconButton } from "@/design/Button";
import { spoken } from "@/i18n/language";
import { nameInWords, type Naming } from "@/parts/names";
import { emptyBranch, namesForConditions, type Script } from "@/parts/script";
import type { Onward } from "@/parts/StepForm";
import { Told } from "@/setup/Told";

interface Props {
  script: Script;
  step: Step;
  naming: Naming;
  problems: Problem[];
  change: (step: Step, what: string) => void;
  onward: (label: string, then: Onward) => ReactNode;
}

export function Branches({ script, step, naming, problems, change, onward }: Props) {
  const { t } = useLingui();
  const names = namesForConditions(script, naming.fields, naming.attributes);
  const first = step.answers.length ? `chosen.${step.id}` : step.field ? `written.${step.id}` : "vip";
  const set = (number: number, more: Partial<Branch>): Step => ({ ...step, branches: step.branches.map((each, n) => (n === number ? { ...each, ...more } : each)) });
  const up = (number: number) => {
    const branches = [...step.branches];
    const [moved] = branches.splice(number, 1);
    if (moved) branches.splice(number - 1, 0, moved);
    change({ ...step, branches }, "");
  };
  return (
    <fieldset className="field partGroup">
      <legend className="label">
        <Trans>Goes elsewhere, if</Trans>
      </legend>
      {step.branches.map((branch, number) => {
        const at = number + 1;
        return (
          <div key={number} className="partBranch" role="group" aria-label={t`Condition ${at}`}>
            <Looked branch={branch} names={names} naming={naming} change={(more, what) => change(set(number, more), what && `branch ${number} ${what}`)} />
            <div className="partRecord">
              {onward(t`Where condition ${at} leads`, { value: branch.then, set: (then) => set(number, { then }) })}
              <IconButton icon={ArrowUp} name={t`Look at condition ${at} earlier`} isDisabled={number === 0} onPress={() => up(number)} />
              <IconButton icon={X} name={t`Remove condition ${at}`} onPress={() => change({ ...step, branches: step.branches.filter((_, n) => n !== number) }, "")} />
            </div>
            <Told id={`branch${number}told`} problems={problems.filter(({ place }) => place.includes(`.branches[${number}]`))} />
          </div>
        );
      })}
      <Button kind="bare" icon={Plus} className="partAdd" onPress={() => change({ ...step, branches: [...step.branches, emptyBranch(first)] }, "")}>
        <Trans>Add a condition</Trans>
      </Button>
    </fieldset>
  );
}

interface LookedProps {
  branch: Branch;
  names: string[];
  naming: Naming;
  change: (more: Partial<Branch>, what: string) => void;
}

function Looked({ branch, names, naming, change }: LookedProps) {
  const { t, i18n } = useLingui();
  const tests: [Branch["test"], string][] = [
    ["is", t`is`],
    ["is_not", t`is not`],
    ["contains", t`contains`],
    ["more", t`is more than`],
    ["less", t`is less than`],
    ["known", t`is known`],
    ["unknown", t`is not known`],
  ];
  return (
    <div className="partLooked">
      <select className="input" aria-label={t`What is looked at`} value={branch.of} onChange={(event) => change({ of: event.target.value, value: "" }, "")}>
        {!names.includes(branch.of) && <option value={branch.of}>{branch.of}</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {nameInWords(i18n, name, naming)}
          </option>
        ))}
      </select>
      <select className="input" aria-label={t`How it is looked at`} value={branch.test} onChange={(event) => change({ test: event.target.value as Branch["test"] }, "")}>
        {tests.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {branch.test !== "known" && branch.test !== "unknown" && <Value branch={branch} naming={naming} change={change} />}
    </div>
  );
}

/** One of those that there are, where they are known; else as it is written. */
function Value({ branch, naming, change }: Omit<LookedProps, "names">) {
  const { t } = useLingui();
  const offered = branch.test === "is" || branch.test === "is_not" ? choicesOf(branch.of, naming, [t`Yes`, t`No`]) : null;
  if (!offered) return <input className="input" aria-label={t`With what it is compared`} value={branch.value} onChange={(event) => change({ value: event.target.value }, "value")} />;
  return (
    <select className="input" aria-label={t`With what it is compared`} value={branch.value} onChange={(event) => change({ value: event.target.value }, "")}>
      <option value="">–</option>
      {branch.value && !offered.some(({ id }) => id === branch.value) && <option value={branch.value}>{branch.value}</option>}
      {offered.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function choicesOf(name: string, { script, fields }: Naming, [yes, no]: [string, string]): { id: string; name: string }[] | null {
  const [kind, ...rest] = name.split(".");
  const id = rest.join(".");
  const either = [
    { id: "true", name: yes },
    { id: "false", name: no },
  ];
  if (name === "vip") return either;
  if (kind === "chosen") return script.steps.find((step) => step.id === id)?.answers.map((each) => ({ id: each.id, name: each.text || each.id })) ?? null;
  const field = kind === "card" ? fields.find((each) => each.id === id) : undefined;
  if (field?.kind === "yes_no") return either;
  return field?.kind === "choice" ? field.choices.map((each) => ({ id: each.id, name: each[spoken()] })) : null;
}
