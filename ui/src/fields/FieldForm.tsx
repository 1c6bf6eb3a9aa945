/** One field of the card: what it is called, what may stand in it. */
import { Trans, useLingui } from "@lingui/react/macro";

import { become, isChoosing, isWritten, renamed, type CardField } from "@/fields/card";
import type { CardEditing } from "@/fields/CardFields";
import { Choices } from "@/fields/Choices";
import { useKinds } from "@/fields/kinds";
import { spoken } from "@/i18n/language";
import { Figure, Line, NameInFile, Pick } from "@/setup/Fields";

const EXAMPLE = "[A-Z]{2}-[0-9]{4}";
const LONGEST_NAME = 100;
const LONGEST_HELP = 300;

interface Props {
  editing: CardEditing;
  field: CardField;
  renamed: (id: string) => void;
}

interface Inner {
  editing: CardEditing;
  field: CardField;
  place: string;
  /** `what` names the place, as it does for all that is edited. */
  set: (more: Partial<CardField>, what?: string) => void;
}

export function FieldForm({ editing, field, renamed: named }: Props) {
  const { t } = useLingui();
  const kinds = useKinds();
  const card = editing.value;
  const place = `customer_fields[${card.customer_fields.indexOf(field)}]`;
  const at = (of: string) => editing.at(`${place}.${of}`);
  const set = (more: Partial<CardField>, what = Object.keys(more).join()) => editing.change({ value: { ...card, customer_fields: card.customer_fields.map((each) => (each.id === field.id ? { ...field, ...more } : each)) } }, what && `field ${field.id} ${what}`);
  const groups = card.field_groups.map((each) => ({ id: each.id, name: each[spoken()] || each.id }));
  return (
    <div className="partFields">
      <div className="partPair">
        <Line label={t`In Russian`} lang="ru" value={field.ru} longest={LONGEST_NAME} problems={at("ru")} change={(ru) => set({ ru })} />
        <Line label={t`In English`} lang="en" value={field.en} longest={LONGEST_NAME} problems={at("en")} change={(en) => set({ en })} />
      </div>
      <div className="partPair">
        <Pick label={t`What stands in it`} value={field.kind} options={Object.entries(kinds).map(([id, name]) => ({ id, name }))} problems={at("kind")} change={(kind) => set(become(field, kind as CardField["kind"]))} />
        <Pick label={t`Under the heading`} value={field.group ?? ""} options={[{ id: "", name: t`None: it stands first` }, ...groups]} problems={at("group")} change={(group) => set({ group: group || null })} />
      </div>
      <label className="partCheck">
        <input type="checkbox" checked={field.required} onChange={(event) => set({ required: event.target.checked })} />
        <Trans>The card is not saved without it</Trans>
      </label>
      {isWritten(field.kind) && <Written editing={editing} field={field} place={place} set={set} />}
      {field.kind === "number" && <Between editing={editing} field={field} place={place} set={set} />}
      {isChoosing(field.kind) && <Choosing editing={editing} field={field} place={place} set={set} />}
      <fieldset className="field partGroup">
        <legend className="label">
          <Trans>Said below the field</Trans>
        </legend>
        <div className="partPair">
          <Line label={t`In Russian`} lang="ru" rows={2} value={field.help_ru} longest={LONGEST_HELP} problems={at("help_ru")} change={(help_ru) => set({ help_ru })} />
          <Line label={t`In English`} lang="en" rows={2} value={field.help_en} longest={LONGEST_HELP} problems={at("help_en")} change={(help_en) => set({ help_en })} />
        </div>
      </fieldset>
      <NameInFile
        id={field.id}
        others={card.customer_fields.filter((each) => each !== field).map(({ id }) => id)}
        published={editing.opened.value.customer_fields.some(({ id }) => id === field.id)}
        rename={(to) => {
          editing.change({ value: renamed(card, "field", field.id, to) });
          named(to);
        }}
      />
    </div>
  );
}

function Written({ editing, field, place, set }: Inner) {
  const { t } = useLingui();
  return (
    <>
      <Line
        label={t`What it must look like, as a regular expression`}
        code
        value={field.pattern}
        help={<Trans>Nothing: anything may be written. {EXAMPLE} is two letters, a hyphen and four digits.</Trans>}
        problems={editing.at(`${place}.pattern`)}
        change={(pattern) => set({ pattern })}
      />
      <Figure label={t`Characters at most`} least={1} value={field.longest || null} help={field.kind === "text" ? t`Nothing: 500` : t`Nothing: 10,000`} problems={editing.at(`${place}.longest`)} change={(longest) => set({ longest: longest ?? 0 })} />
    </>
  );
}

function Between({ editing, field, place, set }: Inner) {
  const { t } = useLingui();
  return (
    <div className="partPair">
      <Figure label={t`No less than`} value={field.least} problems={editing.at(`${place}.least`)} change={(least) => set({ least })} />
      <Figure label={t`No more than`} value={field.most} problems={editing.at(`${place}.most`)} change={(most) => set({ most })} />
    </div>
  );
}

/** Choices of its own, or those of a list that other fields may have, too. */
function Choosing({ editing, field, place, set }: Inner) {
  const { t } = useLingui();
  const lists = editing.value.choice_lists.map(({ id, choices }) => {
    const few = choices
      .slice(0, 3)
      .map((each) => each[spoken()])
      .join(", ");
    return { id, name: few ? `${id}: ${few}${choices.length > 3 ? "…" : ""}` : id };
  });
  return (
    <>
      <Pick
        label={t`What can be chosen`}
        value={field.choices_from ?? ""}
        options={[{ id: "", name: t`Choices of this field alone` }, ...lists]}
        problems={editing.at(`${place}.choices_from`)}
        change={(list) => set(list ? { choices_from: list, choices: [] } : { choices_from: null })}
      />
      {field.choices_from === null && <Choices choices={field.choices} at={(inside) => editing.at(`${place}.choices${inside}`)} change={(choices, what) => set({ choices }, what)} />}
    </>
  );
}
