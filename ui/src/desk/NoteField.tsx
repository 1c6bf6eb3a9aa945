/** The note: a slash puts a canned reply into it; what a reply leaves open is named until somebody has filled it in. */
import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useId, useRef, useState } from "react";

import type { DeskContact } from "@/api/types";
import { holes, placed, slashAt } from "@/desk/slash";

const replies = () => import("@/desk/Replies");
const Replies = lazy(() => replies().then((module) => ({ default: module.Replies })));

interface Props {
  contact: DeskContact;
  field: RefObject<HTMLTextAreaElement | null>;
  value: string;
  change: (value: string) => void;
  /** How it stands with saving. */
  saving: ReactNode;
  /** Somebody wanted to save with a hole in it. */
  open: boolean;
}

/** Where a hole is, it is chosen: the next letter takes its place. */
export function showHole(field: HTMLTextAreaElement | null, hole: string): void {
  const from = field?.value.indexOf(hole) ?? -1;
  if (!field || from < 0) return;
  field.focus();
  field.setSelectionRange(from, from + hole.length);
}

export function NoteField({ contact, field, value, change, saving, open }: Props) {
  const { t } = useLingui();
  const list = useId();
  const [caret, setCaret] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  const slash = slashAt(value, caret);
  const left = holes(value);
  useEffect(() => {
    if (wanted.current !== null) field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  }, [field, value]);
  const put = (reply: string) => {
    if (!slash) return;
    const next = placed(value, slash, reply);
    wanted.current = next.caret;
    setCaret(next.caret);
    change(next.text);
  };

  return (
    <div className="field">
      <label htmlFor="note" className="resultLabel">
        <span className="heading">
          <Trans>Note</Trans>
        </span>
        <span className="caption" aria-live="polite">
          {saving}
        </span>
      </label>
      <textarea
        ref={field}
        id="note"
        className="input resultNote"
        rows={4}
        maxLength={4000}
        aria-autocomplete="list"
        aria-invalid={open && left.length > 0}
        value={value}
        placeholder={t`What was asked, what was promised; / for canned replies`}
        onChange={(event) => {
          setClosed(null);
          setCaret(event.target.selectionStart);
          change(event.target.value);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
        onBlur={() => setClosed(slash?.from ?? null)}
      />
      {slash && slash.from !== closed && (
        <Suspense>
          <Replies contact={contact} slash={slash} field={field} list={list} put={put} close={() => setClosed(slash.from)} />
        </Suspense>
      )}
      <p className={`caption ${open ? "late" : ""}`} role="status">
        {left.length > 0 && (
          <Trans>
            Not filled in: <bdi>{left.join(", ")}</bdi>
          </Trans>
        )}
      </p>
    </div>
  );
}
