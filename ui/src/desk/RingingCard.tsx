import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { FileText, MessagesSquare, Phone, PhoneIncoming, PhoneOutgoing, Star, Voicemail, type LucideIcon } from "lucide-react";
import { createElement, Suspense } from "react";

import { accept as acceptWritten, decline } from "@/api/desk";
import { type Named, onLine } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { ornament } from "@/design/ornament";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { CallbackTag } from "@/desk/CallbackTag";
import { Found } from "@/desk/Found";
import { OutsideEnd } from "@/desk/OutsideEnd";
import { useReached } from "@/desk/who";
import "@/desk/ringing.css";
import { duration, phone } from "@/i18n/format";
import { withWords } from "@/i18n/language";
import { useWords } from "@/i18n/words";
import { useLive, useSecondsUntil } from "@/live/useLive";
import type { Offer } from "@/phone/alert";
import { deskPhone } from "@/phone/deskPhone";
import { usePhone } from "@/phone/state";

/** As high as the whole sign: what is under the pointer does not move when it comes. */
const NameAlone = ({ agent }: { agent: Named }) => <Tag tone="info">{agent.name}</Tag>;
const MeantFor = ornament(() => withWords(import("@/forwarding/ForwardTag")).then((module) => module.MeantFor), NameAlone);

/** Somebody calls: who, from which queue, how long they have waited, and how long you have to decide. */
export function RingingCard({ offer }: { offer: Offer }) {
  const { card } = offer;
  const { accept, accepting, failed } = useAccept(offer);
  const refuse = useMutation({ mutationFn: () => decline(offer.id) });
  const apart = useTelephoneApart(card);
  useActions({ accept: apart ? undefined : accept, decline: () => refuse.mutate() });
  const keyOf = useKeyOf();

  const number = useNumber(offer);
  const name = nameIn(card) ?? number;
  const who = useWho(card, number);
  const back = Boolean(card?.callback);
  const said = useAnnouncement(offer, name);
  const title = useTitle(card, back);

  return (
    <section className="ringing" aria-label={title} data-testid="ringing">
      <p className="unseen" role="alert">
        {said}
      </p>
      <div className="ringingTop">
        <span className="ringingIcon">
          <Picture card={card} back={back} />
        </span>
        <div className="ringingWho">
          <strong className="clip">{name}</strong>
          <span className="clip muted">{who}</span>
        </div>
        {card?.customer?.vip && (
          <Tag tone="warn">
            <Star size={12} fill="currentcolor" aria-hidden />
            VIP
          </Tag>
        )}
        <CallbackTag callback={card?.callback} />
      </div>
      <Asker card={card} />
      {card?.meant_for && (
        <Suspense fallback={<NameAlone agent={card.meant_for} />}>
          <MeantFor agent={card.meant_for} />
        </Suspense>
      )}
      <OutsideEnd contact={card} />
      <FirstLetter card={card} />
      {card?.queue && <Facts card={card} />}
      <FoundBefore card={card} />
      {card?.offer_expires_at && <Countdown from={card.offered_at ?? card.arrived_at} to={card.offer_expires_at} />}
      <AnswerThere phone={apart} />
      <div className="ringingActions">
        {!apart && <Accept icon={pictureOf(card) ?? Phone} accepting={accepting} accept={accept} />}
        <Button keys={keyOf("decline")} isPending={refuse.isPending} onPress={() => refuse.mutate()}>
          <Trans>Decline</Trans>
        </Button>
      </div>
      <Refusal error={refuse.error ?? failed} />
    </section>
  );
}

/** From which queue, and how long they have waited. */
function Facts({ card }: { card: NonNullable<Offer["card"]> }) {
  return (
    <dl className="ringingFacts">
      <div>
        <dt>
          <Trans>Queue</Trans>
        </dt>
        <dd className="clip">{pathOf(card).join(" › ")}</dd>
      </div>
      <div>
        <dt>
          <Trans>Has waited</Trans>
        </dt>
        <dd>
          <Since at={card.queued_at ?? card.arrived_at} />
        </dd>
      </div>
    </dl>
  );
}

const nameIn = (card: Offer["card"]) => card?.colleague?.name ?? card?.customer?.name;

/** Under the name. */
function useWho(card: Offer["card"], number: string): string {
  const { t } = useLingui();
  if (card?.colleague) return t`A colleague calls`;
  return card?.customer ? number : t`Not in the customer list`;
}

function useNumber({ card, number }: Offer): string {
  const words = useWords();
  const reached = useReached();
  if (card) return reached(card);
  return number ? phone(number) : words.withheld;
}

/** The telephone at which this call rings, where it is not the page: a receiver is lifted by hand. */
function useTelephoneApart(card: Offer["card"]) {
  const at = useLive((state) => state.agent?.phone) ?? "page";
  return at === "page" || (card !== null && !onLine(card)) ? null : at;
}

