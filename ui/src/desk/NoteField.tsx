/** The note: a slash puts a canned reply into it; what a reply leaves open is named until somebody has filled it in. */
import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, type ReactNode, type RefObject, Suspense, useId } from "react";

import type { DeskContact } from "@/api/types";
import { holes } from "@/desk/slash";
import { useSlash } from "@/desk/useSlash";

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
  const { slash, put, close, listen } = useSlash(value, change, field);
  const left = holes(value);

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
        {...listen}
      />
      {slash && (
        <Suspense>
          <Replies contact={contact} slash={slash} field={field} list={list} put={put} close={close} />
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
