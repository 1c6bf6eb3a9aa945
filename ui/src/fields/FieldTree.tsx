/** Headings and fields in the order of the card. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Heading, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { Button, IconButton } from "@/design/Button";
import { SearchField } from "@/design/SearchField";
import { allows, emptyField, entries, entryOf, insert, keyOf, move, put, remove, type CardSetUp, type Entry } from "@/fields/card";
import type { CardEditing } from "@/fields/CardFields";
import { useKinds } from "@/fields/kinds";
import { spoken } from "@/i18n/language";
import { freshId } from "@/setup/freshId";
import { Outline, OutlineKeys, type Acts, type Row } from "@/setup/Outline";

const SHORT = 12;

export function FieldTree({ editing, chosen, choose, edit }: { editing: CardEditing; chosen: string | null; choose: (key: string | null) => void; edit: () => void }) {
  const { t } = useLingui();
  const [q, setQ] = useState<string>();
  const kinds = useKinds();
  const card = editing.value;
  const order = entries(card);
  const write = (value: CardSetUp) => value !== card && editing.change({ value });
  const begin = (made: Entry, value: CardSetUp) => {
    setQ(undefined);
    write(value);
    choose(keyOf(made));
    edit();
  };
  const add = () => {
    const id = freshId("field", card.customer_fields.map((each) => each.id));
    begin({ of: "field", id }, insert(card, emptyField(id), chosen));
  };
  const addGroup = () => {
    const id = freshId("group", card.field_groups.map((each) => each.id));
    begin({ of: "group", id }, { ...card, field_groups: [...card.field_groups, { id, ru: "", en: "" }] });
  };
  const take = () => {
    const entry = entryOf(chosen);
    if (!entry) return;
    const at = order.findIndex((each) => keyOf(each) === chosen);
    const next = order[at + 1] ?? order[at - 1];
    write(remove(card, entry));
    choose(next ? keyOf(next) : null);
  };
  const acts: Acts = {
    choose,
    edit,
    add,
    remove: take,
    move: (by) => chosen !== null && write(move(card, chosen, by)),
    drop: (key, at, where) => write(put(card, key, at, where)),
    allows,
  };
  const rows = order.map((each): Row & { words: string[] } => {
    const things = each.of === "group" ? card.field_groups : card.customer_fields;
    const index = things.findIndex(({ id }) => id === each.id);
    const field = each.of === "field" ? card.customer_fields[index] : undefined;
    const thing = things[index];
    const name = thing?.[spoken()] || each.id;
    return {
      id: keyOf(each),
      depth: field?.group != null && card.field_groups.some(({ id }) => id === field.group) ? 1 : 0,
      name,
      more: field ? [kinds[field.kind], field.required && t`has to be filled in`].filter(Boolean).join(", ") : <Trans>heading</Trans>,
      problems: editing.at(`${each.of === "group" ? "field_groups" : "customer_fields"}[${index}]`),
      words: [each.id, thing?.ru ?? "", thing?.en ?? ""],
    };
  });
  const shown = q ? rows.filter(({ words }) => words.some((text) => text.toLocaleLowerCase().includes(q.toLocaleLowerCase()))) : rows;
  const can = (by: -1 | 1) => chosen !== null && !q && move(card, chosen, by) !== card;
  return (
    <div className="partOutlinePage">
      <div className="partTools" role="toolbar" aria-label={t`Fields`}>
        <span className="partToolGroup">
          <Button icon={Plus} onPress={add}>
            <Trans>Add a field</Trans>
          </Button>
          <IconButton icon={Heading} name={t`Add a heading`} onPress={addGroup} />
        </span>
        <span className="partToolGroup">
          <IconButton icon={ArrowUp} name={t`Move up`} isDisabled={!can(-1)} onPress={() => acts.move(-1)} />
          <IconButton icon={ArrowDown} name={t`Move down`} isDisabled={!can(1)} onPress={() => acts.move(1)} />
          <IconButton icon={Trash2} name={t`Remove`} isDisabled={entryOf(chosen) === null} onPress={take} />
        </span>
      </div>
      {rows.length > SHORT && <SearchField value={q ?? ""} placeholder={t`Word or name in the file`} change={setQ} />}
      <Outline label={t`Fields in their order`} rows={shown} chosen={chosen} acts={acts} still={Boolean(q)} />
      {shown.length === 0 && (
        <p className="muted" role="status">
          {q ? <Trans>Nothing is called so.</Trans> : <Trans>The card has no fields of your own yet.</Trans>}
        </p>
      )}
      <OutlineKeys />
    </div>
  );
}
