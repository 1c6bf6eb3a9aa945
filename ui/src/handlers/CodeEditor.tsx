/** One scenario in Python: its code, what leads to it, what it failed of, its versions. Saved, it counts for whoever calls next. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, FileUp, Save } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import type { CallSettings } from "@/api/flows";
import { codeOfVersion, handlersKey, openedHandlerQuery, saveHandler, testHandler, tryHandler, type HandlerBody, type OpenedHandler } from "@/api/handlers";
import { LeaveGuard } from "@/configuration/LeaveGuard";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Course } from "@/handlers/Course";
import { Faults } from "@/handlers/Faults";
import { TestCall } from "@/handlers/TestCall";
import { Tests } from "@/handlers/Tests";
import { Written } from "@/flows/talk";
import { fullMoment } from "@/i18n/format";

const INDENT = "    ";
const FIRST_CALL: CallSettings = { presses: [], ani: "+79161234567", language: "", vip: false, request: null, branches: {}, answers: {} };
const KEPT = ["name", "language", "otherwise", "code", "written"] as const;

export function CodeEditor({ handler, leave }: { handler: string; leave: () => void }) {
  const { data, error } = useQuery(openedHandlerQuery(handler));
  const { t } = useLingui();
  return (
    <div className="page handlerEditor">
      <div className="handlerTop">
        <IconButton icon={ArrowLeft} name={t`Back to the list`} onPress={leave} />
        <h1>{data?.name || handler}</h1>
      </div>
      <Refusal error={error} />
      {data && <Editing opened={data} />}
      {data && <Course handler={handler} />}
      {data && <Faults faults={data.faults} />}
    </div>
  );
}

function Editing({ opened }: { opened: OpenedHandler }) {
  const { t } = useLingui();
  const server = useQueryClient();
  const [base, setBase] = useState<HandlerBody & { version: number }>(opened);
  const [body, setBody] = useState<HandlerBody>({ name: opened.name, language: opened.language, otherwise: opened.otherwise, code: opened.code, written: opened.written, tests: opened.tests });
  const [led, setLed] = useState<string[]>([]);
  const [comment, setComment] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const set = (some: Partial<HandlerBody>) => setBody({ ...body, ...some });
  const unsaved = led.length > 0 || body.tests !== base.tests || KEPT.some((key) => body[key] !== base[key]);
  const [line, mark] = useState(0);
  const trying = useTrying(opened.id, body, mark);
  const save = useMutation({
    mutationFn: () => saveHandler(opened.id, { ...body, comment, entry_points: led }, base.version),
    onSuccess: async ({ version }) => {
      setBase({ ...body, version });
      setLed([]);
      setComment("");
      await server.invalidateQueries({ queryKey: handlersKey });
    },
  });
  const back = useMutation({ mutationFn: (version: number) => codeOfVersion(opened.id, version), onSuccess: setBody });
  const read = async (chosen: File | undefined) => chosen && set({ code: await chosen.text() });
  return (
    <>
      <section className="card handlerCode" aria-label={t`Code`}>
        <div className="handlerFields">
          <div className="field">
            <label htmlFor="handlerName">
              <Trans>Name</Trans>
            </label>
            <input id="handlerName" className="input" maxLength={100} value={body.name} onChange={(event) => set({ name: event.target.value })} />
          </div>
          <div className="field">
            <label htmlFor="handlerLanguage">
              <Trans>Language of what it says</Trans>
            </label>
            <select id="handlerLanguage" className="input" value={body.language} onChange={(event) => set({ language: event.target.value })}>
              <option value="ru">{t`Russian`}</option>
              <option value="en">{t`English`}</option>
              {!["ru", "en"].includes(body.language) && <option value={body.language}>{body.language}</option>}
            </select>
          </div>
          <div className="field">
            <label htmlFor="handlerQueue">
              <Trans>Default queue, also after a fault</Trans>
            </label>
            <select id="handlerQueue" className="input" value={body.otherwise} onChange={(event) => set({ otherwise: event.target.value })}>
              {opened.queues.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        </div>
        <Written id="handlerWritten" on={body.written} set={(written) => set({ written })} />
        <Code code={body.code} line={line} write={(code) => set({ code })} />
        <fieldset className="field">
          <legend className="label">
            <Trans>Numbers that lead here</Trans>
          </legend>
          <div className="setupMarks">
            {opened.entry_points.map(({ id, name, number, scenario }) => (
              <label key={id} className="handlerNumber">
                <input
                  type="checkbox"
                  checked={scenario === opened.id || led.includes(id)}
                  disabled={scenario === opened.id}
                  onChange={(event) => setLed(event.target.checked ? [...led, id] : led.filter((each) => each !== id))}
                />
                <span className="figures">{number}</span> {name}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="handlerSave">
          <input ref={file} type="file" accept=".py,text/x-python" hidden onChange={(event) => void read(event.target.files?.[0])} />
          <Button icon={FileUp} onPress={() => file.current?.click()}>
            <Trans>Choose a file</Trans>
          </Button>
          <input
            className="input"
            aria-label={t`Why it is changed`}
            placeholder={t`Why it is changed`}
            maxLength={500}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <Button kind="primary" icon={Save} isDisabled={!unsaved} isPending={save.isPending} onPress={() => save.mutate()}>
            <Trans>Save and let it count</Trans>
          </Button>
        </div>
        <p className="muted" role="status">
          {save.isSuccess && !unsaved ? <Trans>Saved. Whoever calls now hears this version; calls under way keep theirs.</Trans> : ""}
          {save.isSuccess && !unsaved && save.data.warnings.length > 0 && <Trans>Its tests do not all hold.</Trans>}
        </p>
        <Refusal error={save.error ?? back.error} />
      </section>
      <TestCall
        settings={trying.settings}
        written={body.written}
        queues={opened.queues}
        tests={body.tests}
        trial={trying.call.data}
        error={trying.call.error}
        pending={trying.call.isPending}
        call={trying.begin}
        keep={(test) => set({ tests: [...body.tests, test] })}
        show={mark}
      />
      <Tests
        tests={body.tests}
        verdicts={trying.test.data?.verdicts}
        error={trying.test.error}
        pending={trying.test.isPending}
        run={() => trying.test.mutate()}
        remove={(number) => set({ tests: body.tests.filter((_, each) => each !== number) })}
      />
      <section className="card handlerVersions">
        <h2 className="heading">
          <Trans>Versions</Trans>
        </h2>
        <ul aria-label={t`Versions`}>
          {opened.versions.map(({ version, made_at, by, comment: why, gone }, number) => (
            <li key={version}>
              <strong className="figures">{version}</strong>
              {number === 0 && !gone && <Tag tone="ok">{t`Counts now`}</Tag>}
              {gone && <Tag>{t`Deleted`}</Tag>}
              <span className="muted">{[fullMoment(made_at), by, why].filter(Boolean).join(" · ")}</span>
              {!gone && (
                <Button kind="bare" isPending={back.isPending && back.variables === version} onPress={() => back.mutate(version)}>
                  <Trans>Put into the editor</Trans>
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
      <LeaveGuard unsaved={unsaved}>
      <Trans>The code has changes that are not saved.</Trans>
    </LeaveGuard>
    </>
  );
}

/** Test calls and tests of what stands on the screen now. `mark`: the line where the code stands. */
function useTrying(handler: string, body: HandlerBody, mark: (line: number) => void) {
  const [settings, set] = useState(FIRST_CALL);
  const calling = useNewest();
  const testing = useNewest();
  const call = useMutation({ mutationFn: (wanted: CallSettings) => tryHandler(handler, body, wanted, calling()), onSuccess: ({ line }) => mark(line) });
  const test = useMutation({ mutationFn: () => testHandler(handler, body, testing()) });
  const begin = (wanted: CallSettings) => {
    set(wanted);
    call.mutate(wanted);
  };
  return { settings, call, test, begin };
}

