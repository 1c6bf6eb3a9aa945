/** The card as a form: what is typed is kept until it is saved; what others changed meanwhile is shown before anything is overwritten. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { type SubmitEvent, useId, useState } from "react";

import { ApiError } from "@/api/client";
import { cardQuery, formQuery, peopleQuery, saveCard, type Card, type CardChange, type FieldValue } from "@/api/customers";
import type { Named } from "@/api/types";
import { useKept, useOnline } from "@/customers/draft";
import { OwnField } from "@/customers/OwnField";
import { useCardWords } from "@/customers/words";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { moment } from "@/i18n/format";
import { spoken } from "@/i18n/language";

const LANGUAGES = ["ru", "en", "uk", "be", "kk", "uz", "hy", "ka", "az", "tg", "ky", "zh", "de", "fr", "es", "ar", "he", "tr"];

interface Draft {
  version: number;
  said: Record<string, FieldValue>;
}

const stands = (card: Card, field: string): FieldValue => {
  if (field.startsWith("fields.")) return card.fields[field.slice(7)] ?? null;
  if (field === "manager") return card.manager?.id ?? null;
  return (card as unknown as Record<string, FieldValue>)[field] ?? null;
};

function body({ version, said }: Draft): Record<string, unknown> {
  const plain = Object.entries(said).filter(([field]) => !field.startsWith("fields."));
  const own = Object.entries(said).filter(([field]) => field.startsWith("fields."));
  return { version, ...Object.fromEntries(plain), ...(own.length ? { fields: Object.fromEntries(own.map(([field, value]) => [field.slice(7), value])) } : {}) };
}

export function EditCard({ card, done }: { card: Card; done: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { data: form } = useQuery(formQuery);
  const { data: people } = useQuery(peopleQuery);
  const words = useCardWords(form);
  const [draft, setDraft, forget] = useKept<Draft>(`edit.${card.id}`, { version: card.version, said: {} });
  const [kept] = useState(Object.keys(draft.said).length > 0);
  const save = useMutation({
    mutationFn: () => saveCard(card.id, body(draft)),
    onSuccess: ({ card: fresh }) => {
      forget();
      client.setQueryData(cardQuery(card.id).queryKey, fresh);
      void client.invalidateQueries({ queryKey: ["customers"] });
      void client.invalidateQueries({ queryKey: ["customer", card.id] });
      done();
    },
  });
  const refused = save.error instanceof ApiError ? save.error : null;
  const lost = refused?.offline ?? false;
  useOnline(() => lost && save.mutate());
  const faults = new Map(((refused?.more["faults"] ?? []) as { field: string; reason: string }[]).map((one) => [one.field, one.reason]));
  const value = (field: string) => (field in draft.said ? (draft.said[field] ?? null) : stands(card, field));
  const say = (field: string, next: FieldValue) => setDraft({ ...draft, said: { ...draft.said, [field]: next } });
  const groups = [null, ...(form?.groups ?? [])];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (Object.keys(draft.said).length === 0) done();
    else save.mutate();
  };

  return (
    <form className="cardForm" aria-label={t`Card of the customer`} onSubmit={submit}>
      {kept && (
        <p className="cardKept" role="status">
          <Trans>What you had typed is still here; it is not saved yet.</Trans>
        </p>
      )}
      <div className="cardFields">
        <Line field="name" words={words} value={value("name")} say={say} required />
        <Line field="company" words={words} value={value("company")} say={say} />
        <Select field="language" words={words} value={value("language")} say={say} options={LANGUAGES.map((one) => [one, words.value("language", one)])} />
        <Select
          field="manager"
          words={words}
          value={value("manager")}
          say={(field, next) => say(field, next || null)}
          options={(people?.people ?? []).filter((one) => one.agent).map((one) => [one.id, one.name])}
        />
        <Select field="preferred_channel" words={words} value={value("preferred_channel")} say={say} options={Object.entries(words.channels)} />
        <Line field="preferred_time" words={words} value={value("preferred_time")} say={say} />
        <label className="cardVip">
          <input type="checkbox" checked={value("vip") === true} onChange={(event) => say("vip", event.target.checked)} />
          <Trans>VIP: served before others</Trans>
        </label>
        <About words={words} value={value("about")} say={say} />
      </div>
      {groups.map((group) => {
        const fields = (form?.fields ?? []).filter((one) => one.group === (group?.id ?? null));
        return (
          fields.length > 0 && (
            <fieldset key={group?.id ?? ""} className="cardFields" aria-label={group ? undefined : t`More about the customer`}>
              {group && <legend className="heading">{group[spoken()]}</legend>}
              {fields.map((one) => (
                <OwnField key={one.id} field={one} value={value(`fields.${one.id}`)} fault={faults.get(`fields.${one.id}`)} change={(next) => say(`fields.${one.id}`, next)} />
              ))}
            </fieldset>
          )
        );
      })}
      {refused?.code === "card_conflict" ? (
        <Quarrel
          changes={refused.more["changes"] as CardChange[]}
          mine={draft.said}
          words={words}
          people={people?.people ?? []}
          keep={(take) => {
            const said = Object.fromEntries(Object.entries(draft.said).filter(([field]) => !take.includes(field)));
            setDraft({ version: Number(refused.more["version"]), said });
            save.reset();
            void client.invalidateQueries({ queryKey: ["customer", card.id] });
          }}
        />
      ) : lost ? (
        <p className="cardKept" role="alert">
          <Trans>No connection. What you typed is kept here and goes out as soon as there is one.</Trans>
        </p>
      ) : (
        <Refusal error={save.error} />
      )}
      <div className="cardActions">
        <Button type="submit" kind="primary" icon={Check} isPending={save.isPending}>
          <Trans>Save</Trans>
        </Button>
        <Button
          onPress={() => {
            forget();
            done();
          }}
        >
          <Trans>Do not save</Trans>
        </Button>
      </div>
    </form>
  );
}

interface Part {
  field: string;
  words: ReturnType<typeof useCardWords>;
  value: FieldValue;
  say: (field: string, value: FieldValue) => void;
}

function Line({ field, words, value, say, required }: Part & { required?: boolean }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{words.field(field)}</label>
      <input id={id} className="input" dir="auto" maxLength={200} required={required} value={String(value ?? "")} onChange={(event) => say(field, event.target.value)} />
    </div>
  );
}

function About({ words, value, say }: Omit<Part, "field">) {
  const id = useId();
  return (
    <div className="field wide">
      <label htmlFor={id}>{words.field("about")}</label>
      <textarea id={id} className="input" dir="auto" rows={3} maxLength={10_000} value={String(value ?? "")} onChange={(event) => say("about", event.target.value)} />
    </div>
  );
}

function Select({ field, words, value, say, options }: Part & { options: [string, string][] }) {
  const id = useId();
  const chosen = String(value ?? "");
  return (
    <div className="field">
      <label htmlFor={id}>{words.field(field)}</label>
      <select id={id} className="input" value={chosen} onChange={(event) => say(field, event.target.value)}>
        <option value="">–</option>
        {chosen && !options.some(([one]) => one === chosen) && <option value={chosen}>{words.value(field, chosen)}</option>}
        {options.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Both words on each field side by side; nothing is overwritten before somebody has chosen. */
