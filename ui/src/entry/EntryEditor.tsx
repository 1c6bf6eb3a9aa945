/** One number: what it is called, its clock, its table of rules, and where a caller goes for whom none holds. */
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, Plus } from "lucide-react";

import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { type EntryPoint, type Rule } from "@/entry/rule";
import { RuleForm } from "@/entry/RuleForm";
import { Group } from "@/queues/Form";
import { jump } from "@/queues/jump";
import { others } from "@/queues/Leading";
import { moved, put, without } from "@/queues/order";
import { Line, Pick } from "@/setup/Fields";
import { freshId } from "@/setup/freshId";
import { PartVersions } from "@/setup/PartVersions";
import { ProblemCount, Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import type { Editing } from "@/setup/useSetupPart";

export type EntryEditing = Editing<EntryPoint[]>;

export function PublishedEntry() {
  return <Trans>Whoever calls from now on goes by these rules. Whoever is here already goes on.</Trans>;
}

export function EntryEditor({ editing, number, leave }: { editing: EntryEditing; number: number; leave: () => void }) {
  const { t, i18n } = useLingui();
  const entry = editing.value[number] as EntryPoint;
  const place = `entry_points[${number}]`;
  const own = editing.problems.filter((problem) => !problem.place.startsWith("entry_points[") || editing.at(place).includes(problem));
  const { names } = editing.opened;
  const set = (changes: Partial<EntryPoint>, what = "") => editing.change({ value: put(editing.value, number, { ...entry, ...changes }) }, what && `${entry.id} ${what}`);
  const called = entry.name || entry.number || entry.id;
  const divisions = others(names["divisions"]);
  return (
    <div className="page partEditor">
      <header className="partTop">
        <IconButton icon={ArrowLeft} name={t`All numbers`} onPress={leave} />
        <h1>{called}</h1>
        <span className="shellSpace" />
        <PartActions part="entry_points" editing={editing}>
          <PublishedEntry />
        </PartActions>
      </header>
      <Refusal error={editing.error} />
      <div className="partBeside">
        <div className="partStack">
          <Group title={t`The number`}>
            <div className="partPair">
              <Line label={t`Name`} longest={100} value={entry.name} problems={editing.at(`${place}.name`)} change={(name) => set({ name }, "name")} />
              <Line label={t`Number`} code value={entry.number} problems={editing.at(`${place}.number`)} help={<Trans>As the trunk dials it: digits, with or without a plus.</Trans>} change={(value) => set({ number: value }, "number")} />
              <Line label={t`Time zone`} code value={entry.time_zone} problems={editing.at(`${place}.time_zone`)} change={(time_zone) => set({ time_zone: time_zone.trim() }, "time_zone")} />
              <Pick label={t`Where no rule holds, the flow`} value={entry.scenario} options={others(names["scenarios"])} problems={editing.at(`${place}.scenario`)} change={(scenario) => set({ scenario })} />
              {divisions.length > 0 && (
                <Pick label={t`Centre`} value={entry.division ?? ""} options={[{ id: "", name: t`Of all` }, ...divisions]} problems={editing.at(`${place}.division`)} change={(division) => set({ division: division || null })} />
              )}
            </div>
          </Group>
          <p className="muted">
            <Trans>The first rule whose conditions all hold decides.</Trans>
          </p>
          <ol className="partStack" aria-label={t`Rules`}>
            {entry.rules.map((rule, at) => (
              <RuleForm
                key={rule.id}
                rule={rule}
                number={at}
                last={at === entry.rules.length - 1}
                names={names}
                at={(inside) => editing.at(`${place}.rules[${at}]${inside && `.${inside}`}`)}
                change={(next, what) => set({ rules: put(entry.rules, at, next) }, what && `${rule.id} ${what}`)}
                move={(by) => set({ rules: moved(entry.rules, at, by) })}
                take={() => set({ rules: without(entry.rules, at) })}
              />
            ))}
          </ol>
          <Button className="partAdd" icon={Plus} onPress={() => set({ rules: [...entry.rules, newRule(entry.rules, names)] })}>
            <Trans>Add a rule</Trans>
          </Button>
        </div>
        <aside className="partStack" aria-label={t`About the number`}>
          <div className="card">
            <Tabs
              label={t`About the number`}
              pages={[
                { id: "problems", name: <ProblemCount problems={own} />, content: <Problems problems={own} where={(problem) => whereOf(problem.place, i18n)} jump={jump} /> },
                {
                  id: "versions",
                  name: <Trans>Versions</Trans>,
                  content: <PartVersions part="entry_points" item={entry.id} editing={editing} with={(earlier) => editing.value.map((each) => (each.id === entry.id ? (earlier.find(({ id }) => id === entry.id) ?? each) : each))} />,
                },
              ]}
            />
          </div>
        </aside>
      </div>
    </div>
  );
}

/** It holds always, until it is said when; so it comes last, and leads into the first queue. */
function newRule(rules: readonly Rule[], names: EntryEditing["opened"]["names"]): Rule {
  const id = freshId("rule", rules.map((each) => each.id));
  return { id, when: {}, to: { queue: names["queues"]?.[0]?.id ?? "" } };
}

function whereOf(place: string, i18n: I18n): string {
  const rule = /^entry_points\[\d+\]\.rules\[(\d+)\]/.exec(place);
  if (!rule) return place.replace(/^entry_points\[\d+\]\./, "") || "–";
  const number = Number(rule[1]) + 1;
  return i18n._(msg`Rule ${number}`);
}
