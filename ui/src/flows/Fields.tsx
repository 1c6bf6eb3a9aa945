/** A form made from the description of a kind: one control for each sort of value. */
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowUp, Plus, X } from "lucide-react";
import { useId, useRef, type ReactNode } from "react";

import type { Choices, Named } from "@/api/flows";
import { Button, IconButton } from "@/design/Button";
import { useFocusing } from "@/design/focus";
import { without, type Texts, type Values } from "@/flows/flow";
import { DAY_NAMES, type ChoiceName, type Field, valueAt, withValue } from "@/flows/kinds";
import { languageName } from "@/flows/words";

export interface Around {
  choices: Choices;
  languages: string[];
}

interface Props extends Around {
  fields: Field[];
  values: Values;
  /** `what`: which place was changed, so that typing on is one step of undo. */
  change: (values: Values, what: string) => void;
}

export function Fields({ fields, values, change, ...around }: Props) {
  return fields
    .filter(({ within }) => within === undefined || valueAt(values, within))
    .map((field) => (
      <Control key={field.name} field={field} value={valueAt(values, field.name)} values={values} around={around} change={(value) => change(withValue(values, field.name, value), field.name)} />
    ));
}

interface ControlProps {
  field: Field;
  value: unknown;
  /** All of the block, for a field that looks at others. */
  values: Values;
  around: Around;
  change: (value: unknown) => void;
}

function Control(props: ControlProps) {
  switch (props.field.control) {
    case "texts":
      return <TextsControl {...props} />;
    case "check":
      return <CheckControl {...props} usual={props.field.usual} />;
    case "switch":
      return <SwitchControl {...props} on={props.field.on} />;
    case "phrases":
      return <PhrasesControl {...props} />;
    case "pairs":
      return <PairsControl {...props} field={props.field} />;
    case "records":
      return <RecordsControl {...props} field={props.field} />;
    case "some":
      return <SomeControl {...props} of={props.field.of} />;
    default:
      return <OneLine {...props} />;
  }
}

function Labelled({ label, help, children }: { label: MessageDescriptor; help?: MessageDescriptor | undefined; children: (id: string) => ReactNode }) {
  const { i18n } = useLingui();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{i18n._(label)}</label>
      {children(id)}
      {help && <span className="muted flowHelp">{i18n._(help)}</span>}
    </div>
  );
}

function OneLine({ field, value, around, change }: ControlProps) {
  return (
    <Labelled label={field.label} help={field.help}>
      {(id) => {
        switch (field.control) {
          case "number":
            return (
              <input
                id={id}
                type="number"
                className="input flowNumber"
                min={field.least}
                step={field.whole ? 1 : "any"}
                placeholder={field.usual === undefined ? "" : String(field.usual)}
                value={typeof value === "number" ? value : ""}
                onChange={(event) => change(event.target.value === "" ? undefined : event.target.valueAsNumber)}
              />
            );
          case "either":
            return <Either id={id} value={value} change={change} />;
          case "one":
            return <One id={id} value={value} of={field.of} optional={field.optional ?? false} around={around} change={change} />;
          case "list":
            return <List id={id} value={value} change={change} />;
          default:
            return <input id={id} className="input" value={typeof value === "string" ? value : ""} onChange={(event) => change(event.target.value === "" && "optional" in field && field.optional ? undefined : event.target.value)} />;
        }
      }}
    </Labelled>
  );
}

/** One field for each language of the flow. */
function TextsControl({ field, value, around, change }: ControlProps) {
  const { i18n } = useLingui();
  const id = useId();
  const texts = (value as Texts | undefined) ?? {};
  const write = (language: string, text: string) => {
    const next = text === "" ? without(texts, language) : { ...texts, [language]: text };
    change("optional" in field && field.optional && Object.keys(next).length === 0 ? undefined : next);
  };
  const optional = "optional" in field && field.optional;
  return (
    <div className="field" role="group" aria-labelledby={id}>
      <span id={id} className="label">
        {i18n._(field.label)}
      </span>
      {around.languages.map((language) => (
        <textarea
          key={language}
          className="input flowText"
          rows={optional ? 1 : 3}
          lang={language}
          aria-label={`${i18n._(field.label)}: ${languageName(language, i18n.locale)}`}
          placeholder={languageName(language, i18n.locale)}
          value={texts[language] ?? ""}
          onChange={(event) => write(language, event.target.value)}
        />
      ))}
      {field.help && <span className="muted flowHelp">{i18n._(field.help)}</span>}
    </div>
  );
}

