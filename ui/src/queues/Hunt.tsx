/** The order of a hunt: dragged, or moved by buttons and keys. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Plus, UserMinus } from "lucide-react";
import { useState } from "react";

import { Button, IconButton } from "@/design/Button";
import { spoken } from "@/i18n/language";
import { AddOne } from "@/queues/AddOne";
import type { FormProps } from "@/queues/Form";
import { moved, placed, without } from "@/queues/order";
import { Outline, type Acts } from "@/setup/Outline";

export function Hunt({ queue, at, names, agents, set }: FormProps) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<string | null>(null);
  const { hunt } = queue;
  const called = new Map(names["agents"]?.map((each) => [each.id, each[spoken()]]));
  const nameOf = (login: string) => called.get(login) ?? login;
  const belongs = (login: string) => queue.everyone || agents.some((agent) => agent.login === login && agent.queues[queue.id] !== undefined);
  const missing = agents.map(({ login }) => login).filter((login) => belongs(login) && !hunt.includes(login));
  const number = chosen === null ? -1 : hunt.indexOf(chosen);
  const write = (next: string[]) => set({ hunt: next });
  const add = (login: string | undefined) => {
    if (login === undefined) return;
    write([...hunt, login]);
    setChosen(login);
  };
  const acts: Acts = {
    choose: setChosen,
    edit: () => undefined,
    add: () => add(missing[0]),
    remove: () => {
      if (number < 0) return;
      write(without(hunt, number));
      setChosen(hunt[number + 1] ?? hunt[number - 1] ?? null);
    },
    move: (by) => number >= 0 && write(moved(hunt, number, by)),
    drop: (id, there, where) => write(placed(hunt, id, there, where === "after")),
    allows: (id, there, where) => id !== there && where !== "into",
  };
  return (
    <fieldset className="queueRings">
      <legend className="label">
        <Trans>The order</Trans>
      </legend>
      <p className="caption">
        <Trans>The first of the list who is free gets the contact. Agents of the queue who are not in the list come after it, by their login.</Trans>
      </p>
      {hunt.length > 0 && (
        <>
          <div className="partTools" role="toolbar" aria-label={t`The order`}>
            <IconButton icon={ArrowUp} name={t`Move up`} isDisabled={number <= 0} onPress={() => acts.move(-1)} />
            <IconButton icon={ArrowDown} name={t`Move down`} isDisabled={number < 0 || number === hunt.length - 1} onPress={() => acts.move(1)} />
            <IconButton icon={UserMinus} name={t`Take out of the order`} isDisabled={number < 0} onPress={acts.remove} />
          </div>
          <Outline
            label={t`Agents in their order`}
            rows={hunt.map((login, place) => ({
              id: login,
              depth: 0,
              name: `${place + 1}. ${nameOf(login)}`,
              more: belongs(login) ? null : t`does not serve the queue`,
              problems: at(`hunt[${place}]`),
              place: `hunt[${place}]`,
            }))}
            chosen={chosen}
            acts={acts}
          />
          <p className="muted partKeys">
            <Trans>Arrows choose; Alt with an arrow moves up and down; Delete takes out. Rows can be dragged, too.</Trans>
          </p>
        </>
      )}
      <AddOne label={t`Put into the order`} icon={Plus} things={missing.map((login) => ({ id: login, name: nameOf(login) }))} add={add} />
      {missing.length > 1 && (
        <Button kind="bare" className="partAdd" icon={Plus} onPress={() => write([...hunt, ...missing])}>
          <Trans>Put all the others in</Trans>
        </Button>
      )}
    </fieldset>
  );
}
