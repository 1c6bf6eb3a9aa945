/** A mail to the customer, sent with the result: begun by a canned reply, changed as the agent likes. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useId, useRef, useState } from "react";

import { ApiError } from "@/api/client";
import { reachQuery, writeAfter, writeNoMore } from "@/api/followup";
import { type Reply, repliesQuery } from "@/api/talk";
import { useKept } from "@/customers/draft";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { showHole } from "@/desk/NoteField";
import { Replies } from "@/desk/Replies";
import { holes } from "@/desk/slash";
import { useSlash } from "@/desk/useSlash";
import { Offered, type Part } from "@/followup/FollowUp";
import { spoken } from "@/i18n/language";
import { useWhyNotSent } from "@/writing/Delivery";

interface Draft {
  on: boolean;
  /** Null: as the result proposes it. */
  to: string | null;
  subject: string | null;
  text: string | null;
  /** The server knows of one; what has been sent is not changed any more. */
  kept: "" | "sent" | "unsent";
}
const EMPTY: Draft = { on: false, to: null, subject: null, text: null, kept: "" };
const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

const begun = (replies: readonly Reply[], shortcut: string | null, languages: readonly (string | null | undefined)[]) => {
  const here = replies.filter((reply) => reply.shortcut === shortcut);
  return (languages.map((language) => here.find((reply) => reply.language === language)).find(Boolean) ?? here[0])?.text ?? "";
};

function useProposed({ contact, result }: Omit<Part, "follow">, on: boolean) {
  const languages = [contact.customer?.language, spoken()];
  const reach = useQuery({ ...reachQuery(contact.id), enabled: on });
  const replies = useQuery({ ...repliesQuery(contact.id), enabled: on && result.mail_reply !== null });
  const subjects = result.mail_subject;
  return {
    mails: reach.data?.mails ?? [],
    subject: languages.map((language) => subjects[language ?? ""]).find(Boolean) ?? Object.values(subjects)[0] ?? "",
    text: begun(replies.data?.replies ?? [], result.mail_reply, languages),
    error: reach.error ?? replies.error,
  };
}

export function MailAfter({ contact, result, follow }: Part) {
  const { t } = useLingui();
  const why = useWhyNotSent();
  const [draft, write, forget] = useKept(`followup.mail.${contact.id}`, EMPTY);
  const [missing, setMissing] = useState(false);
  const address = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const on = result.mail === "required" || draft.on;
  const proposed = useProposed({ contact, result }, on);
  const to = draft.to ?? proposed.mails[0] ?? "";
  const subject = draft.subject ?? proposed.subject;
  const text = draft.text ?? proposed.text;
  const sent = draft.kept === "sent";
  const left = holes(text);
  const goesOn = useRef("");
  const { slash, put, close, listen } = useSlash(text, (typed) => write({ ...draft, text: typed }), body);

  useEffect(() => {
    const whole = JSON.stringify([to, subject, text]);
    follow("mail", {
      ready: () => {
        const [hole] = left;
        const ready = !on || sent || (ADDRESS.test(to.trim()) && text.trim() !== "" && hole === undefined);
        setMissing(!ready);
        if (!ready && !ADDRESS.test(to.trim())) address.current?.focus();
        else if (!ready && hole !== undefined) showHole(body.current, hole);
        else if (!ready) body.current?.focus();
        return ready;
      },
      write: async () => {
        if (!on && draft.kept === "unsent") {
          await writeNoMore(contact.id);
          write({ ...draft, kept: "" });
        }
        // Once told, whoever saves again goes on without.
        if (!on || sent || goesOn.current === whole) return;
        const { delivery, failure } = await writeAfter(contact.id, { to: to.trim(), subject, text });
        write({ ...draft, to, subject, text, kept: delivery === "sent" || delivery === "sending" ? "sent" : "unsent" });
        if (delivery !== "failed") return;
        goesOn.current = whole;
        const reason = why[failure ?? ""] ?? failure ?? "";
        throw new ApiError("mail_not_sent", 409, t`The mail was not sent: ${reason}. It is kept with the contact. Save once more to go on without sending it; if you change it, it is tried again.`);
      },
      over: forget,
    });
    return () => follow("mail", null);
  });

  return (
    <Offered asked={result.mail} on={on} turn={(turned) => write({ ...draft, on: turned })} name={<Trans>Mail to the customer</Trans>}>
      <div className="followUpWhose">
        <label>
          <span className="caption">
            <Trans>To whom</Trans>
          </span>
          <input ref={address} className="input" type="email" dir="ltr" list={`${list}-mails`} maxLength={254} readOnly={sent} aria-invalid={missing || undefined} value={to} onChange={(event) => write({ ...draft, to: event.target.value })} />
          <datalist id={`${list}-mails`}>
            {proposed.mails.map((mail) => (
              <option key={mail} value={mail} />
            ))}
          </datalist>
        </label>
        <label>
          <span className="caption">
            <Trans>Subject</Trans>
          </span>
          <input className="input" dir="auto" maxLength={200} readOnly={sent} value={subject} onChange={(event) => write({ ...draft, subject: event.target.value })} />
        </label>
      </div>
      <textarea
        ref={body}
        className="input"
        dir="auto"
        rows={5}
        maxLength={10_000}
        aria-label={t`Text of the mail`}
        aria-autocomplete="list"
        aria-invalid={missing || undefined}
        placeholder={t`What you write to the customer; / for canned replies`}
        readOnly={sent}
        value={text}
        {...listen}
      />
      {slash && !sent && (
        <Suspense>
          <Replies contact={contact} slash={slash} field={body} list={list} put={put} close={close} />
        </Suspense>
      )}
      {sent && (
        <p>
          <Tag tone="ok">{t`Sent by mail`}</Tag>
        </p>
      )}
      {missing && (
        <p className="resultMissing" role="alert">
          {left.length > 0 ? (
            <Trans>
              Not filled in: <bdi>{left.join(", ")}</bdi>
            </Trans>
          ) : (
            <Trans>To whom is it, and what do you write?</Trans>
          )}
        </p>
      )}
      <Refusal error={proposed.error} />
    </Offered>
  );
}