function CheckControl({ field, value, change, usual }: ControlProps & { usual: boolean }) {
  const { i18n } = useLingui();
  return (
    <label className="flowCheck">
      <input type="checkbox" checked={typeof value === "boolean" ? value : usual} onChange={(event) => change(event.target.checked === usual ? undefined : event.target.checked)} />
      {i18n._(field.label)}
    </label>
  );
}

/** Something that is there with all its fields, or not at all. */
function SwitchControl({ field, value, change, on }: ControlProps & { on: Values }) {
  const { i18n } = useLingui();
  const help = useId();
  return (
    <div className="field">
      <label className="flowCheck">
        <input type="checkbox" checked={Boolean(value)} aria-describedby={help} onChange={(event) => change(event.target.checked ? structuredClone(on) : undefined)} />
        {i18n._(field.label)}
      </label>
      {field.help && (
        <span id={help} className="muted flowHelp">
          {i18n._(field.help)}
        </span>
      )}
    </div>
  );
}

/** For each key, in each language of the flow, what customers may say for it. */
function PhrasesControl({ field, value, values, around, change }: ControlProps) {
  const { i18n } = useLingui();
  const id = useId();
  const phrases = (value as Record<string, Record<string, string[]>> | undefined) ?? {};
  const keys = Object.entries((values["keys"] as Texts | undefined) ?? {}).filter(([key]) => key !== "");
  const write = (key: string, language: string, said: unknown) => {
    const of = without(phrases[key] ?? {}, language);
    const next = Array.isArray(said) ? { ...of, [language]: said as string[] } : of;
    change(Object.keys(next).length > 0 ? { ...phrases, [key]: next } : without(phrases, key));
  };
  return (
    <fieldset className="field flowPhrases" aria-describedby={id}>
      <legend className="label">{i18n._(field.label)}</legend>
      {field.help && (
        <span id={id} className="muted flowHelp">
          {i18n._(field.help)}
        </span>
      )}
      {keys.map(([key, label]) => (
        <div key={key} className="flowPhrase">
          <span className="flowPhraseKey">
            <strong className="figures">{key}</strong> {label}
          </span>
          {around.languages.map((language) => (
            <List
              key={language}
              value={phrases[key]?.[language]}
              label={`${key} ${label}: ${languageName(language, i18n.locale)}`}
              placeholder={languageName(language, i18n.locale)}
              language={language}
              change={(said) => write(key, language, said)}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}

function Either({ id, value, change }: { id: string; value: unknown; change: (value: unknown) => void }) {
  const { t } = useLingui();
  return (
    <select id={id} className="input" value={value === true ? "yes" : value === false ? "no" : ""} onChange={(event) => change(event.target.value === "" ? undefined : event.target.value === "yes")}>
      <option value="">{t`Whatever`}</option>
      <option value="yes">{t`Yes`}</option>
      <option value="no">{t`No`}</option>
    </select>
  );
}

function useOptions(of: ChoiceName, { choices, languages }: Around): Named[] {
  const { i18n } = useLingui();
  if (of === "languages") return languages.map((id) => ({ id, name: languageName(id, i18n.locale) }));
  if (of === "days") return Object.entries(DAY_NAMES).map(([id, name]) => ({ id, name: i18n._(name) }));
  return choices[of];
}

function One(props: { id: string; value: unknown; of: ChoiceName; optional: boolean; around: Around; change: (value: unknown) => void }) {
  const { t } = useLingui();
  const options = useOptions(props.of, props.around);
  const value = typeof props.value === "string" ? props.value : "";
  return (
    <select id={props.id} className="input" value={value} onChange={(event) => props.change(event.target.value === "" && props.optional ? undefined : event.target.value)}>
      <option value="">{props.optional ? "–" : t`Choose…`}</option>
      {value !== "" && !options.some(({ id }) => id === value) && <option value={value}>{value}</option>}
      {options.map(({ id, name }) => (
        <option key={id} value={id}>
          {name || id}
        </option>
      ))}
    </select>
  );
}

function SomeControl({ field, value, around, change, of }: ControlProps & { of: ChoiceName }) {
  const { i18n } = useLingui();
  const options = useOptions(of, around);
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  if (options.length === 0) return null;
  const toggle = (id: string, on: boolean) => {
    const next = options.map((option) => option.id).filter((each) => (each === id ? on : chosen.includes(each)));
    change(next.length > 0 ? next : undefined);
  };
  return (
    <fieldset className="field">
      <legend className="label">{i18n._(field.label)}</legend>
      <div className="flowSome">
        {options.map(({ id, name }) => (
          <label key={id} className="flowCheck">
            <input type="checkbox" checked={chosen.includes(id)} onChange={(event) => toggle(id, event.target.checked)} />
            {name || id}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ListProps {
  id?: string;
  value: unknown;
  label?: string;
  placeholder?: string;
  language?: string;
  change: (value: unknown) => void;
}

function List({ id, value, label, placeholder, language, change }: ListProps) {
  const shown = Array.isArray(value) ? value.join(", ") : "";
  // Written when the field is left: a comma being typed must not be eaten.
  return (
    <input
      key={shown}
      id={id}
      className="input"
      aria-label={label}
      placeholder={placeholder}
      lang={language}
      defaultValue={shown}
      onBlur={(event) => {
        const next = event.target.value.split(",").map((each) => each.trim()).filter(Boolean);
        if (next.join(", ") !== shown) change(next.length > 0 ? next : undefined);
      }}
    />
  );
}

function PairsControl({ field, value, change }: ControlProps & { field: Field & { control: "pairs" } }) {
  const { t, i18n } = useLingui();
  const pairs = Object.entries((value as Texts | undefined) ?? {});
  const group = useRef<HTMLFieldSetElement>(null);
  const focus = useFocusing();
  const write = (next: [string, string][]) => change(Object.fromEntries(next));
  const fresh = () => {
    // The next free key of a telephone; a name is left to be typed.
    const free = field.name === "keys" ? ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"].find((key) => !pairs.some(([known]) => known === key)) : "";
    write([...pairs, [free ?? "", ""]]);
    // What is to be typed first: the meaning of a key that is there already, otherwise the name.
    focus(() => Array.from(group.current?.querySelectorAll("input") ?? []).at(free ? -1 : -2));
  };
  return (
    <fieldset ref={group} className="field">
      <legend className="label">{i18n._(field.label)}</legend>
      {pairs.map(([first, second], number) => {
        const put = (pair: [string, string]) => write(pairs.map((each, n) => (n === number ? pair : each)));
        return (
          <div key={number} className={`flowPair ${field.name === "keys" ? "short" : ""}`}>
            <input className="input" aria-label={`${i18n._(field.first)} ${number + 1}`} placeholder={i18n._(field.first)} value={first} onChange={(event) => put([event.target.value, second])} />
            <input className="input" aria-label={`${i18n._(field.second)} ${number + 1}`} placeholder={i18n._(field.second)} value={second} onChange={(event) => put([first, event.target.value])} />
            <IconButton icon={X} name={t`Remove ${first}`} onPress={() => write(pairs.filter((_, n) => n !== number))} />
          </div>
        );
      })}
      <Button kind="bare" icon={Plus} className="flowAdd" isDisabled={pairs.some(([first]) => first === "")} onPress={fresh}>
        {i18n._(field.add)}
      </Button>
    </fieldset>
  );
}

const titleOf = (record: Values) => ["exit", "attribute", "queue"].map((name) => record[name]).find((value) => typeof value === "string") ?? "";

function RecordsControl({ field, value, around, change }: ControlProps & { field: Field & { control: "records" } }) {
  const { t, i18n } = useLingui();
  const records = Array.isArray(value) ? (value as Values[]) : [];
  const write = (next: Values[]) => change(next.length > 0 || field.name === "cases" ? next : undefined);
  return (
    <fieldset className="field flowRecords">
      <legend className="label">{i18n._(field.label)}</legend>
      {records.map((record, number) => (
        <details key={number} open={number === records.length - 1 || records.length < 3} className="flowRecord">
          <summary>
            {number + 1}. {titleOf(record)}
          </summary>
          <Fields fields={field.fields} values={record} {...around} change={(next) => write(records.map((each, n) => (n === number ? next : each)))} />
          <div className="flowRecordActions">
            {number > 0 && (
              <Button kind="bare" icon={ArrowUp} onPress={() => write(records.map((each, n) => (n === number - 1 ? record : n === number ? (records[n - 1] as Values) : each)))}>
                <Trans>Look at it earlier</Trans>
              </Button>
            )}
            <Button kind="bare" icon={X} aria-label={t`Remove ${number + 1}`} onPress={() => write(records.filter((_, n) => n !== number))}>
              <Trans>Remove</Trans>
            </Button>
          </div>
        </details>
      ))}
      <Button kind="bare" icon={Plus} className="flowAdd" onPress={() => write([...records, { ...field.fresh }])}>
        {i18n._(field.add)}
      </Button>
    </fieldset>
  );
}
