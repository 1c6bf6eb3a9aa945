/** A test call: the draft as it is on the screen, played on the server with a fake caller who presses keys. */
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { BellOff, CornerDownLeft, EarOff, Mic, Pin, RotateCcw, X } from "lucide-react";
import { useId, useState } from "react";

import type { CallSettings, Choices, Trial } from "@/api/flows";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { bodyOf, exitsOf, find, kindOf, labelOf, without, type Block, type Flow, type FlowTest, type Texts, type Values } from "@/flows/flow";
import { exitName } from "@/flows/words";

interface Props {
  flow: Flow;
  choices: Choices;
  settings: CallSettings;
  set: (settings: CallSettings) => void;
  trial: Trial | undefined;
  error: Error | null;
  keep: (test: FlowTest) => void;
}

export function TestCall({ flow, choices, settings, set, trial, error, keep }: Props) {
  const { t } = useLingui();
  const press = (keys: string) => set({ ...settings, presses: [...settings.presses, keys] });
  return (
    <div className="flowPanel flowTrial">
      <Refusal error={error} />
      <div role="log" aria-label={t`The test call`} className="flowTalk">
        {trial?.turns.map((turn, number) => <TurnLine key={number} turn={turn} flow={flow} />)}
      </div>
      {trial?.asks && <Keypad key={settings.presses.length} flow={flow} at={trial.at} press={press} />}
      {trial && !trial.asks && <Ending trial={trial} choices={choices} />}
      <div className="flowTrialActions">
        <Button icon={RotateCcw} isDisabled={settings.presses.length === 0} onPress={() => set({ ...settings, presses: [] })}>
          <Trans>Call again</Trans>
        </Button>
        {trial && !trial.asks && !trial.fault && (
          <Button icon={Pin} onPress={() => keep(asTest(flow, settings, trial))}>
            <Trans>Keep as a test</Trans>
          </Button>
        )}
      </div>
      <Circumstances flow={flow} settings={settings} set={set} />
    </div>
  );
}

function TurnLine({ turn, flow }: { turn: Trial["turns"][number]; flow: Flow }) {
  const { t, i18n } = useLingui();
  if (turn.kind === "passed") {
    const block = turn.flow === flow.id ? find(flow, turn.block) : undefined;
    return block ? (
      <p className="flowPassed muted">
        {labelOf(block)}: {exitName(i18n, block, turn.text)}
      </p>
    ) : null;
  }
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
      <p className="flowPassed muted">
        <Trans>Writes to {turn.text}</Trans>
      </p>
    );
  }
  const percent = new Intl.NumberFormat(i18n.locale, { style: "percent" }).format(turn.confidence ?? 0);
  const heard = turn.text === "" ? t`a noise` : `“${turn.text}” · ${percent}`;
  const words = { pressed: turn.text, spoke: `“${turn.text}”`, heard, silent: t`says nothing`, failed: t`cannot hear it`, deaf: t`cannot be listened to` }[turn.kind];
  return (
    <p className="flowPressed">
      <span className="unseen">{t`The caller:`}</span> {words}
    </p>
  );
}

function Keypad({ flow, at, press }: { flow: Flow; at: string | null; press: (keys: string) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const block = find(flow, at);
  const kind = block && kindOf(block);
  if (kind === "record" || kind === "voicemail") return <Speak say={press} />;
  const speech = Boolean(kind === "ask" && block && bodyOf(block)["speech"]);
  const keys = block && kindOf(block) === "ask" ? Object.entries((bodyOf(block)["keys"] as Texts | undefined) ?? {}) : [];
  return (
    <div className="flowKeypad" role="group" aria-label={t`Keys to press`}>
      {keys
        .filter(([key]) => key !== "")
        .map(([key, label]) => (
          <Button key={key} onPress={() => press(key)}>
            <strong className="figures">{key}</strong> {label}
          </Button>
        ))}
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
      {speech && <Words say={(words) => press(`${SAYS} ${words}`)} deaf={() => press("deaf")} />}
      <Button icon={BellOff} onPress={() => press("")}>
        <Trans>Say nothing</Trans>
      </Button>
    </div>
  );
}

/** What follows is said, as in a test of the configuration file. */
const SAYS = "says:";

/** Where words count, too. */
function Words({ say, deaf }: { say: (words: string) => void; deaf: () => void }) {
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
      <Button icon={EarOff} onPress={deaf}>
        <Trans>Nobody can listen</Trans>
      </Button>
    </>
  );
}

