/** Keys by which those who wait leave the queue. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";

import { Button, IconButton } from "@/design/Button";
import { Group, Said, type FormProps } from "@/queues/Form";
import { Leading, others } from "@/queues/Leading";
import { put, without } from "@/queues/order";
import { KEYS, nextExit, type Exit } from "@/queues/queue";
import { Pick } from "@/setup/Fields";
import { Told } from "@/setup/Told";

export function Exits(props: FormProps) {
  const { queue, at, names, set } = props;
  const { t } = useLingui();
  return (
    <Group title={t`Keys while they wait`}>
      <p className="caption">
        <Trans>Whoever waits may press them at any moment. A key that is not here changes nothing.</Trans>
      </p>
      <ul className="queueRows" aria-label={t`Keys`}>
        {queue.exits.map((exit, number) => (
          <ExitRow key={number} {...props} exit={exit} number={number} />
        ))}
      </ul>
      {queue.exits.length < KEYS.length && (
        <Button kind="bare" className="partAdd" icon={Plus} onPress={() => set({ exits: [...queue.exits, nextExit(queue.exits, others(names["queues"], queue.id)[0]?.id)] })}>
          <Trans>Add a key</Trans>
        </Button>
      )}
      {(queue.exits.length > 0 || queue.exits_announced.length > 0) && (
        <Said
          label={t`Names the other keys together`}
          said={queue.exits_announced}
          problems={at("exits_announced")}
          help={<Trans>Of the keys that have no words of their own, said where each of them would help.</Trans>}
          change={(exits_announced, language) => set({ exits_announced }, `exits_announced.${language}`)}
        />
      )}
    </Group>
  );
}

function ExitRow({ queue, at, names, set, exit, number }: FormProps & { exit: Exit; number: number }) {
  const { t } = useLingui();
  const place = `exits[${number}]`;
  const change = (next: Partial<Exit>, what = "") => set({ exits: put(queue.exits, number, { ...exit, ...next }) }, what && `${place}.${what}`);
  const own = at(place).filter((problem) => problem.place.endsWith(place));
  return (
    <li className="queueRow" data-place={place}>
      <div className="queueKey">
        <Pick label={t`Key`} value={exit.digit} options={KEYS.map((id) => ({ id, name: id }))} problems={at(`${place}.digit`)} change={(digit) => change({ digit })} />
        <Leading label={t`Leads`} to={exit.to} allowed={["queue", "scenario", "callback", "outside", "mailbox", "reject"]} names={names} without={queue.id} problems={at(`${place}.to`)} change={(to, what) => to && change({ to }, what)} />
      </div>
      <IconButton icon={X} name={t`Take key ${exit.digit} out`} onPress={() => set({ exits: without(queue.exits, number) })} />
      <div className="queueWide">
        <Said
          label={t`Names key ${exit.digit}`}
          said={exit.announced}
          problems={at(`${place}.announced`)}
          help={<Trans>Said after the place in the queue, to whomever the key would help now. Without words it works all the same.</Trans>}
          change={(announced, language) => change({ announced }, `announced.${language}`)}
        />
      </div>
      <Told id={`exit${number}told`} problems={own} />
    </li>
  );
}
