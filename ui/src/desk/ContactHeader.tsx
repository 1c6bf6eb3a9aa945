import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronRight, CircleDot, CirclePause, FileText, Languages, Phone, Star } from "lucide-react";
import { lazy, Suspense, useEffect, useRef } from "react";

import type { RecordingNow } from "@/api/recording";
import { onLine, type DeskContact } from "@/api/types";
import { Tag } from "@/design/Tag";
import { Since, Until } from "@/design/Timer";
import { CallbackTag, DirectionTag } from "@/desk/CallbackTag";
import { CallControls, EndCall } from "@/desk/CallControls";
import "@/desk/contact.css";
import { Found } from "@/desk/Found";
import { useReached } from "@/desk/who";
import { OutsideEnd } from "@/desk/OutsideEnd";
import { phone } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { agentTone, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { usePhone } from "@/phone/state";

const WrittenControls = lazy(() => import("@/desk/Written").then((module) => ({ default: module.WrittenControls })));

/** The keyboard goes to the conversation when it begins; before that the ringing card has it. */
function useFocusOnAnswer(contact: DeskContact) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { state } = contact;
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "offered" && state === "talking" && document.activeElement === document.body) heading.current?.focus();
    before.current = state;
  }, [state]);
  return heading;
}

export function ContactHeader({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const words = useWords();
  const heading = useFocusOnAnswer(contact);
  const inCall = contact.state === "talking" || contact.state === "held" || contact.state === "rejoining";
  const number = useReached()(contact);
  const name = nameIn(contact);
  const answering = usePhone((state) => state.call?.contact === contact.id && state.call.state === "answering");

  return (
    <section className="contact card" aria-label={t`Contact`}>
      <div className="contactTop">
        <div className="contactTitle">
          <h1 ref={heading} tabIndex={-1}>
            {name ?? number}
          </h1>
          {contact.customer?.vip && (
            <Tag tone="warn">
              <Star size={12} fill="currentcolor" aria-hidden />
              VIP
            </Tag>
          )}
        </div>
        <ContactTime contact={contact} />
        {mayEnd(contact) && <EndCall contact={contact} />}
      </div>
      <div className="contactMeta">
        <Tag tone={agentTone[contact.state]} dotted>
          {answering && contact.state === "offered" ? <Trans>Connecting…</Trans> : words.agentState(contact.placed ? "dialling" : contact.state)}
        </Tag>
        <ChannelTag channel={contact.channel} />
        <WayTag contact={contact} />
        {contact.state === "held" && <HeldTime />}
        {contact.muted && inCall && (
          <Tag tone="warn">
            <Trans>Microphone off</Trans>
          </Tag>
        )}
        {contact.recording && inCall && <RecordingTag now={contact.recording} />}
        {contact.customer && (
          <span>
            <Phone size={14} aria-hidden /> {number}
          </span>
        )}
        {contact.customer?.company && <span>{contact.customer.company}</span>}
        <span className="contactPath">
          {pathOf(contact).map((step, index) => (
            <span key={step}>
              {index > 0 && <ChevronRight size={14} aria-hidden />}
              {step}
            </span>
          ))}
        </span>
        {contact.customer?.language && contact.customer.language !== spoken() && (
          <span>
            <Languages size={14} aria-hidden /> {contact.customer.language.toUpperCase()}
          </span>
        )}
      </div>
      <Found found={contact.found} />
      <WithSupervisor contact={contact} />
      <WithColleague contact={contact} />
      {contact.state !== "offered" && <OutsideEnd contact={contact} />}
      <Meanwhile contact={contact} />
      {inCall && <Controls contact={contact} />}
    </section>
  );
}

function RecordingTag({ now: { state, pause_ends_at } }: { now: RecordingNow }) {
  if (state === "on") {
    return (
      <Tag tone="bad">
        <CircleDot size={12} aria-hidden />
        <Trans>Recording</Trans>
      </Tag>
    );
  }
  return (
    <Tag tone={state === "paused" ? "warn" : "plain"}>
      <CirclePause size={12} aria-hidden />
      {state === "paused" ? <Trans>Recording paused</Trans> : <Trans>Not recorded</Trans>}
      {pause_ends_at && <Until at={pause_ends_at} />}
    </Tag>
  );
}

const nameIn = ({ colleague, customer }: DeskContact) => colleague?.name ?? customer?.name;

/** The queue, and what was chosen on the way to it. */
const pathOf = ({ queue, choices }: DeskContact) => (queue ? [queue.name, ...choices.filter((choice) => choice !== queue.name)] : []);

/** Who called whom, where it was not simply the customer. */
function WayTag({ contact }: { contact: DeskContact }) {
  return contact.direction !== "in" ? <DirectionTag direction={contact.direction} /> : <CallbackTag callback={contact.callback} />;
}

/** Of what was written; a call needs no word. */
function ChannelTag({ channel }: { channel: string }) {
  const words = useWords();
  if (onLine({ channel })) return null;
  return (
    <Tag>
      <FileText size={12} aria-hidden />
      {words.channel(channel)}
    </Tag>
  );
}

function Controls({ contact }: { contact: DeskContact }) {
  if (onLine(contact)) return <CallControls contact={contact} />;
  return (
    <Suspense>
      <WrittenControls contact={contact} />
    </Suspense>
  );
}

const mayEnd = (contact: DeskContact) => contact.placed || ["dialling", "talking", "held", "rejoining"].includes(contact.state);

/** What goes on while nobody can talk. */
function Meanwhile({ contact }: { contact: DeskContact }) {
  const apart = useLive((state) => state.agent !== null && state.agent.phone !== "page") ?? false;
  if (contact.placed) return <Calling contact={contact} />;
  if (contact.state !== "dialling" && contact.state !== "rejoining") return null;
  return (
    <p className={`contactRejoin ${contact.state}`} role="status">
      {contact.state === "dialling" ? (
        <Trans>We are calling the customer back. You will be connected as soon as they answer.</Trans>
      ) : contact.colleague ? (
        <Trans>Your line was lost. Your colleague hears music; we are bringing you back.</Trans>
      ) : apart ? (
        <Trans>Your telephone has lost the call. The customer hears music; we are ringing it again.</Trans>
      ) : (
        <Trans>Your line was lost. The customer hears music; we are bringing you back.</Trans>
      )}
    </p>
  );
}

/** The agent's own call, until somebody answers. */
function Calling({ contact }: { contact: DeskContact }) {
  const here = usePhone((state) => state.place === "here");
  const number = contact.ani ? phone(contact.ani) : "";
  return (
    <p className="contactRejoin dialling" role="status">
      {contact.colleague ? (
        <Trans>We are calling your colleague. You hear it ring.</Trans>
      ) : contact.state === "dialling" ? (
        <Trans>We are calling {number}. You hear it ring.</Trans>
      ) : here ? (
        <Trans>Your line first, then {number}.</Trans>
      ) : (
        <Trans>Pick up your telephone: then we call {number}.</Trans>
      )}
    </p>
  );
}

/** Who listens, as far as it is shown, and who speaks; afterwards, who has taken the call over. */
function WithSupervisor({ contact: { supervisors, taken_by } }: { contact: DeskContact }) {
  if (taken_by) {
    return (
      <p className="contactAsked" role="status">
        <Trans>{taken_by} has taken the call over. Save your own part.</Trans>
      </p>
    );
  }
  return supervisors.map(({ name, way }) => (
    <p key={name} className="contactAsked" role="status">
      {way === "listen" && <Trans>{name} listens to this call.</Trans>}
      {way === "whisper" && <Trans>{name} speaks to you. The customer does not hear it.</Trans>}
      {way === "barge" && <Trans>{name} is in the conversation. The customer hears it.</Trans>}
    </p>
  ));
}

/** What there is to say of a consultation: who asks, or that the asking has come to nothing. */
function WithColleague({ contact }: { contact: DeskContact }) {
  const { asked, consulted } = contact;
  const asker = asked?.by?.name ?? "";
  const others = asked?.others?.map((one) => one.name).join(", ");
  const alone = contact.state === "held" && (consulted === "nobody" || consulted === "left");
  if (!asked && !alone) return null;
  return (
    <p className="contactAsked" role="status">
      {asked && <Trans>Consultation from {asker}</Trans>}
      {asked?.talks_to === "customer" && (
        <>
          {". "}
          <Trans>They are with the customer now; you hear music.</Trans>
        </>
      )}
      {others && (
        <>
          {". "}
          <Trans>Also in the conversation: {others}</Trans>
        </>
      )}
      {alone && consulted === "nobody" && <Trans>Nobody took your question. The customer is on hold: press Resume.</Trans>}
      {alone && consulted === "left" && <Trans>Your colleague has left. The customer is on hold: press Resume.</Trans>}
    </p>
  );
}

function ContactTime({ contact }: { contact: DeskContact }) {
  if (contact.state === "wrap_up") {
    return contact.wrap_up_ends_at ? <Until at={contact.wrap_up_ends_at} className="contactClock soft" /> : null;
  }
  return <Since at={contact.answered_at ?? contact.offered_at} className={`contactClock ${contact.answered_at ? "" : "soft"}`} />;
}

function HeldTime() {
  const since = useLive((state) => state.agent?.since);
  return <Since at={since} className="muted" />;
}
