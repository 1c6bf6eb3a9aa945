/** The journal of contacts: one's own, or all of the centre. The address holds filters and the open contact. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SearchX } from "lucide-react";

import { contactsQuery } from "@/api/contacts";
import type { Direction, Outcome } from "@/api/types";
import type { JournalSearch } from "@/app/router";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { SearchField } from "@/design/SearchField";
import { useWords } from "@/i18n/words";
import { ContactDrawer } from "@/journal/ContactDrawer";
import { ContactTable } from "@/journal/ContactTable";
import "@/journal/journal.css";
import { useLive } from "@/live/useLive";

const OUTCOMES: Outcome[] = [
  "answered",
  "abandoned",
  "rejected",
  "left",
  "callback_failed",
  "callback_cancelled",
  "callback_merged",
  "served",
  "unreached",
  "voicemail",
  "outside",
  "lost",
  "open",
];

export function OwnHistory() {
  const search = useSearch({ from: "/inside/history" });
  const navigate = useNavigate({ from: "/history" });
  return <Journal scope="own" search={search} change={(part) => void navigate({ search: (old) => clean({ ...old, ...part }), replace: !("contact" in part) })} />;
}

export function AllContacts() {
  const search = useSearch({ from: "/inside/contacts" });
  const navigate = useNavigate({ from: "/contacts" });
  return <Journal scope="all" search={search} change={(part) => void navigate({ search: (old) => clean({ ...old, ...part }), replace: !("contact" in part) })} />;
}

type Change = { [K in keyof JournalSearch]?: JournalSearch[K] | undefined };

const clean = (search: Change): JournalSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value));

interface Props {
  scope: "own" | "all";
  search: JournalSearch;
  change: (part: Change) => void;
}

function Journal({ scope, search, change }: Props) {
  const { outcome, direction, queue, q, poor } = search;
  const filter = { scope, outcome, direction, queue, q, poor };
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(contactsQuery(filter));
  const rows = data?.pages.flatMap((page) => page.contacts) ?? [];
  const filtered = Boolean(outcome ?? direction ?? queue ?? poor ?? q);

  return (
    <div className="page journal">
      <div className="pageTop">
        <h1>{scope === "own" ? <Trans>My history</Trans> : <Trans>Contacts</Trans>}</h1>
        <Filters search={search} change={change} />
      </div>
      <Refusal error={error} />
      {!error && !isPending && rows.length === 0 ? (
        <div className="card blank">
          <SearchX size={24} aria-hidden />
          <strong>{filtered ? <Trans>Nothing was found</Trans> : <Trans>No contacts yet</Trans>}</strong>
          {filtered ? <Trans>Change the filters or the search.</Trans> : <Trans>Every call appears here, also one that hung up in the menu.</Trans>}
        </div>
      ) : (
        <ContactTable rows={rows} scope={scope} pending={isPending} open={(contact) => change({ contact })} />
      )}
      {hasNextPage && (
        <Button onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
          {isFetchingNextPage ? <Trans>Loading…</Trans> : <Trans>Show more</Trans>}
        </Button>
      )}
      {search.contact && <ContactDrawer id={search.contact} own={scope === "own"} close={() => change({ contact: undefined })} />}
    </div>
  );
}

function Filters({ search, change }: { search: JournalSearch; change: Props["change"] }) {
  const { t } = useLingui();
  const words = useWords();
  const queues = useLive((state) => state.queues) ?? [];
  return (
    <div className="filters" role="search" aria-label={t`Filters`}>
      <SearchField placeholder={t`Number, name, note`} value={search.q ?? ""} change={(q) => change({ q })} />
      <select
        className="input"
        aria-label={t`Outcome`}
        value={search.outcome ?? ""}
        onChange={(event) => change({ outcome: (event.target.value || undefined) as Outcome | undefined })}
      >
        <option value="">{t`Any outcome`}</option>
        {OUTCOMES.map((one) => (
          <option key={one} value={one}>
            {words.outcome(one)}
          </option>
        ))}
      </select>
      <select className="input" aria-label={t`Direction`} value={search.direction ?? ""} onChange={(event) => change({ direction: (event.target.value || undefined) as Direction | undefined })}>
        <option value="">{t`Any direction`}</option>
        <option value="in">{t`Incoming`}</option>
        <option value="out">{t`Outgoing`}</option>
        <option value="internal">{t`Internal`}</option>
      </select>
      <select className="input" aria-label={t`Queue`} value={search.queue ?? ""} onChange={(event) => change({ queue: event.target.value || undefined })}>
        <option value="">{t`All queues`}</option>
        {queues.map((queue) => (
          <option key={queue.id} value={queue.id}>
            {queue.name}
          </option>
        ))}
      </select>
      <select className="input" aria-label={t`Sound`} value={search.poor ? "poor" : ""} onChange={(event) => change({ poor: event.target.value ? true : undefined })}>
        <option value="">{t`Any sound`}</option>
        <option value="poor">{t`Poorly heard`}</option>
      </select>
    </div>
  );
}
