/** The chosen block: its name, its fields, and where each exit leads. And the settings of the flow itself. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Flag, Plus, X } from "lucide-react";
import { lazy, Suspense, useId } from "react";

import { Button, IconButton } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { Fields, type Around } from "@/flows/Fields";
import { bodyOf, exitsOf, kindOf, labelOf, setBlock, setBody, setExit, setLanguages, startWith, type Block, type Flow, type Kind } from "@/flows/flow";
import { KindIcon } from "@/flows/KindIcon";
import { DESCRIBED } from "@/flows/kinds";
import { order } from "@/flows/layout";
import { Written } from "@/flows/talk";
import { exitName, languageName } from "@/flows/words";

interface Props extends Around {
  flow: Flow;
  change: (flow: Flow, what: string) => void;
}

const load = () => import("@/flows/Palette");
const Palette = lazy(() => load().then((module) => ({ default: module.Palette })));

export function Inspector({ flow, block, change, connectNew, ...around }: Props & { block: Block; connectNew: (exit: string, kind: Kind) => void }) {
  const { t, i18n } = useLingui();
  const kind = kindOf(block);
  const prefix = useId();
  if (!kind) return <p className="flowPanel muted">{t`This editor does not know this kind of block. Change it in the configuration file.`}</p>;
  const { label, help, fields } = DESCRIBED[kind];
  const typed = (field: string) => `${block.id}.${field}`;
  return (
    <div className="flowPanel flowInspector">
      <p className="flowKindLine">
        <KindIcon kind={kind} />
        <strong>{i18n._(label)}</strong> <span className="muted">{i18n._(help)}</span>
      </p>
      <div className="field">
        <label htmlFor={`${prefix}name`}>
          <Trans>Name</Trans>
        </label>
        <input id={`${prefix}name`} className="input" maxLength={100} placeholder={block.id} value={block.name ?? ""} onChange={(event) => change(setBlock(flow, block.id, { name: event.target.value || undefined }), typed("name"))} />
      </div>
      <Fields key={block.id} fields={fields} values={bodyOf(block)} {...around} change={(body, what) => change(setBody(flow, block.id, body), typed(what))} />
      {exitsOf(block).length > 0 && (
        <fieldset className="field flowExits">
          <legend className="label">
            <Trans>Exits</Trans>
          </legend>
          {exitsOf(block).map(({ name, needed }) => (
            <ExitChoice key={name} flow={flow} block={block} name={name} needed={needed} change={change} connectNew={connectNew} />
          ))}
        </fieldset>
      )}
      <div className="field">
        <label htmlFor={`${prefix}note`}>
          <Trans>Comment for colleagues</Trans>
        </label>
        <textarea id={`${prefix}note`} className="input flowText" rows={2} value={block.note ?? ""} onChange={(event) => change(setBlock(flow, block.id, { note: event.target.value || undefined }), typed("note"))} />
      </div>
      {flow.blocks[0] !== block && (
        <Button kind="bare" icon={Flag} className="flowAdd" onPress={() => change(startWith(flow, block.id), "")}>
          <Trans>Begin the flow here</Trans>
        </Button>
      )}
    </div>
  );
}

function ExitChoice({ flow, block, name, needed, change, connectNew }: Omit<Props, keyof Around> & { block: Block; name: string; needed: boolean; connectNew: (exit: string, kind: Kind) => void }) {
  const { t, i18n } = useLingui();
  const id = useId();
  const to = block.exits?.[name] ?? "";
  const queue = t`Queue for everything else`;
  const unsaid = block.exits?.["otherwise"] && name !== "otherwise" ? t`As everything else` : needed ? t`Nowhere yet` : queue;
  const { open, opened, button } = useOpening("menu", load);
  return (
    <div className="flowExit">
      <label htmlFor={id}>{exitName(i18n, block, name)}</label>
      <select id={id} className="input" value={to} onChange={(event) => change(setExit(flow, block.id, name, event.target.value), "")}>
        <option value="">{unsaid}</option>
        {to !== "" && !flow.blocks.some((each) => each.id === to) && <option value={to}>{to}</option>}
        {order(flow).map((each) => (
          <option key={each.id} value={each.id}>
            {labelOf(each)}
          </option>
        ))}
      </select>
      <IconButton icon={Plus} name={t`A new block at the exit ${exitName(i18n, block, name)}`} {...button} />
      {open && (
        <Suspense>
          <Palette opened={opened} add={(kind) => connectNew(name, kind)} />
        </Suspense>
      )}
    </div>
  );
}

const OFFERED = ["ru", "en", "kk", "uz", "tg", "ky", "hy", "de", "fr", "es", "zh"];

export function FlowSettings({ flow, change, choices }: Props) {
  const { t, i18n } = useLingui();
  const prefix = useId();
  const name = (language: string) => languageName(language, i18n.locale);
  return (
    <div className="flowPanel">
      <div className="field">
        <label htmlFor={`${prefix}name`}>
          <Trans>Name of the flow</Trans>
        </label>
        <input id={`${prefix}name`} className="input" maxLength={100} value={flow.name ?? ""} onChange={(event) => change({ ...flow, name: event.target.value }, "name")} />
      </div>
      <div className="field">
        <label htmlFor={`${prefix}otherwise`}>
          <Trans>Queue for everything else</Trans>
        </label>
        <select id={`${prefix}otherwise`} className="input" value={flow.otherwise} onChange={(event) => change({ ...flow, otherwise: event.target.value }, "")}>
          <option value="">{t`Choose…`}</option>
          {choices.queues.map((queue) => (
            <option key={queue.id} value={queue.id}>
              {queue.name || queue.id}
            </option>
          ))}
        </select>
        <span className="muted flowHelp">
          <Trans>Whoever no exit leads anywhere waits there. Nobody is lost.</Trans>
        </span>
      </div>
      <Written id={`${prefix}written`} on={flow.written === true} set={(on) => change({ ...flow, written: on }, "")} />
      <fieldset className="field">
        <legend className="label">
          <Trans>Languages; the first is the usual one</Trans>
        </legend>
        {flow.languages.map((language) => (
          <span key={language} className="flowLanguage">
            {name(language)}
            <Button kind="bare" icon={X} aria-label={t`Remove ${name(language)}`} isDisabled={flow.languages.length < 2} onPress={() => change(setLanguages(flow, flow.languages.filter((each) => each !== language)), "")}>
              <Trans>Remove</Trans>
            </Button>
          </span>
        ))}
        <select className="input" aria-label={t`Add a language`} value="" onChange={(event) => change(setLanguages(flow, [...flow.languages, event.target.value]), "")}>
          <option value="">{t`Add a language`}</option>
          {OFFERED.filter((language) => !flow.languages.includes(language)).map((language) => (
            <option key={language} value={language}>
              {name(language)}
            </option>
          ))}
        </select>
      </fieldset>
    </div>
  );
}
