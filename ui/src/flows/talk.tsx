/** What a test call looks like, of a flow as of a scenario in Python: who said what, the keys, how it ended, the test that is made of it. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { BellOff, CornerDownLeft, EarOff, Mic, MicVocal } from "lucide-react";
import { useId, useState } from "react";

import type { CallSettings, Named, Trial } from "@/api/flows";
import { Button } from "@/design/Button";
import { Tag } from "@/design/Tag";
import { without, type FlowTest, type Texts, type Values } from "@/flows/flow";
import "@/flows/talk.css";

type CallEnd = Pick<Trial, "queue" | "agent" | "served" | "callback" | "voicemail" | "choices" | "attributes" | "priority" | "fault"> & { turns: { kind: string; text: string }[] };

export function CallTurn({ turn }: { turn: { kind: string; text: string; confidence: number | null } }) {
  const { t, i18n } = useLingui();
  if (turn.kind === "said") {
    return (
      <p className="flowSaid">
        <span className="unseen">{t`It says:`}</span> {turn.text}
      </p>
    );
  }
  if (turn.kind === "outside") {
    return (
      <p className="flowPassed muted">
        <Trans>Calls {turn.text}</Trans>
      </p>
    );
  }
  if (turn.kind === "wrote") {
    return (
      <p className="flowPassed flowWrote muted">
        <Trans>Writes to {turn.text}</Trans>
      </p>
    );
  }
  if (turn.kind === "unspoken") {
    return (
      <p className="flowPassed muted">
        <Trans>Only a call can do this: {turn.text}. Nothing is sent.</Trans>
      </p>
    );
  }
  const percent = new Intl.NumberFormat(i18n.locale, { style: "percent" }).format(turn.confidence ?? 0);
  const heard = turn.text === "" ? t`a noise` : `“${turn.text}” · ${percent}`;
  const words = { pressed: turn.text, spoke: `“${turn.text}”`, heard, silent: t`says nothing`, failed: t`cannot hear it`, deaf: t`cannot be listened to` }[turn.kind as "pressed" | "spoke" | "heard" | "silent" | "failed" | "deaf"];
  return (
    <p className="flowPressed">
      <span className="unseen">{t`The caller:`}</span> {words}
    </p>
  );
}

/** Whether a scenario serves written requests, too. */
export function Written({ id, on, set }: { id: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <div className="field">
      <label className="flowCheck">
        <input type="checkbox" aria-describedby={id} checked={on} onChange={(event) => set(event.target.checked)} />
        <Trans>Serves written requests, too</Trans>
      </label>
      <span id={id} className="caption">
        <Trans>What is said to callers is sent to whoever wrote in one mail, as the scenario comes to its end. At a question by keys or by voice the request goes to the queue for everything else, and nothing is sent.</Trans>
      </span>
    </div>
  );
}

/** In a test: something was written in place of a call. */
export function AsWritten({ written, settings, set }: { written: boolean; settings: CallSettings; set: (settings: CallSettings) => void }) {
  const { t } = useLingui();
  const { request } = settings;
  if (!written && request === null) return null;
  const write = (some: Texts) => set({ ...settings, request: Object.fromEntries(Object.entries({ ...request, ...some }).filter(([, value]) => value !== "")) });
  const names = ["mail", "name", "subject"];
  const of = (known: boolean) => Object.fromEntries(Object.entries(request ?? {}).filter(([name]) => names.includes(name) === known));
  const own = (name: string) => request?.[name] ?? "";
  return (
    <>
      <label className="flowCheck">
        <input type="checkbox" checked={request !== null} onChange={(event) => set({ ...settings, presses: [], request: event.target.checked ? { mail: "ivan@example.com", name: t`Ivan` } : null })} />
        <Trans>A written request in place of a call</Trans>
      </label>
      {request !== null && (
        <>
          <Given label={t`Mail`} value={own("mail")} write={(mail) => write({ mail })} />
          <Given label={t`Name`} value={own("name")} write={(name) => write({ name })} />
          <Given label={t`Subject`} value={own("subject")} write={(subject) => write({ subject })} />
          <Given label={t`Fields of the form, as order=4711, city=Omsk`} value={shownPairs(of(false))} write={(pairs) => set({ ...settings, request: { ...of(true), ...pairsOf(pairs) } })} />
        </>
      )}
    </>
  );
}

