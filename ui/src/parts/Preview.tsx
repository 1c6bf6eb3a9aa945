/** The script as an agent goes through it, with a customer who is made up. Nothing is kept. */
import { Trans, useLingui } from "@lingui/react/macro";
import { RotateCcw } from "lucide-react";
import { useState } from "react";

import type { FormField } from "@/api/customers";
import type { Given } from "@/api/talk";
import { Button } from "@/design/Button";
import { spoken } from "@/i18n/language";
import { nameInWords, type Naming } from "@/parts/names";
import { sampled, type Script } from "@/parts/script";
import { Way } from "@/talk/Way";
import { filled, namesIn } from "@/talk/way";

export function Preview({ script, fields, attributes }: Naming) {
  const { t } = useLingui();
  const [given, setGiven] = useState<Given[]>([]);
  const [sample, setSample] = useState<Record<string, string>>({});
  const usual: Record<string, string> = { customer: t`Anna Brown`, company: t`Brown & Co`, number: "+79161234567", agent: t`Peter`, queue: t`Sales`, vip: "false", language: spoken() };
  const names = sampled(script);
  const known = Object.fromEntries(names.map((name) => [name, sample[name] ?? usual[name] ?? ""]));
  return (
    <div className="partPreview">
      <div className="partTools">
        <Button icon={RotateCcw} isDisabled={given.length === 0} onPress={() => setGiven([])}>
          <Trans>From the beginning</Trans>
        </Button>
      </div>
      <section className="talk" aria-label={t`The script as the agent sees it`}>
        <h2 className="heading">{script.name}</h2>
        {script.steps.length === 0 ? (
          <p className="muted">
            <Trans>There are no steps yet.</Trans>
          </p>
        ) : (
          <Way steps={asRead(script, inWords(known, fields))} given={given} known={known} keep={setGiven} />
        )}
      </section>
      {names.length > 0 && (
        <fieldset className="field partGroup">
          <legend className="label">
            <Trans>The customer, for this preview</Trans>
          </legend>
          {names.map((name) => (
            <Sample key={name} name={name} naming={{ script, fields, attributes }} value={known[name] ?? ""} change={(value) => setSample({ ...sample, [name]: value })} />
          ))}
        </fieldset>
      )}
    </div>
  );
}

/** As the server fills them in: what is not known of the customer leaves a line. */
function asRead(script: Script, read: Record<string, string>): Script["steps"] {
  const later = (name: string) => /^(chosen|written)\./.test(name);
  const known = (text: string) => namesIn(text).every((name) => later(name) || read[name]);
  const text = (words: string) => filled(words, { ...read, ...Object.fromEntries(namesIn(words).filter(later).map((name) => [name, `{${name}}`])) });
  return script.steps.map((step) => ({ ...step, say: text(step.say), hint: text(step.hint), prefill: known(step.prefill) ? text(step.prefill) : "" }));
}

/** Choices by what they are called. */
function inWords(known: Record<string, string>, fields: FormField[]): Record<string, string> {
  const said = (name: string, value: string) => fields.find(({ id }) => name === `card.${id}`)?.choices.find(({ id }) => id === value)?.[spoken()] ?? value;
  return Object.fromEntries(Object.entries(known).map(([name, value]) => [name, said(name, value)]));
}

function Sample({ name, naming, value, change }: { name: string; naming: Naming; value: string; change: (value: string) => void }) {
  const { t, i18n } = useLingui();
  const field = naming.fields.find(({ id }) => name === `card.${id}`);
  const offered =
    name === "vip" || field?.kind === "yes_no"
      ? [
          { id: "true", name: t`Yes` },
          { id: "false", name: t`No` },
        ]
      : field?.kind === "choice"
        ? field.choices.map((each) => ({ id: each.id, name: each[spoken()] }))
        : null;
  return (
    <label className="field">
      <span className="caption">{nameInWords(i18n, name, naming)}</span>
      {offered ? (
        <select className="input" value={value} onChange={(event) => change(event.target.value)}>
          <option value="">–</option>
          {offered.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      ) : (
        <input className="input" type={field?.kind === "date" ? "date" : "text"} value={value} onChange={(event) => change(event.target.value)} />
      )}
    </label>
  );
}
