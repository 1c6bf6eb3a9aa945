/** Makes an offer heard and seen: ring, title, favicon, and a notification of the system when the page is hidden. */
import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";

import { onLine, type DeskContact } from "@/api/types";
import { nameOf, phone as phoneNumber } from "@/i18n/format";
import { useReached } from "@/desk/who";
import { useLive } from "@/live/useLive";
import { startRinging, stopRinging } from "@/phone/sound";
import { usePhone } from "@/phone/state";

/** The card comes before the ring; if it does not come at all, the customer must not wait for it longer. */
const CARD_WAIT_MS = 1_000;

export interface Offer {
  id: string;
  /** Null only when the live state is late. */
  card: DeskContact | null;
  number: string;
  /** The line rings here (or another page of this browser will answer). */
  answerable: boolean;
  sounding: boolean;
}

export function useOffer(): Offer | null {
  const card = useLive((state) => state.contacts.find((contact) => contact.state === "offered" && !contact.placed) ?? null) ?? null;
  const incoming = usePhone((state) => state.incoming);
  const place = usePhone((state) => state.place);
  const apart = useLive((state) => state.agent !== null && state.agent.phone !== "page") ?? false;
  const answering = usePhone((state) => state.call?.contact ?? null);
  const [overdue, setOverdue] = useState<string | null>(null);
  const matched = incoming !== null && card?.id === incoming.contact;

  useEffect(() => {
    if (!incoming || matched) return;
    const timer = setTimeout(() => setOverdue(incoming.contact), CARD_WAIT_MS);
    return () => clearTimeout(timer);
  }, [incoming, matched]);

  const late = incoming !== null && !card && overdue === incoming.contact;
  const written = card !== null && !onLine(card);
  const id = card?.id ?? (late ? incoming.contact : null);
  if (id === null || id === answering) return null;
  return {
    id,
    card,
    number: card?.ani ?? incoming?.number ?? "",
    answerable: matched || late || written || place === "elsewhere",
    // A telephone apart rings by itself.
    sounding: matched || late || (written && (place === "here" || apart)),
  };
}

function badgedIcon(): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="green"/><path transform="translate(4 4)" d="M22 16.9v3a2 2 0 0 1-2.2 2 19.8 19.8 0 0 1-8.6-3 19.5 19.5 0 0 1-6-6 19.8 19.8 0 0 1-3.1-8.7A2 2 0 0 1 4.1 2h3a2 2 0 0 1 2 1.7c.1 1 .4 1.9.7 2.8a2 2 0 0 1-.5 2.1L8.1 9.9a16 16 0 0 0 6 6l1.3-1.3a2 2 0 0 1 2.1-.4c.9.3 1.8.6 2.8.7a2 2 0 0 1 1.7 2z" fill="white"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The tab is seen from other tabs: it changes after the card is painted, which a browser that draws another icon would delay. */
const BADGE_MS = 100;

/** `title` is null while nobody rings. */
function useBadge(title: string | null): void {
  useEffect(() => {
    if (title === null) return;
    let restore: (() => void) | undefined;
    const timer = window.setTimeout(() => (restore = putBadge(title)), BADGE_MS);
    return () => {
      clearTimeout(timer);
      restore?.();
    };
  }, [title]);
}

function putBadge(title: string): () => void {
  const icon = document.querySelector<HTMLLinkElement>("#favicon");
  const before = { title: document.title, icon: icon?.href };
  document.title = title;
  if (icon) icon.href = badgedIcon();
  return () => {
    document.title = before.title;
    if (icon && before.icon) icon.href = before.icon;
  };
}

/** What comes, and from which queue: a call, a request in writing, a message, a callback, a colleague's question. */
function useWhatComes(card: DeskContact | null): { what: string; title: (caller: string) => string } {
  const { t } = useLingui();
  const queue = nameOf(card?.queue);
  if (card?.asked) return { what: t`A colleague asks about this customer`, title: (caller) => t`Consultation: ${caller}` };
  if (card?.channel === "voicemail") return { what: t`New voicemail, queue: ${queue}`, title: (caller) => t`Voicemail: ${caller}` };
  if (card && !onLine(card)) return { what: t`New request, queue: ${queue}`, title: (caller) => t`Request: ${caller}` };
  if (card?.callback) return { what: t`Callback, queue: ${queue}`, title: (caller) => t`Callback: ${caller}` };
  return { what: queue ? t`Incoming call, queue: ${queue}` : t`Incoming call`, title: (caller) => t`Call: ${caller}` };
}

/** Through the worker of notifications, if this browser has one: then the same thing is not told twice. */
async function notify(title: string, options: NotificationOptions & { tag: string }): Promise<() => void> {
  const worker = "serviceWorker" in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
  if (worker?.active) {
    await worker.showNotification(title, { ...options, data: { to: "/desk", page: true } });
    return () => void worker.getNotifications({ tag: options.tag }).then((all) => all.forEach((one) => one.close()));
  }
  const shown = new Notification(title, options);
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
  return () => shown.close();
}

/** A name that comes later takes the place of the number, under the same tag; it is taken away when the offer is another one or none. */
function useNotification(offer: Offer | null, caller: string | null, body: string): void {
  const id = offer?.id;
  const shown = useRef<Promise<() => void> | null>(null);
  useEffect(() => {
    if (!id || caller === null || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    shown.current = notify(caller, { body, tag: id, requireInteraction: true });
    shown.current.catch(() => undefined);
  }, [id, caller, body]);
  useEffect(
    () => () => {
      shown.current?.then((close) => close()).catch(() => undefined);
      shown.current = null;
    },
    [id],
  );
}

export function useAlert(offer: Offer | null): void {
  const { t } = useLingui();
  const reached = useReached();
  const number = offer?.number ? phoneNumber(offer.number) : t`Number withheld`;
  const caller = offer ? (offer.card ? (offer.card.colleague?.name ?? offer.card.customer?.name ?? reached(offer.card)) : number) : null;
  const sounding = offer?.sounding ?? false;
  useEffect(() => {
    if (!sounding) return;
    startRinging();
    return stopRinging;
  }, [sounding]);
  const { what, title } = useWhatComes(offer?.card ?? null);
  useBadge(caller === null ? null : title(caller));
  useNotification(offer, caller, what);
}
