/** Lists of choices by a name, for any number of fields. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";

import { Button, IconButton } from "@/design/Button";
import { renamed, type ChoiceList } from "@/fields/card";
import type { CardEditing } from "@/fields/CardFields";
import { Choices } from "@/fields/Choices";
import { spoken } from "@/i18n/language";
import { NameInFile } from "@/setup/Fields";
import { freshId } from "@/setup/freshId";
import { Outline } from "@/setup/Outline";

const nothing = () => undefined;

export function ChoiceLists({ editing, chosen, choose, edit }: { editing: CardEditing; chosen: string | null; choose: (id: string | null) => void; edit: () => void }) {
  const { t } = useLingui();
  const card = editing.value;
  const lists = card.choice_lists;
  const add = () => {
    const id = freshId("list", lists.map((each) => each.id));
    editing.change({ value: { ...card, choice_lists: [...lists, { id, choices: [] }] } });
    choose(id);
    edit();
  };
  const take = () => {
    const at = lists.findIndex(({ id }) => id === chosen);
    if (at < 0) return;
    editing.change({ value: { ...card, choice_lists: lists.toSpliced(at, 1) } });
    choose((lists[at + 1] ?? lists[at - 1])?.id ?? null);
  };
  return (
    <div className="partOutlinePage">
      <div className="partTools" role="toolbar" aria-label={t`Lists of choices`}>
        <Button icon={Plus} onPress={add}>
          <Trans>Add a list</Trans>
        </Button>
        <IconButton icon={Trash2} name={t`Remove`} isDisabled={!lists.some(({ id }) => id === chosen)} onPress={take} />
      </div>
      <Outline
        label={t`Lists of choices`}
        rows={lists.map(({ id, choices }, number) => {
          const few = choices
            .slice(0, 3)
            .map((each) => each[spoken()])
            .join(", ");
          return { id, depth: 0, name: id, more: choices.length > 3 ? `${few}…` : few, problems: editing.at(`choice_lists[${number}]`), fixed: true };
        })}
        chosen={chosen}
        acts={{ choose, edit, add, remove: take, move: nothing, drop: nothing, allows: () => false }}
        still
      />
      {lists.length === 0 && (
        <p className="muted">
          <Trans>A list is worth it where several fields offer the same: cities, products.</Trans>
        </p>
      )}
    </div>
  );
}

export function ChoiceListForm({ editing, list, renamed: named }: { editing: CardEditing; list: ChoiceList; renamed: (id: string) => void }) {
  const card = editing.value;
  const place = `choice_lists[${card.choice_lists.indexOf(list)}]`;
  const users = card.customer_fields.filter(({ choices_from }) => choices_from === list.id).map((each) => each[spoken()] || each.id);
  const by = users.join(", ");
  return (
    <div className="partFields">
      <NameInFile
        id={list.id}
        others={card.choice_lists.filter((each) => each !== list).map(({ id }) => id)}
        published={editing.opened.value.choice_lists.some(({ id }) => id === list.id)}
        rename={(to) => {
          editing.change({ value: renamed(card, "list", list.id, to) });
          named(to);
        }}
      />
      <p className="muted">{users.length > 0 ? <Trans>Offered by: {by}</Trans> : <Trans>No field offers it yet.</Trans>}</p>
      <Choices
        choices={list.choices}
        at={(inside) => editing.at(`${place}.choices${inside}`)}
        change={(choices, what) => editing.change({ value: { ...card, choice_lists: card.choice_lists.map((each) => (each.id === list.id ? { ...list, choices } : each)) } }, what && `list ${list.id} ${what}`)}
      />
    </div>
  );
}
