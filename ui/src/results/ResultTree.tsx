/** The tree of results: what is there, in which order, what stands under what. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, IndentDecrease, IndentIncrease, ListPlus, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import type { Disposition } from "@/api/disposition";
import { Button, IconButton } from "@/design/Button";
import { SearchField } from "@/design/SearchField";
import { spoken } from "@/i18n/language";
import type { ResultsEditing } from "@/results/Results";
import { allows, branch, emptyResult, insert, move, put, remove, rows, turn } from "@/results/tree";
import { freshId } from "@/setup/freshId";
import { Outline, OutlineKeys, type Acts } from "@/setup/Outline";

/** A list that is longer can be searched. */
const SHORT = 12;

export function ResultTree({ editing, chosen, choose, edit }: { editing: ResultsEditing; chosen: string | null; choose: (id: string | null) => void; edit: () => void }) {
  const { t } = useLingui();
  const [q, setQ] = useState<string>();
  const all = editing.value.dispositions;
  const placed = rows(all);
  const write = (dispositions: Disposition[]) => dispositions !== all && editing.change({ value: { dispositions } });
  const add = (where: "after" | "into") => {
    const made = emptyResult(freshId("result", all.map(({ id }) => id)), null);
    setQ(undefined);
    write(insert(all, made, chosen, where));
    choose(made.id);
    edit();
  };
  const take = () => {
    if (chosen === null) return;
    const { left, queues } = remove(all, editing.queues, chosen);
    const gone = branch(all, chosen);
    const at = placed.findIndex(({ one }) => one.id === chosen);
    const next = placed.slice(at).find(({ one }) => !gone.has(one.id)) ?? placed[at - 1];
    editing.change({ value: { dispositions: left }, queues });
    choose(next?.one.id ?? null);
  };
  const shown = q ? found(all, q) : null;
  const still = shown !== null;
  const acts: Acts = {
    choose,
    edit,
    add: () => add("after"),
    remove: take,
    move: (by) => chosen !== null && write(move(all, chosen, by)),
    turn: (by) => chosen !== null && write(turn(all, chosen, by)),
    drop: (id, at, where) => write(put(all, id, at, where)),
    allows: (id, at) => allows(all, id, at),
  };
  const can = (next: Disposition[]) => !still && next !== all && JSON.stringify(next) !== JSON.stringify(all);
  return (
    <div className="partOutlinePage">
      <div className="partTools" role="toolbar" aria-label={t`Results`}>
        <span className="partToolGroup">
          <Button icon={Plus} onPress={acts.add}>
            <Trans>Add a result</Trans>
          </Button>
          <IconButton icon={ListPlus} name={t`Add one under it`} isDisabled={chosen === null} onPress={() => add("into")} />
        </span>
        <span className="partToolGroup">
          <IconButton icon={ArrowUp} name={t`Move up`} isDisabled={chosen === null || !can(move(all, chosen, -1))} onPress={() => acts.move(-1)} />
          <IconButton icon={ArrowDown} name={t`Move down`} isDisabled={chosen === null || !can(move(all, chosen, 1))} onPress={() => acts.move(1)} />
          <IconButton icon={IndentIncrease} name={t`Put under the one before`} isDisabled={chosen === null || !can(turn(all, chosen, 1))} onPress={() => acts.turn?.(1)} />
          <IconButton icon={IndentDecrease} name={t`Take out of its heading`} isDisabled={chosen === null || !can(turn(all, chosen, -1))} onPress={() => acts.turn?.(-1)} />
          <IconButton icon={Trash2} name={t`Remove it and what stands under it`} isDisabled={chosen === null} onPress={take} />
        </span>
      </div>
      {all.length > SHORT && <SearchField value={q ?? ""} placeholder={t`Word or name in the file`} change={setQ} />}
      <Outline
        label={t`Results in their order`}
        rows={placed
          .filter(({ one }) => !shown || shown.has(one.id))
          .map(({ one, depth }) => ({ id: one.id, depth, name: one[spoken()] || one.id, more: <Follows one={one} />, problems: editing.at(`dispositions[${all.indexOf(one)}]`) }))}
        chosen={chosen}
        acts={acts}
        still={still}
      />
      {shown?.size === 0 && (
        <p className="muted" role="status">
          <Trans>Nothing is called so.</Trans>
        </p>
      )}
      <OutlineKeys turns />
    </div>
  );
}

/** With the headings above what is found, and all that stands under it. */
function found(all: Disposition[], q: string): Set<string> {
  const wanted = q.toLocaleLowerCase();
  const hits = all.filter(({ id, ru, en }) => [id, ru, en].some((text) => text.toLocaleLowerCase().includes(wanted)));
  const shown = new Set(hits.flatMap(({ id }) => [...branch(all, id)]));
  for (const { id } of all) if (hits.some((hit) => branch(all, id).has(hit.id))) shown.add(id);
  return shown;
}

function Follows({ one }: { one: Disposition }) {
  const { t } = useLingui();
  const words = [one.task !== "never" && t`task`, one.call !== "never" && t`call`, one.mail !== "never" && t`mail`].filter(Boolean);
  return words.length > 0 ? <>{words.join(", ")}</> : null;
}
