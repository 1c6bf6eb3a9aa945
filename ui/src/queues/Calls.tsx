/** Calls that go out in the name of a queue: callbacks, and what agents call. */
import { Trans, useLingui } from "@lingui/react/macro";

import { spoken } from "@/i18n/language";
import { Check, figuresOf, Group, Said, type FormProps } from "@/queues/Form";
import { others } from "@/queues/Leading";
import { withUsual, type CallbackTimes } from "@/queues/queue";
import { Figure, Pick } from "@/setup/Fields";
import { Numbers } from "@/setup/Numbers";

export function Callbacks(props: FormProps) {
  const { queue, at, names, set } = props;
  const { t } = useLingui();
  const { callback } = queue;
  const figure = figuresOf(props, "callback");
  const calendars = (names["calendars"] ?? []).map((each) => ({ id: each.id, name: each[spoken()] }));
  const change = (next: Partial<typeof callback>, what = "") => set({ callback: { ...callback, ...next } }, what && `callback.${what}`);
  return (
    <Group title={t`Callbacks`}>
      <p className="caption">
        <Trans>For whoever leaves by a key, by a flow or over a limit to be called back, and keeps the place.</Trans>
      </p>
      <div className="partPair">
        <Pick
          label={t`Customers are called back`}
          value={callback.open ?? ""}
          options={[{ id: "", name: t`At any time` }, ...calendars.map(({ id, name }) => ({ id, name: t`While it is open: ${name}` }))]}
          problems={at("callback.open")}
          help={<Trans>Whether callers come into the queue at all outside the hours is decided by the rules of the entry point.</Trans>}
          change={(open) => change({ open: open || null })}
        />
        <Figure label={t`Attempts`} least={1} {...figure("attempts")} help={<Trans>Then the outcome is “not reached”.</Trans>} />
        <Figure label={t`Between two attempts, seconds`} {...figure("retry_seconds")} help={<Trans>The place is kept.</Trans>} />
        <Figure label={t`Rings at the customer, seconds`} {...figure("ring_seconds")} />
        <Figure label={t`Given up after, seconds`} {...figure("lifetime_seconds")} help={<Trans>Whoever could not be called in this time is not any more. A day has 86,400.</Trans>} />
        <Prefixes value={callback.prefixes} at={at} place="callback.prefixes" change={(prefixes) => change({ prefixes }, "prefixes")} />
      </div>
      <Times {...props} change={(times, what) => change({ times }, `times.${what}`)} />
      <Said
        label={t`Will be called back`}
        said={callback.accepted}
        problems={at("callback.accepted")}
        help={<Trans>Said to whoever will be called; without it, words of the program.</Trans>}
        change={(accepted, language) => change({ accepted }, `accepted.${language}`)}
      />
      <Said
        label={t`Cannot be called`}
        said={callback.impossible}
        problems={at("callback.impossible")}
        help={<Trans>Said to whose number is withheld or may not be called, and who waits on; without it, words of the program.</Trans>}
        change={(impossible, language) => change({ impossible }, `impossible.${language}`)}
      />
    </Group>
  );
}

function Times({ queue, at, change }: FormProps & { change: (times: CallbackTimes, what: string) => void }) {
  const { t } = useLingui();
  const { times } = queue.callback;
  const figure = (name: keyof CallbackTimes) => ({
    value: times[name],
    problems: at(`callback.times.${name}`),
    change: (value: number | null) => change({ ...times, [name]: value }, name),
  });
  return (
    <fieldset className="queueRings">
      <legend className="label">
        <Trans>Calls at a chosen time</Trans>
      </legend>
      <div className="partPair">
        <Figure label={t`Length of a window, seconds`} {...figure("window_seconds")} help={<Trans>Within it after the chosen time the call is promised.</Trans>} />
        <Figure label={t`Calls in one window at most`} {...figure("most")} help={<Trans>0: nobody chooses a time.</Trans>} />
        <Figure label={t`Days ahead`} {...figure("days")} />
      </div>
    </fieldset>
  );
}

/** Which of our numbers customers see, the usual one first. */
export function CallingOut(props: FormProps) {
  const { queue, at, names, set } = props;
  const { t } = useLingui();
  const { calling } = queue;
  const [usual = ""] = calling.callers;
  const numbers = others(names["entry_points"]);
  const change = (next: Partial<typeof calling>, what = "") => set({ calling: { ...calling, ...next } }, what && `calling.${what}`);
  return (
    <Group title={t`Calls out`}>
      <div className="partPair">
        <Pick
          label={t`The customer sees the number`}
          value={usual}
          options={[{ id: "", name: t`None: agents do not call out` }, ...numbers]}
          problems={at("calling.callers")}
          help={<Trans>Where a call back arrives. Agents call in the name of this queue.</Trans>}
          change={(next) => change({ callers: withUsual(calling.callers, next) })}
        />
        {usual && <Figure label={t`Rings at the customer, seconds`} {...figuresOf(props, "calling")("ring_seconds")} />}
        {usual && <Prefixes value={calling.prefixes} at={at} place="calling.prefixes" change={(prefixes) => change({ prefixes }, "prefixes")} />}
      </div>
      {usual && numbers.length > 1 && (
        <fieldset className="queueChecks">
          <legend className="label">
            <Trans>Or, as the agent chooses</Trans>
          </legend>
          {numbers
            .filter(({ id }) => id !== usual)
            .map(({ id, name }) => (
              <Check key={id} label={name} value={calling.callers.includes(id)} change={(on) => change({ callers: on ? [...calling.callers, id] : calling.callers.filter((each) => each !== id) })} />
            ))}
        </fieldset>
      )}
    </Group>
  );
}

function Prefixes({ value, at, place, change }: { value: string[]; at: FormProps["at"]; place: string; change: (value: string[]) => void }) {
  const { t } = useLingui();
  return (
    <Numbers
      label={t`Beginnings of numbers that may be called`}
      value={value}
      problems={at(place)}
      help={<Trans>With commas, such as +49, +7. None: any number, also an expensive one.</Trans>}
      change={change}
    />
  );
}
