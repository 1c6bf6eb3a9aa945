/** The way through a talk script as it is gone: what was answered, and what to say now, large. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Check, CornerDownRight, Info, Undo2 } from "lucide-react";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

import type { Given, Step } from "@/api/talk";
import { Button } from "@/design/Button";
import { fullDate } from "@/i18n/format";
import { answerOf, wayOf, wrongWith, type Gone, type Wrong } from "@/talk/way";
import "@/talk/talk.css";

/** What the server did not take, after so many answers. */
export interface Refused {
  at: number;
  step: string;
  value: string;
  message: string;
}

interface WayProps {
  steps: Step[];
  given: Given[];
  known: Record<string, string>;
  refused?: Refused | null;
  keep: (answers: Given[]) => void;
}

export function Way({ steps, given, known, refused, keep }: WayProps) {
  const { gone, now } = wayOf(steps, given, known);
  const [moved, setMoved] = useState(false);
  const go = (answers: Given[]) => {
    setMoved(true);
    keep(answers);
  };
  const behind = gone.map((one) => one.given);
  return (
    <>
      {gone.length > 0 && <Behind gone={gone} back={(number) => go(behind.slice(0, number))} />}
      {now ? (
        <Now key={`${now.id} ${gone.length}`} step={now} refused={refused?.at === gone.length && refused.step === now.id ? refused : null} takeFocus={moved} go={(one) => go([...behind, { step: now.id, ...one }])} />
      ) : (
        <p className="talkOver" role="status">
          <Check size={16} aria-hidden />
          <Trans>The script is over.</Trans>
        </p>
      )}
    </>
  );
}

function Behind({ gone, back }: { gone: Gone[]; back: (number: number) => void }) {
  const { t } = useLingui();
  return (
    <ol className="talkBehind" aria-label={t`Answered so far`}>
      {gone.map((one, number) => (
        <li key={number}>
          <span className="talkSaid">{one.step.say}</span>
          <span className="talkAnswer">
            <CornerDownRight size={14} aria-hidden />
            <span>{one.step.field === "date" && one.given.value ? fullDate(one.given.value) : answerOf(one) || "–"}</span>
            <Button kind="bare" icon={Undo2} onPress={() => back(number)} aria-label={t`Change: ${one.step.say}`}>
              <Trans>Change</Trans>
            </Button>
          </span>
        </li>
      ))}
    </ol>
  );
}

interface NowProps {
  step: Step;
  refused: Refused | null;
  /** The step before was answered here: the keyboard goes on with this one. */
  takeFocus: boolean;
  go: (given: Omit<Given, "step">) => void;
}

function Now({ step, refused, takeFocus, go }: NowProps) {
  const [value, setValue] = useState(refused?.value ?? step.prefill);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const box = useRef<HTMLFormElement>(null);
  const field = useId();
  const fault = wrong ? inWords(wrong, step) : refused?.message;
  useEffect(() => {
    if (takeFocus) box.current?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  }, [takeFocus]);
  const on = (answer?: string) => {
    const found = wrongWith(step, value);
    setWrong(found);
    if (found) document.getElementById(field)?.focus();
    else go({ ...(answer === undefined ? {} : { answer }), ...(step.field && value.trim() ? { value: value.trim() } : {}) });
  };
  return (
    <form
      ref={box}
      className="talkNow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!step.answers.length) on();
      }}
    >
      <p className="talkSay">{step.say}</p>
      {step.hint && (
        <p className="talkHint">
          <Info size={14} aria-hidden />
          <span>{step.hint}</span>
        </p>
      )}
      {step.field && (
        <div className="field talkField">
          <label htmlFor={field} className="caption">
            {step.label || <Trans>Answer</Trans>}
            {step.required && <span aria-hidden> *</span>}
          </label>
          <Written id={field} step={step} value={value} change={setValue} wrong={Boolean(fault)} />
          {fault && (
            <p id={`${field}fault`} className="fieldFault" role="alert">
              {fault}
            </p>
          )}
        </div>
      )}
      <div className="talkAnswers">
        {step.answers.map((one) => (
          <Button key={one.id} onPress={() => on(one.id)}>
            {one.text}
          </Button>
        ))}
        {step.answers.length === 0 && (
          <Button kind={step.then || step.branches.length ? "primary" : undefined} type="submit">
            {step.then || step.branches.length ? <Trans>Next</Trans> : <Trans>Done</Trans>}
          </Button>
        )}
      </div>
    </form>
  );
}

const TYPES: Partial<Record<NonNullable<Step["field"]>, string>> = { date: "date", phone: "tel", mail: "email" };

function Written({ id, step, value, change, wrong }: { id: string; step: Step; value: string; change: (value: string) => void; wrong: boolean }) {
  const shared = {
    id,
    className: "input",
    maxLength: 2000,
    value,
    "aria-required": step.required || undefined,
    "aria-invalid": wrong || undefined,
    "aria-describedby": wrong ? `${id}fault` : undefined,
  };
  if (step.field === "long_text") return <textarea {...shared} rows={3} dir="auto" onChange={(event) => change(event.target.value)} />;
  return <input {...shared} type={TYPES[step.field ?? "text"] ?? "text"} inputMode={step.field === "number" ? "decimal" : undefined} onChange={(event) => change(event.target.value)} />;
}

function inWords(wrong: Wrong, { least, most }: Step): ReactNode {
  switch (wrong) {
    case "required":
      return <Trans>Fill this in to go on.</Trans>;
    case "number":
      return <Trans>A number is wanted here.</Trans>;
    case "least":
      return <Trans>No less than {least}.</Trans>;
    case "most":
      return <Trans>No more than {most}.</Trans>;
    case "phone":
      return <Trans>This is no telephone number.</Trans>;
    case "mail":
      return <Trans>This is no mail address.</Trans>;
    case "pattern":
      return <Trans>This does not look as it should.</Trans>;
  }
}
