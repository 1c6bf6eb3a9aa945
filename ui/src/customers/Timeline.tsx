/** Everything about a customer, newest first, page by page. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { FileText, ListTodo, Mail, MessageSquare, PhoneCall, PhoneMissed, PhoneOutgoing, SquarePen, type LucideIcon, Voicemail } from "lucide-react";
import { createElement, useEffect, useState } from "react";

import { formQuery, timelineQuery, type FieldValue, type IdentityKind, type TimelineItem } from "@/api/customers";
import type { Named, Outcome } from "@/api/types";
import { KINDS, useCardWords, written } from "@/customers/words";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import "@/desk/contact.css";
import { duration, fullMoment, moment, phone } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { outcomeTone, useWords } from "@/i18n/words";

const TYPING_PAUSE_MS = 300;
/** So many pages stand on the screen at once, however far somebody goes back. */
const PAGES_SHOWN = 4;

function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled.trim();
}

export function Timeline({ customer }: { customer: string }) {
  const { t } = useLingui();
  const [kind, setKind] = useState("");
  const [typed, setTyped] = useState("");
  const q = useSettled(typed);
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(timelineQuery(customer, kind, q));
  const [place, setPlace] = useState({ of: "", first: 0 });
  const what = `${kind} ${q}`;
  const pages = data?.pages ?? [];
  const first = place.of === what ? Math.min(place.first, Math.max(0, pages.length - 1)) : 0;
  const past = first + PAGES_SHOWN;
  const items = pages.slice(first, past).flatMap((page) => page.items);
  const begin = (at: number) => setPlace({ of: what, first: at });
  const older = async () => {
    if (past >= pages.length) await fetchNextPage();
    if (pages.length >= PAGES_SHOWN) begin(first + 1);
  };
  return (
    <section className="timeline" aria-label={t`History of the customer`}>
      <div className="timelineTop">
        <input type="search" className="input" aria-label={t`Search the history`} placeholder={t`Word, number, colleague`} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <select className="input" aria-label={t`What is shown`} value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">{t`Everything`}</option>
          <option value="contact">{t`Contacts`}</option>
          <option value="note">{t`Notes`}</option>
          <option value="task">{t`Tasks`}</option>
          <option value="change">{t`Changes of the card`}</option>
        </select>
      </div>
      <Refusal error={error} />
      {!isPending && items.length === 0 && (
        <p className="muted">{q || kind ? <Trans>Nothing was found</Trans> : <Trans>Nothing yet.</Trans>}</p>
      )}
      {first > 0 && (
        <Button onPress={() => begin(first - 1)}>
          <Trans>Show newer</Trans>
        </Button>
      )}
      <ol>
        {items.map((item) => (
          <Item key={`${item.kind}${item.id}`} item={item} />
        ))}
      </ol>
      {(hasNextPage || past < pages.length) && (
        <Button onPress={() => void older()} isPending={isFetchingNextPage}>
          {isFetchingNextPage ? <Trans>Loading…</Trans> : <Trans>Show more</Trans>}
        </Button>
      )}
    </section>
  );
}

const BESIDE = { note: FileText, task: ListTodo, change: SquarePen };
const CHANNELS: Partial<Record<string, LucideIcon>> = { email: Mail, chat: MessageSquare, message: MessageSquare, voicemail: Voicemail };

function Picture({ item }: { item: TimelineItem }) {
  const props = { size: 14, "aria-hidden": true } as const;
  if (item.kind !== "contact") return createElement(BESIDE[item.kind], props);
  const call = item.direction === "out" ? PhoneOutgoing : item.what === "answered" ? PhoneCall : PhoneMissed;
  return createElement(CHANNELS[item.channel ?? ""] ?? call, props);
}

function Item({ item }: { item: TimelineItem }) {
  const failed = item.kind === "contact" && item.what !== "answered" && item.what !== "open";
  return (
    <li className={failed ? "failed" : ""}>
      <span className="earlierIcon">
        <Picture item={item} />
      </span>
      <div className="earlierBody">
        <Title item={item} />
        {item.text && (
          <p className={item.kind === "task" ? "" : "earlierNote"} dir="auto">
            {item.text}
          </p>
        )}
      </div>
    </li>
  );
}

function Title({ item }: { item: TimelineItem }) {
  const { t } = useLingui();
  const words = useWords();
  const { data: form } = useQuery(formQuery);
  const card = useCardWords(form);
  const changed = useChanged(card);
  const outcome = item.what as Outcome;
  const what: Record<TimelineItem["kind"], string> = {
    contact: item.disposition?.[spoken()] ?? words.outcome(outcome),
    note: t`Note`,
    task: item.what === "done" ? t`Task, done` : t`Task`,
    change: item.kind === "change" ? changed(item) : "",
  };
  const details = [
    item.kind === "contact" && item.channel && card.channel(item.channel),
    item.queue,
    item.by,
    item.number && phone(item.number),
    item.talk_seconds ? duration(item.talk_seconds) : "",
    item.recorded && t`recorded`,
  ].filter(Boolean);
  return (
    <>
      <p className="earlierTop">
        <strong dir="auto">{what[item.kind]}</strong>
        {item.kind === "contact" && item.disposition && outcome !== "answered" && <Tag tone={outcomeTone[outcome]}>{words.outcome(outcome)}</Tag>}
        <span className="figures muted" title={fullMoment(item.at)}>
          {moment(item.at)}
        </span>
      </p>
      <p className="caption">
        <bdi>{details.join(" · ")}</bdi>
      </p>
    </>
  );
}

function useChanged(card: ReturnType<typeof useCardWords>) {
  const { t } = useLingui();
  return (item: TimelineItem): string => {
    const field = item.field ?? "";
    const kind = KINDS.find((one): one is IdentityKind => one === field);
    const known = (value: unknown) => (typeof value !== "string" ? "" : kind ? written(kind, value) : value);
    const name = (item.after as Partial<Named> | null)?.name ?? "";
    const own = card.field(field);
    const [was, is] = [known(item.before), known(item.after)];
    const plain: Record<string, string> = {
      created: t`Card made`,
      identity_added: t`Added: ${is}`,
      identity_removed: t`Removed: ${was}`,
      identity_changed: t`Checked: ${was}`,
      merged: t`Merged with ${name}`,
      unmerged: t`Merge undone`,
    };
    if (field === "manager") return t`${own}: changed`;
    return plain[item.what] ?? `${own}: ${card.value(field, item.before)} → ${card.value(field, item.after as FieldValue)}`;
  };
}
