import { Trans, useLingui } from "@lingui/react/macro";
import { PhoneCall, PhoneMissed, Sparkles } from "lucide-react";

import type { DeskContact, EarlierContact } from "@/api/types";
import { Tag } from "@/design/Tag";
import { duration, moment, nameOf, worded } from "@/i18n/format";
import { outcomeTone, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

/** What was before, newest first: so that the customer need not tell it again. */
export function Earlier({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  return (
    <section className="earlier" aria-label={t`Earlier contacts`}>
      <h2 className="heading">
        <Trans>Earlier contacts</Trans>
        {contact.earlier.length > 0 && <span className="figures muted"> {contact.earlier.length}</span>}
      </h2>
      {contact.earlier.length === 0 ? (
        <p className="earlierNone">
          <Sparkles size={16} aria-hidden />
          {contact.ani ? <Trans>Nobody has called from this number before.</Trans> : <Trans>Without a number the earlier contacts cannot be found.</Trans>}
        </p>
      ) : (
        <ol>
          {contact.earlier.map((one) => (
            <EarlierRow key={one.id} one={one} />
          ))}
        </ol>
      )}
    </section>
  );
}

function EarlierRow({ one }: { one: EarlierContact }) {
  const words = useWords();
  const dispositions = useLive((state) => state.dispositions) ?? [];
  const answered = one.outcome === "answered";
  const Icon = answered ? PhoneCall : PhoneMissed;
  const result = worded(dispositions, one.disposition);
  return (
    <li className={answered ? "" : "failed"}>
      <span className="earlierIcon">
        <Icon size={14} aria-hidden />
      </span>
      <div className="earlierBody">
        <p className="earlierTop">
          <strong>{result || words.outcome(one.outcome)}</strong>
          {!answered && result && <Tag tone={outcomeTone[one.outcome]}>{words.outcome(one.outcome)}</Tag>}
          <span className="figures muted">{moment(one.at)}</span>
        </p>
        <p className="caption">
          {[nameOf(one.queue), nameOf(one.agent), one.talk_seconds ? duration(one.talk_seconds) : ""].filter(Boolean).join(" · ")}
        </p>
        {one.note && <p className="earlierNote">{one.note}</p>}
      </div>
    </li>
  );
}
