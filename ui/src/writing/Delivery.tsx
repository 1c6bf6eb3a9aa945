/** Whether an answer went out, in a word; one that did not may be sent again. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Letter } from "@/api/types";
import { sendAgain } from "@/api/writing";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { useLive } from "@/live/useLive";

/** So long nobody else may send it (`LEFT` in correspondence/store.py). */
const LEFT_AFTER_MS = 180_000;

/** Has it been on its way for so long that whoever sent it must have come to an end? */
function useLeft(sending: boolean): boolean {
  const [left, setLeft] = useState(false);
  useEffect(() => {
    if (!sending) return undefined;
    const timer = window.setTimeout(() => setLeft(true), LEFT_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLeft(false);
    };
  }, [sending]);
  return sending && left;
}

/** Why it was not sent, by the word of the server. */
export function useWhyNotSent(): Record<string, string> {
  const { t } = useLingui();
  return {
    secret: t`the password of the mail server is missing`,
    late: t`the mail server did not answer in time`,
    unreachable: t`the mail server cannot be reached`,
    refused: t`the mail server has refused it`,
    unknown: t`it is not known whether it went out`,
    no_address: t`no mail address was left`,
    no_server: t`no mail server is set up`,
    too_many: t`this address has had too many mails within 24 hours`,
  };
}

/** `contact`: in hand, so that it may be sent again; `to`: the mail of the customer. */
export function Delivery({ letter, contact, to }: { letter: Letter; contact?: string | undefined; to: string | undefined }) {
  const { t } = useLingui();
  const mail = useLive((state) => state.mail) ?? false;
  const left = useLeft(letter.delivery === "sending");
  const again = useMutation({ mutationFn: () => sendAgain(contact ?? "", letter.number) });
  const why = useWhyNotSent();
  if (letter.delivery === "sent") return <p><Tag tone="ok">{t`Sent by mail`}</Tag></p>;
  if (letter.delivery === "sending" && !left) return <p><Tag>{t`Being sent`}</Tag></p>;
  const kept = letter.delivery !== "failed" && !left;
  if (kept && !(contact && mail && to)) return <p><Tag>{t`Kept here, not sent`}</Tag></p>;
  return (
    <span className="composerEnd">
      {kept ? <Tag>{t`Kept here, not sent`}</Tag> : <Tag tone="bad">{t`Not sent`}</Tag>}
      {!kept && <span className="caption">{left ? why["unknown"] : (why[letter.failure ?? ""] ?? letter.failure)}</span>}
      {contact && letter.failure !== "no_address" && (
        <Button isPending={again.isPending} onPress={() => again.mutate()}>
          <Trans>Send again</Trans>
        </Button>
      )}
      <Refusal error={again.error} />
    </span>
  );
}
