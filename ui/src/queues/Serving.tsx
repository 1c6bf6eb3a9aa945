/** To whom a queue's contacts are offered: the strategy, what is asked of an agent, and how that relaxes. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";

import type { Thing } from "@/api/parts";
import { Button, IconButton } from "@/design/Button";
import { spoken } from "@/i18n/language";
import { Group, type FormProps } from "@/queues/Form";
import { Hunt } from "@/queues/Hunt";
import { put, without } from "@/queues/order";
import { nextRing, STRATEGIES, terms, type Strategy } from "@/queues/queue";
import { STRATEGY } from "@/queues/words";
import { Figure, Line, Pick } from "@/setup/Fields";
import { Told } from "@/setup/Told";

export function Serving(props: FormProps) {
  const { queue, at, set, figure } = props;
  const { t, i18n } = useLingui();
  return (
    <Group title={t`Who gets the contact`}>
      <div className="partPair">
        <Pick
          label={t`Strategy`}
          value={queue.strategy}
          options={STRATEGIES.map((id) => ({ id, name: i18n._(STRATEGY[id].name) }))}
          problems={at("strategy")}
          change={(strategy) => set({ strategy: strategy as Strategy })}
        />
        <Figure label={t`Rings at an agent, seconds`} {...figure("ring_seconds")} />
        {queue.strategy === "ring_all" && <Figure label={t`So many at once at most`} {...figure("ring_all_limit")} />}
      </div>
      <p className="caption">{i18n._(STRATEGY[queue.strategy].about)}</p>
      {(queue.strategy === "hunt" || at("hunt").length > 0) && <Hunt {...props} />}
      <Rings {...props} />
      <div className="partPair">
        <Figure label={t`Priority, steps`} {...figure("priority")} />
        <Figure label={t`Wait to be kept, seconds`} {...figure("target_seconds")} />
        <Figure label={t`First the agent who talked last, seconds`} {...figure("last_agent_seconds")} />
        <Figure label={t`First the customer’s own manager, seconds`} {...figure("personal_seconds")} />
        <Figure label={t`Counts as having waited longer by, seconds`} {...figure("adjustment_seconds")} />
        <Figure label={t`Declined: not again to the same agent for, seconds`} {...figure("decline_pause_seconds")} />
      </div>
    </Group>
  );
}

function Rings({ queue, at, names, set }: FormProps) {
  const { t } = useLingui();
  const skills = names["skills"] ?? [];
  return (
    <fieldset className="queueRings">
      <legend className="label">
        <Trans>What is asked of an agent</Trans>
      </legend>
      <p className="caption">
        <Trans>Skills and levels such as “english &gt;= 5 and sales”; a line further down stands in place of those before it once somebody has waited so long.</Trans>
      </p>
      <ol>
        <li>
          <Line label={t`At once`} code value={queue.requires} problems={at("requires")} change={(requires) => set({ requires }, "requires")} />
          <InWords requires={queue.requires} skills={skills} />
        </li>
        {queue.rings.map((ring, number) => (
          <li key={number} data-place={`rings[${number}]`}>
            <div className="queueRing">
              <Figure
                label={t`After, seconds`}
                value={ring.after_seconds}
                problems={at(`rings[${number}].after_seconds`)}
                change={(seconds) => set({ rings: put(queue.rings, number, { ...ring, after_seconds: seconds as number }) }, `rings[${number}].after_seconds`)}
              />
              <Line
                label={t`From then on`}
                code
                value={ring.requires}
                problems={at(`rings[${number}].requires`)}
                change={(requires) => set({ rings: put(queue.rings, number, { ...ring, requires }) }, `rings[${number}].requires`)}
              />
              <IconButton icon={X} name={t`Take this step out: ${number + 1}`} onPress={() => set({ rings: without(queue.rings, number) })} />
            </div>
            <InWords requires={ring.requires} skills={skills} />
            <Told id={`ring${number}told`} problems={at(`rings[${number}]`).filter(({ place }) => place.endsWith("]"))} />
          </li>
        ))}
      </ol>
      <Button kind="bare" className="partAdd" icon={Plus} onPress={() => set({ rings: [...queue.rings, nextRing(queue.rings)] })}>
        <Trans>Ask for less after a while</Trans>
      </Button>
    </fieldset>
  );
}

function InWords({ requires, skills }: { requires: string; skills: Thing[] }) {
  const { t } = useLingui();
  const found = terms(requires);
  if (found === null) return null;
  const skill = (id: string) => skills.find((each) => each.id === id)?.[spoken()] ?? id;
  const words = found.map((term) => ("skill" in term ? (term.least > 1 ? t`${skill(term.skill)} from level ${term.least}` : skill(term.skill)) : t`${term.attribute}: ${term.value}`));
  return <p className="caption queueWords">{found.length === 0 ? <Trans>Any agent of the queue</Trans> : words.join(" · ")}</p>;
}