/** It counts when the field is left. */
function Given({ label, value, write }: { label: string; value: string; write: (value: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input key={value} id={id} className="input" maxLength={200} defaultValue={value} onBlur={(event) => event.target.value.trim() !== value && write(event.target.value.trim())} />
    </div>
  );
}

/** Any keys at all. */
export function Typed({ press }: { press: (keys: string) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  return (
    <form
      className="flowTyped"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== "") press(typed);
      }}
    >
      <input className="input figures" inputMode="tel" aria-label={t`Other keys`} placeholder={t`Other keys`} maxLength={40} value={typed} onChange={(event) => setTyped(event.target.value.replace(/[^0-9*#]/g, ""))} />
      <Button type="submit" icon={CornerDownLeft} isDisabled={typed === ""}>
        <Trans>Press</Trans>
      </Button>
    </form>
  );
}

/** What follows is said, as in a test of the configuration file. */
export const SAYS = "says:";

/** Where words count, too. `mumble`: they are recognised, and not surely. */
export function Words({ say, mumble, deaf }: { say: (words: string) => void; mumble?: ((words: string) => void) | undefined; deaf: () => void }) {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  return (
    <>
      <form
        className="flowTyped"
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== "") say(words.trim());
        }}
      >
        <input className="input" aria-label={t`What the caller says`} placeholder={t`What the caller says`} maxLength={150} value={words} onChange={(event) => setWords(event.target.value)} />
        <Button type="submit" icon={Mic} isDisabled={words.trim() === ""}>
          <Trans>Say it</Trans>
        </Button>
      </form>
      {mumble && (
        <Button icon={MicVocal} isDisabled={words.trim() === ""} onPress={() => mumble(words.trim())}>
          <Trans>Say it unclearly</Trans>
        </Button>
      )}
      <Button icon={EarOff} onPress={deaf}>
        <Trans>Nobody can listen</Trans>
      </Button>
    </>
  );
}

/** Where a message is taken. */
export function Speak({ say }: { say: (words: string) => void }) {
  const { t } = useLingui();
  const words = t`Call me, please`;
  return (
    <div className="flowKeypad" role="group" aria-label={t`What to say`}>
      <Button icon={Mic} onPress={() => say(words)}>
        <Trans>Say: {words}</Trans>
      </Button>
      <Button icon={BellOff} onPress={() => say("")}>
        <Trans>Say nothing</Trans>
      </Button>
    </div>
  );
}

export function Ending({ trial, choices }: { trial: CallEnd; choices: { queues: Named[]; agents: Named[] } }) {
  const name = (known: { id: string; name: string }[], id: string | null) => known.find((each) => each.id === id)?.name || id;
  const [queue, agent, mailbox] = [name(choices.queues, trial.queue), name(choices.agents, trial.agent), name(choices.queues, trial.voicemail)];
  const known = Object.entries(trial.attributes);
  return (
    <div className="flowEnding" role="status">
      {trial.fault && <p className="refusal">{trial.fault}</p>}
      {trial.served && (
        <Tag tone="ok">
          <Trans>Served, hung up</Trans>
        </Tag>
      )}
      {trial.queue !== null && (
        <Tag tone="info">
          <Trans>To the queue {queue}</Trans>
        </Tag>
      )}
      {trial.callback && (
        <Tag tone="info">
          <Trans>To be called back</Trans>
        </Tag>
      )}
      {trial.voicemail !== null && (
        <Tag tone="info">
          <Trans>A message waits in the queue {mailbox}</Trans>
        </Tag>
      )}
      {trial.agent !== null && (
        <Tag tone="info">
          <Trans>First to {agent}</Trans>
        </Tag>
      )}
      {trial.choices.length > 0 && <span className="muted">{trial.choices.join(" · ")}</span>}
      {trial.priority !== 0 && (
        <span className="muted">
          <Trans>Priority {trial.priority}</Trans>
        </span>
      )}
      {known.length > 0 && <span className="muted">{known.map(([key, value]) => `${key} = ${value}`).join(", ")}</span>}
    </div>
  );
}