/** Where a message is taken. */
function Speak({ say }: { say: (words: string) => void }) {
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

function Ending({ trial, choices }: { trial: Trial; choices: Choices }) {
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

function Circumstances({ flow, settings, set }: Pick<Props, "flow" | "settings" | "set">) {
  const { t, i18n } = useLingui();
  const prefix = useId();
  const branches = flow.blocks.filter((block) => ["branch", "outside"].includes(kindOf(block) ?? ""));
  const asked = flow.blocks.filter((block) => ["look_up", "fetch", ...WRITES].includes(kindOf(block) ?? ""));
  const branch = (id: string, exit: string) => {
    const others = without(settings.branches, id);
    set({ ...settings, branches: exit === "" ? others : { ...others, [id]: exit } });
  };
  return (
    <details className="flowAround">
      <summary>
        <Trans>Who calls, and when</Trans>
      </summary>
      <div className="field">
        <label htmlFor={`${prefix}ani`}>
          <Trans>The caller's number</Trans>
        </label>
        <input id={`${prefix}ani`} className="input figures" inputMode="tel" maxLength={20} value={settings.ani} onChange={(event) => set({ ...settings, ani: event.target.value })} />
      </div>
      <div className="field">
        <label htmlFor={`${prefix}language`}>
          <Trans>Language</Trans>
        </label>
        <select id={`${prefix}language`} className="input" value={settings.language} onChange={(event) => set({ ...settings, language: event.target.value })}>
          <option value="">{t`The flow's own`}</option>
          {flow.languages.map((language) => (
            <option key={language} value={language}>
              {language}
            </option>
          ))}
        </select>
      </div>
      <label className="flowCheck">
        <input type="checkbox" checked={settings.vip} onChange={(event) => set({ ...settings, vip: event.target.checked })} />
        <Trans>The caller is a VIP</Trans>
      </label>
      {asked.map((block) => (
        <Answer key={block.id} block={block} settings={settings} set={set} />
      ))}
      {branches.map((block) => (
        <div key={block.id} className="field">
          <label htmlFor={`${prefix}${block.id}`}>{labelOf(block)}</label>
          <select id={`${prefix}${block.id}`} className="input" value={settings.branches[block.id] ?? ""} onChange={(event) => branch(block.id, event.target.value)}>
            <option value="">{kindOf(block) === "outside" ? t`Somebody answers` : t`As the caller is; hours and queues hold nothing`}</option>
            {exitsOf(block).filter(({ name }) => kindOf(block) === "branch" || !["done", "otherwise"].includes(name)).map(({ name }) => (
              <option key={name} value={name}>
                {exitName(i18n, block, name)}
              </option>
            ))}
          </select>
        </div>
      ))}
    </details>
  );
}

const WRITES = ["mail", "sms"];

/** What a database or a service says in this call, and whether what is written goes: nobody is asked. */
function Answer({ block, settings, set }: { block: Block } & Pick<Props, "settings" | "set">) {
  const { i18n } = useLingui();
  const id = useId();
  const given = settings.answers[block.id]?.[0];
  const write = (outcome: string, values: Texts) => set({ ...settings, answers: { ...settings.answers, [block.id]: [{ outcome, ...(Object.keys(values).length > 0 ? { values } : {}) }] } });
  const writes = WRITES.includes(kindOf(block) ?? "");
  const outcome = given?.outcome ?? (writes ? "found" : "failed");
  const shown = Object.entries(given?.values ?? {}).map(([name, value]) => `${name}=${value}`).join(", ");
  return (
    <div className="field">
      <label htmlFor={id}>{labelOf(block)}</label>
      <select id={id} className="input" value={outcome} onChange={(event) => write(event.target.value, given?.values ?? {})}>
        {(writes ? ["found", "failed"] : ["found", "not_found", "failed"]).map((name) => (
          <option key={name} value={name}>
            {exitName(i18n, block, writes && name === "found" ? "done" : name)}
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

const ANSWERED = msg`Values, as state=paid, sum=100`;

const pairsOf = (text: string): Texts =>
  Object.fromEntries(
    text
      .split(",")
      .map((pair) => pair.split("=", 2).map((part) => part.trim()))
      .filter(([name, value]) => name && value !== undefined),
  ) as Texts;

/** What came of this call is what must come of it from now on. */
export function asTest(flow: Flow, settings: CallSettings, trial: Trial): FlowTest {
  const said = settings.presses.map((keys) => keys || "–").join(" ");
  const to = trial.queue ?? (trial.served ? "✓" : "");
  const base = [said, to].filter(Boolean).join(" → ") || to;
  const taken = new Set((flow.tests ?? []).map(({ name }) => name));
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
    ...(Object.keys(settings.branches).length > 0 ? { branches: settings.branches } : {}),
    ...(Object.keys(settings.answers).length > 0 ? { answers: settings.answers } : {}),
  };
}

/** The tests kept with the flow; what does not hold keeps it from being published. */
export function Tests({ flow, wrong, remove }: { flow: Flow; wrong: Map<number, string>; remove: (number: number) => void }) {
  const { t } = useLingui();
  if (!flow.tests?.length) return null;
  return (
    <section className="flowTests">
      <h3>
        <Trans>Tests of this flow</Trans>
      </h3>
      <ul>
        {flow.tests.map(({ name }, number) => (
          <li key={number}>
            <Tag tone={wrong.has(number) ? "bad" : "plain"}>{wrong.has(number) ? t`Does not hold` : t`Test`}</Tag> <span>{name}</span>
            <IconButton icon={X} name={t`Remove the test ${name}`} onPress={() => remove(number)} />
            {wrong.has(number) && <span className="muted flowTestWhy">{wrong.get(number)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
