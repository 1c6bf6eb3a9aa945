import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CircleHelp, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { contactQuery } from "@/api/contacts";
import { can, useMe } from "@/api/session";
import { onLine, type ContactDetail } from "@/api/types";
import { CallNumber } from "@/calling/CallNumber";
import "@/design/drawer.css";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { DirectionTag } from "@/desk/CallbackTag";
import { Found } from "@/desk/Found";
import { attribute } from "@/i18n/attribute";
import { betweenColleagues } from "@/i18n/colleague";
import { clockSeconds, duration, fullMoment, phone, worded } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { outcomeTone, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { useCourseWords } from "@/journal/courseWords";
import { Lines } from "@/journal/Lines";
import { Player } from "@/player/Player";

const Letters = lazy(() => import("@/desk/Written").then((module) => ({ default: module.Letters })));
const Why = lazy(() => import("@/journal/Why").then((module) => ({ default: module.Why })));

const Told = lazy(() => import("@/talk/Told").then((module) => ({ default: module.Told })));

interface Props {
  id: string;
  own: boolean;
  close: () => void;
}

export function ContactDrawer({ id, own, close }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const { data: contact, error } = useQuery(contactQuery(id));
  const mayPlay = can(me, "recordings.play_all") || (own && can(me, "recordings.play_own"));
  return (
    <ModalOverlay className="veil side" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet drawer">
        <Dialog aria-label={t`Contact`}>
          {contact ? <Detail contact={contact} mayPlay={mayPlay} mayAsk={can(me, "contacts.read_all")} close={close} /> : <Waiting error={error} close={close} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Waiting({ error, close }: { error: Error | null; close: () => void }) {
  const { t } = useLingui();
  return (
    <>
      <div className="sheetTop">
        <Heading slot="title">
          <Trans>Contact</Trans>
        </Heading>
        <IconButton icon={X} name={t`Close`} onPress={close} />
      </div>
      {error ? (
        <Refusal error={error} />
      ) : (
        <p className="muted" role="status">
          <Trans>Loading…</Trans>
        </p>
      )}
    </>
  );
}

export function Detail({ contact, mayPlay, mayAsk, close }: { contact: ContactDetail; mayPlay: boolean; mayAsk: boolean; close: () => void }) {
  const { t } = useLingui();
  const words = useWords();
  const number = betweenColleagues(contact, null) ?? (contact.ani ? phone(contact.ani) : words.unknown(contact.channel));
  const name = contact.customer?.name;
  return (
    <>
      <div className="sheetTop drawerTop">
        <div>
          <Heading slot="title">{name ?? number}</Heading>
          <p className="muted">
            {name && `${number} · `}
            {fullMoment(contact.arrived_at)}
          </p>
        </div>
        <span className="drawerButtons">
          {(onLine(contact) || contact.channel === "voicemail") && <CallNumber number={contact.ani} />}
          <IconButton icon={X} name={t`Close`} onPress={close} />
        </span>
      </div>
      <div className="drawerTags">
        <DirectionTag direction={contact.direction} />
        <Tag tone={outcomeTone[contact.outcome]}>{words.ended(contact)}</Tag>
        {!onLine(contact) && <Tag>{words.channel(contact.channel)}</Tag>}
        {contact.outcome !== "answered" && contact.outcome !== "unreached" && <span className="muted">{words.stage(contact.stage)}</span>}
        {contact.disposition && <Tag tone="accent">{contact.disposition[spoken()]}</Tag>}
      </div>
      <Figures contact={contact} />
      <Found found={contact.found} />
      {contact.letters.length > 0 && (
        <Suspense>
          <Letters letters={contact.letters} />
        </Suspense>
      )}
      {contact.note && <p className="drawerNote">{contact.note}</p>}
      {contact.recording && mayPlay && (
        <Player contact={contact.id} seconds={contact.recording.seconds} silences={contact.recording.silences} alone={contact.channel === "voicemail"} />
      )}
      {contact.recording && !mayPlay && (
        <p className="caption">
          <Trans>There is a recording; hearing it needs another permission.</Trans>
        </p>
      )}
      <Suspense>
        <Told contact={contact.id} />
      </Suspense>
      <Lines lines={contact.lines} />
      <Course contact={contact} />
      {mayAsk && <Question contact={contact.id} />}
    </>
  );
}

function Figures({ contact }: { contact: ContactDetail }) {
  const { t } = useLingui();
  const seconds: [string, number][] = [
    contact.direction !== "in" ? [t`Until the answer`, contact.dialling_seconds] : [t`Wait`, contact.wait_seconds],
    [t`Talk`, contact.talk_seconds],
    [t`Parked`, contact.parked_seconds],
    [t`On hold`, contact.hold_seconds],
    [t`Wrap-up`, contact.wrap_up_seconds],
  ];
  const attempts = contact.callback_attempts;
  const known = (promised: number | null | undefined) => (promised == null ? null : duration(promised));
  const pairs: [string, string | null | undefined][] = [
    [t`Promised wait`, known(contact.promised_seconds)],
    [t`Time chosen for the call`, contact.callback_at ? fullMoment(contact.callback_at) : null],
    [t`Until called back`, contact.callback_seconds ? duration(contact.callback_seconds) : null],
    [t`Promised until called back`, known(contact.callback_promised_seconds)],
    [t`Number to call back`, contact.callback_number],
    [t`Talked outside`, contact.outside_seconds ? duration(contact.outside_seconds) : null],
    [t`Attempts to call back`, attempts === null || attempts === undefined ? null : String(attempts)],
    [t`Queue`, contact.queue?.name],
    [t`Agent`, contact.agent?.name],
    [t`Colleague`, contact.colleague?.name],
    [contact.direction === "out" ? t`Number shown` : t`Number called`, contact.dnis],
    [t`Menu`, contact.choices.join(" › ")],
  ];
  return (
    <>
      <dl className="drawerFigures">
        {seconds.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figures">{value > 0 ? duration(value) : "–"}</dd>
          </div>
        ))}
      </dl>
      <dl className="pairs">
        {pairs.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  );
}

export function Course({ contact }: { contact: ContactDetail }) {
  const { fact, beside } = useCourseWords();
  const dispositions = useLive((state) => state.dispositions) ?? [];
  const reasons = useLive((state) => state.park_reasons) ?? [];
  const result = (id: string) => worded(dispositions, id) || worded(reasons, id);
  if (contact.timeline.length === 0) return null;
  return (
    <section className="drawerCourse">
      <h3 className="heading">
        <Trans>Course of the contact</Trans>
      </h3>
      <ol>
        {contact.timeline.map((step, index) => (
          <li key={index}>
            <span className="figures muted">{clockSeconds(step.at)}</span>
            <span>
              {fact(step.what)}
              {[step.who, step.text && (result(step.text) || beside(step.what, step.text))].map(
                (more) =>
                  more && (
                    <span key={more} className="muted">
                      {" · "}
                      {more}
                    </span>
                  ),
              )}
              {step.found.length > 0 && <span className="muted"> · {step.found.map((one) => `${one[spoken()]}: ${attribute(one)}`).join(" · ")}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `now`: of a contact that goes on, what says another thing with each of its changes. */
export function Question({ contact, now }: { contact: string; now?: string }) {
  const [asked, setAsked] = useState(false);
  return (
    <section className="drawerCourse">
      <div>
        <Button icon={CircleHelp} aria-expanded={asked} onPress={() => setAsked(!asked)}>
          <Trans>Why?</Trans>
        </Button>
      </div>
      {asked && (
        <Suspense>
          <Why contact={contact} now={now ?? ""} />
        </Suspense>
      )}
    </section>
  );
}
