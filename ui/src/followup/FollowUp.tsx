/** What the result asks for: what is to be done next, a call, a mail. Kept in this browser while it is typed. */
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useCallback, useEffect, useRef } from "react";

import type { Asked, Disposition } from "@/api/disposition";
import type { DeskContact } from "@/api/types";
import type { Following } from "@/desk/ResultForm";
import { CallAfter } from "@/followup/CallAfter";
import "@/followup/followup.css";
import { MailAfter } from "@/followup/MailAfter";
import { TaskAfter } from "@/followup/TaskAfter";

/** What may fail for good comes last: a mail that is gone does not come back. */
const ORDER = ["task", "call", "mail"] as const;

export interface Part {
  contact: DeskContact;
  result: Disposition;
  /** Under a name of its own. */
  follow: (name: (typeof ORDER)[number], following: Following | null) => void;
}

export function FollowUp({ contact, result, follow }: { contact: DeskContact; result: Disposition; follow: (following: Following | null) => void }) {
  const parts = useRef(new Map<(typeof ORDER)[number], Following>());
  const part = useCallback((name: (typeof ORDER)[number], following: Following | null) => {
    if (following) parts.current.set(name, following);
    else parts.current.delete(name);
  }, []);
  useEffect(() => {
    let said: Following[] = [];
    const all = () => ORDER.flatMap((name) => parts.current.get(name) ?? []);
    follow({
      ready: () => all().every((one) => one.ready()),
      write: async () => {
        said = all();
        for (const one of said) await one.write();
      },
      // The parts are gone with the form as soon as the contact has left.
      over: () => {
        for (const one of said) one.over();
      },
    });
    return () => follow(null);
  }, [follow]);
  return (
    <>
      {result.task !== "never" && <TaskAfter contact={contact} result={result} follow={part} />}
      {result.call !== "never" && <CallAfter contact={contact} result={result} follow={part} />}
      {result.mail !== "never" && <MailAfter contact={contact} result={result} follow={part} />}
    </>
  );
}

/** What is only offered stands closed until it is wanted. */
export function Offered({ asked, on, turn, name, children }: { asked: Asked; on: boolean; turn: (on: boolean) => void; name: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="followUp">
      <legend className="heading">
        {asked === "required" ? (
          name
        ) : (
          <label className="followUpOffered">
            <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} />
            <span>
              {name}{" "}
              <span className="caption">
                <Trans>(if you like)</Trans>
              </span>
            </span>
          </label>
        )}
      </legend>
      {on && children}
    </fieldset>
  );
}
