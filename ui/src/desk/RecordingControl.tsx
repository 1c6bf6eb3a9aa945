/** Whether this conversation is recorded now, and what the agent does about it: a card's number must not be kept. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { CircleDot, CirclePause, type LucideIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { wishRecording } from "@/api/desk";
import type { RecordingNow } from "@/api/recording";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Until } from "@/design/Timer";
import "@/desk/recording.css";
import { playRecordingAgain } from "@/phone/sound";

const TOLD_MILLISECONDS = 20_000;

type Wish = "paused" | "resumed" | "started";

function wished(now: RecordingNow): Wish | null {
  if (now.state === "off") return now.may_start ? "started" : null;
  return now.state === "on" ? "paused" : "resumed";
}

/** The pause has just run out under the agent's eyes: true for a while, and a sound once. */
function useRanOut(now: RecordingNow): boolean {
  const [told, setTold] = useState(false);
  const before = useRef(now.state);
  const ranOut = now.state === "on" && now.pause_expired;
  useEffect(() => {
    const just = before.current === "paused" && ranOut;
    before.current = now.state;
    if (!just) return;
    playRecordingAgain();
    setTold(true);
    const timer = setTimeout(() => setTold(false), TOLD_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [now.state, ranOut]);
  return told && ranOut;
}

export function RecordingControl({ contact, now }: { contact: string; now: RecordingNow }) {
  const { t } = useLingui();
  const wishing = useMutation({ mutationFn: (wish: Wish) => wishRecording(contact, wish) });
  const ranOut = useRanOut(now);
  const wish = wished(now);
  const act = wish && !wishing.isPending ? () => wishing.mutate(wish) : undefined;
  useActions({ recording: act });
  const keyOf = useKeyOf();
  const names: Record<Wish, string> = { paused: t`Pause recording`, resumed: t`Resume recording`, started: t`Record` };
  const icons: Record<Wish, LucideIcon> = { paused: CirclePause, resumed: CircleDot, started: CircleDot };

  return (
    <>
      {wish && (
        <Button
          icon={icons[wish]}
          keys={keyOf("recording")}
          className={now.state === "paused" ? "switchedOn" : ""}
          isPending={wishing.isPending}
          onPress={() => act?.()}
        >
          {names[wish]}
        </Button>
      )}
      <Refusal error={wishing.error} />
      <div className="recordingNotice" role="status">
        {now.state === "paused" && (
          <p className="recordingPaused">
            <CirclePause size={18} aria-hidden />
            <span>
              <strong>
                <Trans>The recording is paused.</Trans>
              </strong>{" "}
              <Trans>What is said now is not kept. It goes on by itself:</Trans> {now.pause_ends_at && <Until at={now.pause_ends_at} />}
            </span>
          </p>
        )}
        {ranOut && (
          <p className="recordingAgain">
            <CircleDot size={18} aria-hidden />
            <span>
              <strong>
                <Trans>Recording again.</Trans>
              </strong>{" "}
              <Trans>The pause was over. Pause once more if the card is not done.</Trans>
            </span>
          </p>
        )}
      </div>
    </>
  );
}
