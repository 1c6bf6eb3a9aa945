/** A test call: the draft as it is on the screen, played on the server with a fake caller who presses keys. */
import { Trans, useLingui } from "@lingui/react/macro";
import { hashKey } from "@tanstack/react-query";
import { BellOff, Pin, RotateCcw, X } from "lucide-react";
import { useId } from "react";

import type { CallSettings, Choices, Trial } from "@/api/flows";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { withComputed } from "@/flows/computed";
import { Answer, asTest, AsWritten, CallTurn, Ending, SAYS, Speak, Typed, Words } from "@/flows/talk";
import { bodyOf, exitsOf, find, kindOf, labelOf, without, type Block, type Flow, type FlowTest, type Texts, type Values } from "@/flows/flow";
import { exitName } from "@/flows/words";

interface Props {
  flow: Flow;
  choices: Choices;
  settings: CallSettings;
  set: (settings: CallSettings) => void;
  /** `of`: what it was made with. */
  trial: (Trial & { of: CallSettings }) | undefined;
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
          <Button icon={Pin} isDisabled={hashKey([trial.of]) !== hashKey([settings])} onPress={() => keep(asTest(flow.tests ?? [], withComputed(settings, trial.turns), trial))}>
            <Trans>Keep as a test</Trans>
          </Button>
        )}
      </div>
      <Circumstances flow={flow} settings={settings} set={set} />
    </div>
  );
}

function TurnLine({ turn, flow }: { turn: Trial["turns"][number]; flow: Flow }) {
  const { i18n } = useLingui();
  if (turn.kind === "passed") {
    const block = turn.flow === flow.id ? find(flow, turn.block) : undefined;
    return block ? (
      <p className="flowPassed muted">
        {labelOf(block)}: {exitName(i18n, block, turn.text)}
      </p>
    ) : null;
  }
  return turn.kind === "computed" ? <Computed turn={turn} /> : <CallTurn turn={turn} />;
}

/** A function that was run, and what it gave back or failed of. */
function Computed({ turn }: { turn: Trial["turns"][number] }) {
  const { t } = useLingui();
  const { text, fault, traceback } = turn;
  const values = Object.entries(turn.values).map(([name, value]) => `${name} = ${value}`);
  const given = values.length > 0 ? values.join(", ") : t`no values`;
  if (fault === "") {
    return (
      <p className="flowPassed muted">
        <code>{text}</code> → {given}
      </p>
    );
  }
  return (
    <div className="flowFault">
      <p className="refusal">
        <Trans>The function {text} failed: {fault}</Trans>
      </p>
      {traceback && (
        <pre className="flowTrace" tabIndex={0} aria-label={t`Traceback`}>
          {traceback}
        </pre>
      )}
    </div>
  );
}

function Keypad({ flow, at, press }: { flow: Flow; at: string | null; press: (keys: string) => void }) {
  const { t } = useLingui();
  const block = find(flow, at);
  const kind = block && kindOf(block);
  if (kind === "record" || kind === "voicemail") return <Speak say={press} />;
  const body = block ? bodyOf(block) : {};
  const speech = kind === "listen" || Boolean(kind === "ask" && body["speech"]);
  const keys = kind === "ask" || kind === "listen" ? Object.entries((body["keys"] as Texts | undefined) ?? {}) : [];
  return (
    <div className="flowKeypad" role="group" aria-label={t`Keys to press`}>
      {keys
        .filter(([key]) => key !== "")
        .map(([key, label]) => (
          <Button key={key} onPress={() => press(key)}>
            <strong className="figures">{key}</strong> {label}
          </Button>
        ))}
      <Typed press={press} />
      {speech && <Words say={(words) => press(`${SAYS} ${words}`)} mumble={kind === "listen" ? (words) => press(`says ${doubtful(body)}: ${words}`) : undefined} deaf={() => press("deaf")} />}
      <Button icon={BellOff} onPress={() => press("")}>
        <Trans>Say nothing</Trans>
      </Button>
    </div>
  );
}

/** At how many percent a phrase is neither sure nor lost. */
const doubtful = (body: Values): number => Math.round(50 * (Number(body["sure"] ?? 0.6) + Number(body["unsure"] ?? 0.3)));

function Circumstances({ flow, settings, set }: Pick<Props, "flow" | "settings" | "set">) {
  const { t, i18n } = useLingui();
  const prefix = useId();
  const branches = flow.blocks.filter((block) => ["branch", "outside"].includes(kindOf(block) ?? "") || (named(block).length > 0 && settings.answers[block.id]?.[0]?.outcome === "found"));
  const asked = flow.blocks.filter((block) => ["look_up", "fetch", "function", ...WRITES].includes(kindOf(block) ?? ""));
  const branch = (id: string, exit: string) => {
    const others = without(settings.branches, id);
    set({ ...settings, branches: exit === "" ? others : { ...others, [id]: exit } });
  };
  return (
    <details className="flowAround">
      <summary>
        <Trans>Who calls, and when</Trans>
      </summary>
      <AsWritten written={flow.written === true} settings={settings} set={set} />
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
        <Answer key={block.id} step={block.id} label={labelOf(block)} writes={WRITES.includes(kindOf(block) ?? "")} computes={kindOf(block) === "function"} settings={settings} set={set} />
      ))}
      {branches.map((block) => (
        <div key={block.id} className="field">
          <label htmlFor={`${prefix}${block.id}`}>{kindOf(block) === "function" ? t`${labelOf(block)}: the exit it names` : labelOf(block)}</label>
          <select id={`${prefix}${block.id}`} className="input" value={settings.branches[block.id] ?? ""} onChange={(event) => branch(block.id, event.target.value)}>
            <option value="">{kindOf(block) === "outside" ? t`Somebody answers` : kindOf(block) === "function" ? t`It names no exit` : t`As the caller is; hours and queues hold nothing`}</option>
            {exitsOf(block).filter(({ name }) => kindOf(block) === "branch" || (kindOf(block) === "function" ? named(block).includes(name) : !["done", "otherwise"].includes(name))).map(({ name }) => (
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

/** The exits that a function may name. */
const named = (block: Block) => (kindOf(block) === "function" ? ((bodyOf(block)["branches"] as string[] | undefined) ?? []) : []);

/** Nobody is asked by them: what is written goes, or does not. */
const WRITES = ["mail", "sms"];

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