/** The signal of a question; the one before it, which nobody waits for any more, is dropped. So is the last one as the page is left. */
function useNewest(): () => AbortSignal {
  const asking = useRef<AbortController>(undefined);
  useEffect(() => () => asking.current?.abort(), []);
  return () => {
    asking.current?.abort();
    asking.current = new AbortController();
    return asking.current.signal;
  };
}

/** With the numbers of its lines. Tab indents; after Escape it leaves the field, as everywhere. `line`: where a test call stands. */
function Code({ code, line, write }: { code: string; line: number; write: (code: string) => void }) {
  const { t } = useLingui();
  const leaving = useRef(false);
  const lines = code.split("\n").length;
  const keyed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Tab" || event.shiftKey || leaving.current) {
      leaving.current = event.key === "Escape";
      return;
    }
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    event.currentTarget.setRangeText(INDENT, selectionStart, selectionEnd, "end");
    write(event.currentTarget.value);
  };
  return (
    <div className="field">
      <label htmlFor="handlerCode">
        <Trans>Code</Trans>
      </label>
      <div className="handlerLines">
        <pre aria-hidden>
          {Array.from({ length: lines }, (_, number) => (
            <span key={number} className={number + 1 === line ? "handlerLine" : undefined}>
              {number + 1}
              {"\n"}
            </span>
          ))}
        </pre>
        <textarea
          id="handlerCode"
          className="input"
          aria-describedby="handlerCodeHelp"
          spellCheck={false}
          wrap="off"
          rows={Math.max(16, lines + 1)}
          value={code}
          onKeyDown={keyed}
          onChange={(event) => write(event.target.value)}
        />
      </div>
      <p id="handlerCodeHelp" className="caption">
        {t`Tab indents; Escape, then Tab leaves the field.`}
      </p>
    </div>
  );
}
