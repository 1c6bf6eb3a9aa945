/** Whether an answer went out, in a word; one that did not may be sent again. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";

import type { Letter } from "@/api/types";
import { sendAgain } from "@/api/writing";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { useLive } from "@/live/useLive";

/** `contact`: in hand, so that it may be sent again; `to`: the mail of the customer. */
export function Delivery({ letter, contact, to }: { letter: Letter; contact?: string | undefined; to: string | undefined }) {
  const { t } = useLingui();
  const mail = useLive((state) => state.mail) ?? false;
  const again = useMutation({ mutationFn: () => sendAgain(contact ?? "", letter.number) });
  const why: Record<string, string> = {
    secret: t`the password of the mail server is missing`,
    late: t`the mail server did not answer in time`,
    unreachable: t`the mail server cannot be reached`,
    refused: t`the mail server has refused it`,
    unknown: t`it is not known whether it went out`,
  };
  if (letter.delivery === "sent") return <p><Tag tone="ok">{t`Sent by mail`}</Tag></p>;
  if (letter.delivery === "sending") return <p><Tag>{t`Being sent`}</Tag></p>;
  const kept = letter.delivery !== "failed";
  if (kept && !(contact && mail && to)) return <p><Tag>{t`Kept here, not sent`}</Tag></p>;
  return (
    <span className="composerEnd">
      {kept ? <Tag>{t`Kept here, not sent`}</Tag> : <Tag tone="bad">{t`Not sent`}</Tag>}
      {!kept && <span className="caption">{why[letter.failure ?? ""] ?? letter.failure}</span>}
      {contact && (
        <Button isPending={again.isPending} onPress={() => again.mutate()}>
          <Trans>Send again</Trans>
        </Button>
      )}
      <Refusal error={again.error} />
    </span>
  );
}
