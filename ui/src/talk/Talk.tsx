/** The talk script in the middle of the desk: what to say now, large; what was answered, above it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Check, CornerDownRight, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { keepAnswers, talkQuery, type Given, type Step, type TalkScript } from "@/api/talk";
import type { DeskContact } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { fullDate } from "@/i18n/format";
import { answerOf, wayOf, type Gone } from "@/talk/way";
import "@/talk/talk.css";

export function Talk({ contact }: { contact: DeskContact }) {
  const { data, error } = useQuery(talkQuery(contact.id, contact.talk_script ?? ""));
  if (error) return <Refusal error={error} />;
  return data ? <Script contact={contact.id} talk={data} /> : null;
}

function Script({ contact, talk }: { contact: string; talk: TalkScript }) {
  const [given, setGiven] = useState(talk.answers);
  const saving = useMutation({ mutationFn: (answers: Given[]) => keepAnswers(contact, talk, answers), retry: 5, scope: { id: `talk ${contact}` } });
  const { gone, now } = wayOf(talk.steps, given);
  const [moved, setMoved] = useState(false);
  const keep = (answers: Given[]) => {
    setMoved(true);
    setGiven(answers);
    saving.mutate(answers);
  };
  const behind = gone.map((one) => one.given);
  return (
    <section className="talk" aria-labelledby="talk-title">
      <div className="talkTop">
        <h2 id="talk-title" className="heading">
          {talk.title}
        </h2>
        <span className="caption" aria-live="polite">
          {saving.isError ? <Trans>Not saved yet</Trans> : saving.isSuccess ? <Trans>Saved</Trans> : null}
        </span>
      </div>
      {gone.length > 0 && <Behind gone={gone} back={(number) => keep(behind.slice(0, number))} />}
      {now ? (
        <Now key={`${now.id} ${gone.length}`} step={now} takeFocus={moved} go={(one) => keep([...behind, { step: now.id, ...one }])} />
      ) : (
        <p className="talkOver" role="status">
          <Check size={16} aria-hidden />
          <Trans>The script is over.</Trans>
        </p>
      )}
      <Refusal error={saving.error} />
    </section>
  );
}

function Behind({ gone, back }: { gone: Gone[]; back: (number: number) => void }) {
  const { t } = useLingui();
  return (
    <ol className="talkBehind" aria-label={t`Answered`}>
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
  /** The step before was answered here: the keyboard goes on with this one. */
  takeFocus: boolean;
  go: (given: Omit<Given, "step">) => void;
}

function Now({ step, takeFocus, go }: NowProps) {
  const [value, setValue] = useState("");
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (takeFocus) box.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, [takeFocus]);
  const written = step.field && value.trim() ? { value: value.trim() } : {};
  return (
    <form
      ref={box}
      className="talkNow"
      onSubmit={(event) => {
        event.preventDefault();
        if (!step.answers.length) go(written);
      }}
    >
      <p className="talkSay">{step.say}</p>
      {step.field && (
        <label className="field talkField">
          <span className="caption">{step.label || <Trans>Answer</Trans>}</span>
          <input
            className="input"
            type={step.field === "date" ? "date" : "text"}
            inputMode={step.field === "number" ? "decimal" : undefined}
            pattern={step.field === "number" ? "[0-9 .,\\-]*" : undefined}
            maxLength={2000}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
      )}
      <div className="talkAnswers">
        {step.answers.map((one) => (
          <Button key={one.id} onPress={() => go({ answer: one.id, ...written })}>
            {one.text}
          </Button>
        ))}
        {step.answers.length === 0 && (
          <Button kind={step.then ? "primary" : undefined} type="submit">
            {step.then ? <Trans>Next</Trans> : <Trans>Done</Trans>}
          </Button>
        )}
      </div>
    </form>
  );
}
