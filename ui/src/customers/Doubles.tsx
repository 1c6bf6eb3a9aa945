/** Cards that may be of the same person: what speaks for it, both side by side, merge and its undoing. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { GitMerge, Undo2, X } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { duplicatesQuery, formQuery, mergeCards, previewQuery, sayDistinct, undoMerge, type Card, type Duplicate, type Merge, type MergePreview, type Reason, type Side } from "@/api/customers";
import { KINDS, useCardWords, written } from "@/customers/words";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { moment, number } from "@/i18n/format";

function useFresh(card: Card) {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ["customer", card.id] });
    void client.invalidateQueries({ queryKey: ["customers"] });
  };
}

function useReason() {
  const { t } = useLingui();
  const words = useCardWords();
  return (reason: Reason): string => {
    if (reason.kind === "name") return t`names alike: ${number(Math.round(reason.likeness * 100))} %`;
    const kind = KINDS.find((one) => reason.value.startsWith(`${one}:`)) ?? "other";
    const value = written(kind, reason.value.slice(kind.length + 1));
    return t`same ${words.kind(kind)}: ${value}`;
  };
}

export function Doubles({ card }: { card: Card }) {
  const { t } = useLingui();
  const { data } = useQuery(duplicatesQuery(card.id));
  const [other, setOther] = useState<string | null>(null);
  const fresh = useFresh(card);
  const apart = useMutation({ mutationFn: (id: string) => sayDistinct(card.id, id), onSuccess: fresh });
  const reason = useReason();
  const found = data?.duplicates ?? [];
  return (
    <>
      {found.length > 0 && (
        <section className="doubles" aria-label={t`Perhaps the same person`}>
          <h3 className="heading">
            <GitMerge size={14} aria-hidden /> <Trans>Perhaps the same person</Trans>
          </h3>
          <ul>
            {found.map((one: Duplicate) => (
              <li key={one.customer.id}>
                <p>
                  <bdi>
                    <strong>{one.customer.name}</strong>
                  </bdi>{" "}
                  <bdi className="muted">{one.customer.company}</bdi>
                </p>
                <p className="caption">{one.reasons.map(reason).join(" · ")}</p>
                <span className="cardActions">
                  <Button onPress={() => setOther(one.customer.id)} aria-label={t`Compare with ${one.customer.name}`}>
                    <Trans>Compare</Trans>
                  </Button>
                  <Button kind="bare" onPress={() => apart.mutate(one.customer.id)} isPending={apart.isPending && apart.variables === one.customer.id}>
                    <Trans>Not the same</Trans>
                  </Button>
                </span>
              </li>
            ))}
          </ul>
          <Refusal error={apart.error} />
        </section>
      )}
      {card.merges
        .filter((one) => !one.undone_at)
        .map((one) => (
          <Merged key={one.id} card={card} merge={one} />
        ))}
      {other && <MergeSheet card={card} other={other} close={() => setOther(null)} />}
    </>
  );
}

function MergeSheet({ card, other, close }: { card: Card; other: string; close: () => void }) {
  const { t } = useLingui();
  const { data, error } = useQuery(previewQuery(card.id, other));
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet mergeSheet">
        <Dialog>
          <div className="sheetTop">
            <Heading slot="title">
              <Trans>One person, two cards?</Trans>
            </Heading>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <Refusal error={error} />
          {data && <SideBySide key={`${data.kept.version} ${data.other.version}`} preview={data} close={close} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function SideBySide({ preview, close }: { preview: MergePreview; close: () => void }) {
  const { t } = useLingui();
  const { data: form } = useQuery(formQuery);
  const words = useCardWords(form);
  const reason = useReason();
  const fresh = useFresh(preview.kept);
  const [why, setWhy] = useState("");
  const [side, setSide] = useState<Record<string, Side>>(Object.fromEntries(preview.fields.map((one) => [one.field, one.suggested])));
  const merge = useMutation({
    mutationFn: () => mergeCards(preview, Object.keys(side).filter((field) => side[field] === "other"), why),
    onSuccess: () => {
      fresh();
      close();
    },
    onError: fresh,
  });
  const { kept, other, contacts } = preview;
  const [ofKept, ofOther] = [contacts.kept, contacts.other];
  const shown = (card: Card) => card.identities.map((one) => written(one.kind, one.value)).join(", ") || "–";
  return (
    <div className="mergeBody">
      <p className="muted">{preview.reasons.map(reason).join(" · ") || t`Nothing but your own knowledge speaks for it.`}</p>
      <table className="mergeTable" aria-label={t`Both cards side by side`}>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <Trans>This card</Trans>
            </th>
            <th scope="col">
              <Trans>The other one</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.fields.map(({ field, ...values }) => (
            <tr key={field}>
              <th scope="row">{words.field(field)}</th>
              {(["kept", "other"] as const).map((one) => (
                <td key={one}>
                  <label>
                    <input type="radio" name={`merge ${field}`} checked={side[field] === one} onChange={() => setSide({ ...side, [field]: one })} />
                    <bdi>{field === "manager" ? (preview[one].manager?.name ?? "–") : words.value(field, values[one])}</bdi>
                  </label>
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">
              <Trans>Known by</Trans>
            </th>
            <td>{shown(kept)}</td>
            <td>{shown(other)}</td>
          </tr>
          <tr>
            <th scope="row">
              <Trans>Contacts</Trans>
            </th>
            <td className="figures">{number(ofKept)}</td>
            <td className="figures">{number(ofOther)}</td>
          </tr>
        </tbody>
      </table>
      <p className="caption">
        <Trans>Numbers, contacts, notes and tasks of both come together. The merge can be undone: both cards stand again as they stand now.</Trans>
      </p>
      <input className="input" aria-label={t`Why they are the same person`} placeholder={t`Why they are the same person`} maxLength={200} value={why} onChange={(event) => setWhy(event.target.value)} />
      <Refusal error={merge.error} />
      <span className="cardActions">
        <Button kind="primary" icon={GitMerge} isPending={merge.isPending} onPress={() => merge.mutate()}>
          <Trans>Merge the cards</Trans>
        </Button>
        <Button onPress={close}>
          <Trans>Cancel</Trans>
        </Button>
      </span>
    </div>
  );
}

function Merged({ card, merge }: { card: Card; merge: Merge }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const [side, setSide] = useState<Side>("kept");
  const fresh = useFresh(card);
  const undo = useMutation({ mutationFn: () => undoMerge(card.id, merge.id, side), onSuccess: fresh });
  const { name } = merge.gone;
  const by = merge.by ?? "–";
  const when = moment(merge.at);
  return (
    <section className="merged" aria-label={t`Merged with ${name}`}>
      <p className="caption">
        <bdi>{t`Merged with ${name}`}</bdi> · {by}, {when}
        {merge.why && (
          <>
            {" "}
            · <bdi>{merge.why}</bdi>
          </>
        )}
      </p>
      {merge.undoable && !asked && (
        <Button kind="bare" icon={Undo2} onPress={() => setAsked(true)}>
          <Trans>Undo the merge</Trans>
        </Button>
      )}
      {asked && (
        <fieldset>
          <legend className="label">
            <Trans>Whose is what was added or changed since?</Trans>
          </legend>
          <label>
            <input type="radio" name={`undo ${merge.id}`} checked={side === "kept"} onChange={() => setSide("kept")} />
            <bdi>{card.name}</bdi>
          </label>
          <label>
            <input type="radio" name={`undo ${merge.id}`} checked={side === "other"} onChange={() => setSide("other")} />
            <bdi>{name}</bdi>
          </label>
          <span className="cardActions">
            <Button kind="primary" isPending={undo.isPending} onPress={() => undo.mutate()}>
              <Trans>Make two cards again</Trans>
            </Button>
            <Button onPress={() => setAsked(false)}>
              <Trans>Cancel</Trans>
            </Button>
          </span>
        </fieldset>
      )}
      <Refusal error={undo.error} />
    </section>
  );
}
