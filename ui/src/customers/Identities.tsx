/** By what a customer is known: numbers, mails, handles; confirmed or not, shared with others or not. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BadgeCheck, Plus, Trash2, Users } from "lucide-react";
import { type SubmitEvent, useState } from "react";

import { addIdentity, cardQuery, changeIdentity, removeIdentity, type Card, type Identity, type IdentityKind } from "@/api/customers";
import { KINDS, useCardWords, written } from "@/customers/words";
import { CallNumber } from "@/calling/CallNumber";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";

export function Identities({ card }: { card: Card }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const fresh = (changed: Card) => {
    client.setQueryData(cardQuery(card.id).queryKey, changed);
    void client.invalidateQueries({ queryKey: ["customer", card.id, "duplicates"] });
  };
  const confirm = useMutation({ mutationFn: (one: Identity) => changeIdentity(card.id, one.id, { confirmed: !one.confirmed_at }), onSuccess: fresh });
  const remove = useMutation({ mutationFn: (one: Identity) => removeIdentity(card.id, one.id), onSuccess: fresh });
  return (
    <section className="identities" aria-label={t`Known by`}>
      <ul>
        {card.identities.map((one) => (
          <Row key={one.id} one={one} confirm={() => confirm.mutate(one)} remove={() => remove.mutate(one)} />
        ))}
      </ul>
      <Refusal error={confirm.error ?? remove.error} />
      {adding ? (
        <Add card={card} done={() => setAdding(false)} fresh={fresh} />
      ) : (
        <Button kind="bare" icon={Plus} onPress={() => setAdding(true)}>
          <Trans>Number, e-mail or messenger</Trans>
        </Button>
      )}
    </section>
  );
}

/** Too long for the line, it goes on after its @. */
function MailAddress({ of }: { of: string }) {
  const domain = of.lastIndexOf("@") + 1;
  return (
    <>
      {of.slice(0, domain)}
      <wbr />
      {of.slice(domain)}
    </>
  );
}

function Row({ one, confirm, remove }: { one: Identity; confirm: () => void; remove: () => void }) {
  const { t } = useLingui();
  const words = useCardWords();
  const [sure, setSure] = useState(false);
  const value = written(one.kind, one.value);
  const { shared } = one;
  return (
    <li>
      <span className="caption identityKind">{words.kind(one.kind)}</span>
      <span className="identityValue">
        <bdi className="figures">
          {one.kind === "mail" ? <MailAddress of={value} /> : value}
        </bdi>
        {one.label && <bdi className="caption">{one.label}</bdi>}
        {shared > 0 && (
          <span className="caption identityShared">
            <Users size={12} aria-hidden /> {t`also of others: ${shared}`}
          </span>
        )}
      </span>
      {sure ? (
        <span className="identitySure">
          <Button kind="end" onPress={remove}>
            <Trans>Remove</Trans>
          </Button>
          <Button onPress={() => setSure(false)}>
            <Trans>Keep</Trans>
          </Button>
        </span>
      ) : (
        <span className="identityActions">
          {one.kind === "phone" && <CallNumber number={one.value} />}
          <IconButton
            icon={BadgeCheck}
            className={one.confirmed_at ? "confirmed" : ""}
            aria-pressed={one.confirmed_at !== null}
            name={one.confirmed_at ? t`${value}: confirmed` : t`${value}: not confirmed`}
            onPress={confirm}
          />
          <IconButton icon={Trash2} name={t`Remove ${value}`} onPress={() => setSure(true)} />
        </span>
      )}
    </li>
  );
}

function Add({ card, done, fresh }: { card: Card; done: () => void; fresh: (card: Card) => void }) {
  const { t } = useLingui();
  const words = useCardWords();
  const [kind, setKind] = useState<IdentityKind>("phone");
  const [value, setValue] = useState("");
  const add = useMutation({
    mutationFn: () => addIdentity(card.id, { kind, value }),
    onSuccess: (changed) => {
      fresh(changed);
      done();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (value.trim()) add.mutate();
  };
  return (
    <form className="identityAdd" onSubmit={submit}>
      <select className="input" aria-label={t`Kind`} value={kind} onChange={(event) => setKind(event.target.value as IdentityKind)}>
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {words.kind(one)}
          </option>
        ))}
      </select>
      <input className="input" aria-label={t`Number, address or name`} autoFocus maxLength={254} value={value} onChange={(event) => setValue(event.target.value)} />
      <Button type="submit" kind="primary" isPending={add.isPending}>
        <Trans>Add</Trans>
      </Button>
      <Button onPress={done}>
        <Trans>Cancel</Trans>
      </Button>
      <Refusal error={add.error} />
    </form>
  );
}
