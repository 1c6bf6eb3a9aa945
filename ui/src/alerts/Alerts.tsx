/** What supervisors are told of by themselves. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { BellRing, Plus, Trash2 } from "lucide-react";
import { useId, type ReactNode } from "react";

import { figuresOf, KINDS, ofKind, STATES, type AlertRule, type FigureOf, type Kind, type State } from "@/alerts/rule";
import type { Problem } from "@/api/parts";
import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Check } from "@/queues/Form";
import { jump } from "@/queues/jump";
import { others } from "@/queues/Leading";
import { put, without } from "@/queues/order";
import "@/queues/queues.css";
import { Figure, Pick } from "@/setup/Fields";
import { freshId } from "@/setup/freshId";
import { PartVersions } from "@/setup/PartVersions";
import { Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { Told } from "@/setup/Told";
import { useSetupPart, type Editing } from "@/setup/useSetupPart";

const KIND: Record<Kind, MessageDescriptor> = {
  long_wait: msg`Somebody waits long`,
  long_talk: msg`A conversation lasts long`,
  long_hold: msg`A customer is on hold long`,
  long_status: msg`An agent is long in a state`,
  service_level: msg`Too few answered in time`,
  abandoned: msg`Too many gave up`,
  ghost_busy: msg`An agent looks busy and is not`,
};
const FIGURE: Record<FigureOf, MessageDescriptor> = {
  after_seconds: msg`After, seconds`,
  percent: msg`Percent`,
  within_seconds: msg`In time is within, seconds`,
  short_seconds: msg`Not counted who gave up within, seconds`,
  window_seconds: msg`Counted over the last, seconds`,
  at_least: msg`With so many contacts at least`,
};
const STATE: Record<State, MessageDescriptor> = { not_ready: msg`Not ready`, wrap_up: msg`Wrap-up`, ready: msg`Ready` };

export function Alerts() {
  const { editing, error } = useSetupPart<AlertRule[]>("alerts");
  return (
    <>
      {editing ? (
        <Rules editing={editing} />
      ) : (
        <div className="page partList">
          <SetupNav />
          <h1>
            <Trans>Alerts</Trans>
          </h1>
          <Refusal error={error} />
        </div>
      )}
      <LeaveGuard unsaved={editing?.unsaved ?? false} within="/configuration/alerts">
        <Trans>What was changed in the alerts is not published.</Trans>
      </LeaveGuard>
    </>
  );
}

function Rules({ editing }: { editing: Editing<AlertRule[]> }) {
  const { t } = useLingui();
  const rules = editing.value;
  const where = ({ place }: Problem) => {
    const found = /^alerts\[(\d+)\]/.exec(place);
    const number = Number(found?.[1]) + 1;
    return found ? t`Alert ${number}` : place || "–";
  };
  const add = () => editing.change({ value: [...rules, ofKind({ id: freshId("alert", rules.map(({ id }) => id)), queues: [] }, "long_wait")] });
  return (
    <div className="page partList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Alerts</Trans>
        </h1>
        <span className="partTools">
          <PartActions part="alerts" editing={editing}>
            <Trans>From now on supervisors are told by these rules.</Trans>
          </PartActions>
          <Button icon={Plus} onPress={add}>
            <Trans>New alert</Trans>
          </Button>
        </span>
      </div>
      <p className="muted">
        <Trans>What supervisors are told of by themselves, on the floor and wherever they are.</Trans>
      </p>
      <Refusal error={editing.error} />
      {editing.problems.length > 0 && <Problems problems={editing.problems} where={where} jump={jump} />}
      {rules.length === 0 && (
        <div className="blank card">
          <BellRing size={28} aria-hidden />
          <Trans>No alerts yet.</Trans>
        </div>
      )}
      <div className="partBeside">
        <ol className="partStack" aria-label={t`Alerts`}>
          {rules.map((rule, number) => (
            <Rule key={rule.id} editing={editing} rule={rule} number={number} />
          ))}
        </ol>
        <aside className="card queueCard" aria-label={t`Versions`}>
          <PartVersions part="alerts" editing={editing} with={(earlier) => earlier} />
        </aside>
      </div>
    </div>
  );
}

function Rule({ editing, rule, number }: { editing: Editing<AlertRule[]>; rule: AlertRule; number: number }) {
  const { t, i18n } = useLingui();
  const id = useId();
  const place = `alerts[${number}]`;
  const shown = number + 1;
  const at = (inside: string) => editing.at(`${place}.${inside}`);
  const set = (next: AlertRule, what = "") => editing.change({ value: put(editing.value, number, next) }, what && `${rule.id} ${what}`);
  const queues = others(editing.opened.names["queues"]);
  const own = editing.at(place).filter((problem) => problem.place === place || /\.(id|states|queues)/.test(problem.place));
  return (
    <li className="card queueCard" aria-labelledby={`${id}title`} data-place={place}>
      <div className="alertTop">
        <h2 id={`${id}title`} className="heading">
          <Trans>Alert {shown}</Trans> <code className="muted">{rule.id}</code>
        </h2>
        <IconButton icon={Trash2} name={t`Remove alert ${shown}`} onPress={() => editing.change({ value: without(editing.value, number) })} />
      </div>
      <div className="partPair">
        <Pick label={t`When`} value={rule.kind} options={KINDS.map((kind) => ({ id: kind, name: i18n._(KIND[kind]) }))} problems={at("kind")} change={(kind) => set(ofKind(rule, kind as Kind))} />
      </div>
      <div className="partPair">
        {figuresOf(rule.kind).map((name) => (
          <Figure key={name} label={i18n._(FIGURE[name])} value={rule[name]} problems={at(name)} change={(value) => set({ ...rule, [name]: value }, name)} />
        ))}
      </div>
      {rule.kind === "long_status" && (
        <Choices legend={<Trans>In the state</Trans>} things={STATES.map((state) => ({ id: state, name: i18n._(STATE[state]) }))} chosen={rule.states} change={(states) => set({ ...rule, states: states as State[] })} />
      )}
      {queues.length > 0 && <Choices legend={<Trans>Of the queues (none: of all)</Trans>} things={queues} chosen={rule.queues} change={(chosen) => set({ ...rule, queues: chosen })} />}
      <Told id={`${id}told`} problems={own} />
    </li>
  );
}

function Choices({ legend, things, chosen, change }: { legend: ReactNode; things: { id: string; name: string }[]; chosen: readonly string[]; change: (chosen: string[]) => void }) {
  return (
    <fieldset className="queueChecks">
      <legend className="label">{legend}</legend>
      {things.map(({ id, name }) => (
        <Check key={id} label={name} value={chosen.includes(id)} change={(on) => change(on ? [...chosen, id] : chosen.filter((each) => each !== id))} />
      ))}
    </fieldset>
  );
}
