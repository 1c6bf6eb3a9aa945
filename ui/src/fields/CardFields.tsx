/** What the card of a customer asks for: headings, fields, and lists of choices that fields share. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";

import type { Problem } from "@/api/parts";
import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { useFocusing } from "@/design/focus";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { entryOf, keyOf, renamed, type CardSetUp, type Choice } from "@/fields/card";
import { CardPreview } from "@/fields/CardPreview";
import { FieldForm } from "@/fields/FieldForm";
import "@/fields/fields.css";
import { FieldTree } from "@/fields/FieldTree";
import { ChoiceListForm, ChoiceLists } from "@/fields/Lists";
import { spoken } from "@/i18n/language";
import { Line, NameInFile } from "@/setup/Fields";
import { PartVersions } from "@/setup/PartVersions";
import { ProblemCount, Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { useSetupPart, type Editing } from "@/setup/useSetupPart";

export type CardEditing = Editing<CardSetUp>;
type Side = "fields" | "lists";

export function CardFields() {
  const { editing, error } = useSetupPart<CardSetUp>("card");
  return (
    <div className="page partEditor">
      <SetupNav />
      <header className="partTop">
        <h1>
          <Trans>Fields of the customer's card</Trans>
        </h1>
        {editing && (
          <span className="partTools partHead">
            <PartActions part="card" editing={editing}>
              <Trans>Cards have these fields from now on. What stands in a field that is taken away is kept.</Trans>
            </PartActions>
          </span>
        )}
      </header>
      <p className="muted">
        <Trans>What agents write down of a customer beside name, company, numbers and addresses.</Trans>
      </p>
      <Refusal error={error ?? editing?.error ?? null} />
      {editing && <Editor editing={editing} />}
      <LeaveGuard unsaved={editing?.unsaved ?? false}>
        <Trans>What was changed in the card is not published.</Trans>
      </LeaveGuard>
    </div>
  );
}

function Editor({ editing }: { editing: CardEditing }) {
  const { t } = useLingui();
  const card = editing.value;
  const [side, setSide] = useState<Side>("fields");
  const [row, setRow] = useState<string | null>(card.customer_fields[0] ? keyOf({ of: "field", id: card.customer_fields[0].id }) : null);
  const [list, setList] = useState<string | null>(card.choice_lists[0]?.id ?? null);
  const box = useRef<HTMLDivElement>(null);
  const focus = useFocusing();
  const focusForm = () => focus(() => box.current?.querySelector<HTMLElement>("input, textarea, select"));
  const jump = (problem: Problem) => {
    const found = placeOf(card, problem);
    setSide(found.side);
    if (found.side === "lists") setList(found.key);
    else setRow(found.key);
    focusForm();
  };
  return (
    <div className="partColumns">
      <section className="partOutline paged" aria-label={t`Fields and lists`}>
        <Tabs
          label={t`Fields and lists`}
          chosen={side}
          choose={(id) => setSide(id as Side)}
          pages={[
            { id: "fields", name: <Trans>Fields</Trans>, content: <FieldTree editing={editing} chosen={row} choose={setRow} edit={focusForm} /> },
            { id: "lists", name: <Trans>Lists of choices</Trans>, content: <ChoiceLists editing={editing} chosen={list} choose={setList} edit={focusForm} /> },
          ]}
        />
      </section>
      <div ref={box} className="partForm">
        <Chosen editing={editing} side={side} row={row} list={list} setRow={setRow} setList={setList} />
      </div>
      <aside className="partAside" aria-label={t`About the card`}>
        <Tabs
          label={t`About the card`}
          pages={[
            { id: "preview", name: <Trans>Preview</Trans>, content: <CardPreview card={card} /> },
            { id: "problems", name: <ProblemCount problems={editing.problems} />, content: <Problems problems={editing.problems} where={(problem) => placeOf(card, problem).name} jump={jump} /> },
            { id: "versions", name: <Trans>Versions</Trans>, content: <PartVersions part="card" editing={editing} with={(earlier) => earlier} /> },
          ]}
        />
      </aside>
    </div>
  );
}

interface ChosenProps {
  editing: CardEditing;
  side: Side;
  row: string | null;
  list: string | null;
  setRow: (key: string) => void;
  setList: (id: string) => void;
}

function Chosen({ editing, side, row, list, setRow, setList }: ChosenProps) {
  const card = editing.value;
  const entry = entryOf(row);
  if (side === "lists") {
    const shown = card.choice_lists.find(({ id }) => id === list);
    return shown ? <ChoiceListForm key={shown.id} editing={editing} list={shown} renamed={setList} /> : <Nothing />;
  }
  const field = entry?.of === "field" ? card.customer_fields.find(({ id }) => id === entry.id) : undefined;
  if (field) return <FieldForm key={field.id} editing={editing} field={field} renamed={(id) => setRow(keyOf({ of: "field", id }))} />;
  const group = entry?.of === "group" ? card.field_groups.find(({ id }) => id === entry.id) : undefined;
  return group ? <GroupForm key={group.id} editing={editing} group={group} renamed={(id) => setRow(keyOf({ of: "group", id }))} /> : <Nothing />;
}

function Nothing() {
  return (
    <p className="muted">
      <Trans>Add something, or choose what is to be changed.</Trans>
    </p>
  );
}

function GroupForm({ editing, group, renamed: named }: { editing: CardEditing; group: Choice; renamed: (id: string) => void }) {
  const { t } = useLingui();
  const card = editing.value;
  const place = `field_groups[${card.field_groups.indexOf(group)}]`;
  const set = (more: Partial<Choice>) => editing.change({ value: { ...card, field_groups: card.field_groups.map((each) => (each.id === group.id ? { ...group, ...more } : each)) } }, `group ${group.id} ${Object.keys(more).join()}`);
  return (
    <div className="partFields">
      <div className="partPair">
        <Line label={t`In Russian`} lang="ru" value={group.ru} longest={100} problems={editing.at(`${place}.ru`)} change={(ru) => set({ ru })} />
        <Line label={t`In English`} lang="en" value={group.en} longest={100} problems={editing.at(`${place}.en`)} change={(en) => set({ en })} />
      </div>
      <NameInFile
        id={group.id}
        others={card.field_groups.filter((each) => each !== group).map(({ id }) => id)}
        published={editing.opened.value.field_groups.some(({ id }) => id === group.id)}
        rename={(to) => {
          editing.change({ value: renamed(card, "group", group.id, to) });
          named(to);
        }}
      />
    </div>
  );
}

/** Where "customer_fields[3].pattern" is, and what stands there. */
function placeOf(card: CardSetUp, { place }: Problem): { side: Side; key: string | null; name: string } {
  const [, list, number] = /^(\w+)\[(\d+)\]/.exec(place) ?? [];
  const at = Number(number);
  const field = list === "customer_fields" ? card.customer_fields[at] : undefined;
  if (field) return { side: "fields", key: keyOf({ of: "field", id: field.id }), name: field[spoken()] || field.id };
  const group = list === "field_groups" ? card.field_groups[at] : undefined;
  if (group) return { side: "fields", key: keyOf({ of: "group", id: group.id }), name: group[spoken()] || group.id };
  const choices = list === "choice_lists" ? card.choice_lists[at] : undefined;
  return choices ? { side: "lists", key: choices.id, name: choices.id } : { side: "fields", key: null, name: place };
}
