/** All customers: found by name, number, mail or handle; one card beside the list. The address holds both. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Search, SearchX, UserPlus, Users } from "lucide-react";
import { useEffect, useState } from "react";

import { cardQuery, customersQuery, type CustomerRow } from "@/api/customers";
import { Card, NewCard } from "@/customers/Card";
import "@/customers/customers.css";
import { Notes } from "@/customers/Notes";
import { Timeline } from "@/customers/Timeline";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { Tag } from "@/design/Tag";
import { phone } from "@/i18n/format";

const TYPING_PAUSE_MS = 300;

export function Customers() {
  const { t } = useLingui();
  const search = useSearch({ from: "/inside/customers" });
  const navigate = useNavigate({ from: "/customers" });
  const [typed, setTyped] = useState(search.q ?? "");
  const [adding, setAdding] = useState(false);
  const open = (customer: string | undefined) => void navigate({ search: (old) => ({ ...(old.q ? { q: old.q } : {}), ...(customer ? { customer } : {}) }) });
  useEffect(() => {
    if (typed.trim() === (search.q ?? "")) return;
    const timer = setTimeout(() => {
      const q = typed.trim();
      void navigate({ search: (old) => ({ ...(old.customer ? { customer: old.customer } : {}), ...(q ? { q } : {}) }), replace: true });
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, search.q, navigate]);
  return (
    <div className={`page customers ${search.customer ? "withCard" : ""}`}>
      <div className="customersList">
        <div className="pageTop">
          <h1>
            <Trans>Customers</Trans>
          </h1>
          <Button icon={UserPlus} aria-expanded={adding} onPress={() => setAdding(!adding)}>
            <Trans>New</Trans>
          </Button>
        </div>
        {adding && (
          <NewCard
            address={null}
            made={(card) => {
              setAdding(false);
              open(card.id);
            }}
          />
        )}
        <div className="customersSearch" role="search">
          <Search size={16} aria-hidden />
          <input type="search" className="input" aria-label={t`Find a customer`} placeholder={t`Name, number, e-mail`} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <List q={search.q ?? ""} shown={search.customer} open={open} />
      </div>
      {search.customer ? (
        <Whole key={search.customer} customer={search.customer} back={() => open(undefined)} />
      ) : (
        <div className="customersNone blank">
          <Users size={24} aria-hidden />
          <Trans>Choose a customer to see the card.</Trans>
        </div>
      )}
    </div>
  );
}

function List({ q, shown, open }: { q: string; shown: string | undefined; open: (customer: string) => void }) {
  const { t } = useLingui();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(customersQuery(q));
  const rows = data?.pages.flatMap((page) => page.customers) ?? [];
  if (error) return <Refusal error={error} />;
  if (!isPending && rows.length === 0) {
    return (
      <div className="blank">
        <SearchX size={24} aria-hidden />
        <strong>{q ? <Trans>Nobody was found</Trans> : <Trans>No customers yet</Trans>}</strong>
        {q && <Trans>Words begin with what is typed; of a number any part will do.</Trans>}
      </div>
    );
  }
  return (
    <>
      <ul className="card customerRows" aria-label={t`Customers`} aria-busy={isPending}>
        {rows.map((row) => (
          <Row key={row.id} row={row} current={row.id === shown} open={open} />
        ))}
      </ul>
      {hasNextPage && (
        <Button onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
          {isFetchingNextPage ? <Trans>Loading…</Trans> : <Trans>Show more</Trans>}
        </Button>
      )}
    </>
  );
}

function Row({ row, current, open }: { row: CustomerRow; current: boolean; open: (customer: string) => void }) {
  const known = [...row.phones.map(phone), ...row.mails];
  return (
    <li>
      <button type="button" aria-current={current} onClick={() => open(row.id)}>
        <bdi className="customerName clip">{row.name}</bdi>
        {row.vip && <Tag tone="accent">VIP</Tag>}
        <span className="caption clip customerKnown">
          {row.company && <bdi>{row.company}</bdi>}
          {row.company && known[0] && " · "}
          <bdi>{known[0]}</bdi>
        </span>
      </button>
    </li>
  );
}

function Whole({ customer, back }: { customer: string; back: () => void }) {
  const { t } = useLingui();
  const { data: card } = useQuery(cardQuery(customer));
  return (
    <section className="customerWhole card" aria-label={t`Card of the customer`}>
      <div className="customerTop">
        <Button kind="bare" icon={ArrowLeft} className="customersBack" onPress={back}>
          <Trans>All customers</Trans>
        </Button>
        <h2>
          <bdi>{card?.name ?? "…"}</bdi> {card?.vip && <Tag tone="accent">VIP</Tag>}
        </h2>
      </div>
      <Tabs
        label={t`About the customer`}
        pages={[
          { id: "card", name: <Trans>Card</Trans>, content: <Card customer={customer} /> },
          { id: "notes", name: <Trans>Notes and tasks</Trans>, content: <Notes customer={card?.id ?? customer} /> },
          { id: "timeline", name: <Trans>History</Trans>, content: <Timeline customer={customer} /> },
        ]}
      />
    </section>
  );
}
