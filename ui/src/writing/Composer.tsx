/** The answer to what was written: kept in this browser while it is typed, with canned replies by a slash, sent by mail where there is a way. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { Suspense, useId, useRef, useState } from "react";

import type { DeskContact } from "@/api/types";
import { answer } from "@/api/writing";
import { useKept } from "@/customers/draft";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { showHole } from "@/desk/NoteField";
import { Replies } from "@/desk/Replies";
import { holes } from "@/desk/slash";
import { useSlash } from "@/desk/useSlash";
import { useLive } from "@/live/useLive";
import "@/writing/writing.css";

export function Composer({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const [text, write, forget] = useKept(`answer.${contact.id}`, "");
  const mail = useLive((state) => state.mail) ?? false;
  const to = contact.letters[0]?.sender["mail"];
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [open, setOpen] = useState(false);
  const { slash, put, close, listen } = useSlash(text, write, field);
  const left = holes(text);
  const sends = mail && to !== undefined;
  const sending = useMutation({ mutationFn: () => answer(contact.id, text, sends), onSuccess: forget });
  const send = () => {
    if (sending.isPending) return;
    const [hole] = left;
    setOpen(hole !== undefined);
    if (hole !== undefined) showHole(field.current, hole);
    else if (text.trim()) sending.mutate();
    else field.current?.focus();
  };
  return (
    <form className="composer" aria-label={t`Answer`} onSubmit={(event) => event.preventDefault()}>
      <label className="heading" htmlFor={`${list}-field`}>
        <Trans>Answer</Trans>
      </label>
      <textarea
        ref={field}
        id={`${list}-field`}
        className="input"
        dir="auto"
        rows={5}
        maxLength={10_000}
        aria-autocomplete="list"
        aria-invalid={open && left.length > 0}
        placeholder={t`What you write to the customer; / for canned replies`}
        value={text}
        readOnly={sending.isPending}
        {...listen}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) {
            event.preventDefault();
            event.stopPropagation();
            if (!event.repeat) send();
          }
        }}
      />
      {slash && (
        <Suspense>
          <Replies contact={contact} slash={slash} field={field} list={list} put={put} close={close} />
        </Suspense>
      )}
      {open && left.length > 0 && (
        <p className="caption late" role="status">
          <Trans>
            Not filled in: <bdi>{left.join(", ")}</bdi>
          </Trans>
        </p>
      )}
      <div className="composerEnd">
        <Button kind="primary" icon={Send} isPending={sending.isPending} onPress={send}>
          {sends ? <Trans>Send by mail</Trans> : <Trans>Keep the answer</Trans>}
        </Button>
        <span className="caption">
          {sends ? (
            <Trans>
              To <bdi>{to}</bdi>
            </Trans>
          ) : mail ? (
            <Trans>The customer has given no mail: the answer is kept here.</Trans>
          ) : (
            <Trans>Mail is not set up: the answer is kept here.</Trans>
          )}
        </span>
      </div>
      <Refusal error={sending.error} />
    </form>
  );
}