function Accept({ icon, accepting, accept }: { icon: LucideIcon; accepting: boolean; accept: () => void }) {
  const keyOf = useKeyOf();
  return (
    <Button kind="accept" icon={icon} keys={keyOf("accept")} isPending={accepting} onPress={accept}>
      {accepting ? <Trans>Connecting…</Trans> : <Trans>Accept</Trans>}
    </Button>
  );
}

function AnswerThere({ phone: at }: { phone: "desk" | "outside" | null }) {
  if (at === null) return null;
  return (
    <p className="ringingThere">
      <Phone size={18} aria-hidden />
      {at === "desk" ? <Trans>Lift the receiver of your desk telephone.</Trans> : <Trans>Answer your telephone and press 1.</Trans>}
    </p>
  );
}

/** What was written is taken by the server; a call by the telephone in this page. */
function useAccept({ id, card }: Offer) {
  const written = card !== null && !onLine(card);
  const take = useMutation({ mutationFn: () => acceptWritten(id) });
  const answering = usePhone((state) => state.accepting === id);
  return {
    written,
    accept: () => {
      if (written) take.mutate();
      else deskPhone.accept(id);
    },
    accepting: answering || take.isPending,
    failed: take.error,
  };
}

/** Of what is taken without a telephone. */
function pictureOf(card: Offer["card"]) {
  if (card?.message) return Voicemail;
  return card && !onLine(card) ? FileText : undefined;
}

function Picture({ card, back }: { card: Offer["card"]; back: boolean }) {
  return createElement(pictureOf(card) ?? (back ? PhoneOutgoing : PhoneIncoming), { size: 18, "aria-hidden": true });
}

function useTitle(card: Offer["card"], back: boolean): string {
  const { t } = useLingui();
  if (card?.message) return t`Voicemail`;
  if (card && !onLine(card)) return t`Request`;
  if (card?.colleague) return t`Internal call`;
  return back ? t`Callback` : t`Incoming call`;
}

const pathOf = ({ queue, choices }: { queue: Named | null; choices: string[] }) => (queue ? [queue.name, ...choices.filter((choice) => choice !== queue.name)] : choices);

function FoundBefore({ card }: { card: Offer["card"] }) {
  return card ? <Found found={card.found} most={6} /> : null;
}

function FirstLetter({ card }: { card: Offer["card"] }) {
  const letter = card?.letters[0];
  return letter ? <p className="ringingLetter" dir="auto">{letter.text}</p> : null;
}

/** What a screen reader says. */
function useAnnouncement(offer: Offer, name: string): string {
  const { t } = useLingui();
  const keyOf = useKeyOf();
  const what = useWhat(offer, name);
  const apart = useTelephoneApart(offer.card);
  const [yes, no] = [keyOf("accept"), keyOf("decline")];
  if (apart === "desk") return `${what} ${t`Lift the receiver of your desk telephone.`}`;
  if (apart === "outside") return `${what} ${t`Answer your telephone and press 1.`}`;
  return yes && no && offer.card ? `${what} ${t`${yes} accepts, ${no} declines.`}` : what;
}

function useWhat({ card }: Offer, name: string): string {
  const { t } = useLingui();
  if (!card) return t`Incoming call: ${name}.`;
  const asker = card.asked?.by?.name ?? "";
  if (card.colleague) return t`Your colleague ${name} calls.`;
  if (card.asked) return t`Consultation from ${asker}, about ${name}.`;
  if (card.callback) return t`Callback: ${name}. The customer is called once you accept.`;
  const queue = card.queue?.name ?? "";
  if (card.message) return t`Voicemail: ${name}, queue ${queue}.`;
  if (!onLine(card)) return t`Request: ${name}, queue ${queue}.`;
  return t`Incoming call: ${name}, queue ${queue}.`;
}

function Asker({ card }: { card: Offer["card"] }) {
  if (!card?.asked) return null;
  const asker = card.asked.by?.name ?? "";
  return (
    <Tag tone="info">
      <MessagesSquare size={12} aria-hidden />
      <Trans>Consultation from {asker}</Trans>
    </Tag>
  );
}

function Countdown({ from, to }: { from: string; to: string }) {
  const { t } = useLingui();
  const left = useSecondsUntil(to);
  const whole = Math.max(1, (Date.parse(to) - Date.parse(from)) / 1000);
  const words = duration(Math.ceil(left));
  return (
    <div className="ringingLeft">
      <div className="ringingBar" role="progressbar" aria-label={t`Time to answer`} aria-valuemin={0} aria-valuemax={Math.round(whole)} aria-valuenow={Math.round(left)} aria-valuetext={words}>
        {/* Runs by itself between two looks at the clock. */}
        <span style={{ scale: `${Math.max(0, (left - 1) / whole)} 1` }} />
      </div>
      <span className="figures caption">{words}</span>
    </div>
  );
}
