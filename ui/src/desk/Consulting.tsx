/** While a colleague is asked, or several are in the conversation: who hears whom, and what the agent who leads can do. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { ArrowLeftRight, Music, PhoneForwarded, Undo2, UserMinus, UsersRound, Volume2 } from "lucide-react";
import type { ReactNode } from "react";

import { backToCustomer, completeTransfer, release, turn } from "@/api/desk";
import type { Consultation, DeskContact, Participant, TalksTo } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import "@/desk/consulting.css";
import { phone } from "@/i18n/format";

const nameOf = (one: { agent: { name: string } | null; number?: string | null }) => one.agent?.name ?? (one.number ? phone(one.number) : undefined);

export function Consulting({ contact, asking }: { contact: DeskContact; asking: Consultation | null }) {
  const { t } = useLingui();
  const participants = contact.participants ?? [];
  const whole = participants.length > 0;
  const colleague = (asking && (nameOf(asking) ?? asking.queue?.name)) ?? t`A colleague`;
  /** Those who were added are wherever the customer is. */
  const withCustomer = asking ? asking.talks_to !== "colleague" : contact.state !== "held";
  return (
    <div className="consulting" role="group" aria-label={whole ? t`Conference` : t`Consultation`}>
      <ul className="consultingLines" aria-label={t`Who hears whom`}>
        <Line name={contact.customer?.name ?? t`Customer`} heard={withCustomer} />
        {participants.map((one) => (
          <Added key={one.consultation} contact={contact} one={one} heard={withCustomer} />
        ))}
        {asking && <Asked asking={asking} name={colleague} />}
      </ul>
      <Turns contact={contact} asking={asking} whole={whole} colleague={colleague} />
    </div>
  );
}

function Turns({ contact, asking, whole, colleague }: { contact: DeskContact; asking: Consultation | null; whole: boolean; colleague: string }) {
  const { t } = useLingui();
  const turning = useMutation({ mutationFn: (to: TalksTo) => turn(contact.id, to) });
  const completing = useMutation({ mutationFn: () => completeTransfer(contact.id) });
  const back = useMutation({ mutationFn: () => backToCustomer(contact.id) });
  const connected = contact.state !== "rejoining";
  const other: TalksTo = asking?.talks_to === "colleague" ? "customer" : "colleague";
  const turns = connected && asking !== null;
  const joined = asking !== null && (asking.answered || asking.coming_back);
  const act = {
    complete: connected ? () => completing.mutate() : undefined,
    back: turns ? () => back.mutate() : undefined,
    swap: turns ? () => turning.mutate(other) : undefined,
    together: turns && asking.answered && asking.talks_to !== "both" ? () => turning.mutate("both") : undefined,
  };
  useActions(act);
  const keyOf = useKeyOf();
  return (
    <>
      <div className="consultingActions">
        <Button kind="primary" icon={PhoneForwarded} keys={keyOf("complete")} isDisabled={!connected} isPending={completing.isPending} onPress={() => act.complete?.()}>
          {whole ? <Trans>Leave it to them</Trans> : <Trans>Complete</Trans>}
        </Button>
        {asking && (
          <>
            <Button icon={Undo2} keys={keyOf("back")} isDisabled={!connected} isPending={back.isPending} onPress={() => act.back?.()}>
              {whole ? <Trans>Back, without {colleague}</Trans> : <Trans>Back to customer</Trans>}
            </Button>
            <Button icon={ArrowLeftRight} keys={keyOf("swap")} isDisabled={!connected} onPress={() => act.swap?.()}>
              <Trans>Swap</Trans>
            </Button>
          </>
        )}
        {joined && (
          <Button icon={UsersRound} keys={keyOf("together")} isDisabled={!act.together} onPress={() => act.together?.()}>
            {whole ? <Trans>All together</Trans> : <Trans>Together</Trans>}
          </Button>
        )}
      </div>
      <p className="unseen" aria-live="polite">
        {asking && (asking.coming_back ? t`${colleague} is coming back` : asking.answered ? t`${colleague} is on the line` : t`Asking: ${colleague}`)}
      </p>
      <Refusal error={turning.error ?? completing.error ?? back.error} />
    </>
  );
}

/** Who was added before, and may be released. */
function Added({ contact, one, heard }: { contact: DeskContact; one: Participant; heard: boolean }) {
  const { t } = useLingui();
  const releasing = useMutation({ mutationFn: () => release(contact.id, one.consultation) });
  const name = nameOf(one) ?? t`A colleague`;
  return (
    <Line name={name} heard={heard} away={!one.connected}>
      <Button
        kind="bare"
        icon={UserMinus}
        aria-label={t`Release: ${name}`}
        isDisabled={contact.state === "rejoining"}
        isPending={releasing.isPending}
        onPress={() => releasing.mutate()}
      >
        <Trans>Release</Trans>
      </Button>
      <Refusal error={releasing.error} />
    </Line>
  );
}

function Asked({ asking, name }: { asking: Consultation; name: string }) {
  if (asking.answered || asking.coming_back) return <Line name={name} heard={asking.talks_to !== "customer"} away={asking.coming_back} />;
  return (
    <li>
      <strong className="clip">{name}</strong>
      <Tag tone="accent" dotted>
        {asking.number ? <Trans>Being called</Trans> : <Trans>Being asked</Trans>} <Since at={asking.since} />
      </Tag>
    </li>
  );
}

function Line({ name, heard, away, children }: { name: string; heard: boolean; away?: boolean; children?: ReactNode }) {
  const Icon = heard ? Volume2 : Music;
  return (
    <li>
      <strong className="clip">{name}</strong>
      <span className="consultingState">
        {away ? (
          <Tag tone="warn" dotted>
            <Trans>Is coming back</Trans>
          </Tag>
        ) : (
          <Tag tone={heard ? "info" : "warn"}>
            <Icon size={12} aria-hidden />
            {heard ? <Trans>Talking with you</Trans> : <Trans>Hears music</Trans>}
          </Tag>
        )}
        {children}
      </span>
    </li>
  );
}
