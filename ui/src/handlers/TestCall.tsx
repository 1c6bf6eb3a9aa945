/** A test call: the code as it stands on the screen, run confined on the server, with a fake caller who presses keys, speaks or keeps silent. */
import { Trans, useLingui } from "@lingui/react/macro";
import { BellOff, PhoneCall, Pin, RotateCcw } from "lucide-react";
import { useId, useState } from "react";

import type { CallSettings, Named } from "@/api/flows";
import type { HandlerTrial, HandlerTurn } from "@/api/handlers";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { without, type FlowTest } from "@/flows/flow";
import { Answer, asTest, AsWritten, CallTurn, Ending, SAYS, Speak, Typed, Words } from "@/flows/talk";
import { outcomesOf, verbName } from "@/handlers/verbs";

interface Props {
  settings: CallSettings;
  written: boolean;
  queues: Named[];
  tests: FlowTest[];
  trial: HandlerTrial | undefined;
  error: Error | null;
  pending: boolean;
  call: (settings: CallSettings) => void;
  keep: (test: FlowTest) => void;
  show: (line: number) => void;
}

export function TestCall({ settings, written, queues, tests, trial, error, pending, call, keep, show }: Props) {
  const { t } = useLingui();
  const press = (keys: string) => call({ ...settings, presses: [...settings.presses, keys] });
  return (
    <section className="card handlerCall" aria-label={t`Test call`}>
      <h2 className="heading">
        <Trans>Test call</Trans>
      </h2>
      <p className="muted">
        <Trans>The code above is run as in a real call, also before it is saved. Nobody is called, and no database or service is asked: say here what they answer.</Trans>
      </p>
      <div className="setupMarks">
        <Button kind={trial ? undefined : "primary"} icon={trial ? RotateCcw : PhoneCall} isPending={pending && settings.presses.length === 0} onPress={() => call({ ...settings, presses: [] })}>
          {trial ? <Trans>Call again</Trans> : <Trans>Make a test call</Trans>}
        </Button>
        {trial && trial.asks === "" && !trial.fault && (
          <Button icon={Pin} onPress={() => keep(asTest(tests, settings, trial))}>
            <Trans>Keep as a test</Trans>
          </Button>
        )}
      </div>
      <Refusal error={error} />
      {trial && (
        <div role="log" aria-label={t`The test call`} className="flowTalk" aria-busy={pending}>
          {trial.turns.map((turn, number) => (turn.kind === "step" ? <Step key={number} turn={turn} show={show} /> : <CallTurn key={number} turn={turn} />))}
        </div>
      )}
      {trial && trial.asks !== "" && <Pad key={settings.presses.length} asks={trial.asks} press={press} />}
      {trial && trial.asks !== "" && Object.keys(trial.attributes).length > 0 && <Known attributes={trial.attributes} />}
      {trial && trial.asks === "" && <Ending trial={trial} choices={{ queues, agents: [] }} />}
      {trial?.traceback && (
        <pre className="handlerTrace" tabIndex={0} aria-label={t`Traceback`}>
          {trial.traceback}
        </pre>
      )}
      <Circumstances trial={trial} settings={settings} written={written} set={call} />
    </section>
  );
}

/** What the code wanted, and on which of its lines. */
function Step({ turn, show }: { turn: HandlerTurn; show: (line: number) => void }) {
  const { t, i18n } = useLingui();
  const { line } = turn;
  const said = [verbName(i18n, turn.verb), turn.text].filter(Boolean).join(" · ");
  return (
    <p className="flowPassed muted handlerStep">
      {line > 0 && (
        <Button kind="bare" aria-label={t`Line ${line}`} onPress={() => show(line)}>
          <span className="figures">{line}</span>
        </Button>
      )}
      {said}
    </p>
  );
}

