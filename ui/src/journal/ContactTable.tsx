import { Trans, useLingui } from "@lingui/react/macro";
import { AudioLines, PhoneOutgoing, UsersRound } from "lucide-react";

import { useMe } from "@/api/session";
import type { ContactRow } from "@/api/types";
import { Tag } from "@/design/Tag";
import { betweenColleagues } from "@/i18n/colleague";
import { duration, fullMoment, moment, phone } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { outcomeTone, useWords } from "@/i18n/words";

const NOTHING = <span className="muted">–</span>;

interface Props {
  rows: readonly ContactRow[];
  scope: "own" | "all";
  pending: boolean;
  open: (id: string) => void;
}

export function ContactTable({ rows, scope, pending, open }: Props) {
  const { t } = useLingui();
  const all = scope === "all";
  return (
    <div className="card journalTable" aria-busy={pending}>
      <table className="table" aria-label={all ? t`Contacts` : t`My history`}>
        <thead>
          <tr>
            <th>{t`Time`}</th>
            <th>{t`Customer`}</th>
            <th className="wideOnly">{t`Queue`}</th>
            {all && <th className="wideOnly">{t`Agent`}</th>}
            <th className="journalOutcome">{t`Outcome`}</th>
            <th className="end wideOnly journalWait">{t`Wait`}</th>
            <th className="end journalTalk">{t`Talk`}</th>
            <th className="widestOnly">{t`Result`}</th>
            <th className="journalSound">
              <span className="unseen">{t`Recording`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} all={all} open={open} />
          ))}
        </tbody>
      </table>
      {pending && (
        <p className="blank" role="status">
          <Trans>Loading…</Trans>
        </p>
      )}
    </div>
  );
}

function Row({ row, all, open }: { row: ContactRow; all: boolean; open: Props["open"] }) {
  const { t } = useLingui();
  const words = useWords();
  const me = useMe();
  const number = betweenColleagues(row, me.agent_id) ?? (row.ani ? phone(row.ani) : words.unknown(row.channel));
  const who = row.customer?.name ?? number;
  const when = moment(row.arrived_at);
  return (
    <tr className="journalRow" onClick={() => open(row.id)}>
      <td className="figures" title={fullMoment(row.arrived_at)}>
        {when}
      </td>
      <td className="journalWho">
        {/* The row is for the mouse; this is for the keyboard and for screen readers. */}
        <button type="button" className="journalOpen clip" aria-label={t`${who}, ${when}: open the contact`} onClick={() => open(row.id)}>
          <span aria-hidden>{who}</span>
        </button>
        {row.customer && <span className="caption clip">{number}</span>}
      </td>
      <td className="wideOnly clip">{row.queue?.name ?? NOTHING}</td>
      {all && <td className="wideOnly clip">{row.agent?.name ?? NOTHING}</td>}
      <td>
        <Tag tone={outcomeTone[row.outcome]}>
          {row.direction === "internal" && <UsersRound size={12} role="img" aria-label={t`Internal`} />}
          {row.direction === "out" && <PhoneOutgoing size={12} role="img" aria-label={t`Outgoing`} />}
          {words.ended(row)}
        </Tag>
      </td>
      <td className="end figures wideOnly">{row.wait_seconds > 0 ? duration(row.wait_seconds) : NOTHING}</td>
      <td className="end figures journalTalk">{row.talk_seconds > 0 ? duration(row.talk_seconds) : NOTHING}</td>
      <td className="widestOnly clip">{row.disposition?.[spoken()] ?? NOTHING}</td>
      <td className="journalSound">{row.recording && <AudioLines size={16} role="img" aria-label={t`There is a recording`} />}</td>
    </tr>
  );
}