/** What a database or a service says in this call, and whether what is written goes: nobody is asked. Code is run, unless it is said here what
 * it gives back. */
export function Answer({ step, label, writes = false, computes = false, settings, set }: { step: string; label: string; writes?: boolean; computes?: boolean; settings: CallSettings; set: (settings: CallSettings) => void }) {
  const { i18n } = useLingui();
  const id = useId();
  const given = settings.answers[step]?.[0];
  const write = (outcome: string, values: Texts) => set({ ...settings, answers: { ...settings.answers, [step]: [{ outcome, ...(Object.keys(values).length > 0 ? { values } : {}) }] } });
  const outcome = given?.outcome ?? (writes ? "found" : computes ? "" : "failed");
  const shown = shownPairs(given?.values ?? {});
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={outcome} onChange={(event) => (event.target.value === "" ? set({ ...settings, answers: without(settings.answers, step) }) : write(event.target.value, given?.values ?? {}))}>
        {(writes ? SENDS : computes ? COMPUTES : ANSWERS).map(([name, said]) => (
          <option key={name} value={name}>
            {i18n._(said)}
          </option>
        ))}
      </select>
      {outcome === "found" && !writes && (
        <input
          key={shown}
          className="input"
          aria-label={i18n._(ANSWERED)}
          placeholder={i18n._(ANSWERED)}
          defaultValue={shown}
          onBlur={(event) => write(outcome, pairsOf(event.target.value))}
        />
      )}
    </div>
  );
}

const ANSWERS: [string, MessageDescriptor][] = [
  ["found", msg`Found`],
  ["not_found", msg`Not found`],
  ["failed", msg`Failed`],
];

const SENDS: [string, MessageDescriptor][] = [
  ["found", msg`Then`],
  ["failed", msg`Failed`],
];

const COMPUTES: [string, MessageDescriptor][] = [
  ["", msg`Its code is run`],
  ["found", msg`Then`],
  ["failed", msg`Its code failed`],
];

const ANSWERED = msg`Values, as state=paid, sum=100`;

const shownPairs = (values: Texts) => Object.entries(values).map(([name, value]) => `${name}=${value}`).join(", ");

const pairsOf = (text: string): Texts =>
  Object.fromEntries(
    text
      .split(",")
      .map((pair) => pair.split("=", 2).map((part) => part.trim()))
      .filter(([name, value]) => name && value !== undefined),
  ) as Texts;

/** What came of this call is what must come of it from now on. */
export function asTest(tests: FlowTest[], settings: CallSettings, trial: CallEnd): FlowTest {
  const said = settings.request === null ? settings.presses.map((keys) => keys || "–").join(" ") : "✉";
  const to = trial.queue ?? (trial.served ? "✓" : "");
  const base = [said, to].filter(Boolean).join(" → ") || to;
  const taken = new Set(tests.map(({ name }) => name));
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base} (${number})`;
  const called = trial.turns.filter(({ kind }) => kind === "outside").at(-1)?.text;
  const written = trial.turns.filter(({ kind }) => kind === "wrote").at(-1)?.text;
  const expect: Values = {
    ...(trial.queue === null ? { served: trial.served } : { queue: trial.queue, ...(trial.callback ? { callback: true } : {}) }),
    ...(trial.voicemail === null ? {} : { voicemail: trial.voicemail }),
    ...(called === undefined ? {} : { outside: called }),
    ...(written === undefined ? {} : { written }),
    choices: trial.choices,
  };
  return {
    name,
    ...(settings.presses.length > 0 ? { presses: settings.presses } : {}),
    expect,
    ...(settings.ani === "" ? {} : { ani: settings.ani }),
    ...(settings.language === "" ? {} : { language: settings.language }),
    ...(settings.vip ? { vip: true } : {}),
    ...(settings.request === null ? {} : { request: settings.request }),
    ...(Object.keys(settings.branches).length > 0 ? { branches: settings.branches } : {}),
    ...(Object.keys(settings.answers).length > 0 ? { answers: settings.answers } : {}),
  };
}
