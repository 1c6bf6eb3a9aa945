/** Result and note: may be filled in from the first second of the call; kept as a draft while you type. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Check, ChevronDown } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";

import { finishWrapUp, READY, saveDraft, type Result, type Status } from "@/api/desk";
import type { DeskContact } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { Refusal } from "@/design/Refusal";
import { Until } from "@/design/Timer";
import { useTaking } from "@/desk/inserting";
import { NoteField, showHole } from "@/desk/NoteField";
import "@/desk/result.css";
import { ResultTree } from "@/desk/ResultTree";
import { holes } from "@/desk/slash";
import { withWords } from "@/i18n/language";
import { useLive, useSecondsUntil } from "@/live/useLive";

const MoreTime = lazy(() => import("@/desk/ByHand").then((module) => ({ default: module.MoreTime })));
const breaks = () => import("@/desk/BreakChoices");
const BreakChoices = lazy(() => breaks().then((module) => ({ default: module.BreakChoices })));

const FollowUp = lazy(() => withWords(import("@/followup/FollowUp")).then((module) => ({ default: module.FollowUp })));

/** What follows from the result: is it said, where it must be; write it down before the result; it is over. */
export interface Following {
  ready: () => boolean;
  write: () => Promise<void>;
  over: () => void;
}

const PAUSE_BEFORE_SAVING_MS = 500;
const LONGEST_NOTE = 4_000;

function useDraft(contact: DeskContact) {
  const [result, setResult] = useState<Result>(contact.draft);
  const { mutate, ...saving } = useMutation({ mutationFn: (draft: Result) => saveDraft(contact.id, draft), retry: 5, scope: { id: contact.id } });
  const unsaved = useRef<Result | null>(null);
  const timer = useRef<number | undefined>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current) mutate(unsaved.current);
    unsaved.current = null;
  }, [mutate]);
  const change = (part: Partial<Result>) => {
    const changed = { ...result, ...part };
    setResult(changed);
    unsaved.current = changed;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(save, PAUSE_BEFORE_SAVING_MS);
  };
  const forget = () => {
    clearTimeout(timer.current);
    unsaved.current = null;
  };
  // Leaving the contact or the page must not lose the last words.
  useEffect(() => {
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [save]);
  return { result, change, forget, saving, saved: saving.isSuccess };
}

export function ResultForm({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const { result, change, forget, saving, saved } = useDraft(contact);
  const note = useRef<HTMLTextAreaElement>(null);
  const choices = useRef<HTMLDivElement>(null);
  const [missing, setMissing] = useState(false);
  const following = useRef<Following | null>(null);
  const follow = useCallback((said: Following | null) => void (following.current = said), []);
  const asked = useLive((state) => state.dispositions.find((one) => one.id === result.disposition && [one.task, one.call, one.mail].some((asked) => asked !== "never")));
  const finish = useMutation({
    mutationFn: async (then: Status) => {
      const said = following.current; // gone with the form as soon as the contact has left
      forget();
      await said?.write();
      await finishWrapUp(contact.id, result, then);
      said?.over();
    },
  });
  useTaking((text) => change({ note: [result.note.trimEnd(), text].filter(Boolean).join("\n").slice(0, LONGEST_NOTE) }));
  const wrapUp = contact.state === "wrap_up";
  const [open, setOpen] = useState(false);
  const save = (then: Status) => {
    const [hole] = holes(result.note);
    if (hole) {
      setOpen(true);
      showHole(note.current, hole);
      return;
    }
    if (following.current?.ready() === false) return;
    if (result.disposition || !contact.disposition_required) {
      finish.mutate(then);
      return;
    }
    setMissing(true);
    choices.current?.querySelector<HTMLInputElement>("fieldset:last-of-type input")?.focus();
  };
  useActions({ save: wrapUp ? () => save(READY) : undefined, note: () => note.current?.focus() });

  return (
    <form className={`result ${wrapUp ? "due" : ""}`} aria-label={t`Result`} onSubmit={(event) => event.preventDefault()}>
      {wrapUp && <WrapUpTime contact={contact} />}
      <div ref={choices} className="resultTree">
        <ResultTree contact={contact} chosen={result.disposition} choose={(disposition) => change({ disposition })} missing={missing} />
      </div>
      {asked && (
        <Suspense>
          <FollowUp contact={contact} result={asked} follow={follow} />
        </Suspense>
      )}
      <NoteField
        contact={contact}
        field={note}
        value={result.note}
        change={(text) => change({ note: text })}
        saving={saving.isError ? <Trans>Not saved yet</Trans> : saving.isPending ? <Trans>Saving…</Trans> : saved ? <Trans>Draft saved</Trans> : null}
        open={open}
      />
      <Refusal error={finish.error} />
      {wrapUp ? (
        <SaveButtons save={save} pending={finish.isPending} />
      ) : (
        <p className="caption">
          <Trans>Fill it in while you talk; after the call one press saves it.</Trans>
        </p>
      )}
    </form>
  );
}

function WrapUpTime({ contact }: { contact: DeskContact }) {
  const since = useLive((state) => state.agent?.since);
  const left = useSecondsUntil(contact.wrap_up_ends_at);
  if (!contact.wrap_up_ends_at) return null;
  const whole = since ? (Date.parse(contact.wrap_up_ends_at) - Date.parse(since)) / 1000 : left;
  return (
    <div className="wrapUp">
      <p>
        <strong>
          <Trans>Wrap-up</Trans>
        </strong>
        <Until at={contact.wrap_up_ends_at} className={left <= 10 ? "late" : ""} />
      </p>
      <div className="wrapUpBar">
        <span style={{ scale: `${Math.min(1, Math.max(0, (left - 1) / Math.max(1, whole)))} 1` }} />
      </div>
      <Suspense>
        <MoreTime contact={contact} />
      </Suspense>
    </div>
  );
}

function SaveButtons({ save, pending }: { save: (then: Status) => void; pending: boolean }) {
  const { t } = useLingui();
  const keyOf = useKeyOf();
  const { open, opened, button } = useOpening("menu", breaks);
  return (
    <div className="resultSave">
      <Button kind="primary" icon={Check} keys={keyOf("save")} isPending={pending} onPress={() => save(READY)}>
        <Trans>Save and ready</Trans>
      </Button>
      <AriaButton {...button} className="button primary icon" aria-label={t`Save and take a break`} isDisabled={pending}>
        <ChevronDown size={18} aria-hidden />
      </AriaButton>
      <Suspense>{open && <BreakChoices opened={opened} save={save} />}</Suspense>
    </div>
  );
}
