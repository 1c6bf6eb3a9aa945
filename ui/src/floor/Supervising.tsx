/** A supervisor beside a call: who hears whom now, and the ways from one to another. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ear, LogOut, MessageSquareDot, PhoneIncoming, PhoneOff, UsersRound, type LucideIcon } from "lucide-react";

import { endCall, goOver, leaveCall, takeOver } from "@/api/supervision";
import type { Joining, Supervision } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Confirm } from "@/floor/Confirm";
import "@/floor/supervising.css";
import { phone } from "@/i18n/format";
import { useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { deskPhone } from "@/phone/deskPhone";
import { usePhone } from "@/phone/state";

const ICONS: Record<Joining, LucideIcon> = { listen: Ear, whisper: MessageSquareDot, barge: UsersRound };

/** Above every page of a supervisor who has joined a call. */
export function SupervisingBar() {
  const words = useWords();
  const joined = useLive((state) => state.supervision);
  if (!joined) return null;
  return (
    <section className="supervisingBar" aria-labelledby="supervising">
      <div className="supervisingWho">
        <strong id="supervising">
          {joined.agent?.name} · {joined.ani ? phone(joined.ani) : words.withheld}
        </strong>
        <WhoHears joined={joined} />
      </div>
      <CallActions contact={joined.contact} />
    </section>
  );
}

/** Of this call, where it is the one that was joined. */
export function WhoHearsHere({ contact }: { contact: string }) {
  const joined = useLive((state) => state.supervision);
  return joined?.contact === contact ? <WhoHears joined={joined} /> : null;
}

function WhoHears({ joined }: { joined: Supervision }) {
  const agent = joined.agent?.name ?? "";
  const Icon = ICONS[joined.now];
  return (
    <p className={`whoHears ${joined.now}`} role="status">
      <Icon size={16} aria-hidden />
      {joined.line === null ? <Trans>Connecting you…</Trans> : <Sentence joined={joined} agent={agent} />}
    </p>
  );
}

function Sentence({ joined: { state, now, talks_to }, agent }: { joined: Supervision; agent: string }) {
  if (state === "rejoining") return <Trans>{agent} is coming back into the call. The customer hears music.</Trans>;
  if (state === "held") {
    if (talks_to === "colleague") {
      return now === "listen" ? (
        <Trans>You hear {agent} and a colleague. Nobody hears you; the customer hears music.</Trans>
      ) : (
        <Trans>You hear {agent} and a colleague. Only {agent} hears you; the customer hears music.</Trans>
      );
    }
    return now === "listen" ? (
      <Trans>The customer is on hold. You hear {agent}; nobody hears you.</Trans>
    ) : (
      <Trans>The customer is on hold. You and {agent} hear each other.</Trans>
    );
  }
  if (now === "listen") return <Trans>You hear both. Nobody hears you.</Trans>;
  if (now === "whisper") return <Trans>You hear both. Only {agent} hears you.</Trans>;
  return <Trans>You hear both. Both hear you.</Trans>;
}

/** What can be done with this call: before joining, and after. */
export function CallActions({ contact }: { contact: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const joined = useLive((state) => state.supervision);
  const beside = joined?.contact === contact ? joined : null;
  const go = useMutation({ mutationFn: (way: Joining) => (beside ? goOver(contact, way) : deskPhone.join(contact, way)) });
  const take = useMutation({ mutationFn: () => takeOver(contact), onSuccess: () => void navigate({ to: "/desk" }) });
  const leave = useMutation({ mutationFn: () => leaveCall(contact) });
  const end = useMutation({ mutationFn: () => endCall(contact) });
  const ways: [Joining, string][] = [
    ["listen", t`Listen`],
    ["whisper", t`Whisper`],
    ["barge", t`Join in`],
  ];
  return (
    <div className="callActions">
      <div role="group" aria-label={t`Take part`} className="callWays">
        {ways.map(([way, name]) => (
          <Button key={way} icon={ICONS[way]} pressed={beside?.way === way} isPending={go.isPending && go.variables === way} onPress={() => go.mutate(way)}>
            {name}
          </Button>
        ))}
      </div>
      {beside && (
        <>
          <Button kind="primary" icon={PhoneIncoming} isDisabled={beside.line === null} isPending={take.isPending} onPress={() => take.mutate()}>
            <Trans>Take over</Trans>
          </Button>
          <Button icon={LogOut} isPending={leave.isPending} onPress={() => leave.mutate()}>
            <Trans>Leave</Trans>
          </Button>
        </>
      )}
      <Confirm icon={PhoneOff} name={<Trans>End call</Trans>} question={<Trans>The customer will be hung up at once.</Trans>} act={() => end.mutate()} />
      <Microphone />
      <Refusal error={go.error ?? take.error ?? leave.error ?? end.error} />
    </div>
  );
}

/** While it still rings at the agent, or waits for one alone: in the agent's place. `bare`: in a row. */
export function AnswerFor({ contact, bare }: { contact: string; bare?: boolean }) {
  const navigate = useNavigate();
  const answer = useMutation({ mutationFn: () => deskPhone.answerFor(contact), onSuccess: (done) => void (done && navigate({ to: "/desk" })) });
  const press = () => answer.mutate();
  if (bare) {
    return (
      <>
        <Button kind="bare" className="giveTo" isPending={answer.isPending} onPress={press}>
          <Trans>Answer the call</Trans>
        </Button>
        <Microphone />
        <Refusal error={answer.error} />
      </>
    );
  }
  return (
    <div className="callActions">
      <Button icon={PhoneIncoming} isPending={answer.isPending} onPress={press}>
        <Trans>Answer for the agent</Trans>
      </Button>
      <Microphone />
      <Refusal error={answer.error} />
    </div>
  );
}

function Microphone() {
  const microphone = usePhone((state) => state.microphone);
  if (!["refused", "missing", "busy", "insecure"].includes(microphone)) return null;
  return (
    <p className="callMicrophone" role="alert">
      <Trans>Your microphone is needed to join: allow it for this page, then try again.</Trans>
    </p>
  );
}
