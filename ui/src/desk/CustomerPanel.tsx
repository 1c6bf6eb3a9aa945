import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";

import { lookUpsQuery } from "@/api/lookups";
import { type DeskContact, onLine } from "@/api/types";
import { useActions } from "@/app/actions";
import { Tabs } from "@/design/Tabs";
import { begun } from "@/desk/begun";
import { clockSeconds, duration, phone } from "@/i18n/format";
import { spoken, withWords } from "@/i18n/language";
import { useWords } from "@/i18n/words";

const Card = lazy(() => withWords(import("@/customers/Card")).then((module) => ({ default: module.Card })));
const NewCard = lazy(() => withWords(import("@/customers/Card")).then((module) => ({ default: module.NewCard })));
const Notes = lazy(() => withWords(import("@/customers/Notes")).then((module) => ({ default: module.Notes })));
const Timeline = lazy(() => withWords(import("@/customers/Timeline")).then((module) => ({ default: module.Timeline })));

const LookUps = lazy(() => withWords(import("@/lookups/LookUps")).then((module) => ({ default: module.LookUps })));
const Knowledge = lazy(() => withWords(import("@/knowledge/Knowledge")).then((module) => ({ default: module.Knowledge })));

/** What is known is painted with the ring; the whole card comes a moment later. */
export function CustomerPanel({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const known = contact.customer?.id;
  const [page, setPage] = useState("customer");
  const [wanted, setWanted] = useState(0);
  const { data: outer = [] } = useQuery(lookUpsQuery(contact.id, known));
  useActions({
    knowledge: () => {
      setPage("knowledge");
      setWanted(wanted + 1);
    },
  });
  return (
    <div className="customer">
      <Tabs
        label={t`About the contact`}
        chosen={page}
        choose={setPage}
        pages={[
          {
            id: "customer",
            name: <Trans>Customer</Trans>,
            content: (
              <Suspense fallback={<CustomerCard contact={contact} />}>
                {known ? (
                  <Card key={known} customer={known} />
                ) : (
                  <>
                    <CustomerCard contact={contact} />
                    <NewCard key={contact.id} address={contact.ani} />
                  </>
                )}
              </Suspense>
            ),
          },
          ...(known
            ? [
                {
                  id: "notes",
                  name: <Trans>Notes</Trans>,
                  content: (
                    <Suspense>
                      <Notes key={known} customer={known} />
                    </Suspense>
                  ),
                },
                {
                  id: "timeline",
                  name: <Trans>History</Trans>,
                  content: (
                    <Suspense>
                      <Timeline key={known} customer={known} />
                    </Suspense>
                  ),
                },
              ]
            : []),
          ...(outer.length > 0
            ? [
                {
                  id: "outer",
                  name: <Trans>Look-ups</Trans>,
                  content: (
                    <Suspense>
                      <LookUps key={`${contact.id} ${known ?? ""}`} contact={contact.id} known={known} />
                    </Suspense>
                  ),
                },
              ]
            : []),
          {
            id: "knowledge",
            name: <Trans>Knowledge</Trans>,
            content: (
              <Suspense>
                <Knowledge contact={contact.id} inHand={begun(contact)} wanted={wanted} />
              </Suspense>
            ),
          },
          { id: "course", name: <Trans>This call</Trans>, content: <Course contact={contact} /> },
        ]}
      />
    </div>
  );
}

function CustomerCard({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const { customer } = contact;
  const languages = new Intl.DisplayNames([spoken()], { type: "language" });
  const words = useWords();
  const number = contact.ani ? phone(contact.ani) : onLine(contact) ? words.withheld : null;
  if (!customer) {
    return (
      <>
        <p className="customerUnknown">
          <strong>
            <Trans>Not in the customer list</Trans>
          </strong>
          <span className="muted">
            <Trans>Ask for the name and write the customer down.</Trans>
          </span>
        </p>
        {number !== null && (
          <dl className="pairs">
            <dt>
              <Trans>Number</Trans>
            </dt>
            <dd>{number}</dd>
          </dl>
        )}
      </>
    );
  }
  const pairs: [string, string | null][] = [
    [t`Number`, number],
    [t`Company`, customer.company],
    [t`Language`, customer.language ? (languages.of(customer.language) ?? null) : null],
    [t`Earlier contacts`, String(contact.earlier.length)],
  ];
  return (
    <>
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
      {customer.about && <p className="customerAbout">{customer.about}</p>}
    </>
  );
}

/** The way of this call so far: when it came, what was chosen, how long it waited. */
function Course({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const between = (from: string | null, to: string | null) =>
    from && to ? duration((Date.parse(to) - Date.parse(from)) / 1000) : null;
  const waited = between(contact.queued_at, contact.offered_at);
  const rang = between(contact.offered_at, contact.answered_at);
  const dnis = contact.dnis ?? "";
  const queue = contact.queue?.name ?? "";
  const out: [string | null, string, string | null][] = [
    [contact.arrived_at, t`You called`, dnis ? t`Shown: ${dnis}` : null],
    [contact.answered_at, t`Answered`, between(contact.arrived_at, contact.answered_at)],
  ];
  const came: [string | null, string, string | null][] = [
    [contact.arrived_at, dnis ? t`Called ${dnis}` : t`Call arrived`, contact.choices.length ? t`Menu: ${contact.choices.join(" › ")}` : null],
    [contact.queued_at, t`Queue ${queue}`, waited && t`Waited ${waited}`],
    [contact.offered_at, t`Offered to you`, contact.offer > 1 ? t`Offer number ${contact.offer}` : null],
    [contact.answered_at, t`You answered`, rang && t`Rang ${rang}`],
  ];
  const steps = contact.direction === "out" && contact.queued_at === null ? out : came;
  return (
    <ol className="course">
      {steps.map(
        ([at, what, more]) =>
          at && (
            <li key={what}>
              <span className="figures muted">{clockSeconds(at)}</span>
              <span>
                {what}
                {more && <span className="caption"> · {more}</span>}
              </span>
            </li>
          ),
      )}
    </ol>
  );
}
