/** While a colleague is asked: who is on the line, who hears music, and what the agent who asks can do. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { ArrowLeftRight, Music, PhoneForwarded, Undo2, UsersRound, Volume2 } from "lucide-react";

import { backToCustomer, completeTransfer, turn } from "@/api/desk";
import type { Consultation, DeskContact, TalksTo } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import "@/desk/consulting.css";
import { phone } from "@/i18n/format";

export function Consulting({ contact, asking }: { contact: DeskContact; asking: Consultation }) {
  const { t } = useLingui();
  const turning = useMutation({ mutationFn: (to: TalksTo) => turn(contact.id, to) });
  const completing = useMutation({ mutationFn: () => completeTransfer(contact.id) });
  const back = useMutation({ mutationFn: () => backToCustomer(contact.id) });
  const connected = contact.state !== "rejoining";
  const other: TalksTo = asking.talks_to === "colleague" ? "customer" : "colleague";
  const act = {
    complete: connected ? () => completing.mutate() : undefined,
    back: connected ? () => back.mutate() : undefined,
    swap: connected ? () => turning.mutate(other) : undefined,
    together: connected && asking.answered && asking.talks_to !== "both" ? () => turning.mutate("both") : undefined,
  };
  useActions(act);
  const keyOf = useKeyOf();
  const colleague = asking.agent?.name ?? asking.queue?.name ?? (asking.number ? phone(asking.number) : undefined) ?? t`A colleague`;

  return (
    <div className="consulting" role="group" aria-label={t`Consultation`}>
      <ul className="consultingLines">
        <Line name={contact.customer?.name ?? t`Customer`} heard={asking.talks_to !== "colleague"} />
        {asking.answered ? (
          <Line name={colleague} heard={asking.talks_to !== "customer"} />
        ) : (
          <li>
            <strong className="clip">{colleague}</strong>
            <Tag tone="accent" dotted>
              {asking.number ? <Trans>Being called</Trans> : <Trans>Being asked</Trans>} <Since at={asking.since} />
            </Tag>
          </li>
        )}
      </ul>
      <div className="consultingActions">
        <Button kind="primary" icon={PhoneForwarded} keys={keyOf("complete")} isDisabled={!connected} isPending={completing.isPending} onPress={() => act.complete?.()}>
          <Trans>Complete</Trans>
        </Button>
        <Button icon={Undo2} keys={keyOf("back")} isDisabled={!connected} isPending={back.isPending} onPress={() => act.back?.()}>
          <Trans>Back to customer</Trans>
        </Button>
        <Button icon={ArrowLeftRight} keys={keyOf("swap")} isDisabled={!connected} onPress={() => act.swap?.()}>
          <Trans>Swap</Trans>
        </Button>
        {asking.answered && (
          <Button icon={UsersRound} keys={keyOf("together")} isDisabled={!act.together} onPress={() => act.together?.()}>
            <Trans>Together</Trans>
          </Button>
        )}
      </div>
      <p className="unseen" aria-live="polite">
        {asking.answered ? t`${colleague} is on the line` : t`Asking: ${colleague}`}
      </p>
      <Refusal error={turning.error ?? completing.error ?? back.error} />
    </div>
  );
}

function Line({ name, heard }: { name: string; heard: boolean }) {
  const Icon = heard ? Volume2 : Music;
  return (
    <li>
      <strong className="clip">{name}</strong>
      <Tag tone={heard ? "info" : "warn"}>
        <Icon size={12} aria-hidden />
        {heard ? <Trans>Talking with you</Trans> : <Trans>Hears music</Trans>}
      </Tag>
    </li>
  );
}
