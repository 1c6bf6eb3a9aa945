/** A call to the customer, planned with the result: at which number, when, and who is tried first. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { ownTimesQuery } from "@/api/calls";
import { planAfter, planNoMore } from "@/api/followup";
import { useKept } from "@/customers/draft";
import { Refusal } from "@/design/Refusal";
import { Offered, type Part } from "@/followup/FollowUp";
import { firstShown } from "@/followup/when";
import { moment } from "@/i18n/format";
import { TimeChoice } from "@/planned/TimeChoice";

interface Draft {
  on: boolean;
  /** Null: as the result proposes it. */
  number: string | null;
  at: string | null;
  own: boolean | null;
  /** The server knows of one. */
  planned: boolean;
}
const EMPTY: Draft = { on: false, number: null, at: null, own: null, planned: false };

export function CallAfter({ contact, result, follow }: Part) {
  const { t } = useLingui();
  const [draft, write, forget] = useKept(`followup.call.${contact.id}`, EMPTY);
  const [missing, setMissing] = useState(false);
  const [opened] = useState(() => Date.now());
  const field = useRef<HTMLInputElement>(null);
  const on = result.call === "required" || draft.on;
  const number = draft.number ?? contact.ani ?? "";
  const own = draft.own ?? result.call_own;
  const usual = opened + 1000 * result.call_seconds;
  const { data: times, error } = useQuery({ ...ownTimesQuery(contact.queue?.id ?? "", own, firstShown(usual, opened)), enabled: on });
  const still = draft.at !== null && (times?.includes(draft.at) ?? true) ? draft.at : null;
  const at = still ?? times?.find((one) => Date.parse(one) >= usual) ?? times?.at(-1) ?? "";

  useEffect(() => {
    follow("call", {
      ready: () => {
        const ready = !on || (number.trim() !== "" && at !== "");
        setMissing(!ready);
        if (!ready) field.current?.focus();
        return ready;
      },
      write: async () => {
        if (on) {
          await planAfter(contact.id, { number, at, own, disposition: result.id });
          write({ ...draft, at, planned: true });
        } else if (draft.planned) {
          await planNoMore(contact.id);
          write({ ...draft, planned: false });
        }
      },
      over: forget,
    });
    return () => follow("call", null);
  });

  return (
    <Offered asked={result.call} on={on} turn={(turned) => write({ ...draft, on: turned })} name={<Trans>Call the customer</Trans>}>
      <div className="followUpWhose">
        <label>
          <span className="caption">
            <Trans>Number</Trans>
          </span>
          <input
            ref={field}
            className="input figures"
            type="tel"
            maxLength={40}
            aria-invalid={missing || undefined}
            aria-describedby={missing ? "missing-call" : undefined}
            value={number}
            onChange={(event) => write({ ...draft, number: event.target.value })}
          />
        </label>
        <TimeChoice times={times} at={at} choose={(chosen) => write({ ...draft, at: chosen })} />
      </div>
      {at !== "" && <p className="caption figures">{moment(at)}</p>}
      <label className="followUpOffered">
        <input type="checkbox" checked={own} onChange={(event) => write({ ...draft, own: event.target.checked })} />
        <Trans>To me first, then to the queue</Trans>
      </label>
      {missing && (
        <p id="missing-call" className="resultMissing" role="alert">
          {t`This result asks for a call: at which number, and when?`}
        </p>
      )}
      <Refusal error={error} />
    </Offered>
  );
}
