/** What a customer said into the machine, and the way back to whoever said it. Loaded when there is some. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Phone } from "lucide-react";
import { lazy, Suspense } from "react";

import type { DeskContact } from "@/api/types";
import { useMayCall } from "@/calling/mayCall";
import { Button } from "@/design/Button";
import { useOpening } from "@/design/opening";
import "@/desk/written.css";
import { Player } from "@/player/Player";

const dial = () => import("@/calling/Dial");
const Dial = lazy(() => dial().then((module) => ({ default: module.Dial })));

interface Props {
  contact: string;
  number: string | null;
  message: NonNullable<DeskContact["message"]>;
}

export function VoiceMessage({ contact, number, message }: Props) {
  const { t } = useLingui();
  return (
    <section className="card letters" aria-label={t`Voicemail`}>
      {message.stored ? (
        <Player contact={contact} seconds={message.seconds} alone />
      ) : (
        <p className="muted" role="status">
          <Trans>The message is not stored yet. It will be here once the store answers.</Trans>
        </p>
      )}
      <CallBack number={number} />
    </section>
  );
}

/** A call of one's own, beside the message in hand. */
function CallBack({ number }: { number: string | null }) {
  const may = useMayCall();
  const { open, opened, button } = useOpening("dialog", dial);
  if (!may || !number || !/^\+?\d+$/.test(number)) return null;
  return (
    <p className="messageBack">
      <Button kind="accept" icon={Phone} {...button}>
        <Trans>Call back</Trans>
      </Button>
      <Suspense>{open && <Dial opened={opened} number={number} />}</Suspense>
    </p>
  );
}
