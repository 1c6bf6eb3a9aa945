/** One row of the table: when it holds, and where it leads. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useId, type ReactNode } from "react";

import type { Problem, Thing } from "@/api/parts";
import { IconButton } from "@/design/Button";
import { asksBoth, beside, hoursOf, withHours, type Conditions, type Rule } from "@/entry/rule";
import { WEEKDAYS } from "@/hours/calendar";
import { Periods } from "@/hours/Periods";
import { weekdayShort } from "@/hours/words";
import { Check } from "@/queues/Form";
import { Leading, others } from "@/queues/Leading";
import { Pick } from "@/setup/Fields";
import { Numbers } from "@/setup/Numbers";
import { Told } from "@/setup/Told";

interface Props {
  rule: Rule;
  number: number;
  last: boolean;
  names: Record<string, Thing[]>;
  /** What is wrong at a place within the rule. */
  at: (place: string) => Problem[];
  change: (rule: Rule, what: string) => void;
  move: (by: number) => void;
  take: () => void;
}

export function RuleForm({ rule, number, last, names, at, change, move, take }: Props) {
  const { t } = useLingui();
  const id = useId();
  const place = number + 1;
  const { when } = rule;
  const set = (next: Conditions, what: string) => change({ ...rule, when: { ...when, ...next } }, what);
  const more = beside(when).join(", ");
  const calendars = others(names["calendars"]);
  const lists = others(names["number_lists"]);
  const chosen = when.caller_list ?? [];
  return (
    <li className="card queueCard" aria-labelledby={`${id}title`} data-place={`rules[${number}]`}>
      <div className="hoursTop">
        <h3 id={`${id}title`} className="heading">
          <Trans>Rule {place}</Trans> <code className="muted">{rule.id}</code>
        </h3>
        <span className="hoursTools">
          <IconButton icon={ArrowUp} name={t`Rule ${place} up`} isDisabled={number === 0} onPress={() => move(-1)} />
          <IconButton icon={ArrowDown} name={t`Rule ${place} down`} isDisabled={last} onPress={() => move(1)} />
          <IconButton icon={Trash2} name={t`Remove rule ${place}`} onPress={take} />
        </span>
      </div>
      <div className="partPair">
        <Pick
          label={t`Opening hours`}
          value={hoursOf(when)}
          options={[
            { id: "", name: t`At any time` },
            ...calendars.flatMap((each) => [
              { id: `open:${each.id}`, name: t`While it is open: ${each.name}` },
              ...(asksBoth(when) ? [] : [{ id: `closed:${each.id}`, name: t`While it is closed: ${each.name}` }]),
            ]),
          ]}
          problems={[...at("when.open"), ...at("when.closed")]}
          change={(hours) => change({ ...rule, when: withHours(when, hours) }, "")}
        />
        <Pick
          label={t`Incident switch`}
          value={when.incident === true ? "on" : when.incident === false ? "off" : ""}
          options={[
            { id: "", name: t`On or off` },
            { id: "on", name: t`Only while it is on` },
            { id: "off", name: t`Only while it is off` },
          ]}
          change={(incident) => set({ incident: incident === "" ? null : incident === "on" }, "")}
        />
        <Numbers label={t`Numbers of callers, with commas`} value={when.caller ?? []} problems={at("when.caller")} change={(caller) => set({ caller }, "caller")} />
        <Numbers label={t`Beginnings of numbers, with commas`} value={when.caller_prefix ?? []} problems={at("when.caller_prefix")} change={(caller_prefix) => set({ caller_prefix }, "caller_prefix")} />
      </div>
      {lists.length > 0 && (
        <Group legend={<Trans>Callers of a list</Trans>}>
          {lists.map((list) => (
            <Check key={list.id} label={list.name} value={chosen.includes(list.id)} change={(on) => set({ caller_list: on ? [...chosen, list.id] : chosen.filter((each) => each !== list.id) }, "")} />
          ))}
        </Group>
      )}
      <Group legend={<Trans>Days (none: any)</Trans>}>
        {WEEKDAYS.map((day) => (
          <Check
            key={day}
            label={weekdayShort(day)}
            value={(when.days ?? []).includes(day)}
            change={(on) => set({ days: WEEKDAYS.filter((each) => (each === day ? on : (when.days ?? []).includes(each))) }, "")}
          />
        ))}
      </Group>
      <div className="field">
        <span className="label">
          <Trans>Hours on the clock of the number</Trans>
        </span>
        <Periods of={t`Rule ${place}`} periods={when.hours ?? []} wrong={at("when.hours").some(({ warning }) => !warning)} none={<Trans>Any hour</Trans>} change={(hours) => set({ hours }, "")} />
        <Told id={`${id}hours`} problems={at("when.hours")} />
      </div>
      {more && (
        <p className="caption">
          <Trans>And, as the file says: {more}</Trans>
        </p>
      )}
      <Leading label={t`Then the caller goes`} to={rule.to} allowed={["queue", "scenario", "outside", "reject"]} names={names} problems={at("to")} change={(to, what) => to && change({ ...rule, to }, what)} />
      <Told id={`${id}told`} problems={[...at("when"), ...at("")].filter(({ place: where }) => /(rules\[\d+\]|\.when)$/.test(where))} />
    </li>
  );
}

function Group({ legend, children }: { legend: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="entryGroup">
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}