function Pad({ asks, press }: { asks: HandlerTrial["asks"]; press: (keys: string) => void }) {
  const { t } = useLingui();
  if (asks === "message") return <Speak say={press} />;
  return (
    <div className="flowKeypad" role="group" aria-label={t`Keys to press`}>
      <Typed press={press} />
      {asks === "words" && <Words say={(words) => press(`${SAYS} ${words}`)} deaf={() => press("deaf")} />}
      <Button icon={BellOff} onPress={() => press("")}>
        <Trans>Say nothing</Trans>
      </Button>
    </div>
  );
}

function Known({ attributes }: { attributes: Record<string, string> }) {
  return <p className="muted">{Object.entries(attributes).map(([key, value]) => `${key} = ${value}`).join(", ")}</p>;
}

function Circumstances({ trial, settings, written, set }: { trial: HandlerTrial | undefined; settings: CallSettings; written: boolean; set: (settings: CallSettings) => void }) {
  const { t, i18n } = useLingui();
  const prefix = useId();
  const steps = (verbs: string[]) => [...new Map((trial?.turns ?? []).filter(({ kind, verb, text }) => kind === "step" && verbs.includes(verb) && text !== "").map((turn) => [turn.text, turn])).values()];
  const branch = (step: string, came: string) => set({ ...settings, branches: came === "" ? without(settings.branches, step) : { ...settings.branches, [step]: came } });
  return (
    <details className="flowAround">
      <summary>
        <Trans>Who calls, and what is answered</Trans>
      </summary>
      <AsWritten written={written} settings={settings} set={set} />
      <Number value={settings.ani} write={(ani) => set({ ...settings, ani })} />
      <div className="field">
        <label htmlFor={`${prefix}language`}>
          <Trans>Language</Trans>
        </label>
        <select id={`${prefix}language`} className="input" value={settings.language} onChange={(event) => set({ ...settings, language: event.target.value })}>
          <option value="">{t`The scenario's own`}</option>
          <option value="ru">{t`Russian`}</option>
          <option value="en">{t`English`}</option>
        </select>
      </div>
      <label className="flowCheck">
        <input type="checkbox" checked={settings.vip} onChange={(event) => set({ ...settings, vip: event.target.checked })} />
        <Trans>The caller is a VIP</Trans>
      </label>
      {steps(["lookup", "fetch", "sendmessage"]).map(({ text, verb }) => (
        <Answer key={text} step={text} label={text} writes={verb === "sendmessage"} settings={settings} set={set} />
      ))}
      {steps(["transferoutside", "tries", "maycallback"]).map(({ text, verb }) => (
        <div key={text} className="field">
          <label htmlFor={`${prefix}${text}`}>{text}</label>
          <select id={`${prefix}${text}`} className="input" value={settings.branches[text] ?? ""} onChange={(event) => branch(text, event.target.value)}>
            {outcomesOf(i18n, verb).map(([came, said]) => (
              <option key={came} value={came}>
                {said}
              </option>
            ))}
          </select>
        </div>
      ))}
      {steps(["choose"]).map(({ text }) => (
        <Branch key={text} step={text} came={settings.branches[text] ?? ""} write={(came) => branch(text, came)} />
      ))}
    </details>
  );
}

/** The call is made anew when the field is left, not with every figure. */
function Number({ value, write }: { value: string; write: (value: string) => void }) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  return (
    <div className="field">
      <label htmlFor={id}>
        <Trans>The caller's number</Trans>
      </label>
      <input id={id} className="input figures" inputMode="tel" maxLength={20} value={typed} onChange={(event) => setTyped(event.target.value)} onBlur={() => typed !== value && write(typed)} />
    </div>
  );
}

function Branch({ step, came, write }: { step: string; came: string; write: (came: string) => void }) {
  const { t } = useLingui();
  const id = useId();
  const [typed, setTyped] = useState(came);
  return (
    <div className="field">
      <label htmlFor={id}>{step}</label>
      <input
        id={id}
        className="input"
        maxLength={100}
        placeholder={t`The exit that is taken; meets: yes`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => typed !== came && write(typed)}
      />
    </div>
  );
}
