/** The card of a customer, whole: at the desk beside the conversation, and on the screen of customers. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Pencil, UserPlus } from "lucide-react";
import { type SubmitEvent, useState } from "react";

import { cardQuery, createCustomer, formQuery, type Card as CardOf } from "@/api/customers";
import "@/customers/customers.css";
import { Doubles } from "@/customers/Doubles";
import { useKept } from "@/customers/draft";
import { EditCard } from "@/customers/EditCard";
import { Identities } from "@/customers/Identities";
import { useCardWords } from "@/customers/words";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { spoken } from "@/i18n/language";

export function Card({ customer }: { customer: string }) {
  const { data: card, error } = useQuery(cardQuery(customer));
  const [editing, setEditing] = useState(false);
  if (!card) {
    return error ? (
      <Refusal error={error} />
    ) : (
      <p className="muted" role="status">
        <Trans>Loading…</Trans>
      </p>
    );
  }
  return (
    <div className="cardWhole">
      {editing ? (
        <EditCard key={card.id} card={card} done={() => setEditing(false)} />
      ) : (
        <>
          <Shown card={card} />
          <div>
            <Button icon={Pencil} onPress={() => setEditing(true)}>
              <Trans>Change the card</Trans>
            </Button>
          </div>
        </>
      )}
      <Identities card={card} />
      <Doubles card={card} />
    </div>
  );
}

function Shown({ card }: { card: CardOf }) {
  const { data: form } = useQuery(formQuery);
  const words = useCardWords(form);
  const plain: [string, string][] = (["company", "language", "preferred_channel", "preferred_time"] as const)
    .filter((field) => card[field])
    .map((field) => [words.field(field), words.value(field, card[field])]);
  if (card.manager) plain.push([words.field("manager"), card.manager.name]);
  const own = (form?.fields ?? []).filter((one) => card.fields[one.id] !== undefined);
  return (
    <>
      <dl className="pairs">
        {plain.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
        {own.map((one) => (
          <div key={one.id}>
            <dt>{one[spoken()]}</dt>
            <dd>
              {one.kind === "link" ? (
                <a href={String(card.fields[one.id])} target="_blank" rel="noreferrer noopener">
                  {String(card.fields[one.id])}
                </a>
              ) : (
                <bdi>{words.value(one.id, card.fields[one.id])}</bdi>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {card.about && (
        <p className="customerAbout" dir="auto">
          {card.about}
        </p>
      )}
    </>
  );
}

/** For one whom nobody knows yet: a name is enough, the number is there. */
export function NewCard({ address, made }: { address: string | null; made?: (card: CardOf) => void }) {
  const { t } = useLingui();
  const [name, write, forget] = useKept(`new.${address ?? ""}`, "");
  const make = useMutation({
    mutationFn: () => createCustomer({ name, identities: address ? [{ kind: address.includes("@") ? "mail" : "phone", value: address, source: "contact" }] : [] }),
    onSuccess: (card) => {
      forget();
      made?.(card);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim()) make.mutate();
  };
  return (
    <form className="cardNew" onSubmit={submit}>
      <input className="input" dir="auto" aria-label={t`Name of the new customer`} placeholder={t`Name of the new customer`} maxLength={200} value={name} onChange={(event) => write(event.target.value)} />
      <Button type="submit" icon={UserPlus} isPending={make.isPending} isDisabled={!name.trim()}>
        <Trans>Write down</Trans>
      </Button>
      <Refusal error={make.error} />
    </form>
  );
}
