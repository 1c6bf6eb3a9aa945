/** The agent's workplace: what is in hand on the left, the conversation in the middle, customer and result on the right. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { lazy, memo, Suspense, useDeferredValue, useEffect, useState } from "react";

import { useMe } from "@/api/session";
import { type DeskContact, onLine } from "@/api/types";
import { begun } from "@/desk/begun";
import { ContactHeader } from "@/desk/ContactHeader";
import { ContactList } from "@/desk/ContactList";
import { CustomerPanel } from "@/desk/CustomerPanel";
import "@/desk/desk.css";
import { Earlier } from "@/desk/Earlier";
import { Idle } from "@/desk/Idle";
import { ResultForm } from "@/desk/ResultForm";
import { RingingCard } from "@/desk/RingingCard";
import { StartShift } from "@/desk/StartShift";
import { withWords } from "@/i18n/language";
import { useLive } from "@/live/useLive";
import { useOffer } from "@/phone/alert";

const Unreached = lazy(() => import("@/calling/Unreached").then((module) => ({ default: module.Unreached })));

/** The call just placed came to nothing. */
function NotReached() {
  const unreached = useLive((state) => state.unreached);
  return unreached ? (
    <Suspense>
      <Unreached key={unreached.id} call={unreached} />
    </Suspense>
  ) : null;
}

const VoiceMessage = lazy(() => import("@/desk/VoiceMessage").then((module) => ({ default: module.VoiceMessage })));
const Letters = lazy(() => import("@/desk/Written").then((module) => ({ default: module.Letters })));
const talk = () => withWords(import("@/talk/Talk"));
const Talk = lazy(() => talk().then((module) => ({ default: module.Talk })));

const RANK: Record<DeskContact["state"], number> = { dialling: 0, talking: 0, held: 0, rejoining: 0, wrap_up: 1, offered: 2 };

/** A voice comes before what is written, which waits. */
const rank = (contact: DeskContact) => (contact.placed ? 0 : RANK[contact.state] + (contact.channel === "voice" ? 0 : 0.5));
const foremost = (contacts: readonly DeskContact[]) => [...contacts].sort((a, b) => rank(a) - rank(b))[0] ?? null;

/** What stands in the middle of the desk. Whoever comes while nothing is in hand is drawn there after the ringing card, which alone is in a
hurry: a card with all its history takes longer to draw than to send. */
function useShown(contacts: readonly DeskContact[], chosen: string | null): DeskContact | null {
  const wanted = contacts.find((one) => one.id === chosen) ?? foremost(contacts);
  const drawn = useDeferredValue(wanted?.id ?? null);
  return drawn === null ? null : (contacts.find((one) => one.id === drawn) ?? wanted);
}

/** A contact that left the desk is in the journal now. */
function useFreshJournal(contacts: readonly DeskContact[]): void {
  const client = useQueryClient();
  const inHand = contacts.map((contact) => contact.id).join();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["contacts"] });
  }, [client, inHand]);
}

/** What a call needs is here before the call, but not before the desk itself. */
function loadAhead(): void {
  for (const part of [import("@/desk/ByHand"), import("@/desk/Consulting"), import("@/calling/Dial"), withWords(import("@/customers/Card")), withWords(import("@/forwarding/ForwardTag")), talk()]) part.catch(() => undefined);
}

const Composer = lazy(() => withWords(import("@/writing/Composer")).then((module) => ({ default: module.Composer })));

/** Of a supervisor, who has a desk only while a call that was taken over is in hand. */
function NothingInHand() {
  return (
    <div className="blank">
      <h1 className="heading">
        <Trans>You have no call in hand.</Trans>
      </h1>
      <Link to="/floor" className="button">
        <Trans>To the floor</Trans>
      </Link>
    </div>
  );
}

/** What the customer wrote, and where it is answered. */
function WrittenPart({ contact }: { contact: DeskContact }) {
  if (contact.letters.length === 0) return null;
  return (
    <Suspense>
      <Letters letters={contact.letters} contact={contact.id} />
      {contact.state === "talking" && !onLine(contact) && contact.asked === null && <Composer key={`answer ${contact.id}`} contact={contact} />}
    </Suspense>
  );
}

/** As it was, until what takes its place is drawn. */
const Resting = memo(Idle);

/** A colleague is no customer: there is no card, no history and no result. */
const ofCustomer = (contact: DeskContact | null) => (contact?.direction === "internal" ? null : contact);

export function Desk() {
  const { t } = useLingui();
  const me = useMe();
  const agent = useLive((state) => state.agent);
  const contacts = useLive((state) => state.contacts) ?? [];
  const offer = useOffer();
  const [chosen, setChosen] = useState<string | null>(null);
  const contact = useShown(contacts, chosen);
  const quiet = useDeferredValue(agent);
  useFreshJournal(contacts);
  useEffect(loadAhead, []);

  if (!agent && !me.agent_id) return <NothingInHand />;
  if (!agent) {
    return (
      <div className="blank" role="status">
        <LoaderCircle className="spin" aria-hidden />
        {t`Loading the desk…`}
      </div>
    );
  }
  if (agent.state === "offline") return <StartShift agent={agent} />;

  const customers = ofCustomer(contact);
  return (
    <div className={`desk ${customers || offer ? "withSide" : ""}`}>
      <ContactList contacts={contacts} shown={contact?.id ?? null} show={setChosen} />
      <div className="deskCentre">
        {contact ? (
          <>
            <ContactHeader key={contact.id} contact={contact} />
            <WrittenPart contact={contact} />
            {contact.message && begun(contact) && (
              <Suspense>
                <VoiceMessage contact={contact.id} number={contact.ani} message={contact.message} />
              </Suspense>
            )}
            {contact.talk_script && begun(contact) && (
              <Suspense>
                <Talk key={`talk ${contact.id}`} contact={contact} />
              </Suspense>
            )}
            {customers && <Earlier contact={customers} />}
          </>
        ) : (
          <>
            <NotReached />
            <Resting agent={quiet ?? agent} />
          </>
        )}
      </div>
      {(customers ?? offer) && (
        <aside className="deskSide" aria-label={t`Customer and result`}>
          {offer && <RingingCard offer={offer} />}
          {customers && <CustomerPanel key={customers.id} contact={customers} />}
          {contact && begun(contact) && <ResultForm key={`result ${contact.id}`} contact={contact} />}
        </aside>
      )}
    </div>
  );
}
