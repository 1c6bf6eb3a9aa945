import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { CircleCheck, Mic, MicOff, Pause, PhoneOff, Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { end, hold, retrieve } from "@/api/desk";
import { useMe } from "@/api/session";
import { onLine, type DeskContact } from "@/api/types";
import { useActions } from "@/app/actions";
import { keptUnder } from "@/app/kept";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { MicrophoneMeter } from "@/desk/MicrophoneMeter";
import { withWords } from "@/i18n/language";
import { deskPhone } from "@/phone/deskPhone";
import { usePhone } from "@/phone/state";

const Transfer = lazy(() => import("@/desk/ByHand").then((module) => ({ default: module.Transfer })));
const RecordingControl = lazy(() => import("@/desk/RecordingControl").then((module) => ({ default: module.RecordingControl })));
const Keypad = lazy(() => import("@/calling/Keypad").then((module) => ({ default: module.Keypad })));
const Consulting = lazy(() => import("@/desk/Consulting").then((module) => ({ default: module.Consulting })));

const LeaveUnsent = lazy(() => withWords(import("@/writing/LeaveUnsent")).then((module) => ({ default: module.LeaveUnsent })));

/** Does the agent ask somebody, or lead a conference? */
const leads = (contact: DeskContact) => contact.consultation !== null || (contact.participants?.length ?? 0) > 0;
/** Whoever was asked is in the conversation, and the next one can be asked. */
function mayAdd(contact: DeskContact) {
  const asking = contact.consultation;
  return asking ? onLine(contact) && asking.answered && asking.talks_to === "both" : leads(contact);
}

export function EndCall({ contact }: { contact: DeskContact }) {
  const talk = onLine(contact);
  const ending = useMutation({ mutationFn: (): Promise<unknown> => (talk ? deskPhone.hangUp(contact.id) : end(contact.id)) });
  const me = useMe();
  const [asking, setAsking] = useState(false);
  /** An answer that was typed and not sent would be left behind. */
  const finish = () => {
    const unsent = !talk && localStorage.getItem(keptUnder(me.person.id, `answer.${contact.id}`));
    if (unsent && unsent !== '""') setAsking(true);
    else ending.mutate();
  };
  useActions({ end: leads(contact) ? undefined : finish });
  // While a colleague is asked, "Complete" and "Back to customer" say what becomes of the customer.
  if (leads(contact)) return null;
  return (
    <>
      <Button kind="end" icon={talk ? PhoneOff : CircleCheck} className="endCall" isPending={ending.isPending} onPress={finish}>
        {talk ? <Trans>End call</Trans> : <Trans>Finish</Trans>}
      </Button>
      {ending.error && <Refusal error={ending.error} />}
      {asking && (
        <Suspense>
          <LeaveUnsent back={() => setAsking(false)} leave={() => ending.mutate()} />
        </Suspense>
      )}
    </>
  );
}

export function CallControls({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const here = usePhone((state) => state.place === "here");
  const mute = useMutation({ mutationFn: (muted: boolean) => deskPhone.setMuted(contact.id, muted) });
  const holding = useMutation({ mutationFn: (held: boolean) => (held ? hold(contact.id) : retrieve(contact.id)) });

  const muted = mute.isPending ? mute.variables : contact.muted;
  const held = holding.isPending ? holding.variables : contact.state === "held";
  const connected = contact.state !== "rejoining";
  const switchMute = () => mute.mutate(!muted);
  const switchHold = () => holding.mutate(!held);
  const asking = contact.consultation;
  const own = contact.asked === null && asking === null;
  const customers = own && contact.direction !== "internal";
  const adding = mayAdd(contact);
  useActions({ mute: connected ? switchMute : undefined, hold: connected && own ? switchHold : undefined });
  const keyOf = useKeyOf();

  return (
    <div className="controls" role="group" aria-label={t`Call controls`}>
      <Button
        icon={muted ? MicOff : Mic}
        keys={keyOf("mute")}
        className={muted ? "switchedOn" : ""}
        isDisabled={!connected}
        onPress={switchMute}
      >
        {muted ? <Trans>Unmute</Trans> : <Trans>Mute</Trans>}
      </Button>
      {own && (
        <Button icon={held ? Play : Pause} keys={keyOf("hold")} className={held ? "switchedOn" : ""} isDisabled={!connected} onPress={switchHold}>
          {held ? <Trans>Resume</Trans> : <Trans>Hold</Trans>}
        </Button>
      )}
      <Suspense>
        {contact.recording && <RecordingControl contact={contact.id} now={contact.recording} />}
        {(customers || adding) && <Transfer contact={contact} adding={adding} />}
        {customers && here && <Keypad contact={contact.id} ready={contact.state === "talking"} />}
        {leads(contact) && <Consulting contact={contact} asking={asking} />}
      </Suspense>
      {here && !muted && <MicrophoneMeter slim />}
      <Refusal error={mute.error ?? holding.error} />
    </div>
  );
}
