import { Trans, useLingui } from "@lingui/react/macro";
import { FileText, Inbox, Phone, PhoneIncoming, PhoneOff, PhoneOutgoing, Pause, Voicemail } from "lucide-react";
import { lazy, Suspense } from "react";

import { onLine, type DeskContact, type LiveQueue } from "@/api/types";
import { Since, Until } from "@/design/Timer";
import { LATE_SECONDS } from "@/desk/QueuePulse";
import { useReached } from "@/desk/who";
import { attribute } from "@/i18n/attribute";
import { useWords } from "@/i18n/words";
import { useLive, useSecondsSince } from "@/live/useLive";

const ParkedList = lazy(() => import("@/desk/Written").then((module) => ({ default: module.ParkedList })));

interface Props {
  contacts: readonly DeskContact[];
  shown: string | null;
  show: (id: string) => void;
}

const SHOWN_IN_LIST = 3;
const ICONS = { offered: PhoneIncoming, dialling: PhoneOutgoing, talking: Phone, rejoining: Phone, held: Pause, wrap_up: PhoneOff };

export function ContactList({ contacts, shown, show }: Props) {
  const { t } = useLingui();
  const queues = useLive((state) => state.queues) ?? [];
  const parked = useLive((state) => state.parked) ?? [];
  return (
    <div className="deskList">
      <section aria-label={t`Contacts in hand`} className={contacts.length ? "" : "deskListEmpty"}>
        <h2 className="deskListTitle">
          <Trans>In hand</Trans>
          <span className="figures">{contacts.length}</span>
        </h2>
        {contacts.length === 0 ? (
          <p className="deskListBlank">
            <Inbox size={16} aria-hidden />
            <Trans>No contacts</Trans>
          </p>
        ) : (
          <ul>
            {contacts.map((contact) => (
              <Row key={contact.id} contact={contact} shown={contact.id === shown} show={show} />
            ))}
          </ul>
        )}
      </section>
      {parked.length > 0 && (
        <Suspense>
          <ParkedList parked={parked} />
        </Suspense>
      )}
      <section aria-label={t`Queues now`} className="deskQueues">
        <h2 className="deskListTitle">
          <Trans>Queues now</Trans>
        </h2>
        <table>
          <thead>
            <tr>
              {[t`Queue`, t`Waiting`, t`Longest wait`].map((name) => (
                <th key={name}>
                  <span className="unseen">{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRow key={queue.id} queue={queue} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Row({ contact, shown, show }: { contact: DeskContact; shown: boolean; show: (id: string) => void }) {
  const words = useWords();
  const reached = useReached();
  const Icon = contact.placed ? PhoneOutgoing : onLine(contact) || contact.state === "wrap_up" ? ICONS[contact.state] : contact.message ? Voicemail : FileText;
  return (
    <li>
      <button type="button" className="contactRow" aria-current={shown} onClick={() => show(contact.id)}>
        <span className={`contactIcon ${contact.state}`}>
          <Icon size={16} aria-hidden />
        </span>
        <span className="contactWho clip">{contact.colleague?.name ?? contact.customer?.name ?? reached(contact)}</span>
        {contact.state === "wrap_up" ? (
          <Until at={contact.wrap_up_ends_at} className="contactTime" />
        ) : (
          <Since at={contact.answered_at ?? contact.offered_at} className="contactTime" />
        )}
        <span className="contactWhat clip">
          {!onLine(contact) && contact.state === "talking" ? words.channel(contact.channel) : words.agentState(contact.placed ? "dialling" : contact.state)} · {contact.queue?.name ?? <Trans>Internal</Trans>}
        </span>
        {contact.found.length > 0 && <span className="contactFound clip">{contact.found.slice(0, SHOWN_IN_LIST).map(attribute).join(" · ")}</span>}
      </button>
    </li>
  );
}

function QueueRow({ queue }: { queue: LiveQueue }) {
  const late = useSecondsSince(queue.longest_since) >= LATE_SECONDS;
  return (
    <tr>
      <td className="clip">{queue.name}</td>
      <td className="figures">{queue.waiting}</td>
      <td className={`figures ${late ? "late" : "muted"}`}>{queue.longest_since ? <Since at={queue.longest_since} /> : "–"}</td>
    </tr>
  );
}