function Quarrel(props: { changes: CardChange[]; mine: Record<string, FieldValue>; words: Part["words"]; people: Named[]; keep: (take: string[]) => void }) {
  const { changes, mine, words, people, keep } = props;
  const [theirs, setTheirs] = useState<string[]>([]);
  return (
    <section className="quarrel" role="alert">
      <p>
        <strong>
          <Trans>The card was changed while you were typing.</Trans>
        </strong>{" "}
        <Trans>Choose what stays in each field, then save again.</Trans>
      </p>
      {changes.map((change) => {
        const { field } = change;
        const by = change.by ?? "–";
        const when = moment(change.at);
        return (
          <fieldset key={field}>
            <legend className="label">{words.field(field)}</legend>
            <label>
              <input type="radio" name={`q ${field}`} checked={!theirs.includes(field)} onChange={() => setTheirs(theirs.filter((one) => one !== field))} />
              <span>
                <Trans>Mine</Trans>: <bdi>{field === "manager" ? (people.find((one) => one.id === mine[field])?.name ?? "–") : words.value(field, mine[field])}</bdi>
              </span>
            </label>
            <label>
              <input type="radio" name={`q ${field}`} checked={theirs.includes(field)} onChange={() => setTheirs([...theirs, field])} />
              <span>
                {by}, {when}: <bdi>{field === "manager" ? (people.find((one) => one.id === change.after)?.name ?? "–") : words.value(field, change.after)}</bdi>
              </span>
            </label>
          </fieldset>
        );
      })}
      <div>
        <Button onPress={() => keep(theirs)}>
          <Trans>Go on with these</Trans>
        </Button>
      </div>
    </section>
  );
}
