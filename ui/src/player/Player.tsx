/** A recording as one sees and hears it: the customer above, the agent below, both on one time axis. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { recordingUrl, waveformQuery } from "@/api/contacts";
import type { Silence } from "@/api/recording";
import { Choice } from "@/design/Choice";
import { Refusal } from "@/design/Refusal";
import { Button } from "@/design/Button";
import { duration } from "@/i18n/format";
import { Lane } from "@/player/Lane";
import "@/player/player.css";
import { usePlayback } from "@/player/usePlayback";

const SPEEDS = ["1", "1.25", "1.5", "2"] as const;
const STEP_SECONDS = 5;
const LEAP_SECONDS = 30;

/** `alone`: nobody but the customer speaks in it. */
export function Player({ contact, seconds, silences = [], alone = false }: { contact: string; seconds: number; silences?: readonly Silence[]; alone?: boolean }) {
  const { t } = useLingui();
  const waveform = useQuery(waveformQuery(contact));
  const whole = waveform.data?.seconds ?? seconds;
  const playback = usePlayback(recordingUrl(contact), whole);
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>("1");

  const space = (event: KeyboardEvent) => {
    const onControl = event.target instanceof Element && event.target.closest("button, label, input");
    if (event.code !== "Space" || onControl) return;
    event.preventDefault();
    playback.toggle();
  };

  return (
    <section className="player" aria-label={t`Recording`} onKeyDown={space}>
      <Track playback={playback} whole={whole} customer={waveform.data?.customer ?? []} agent={alone ? null : (waveform.data?.agent ?? [])} silences={silences} />
      <div className="playerControls">
        <Button kind="primary" icon={playback.playing ? Pause : Play} onPress={playback.toggle}>
          {playback.playing ? <Trans>Pause playback</Trans> : <Trans>Play</Trans>}
        </Button>
        <span className="figures playerTime">
          {duration(playback.at)} <span className="muted">/ {duration(whole)}</span>
        </span>
        <Choice
          name={t`Speed`}
          value={speed}
          options={SPEEDS.map((id) => ({ id, name: `${id}×`, short: `${id}×` }))}
          choose={(chosen) => {
            setSpeed(chosen);
            playback.setSpeed(Number(chosen));
          }}
        />
      </div>
      <Unrecorded silences={silences} whole={whole} />
      {playback.failed && (
        <p className="caption" role="alert">
          <Trans>The recording could not be played. It may still be being stored: try again in a few seconds.</Trans>
        </p>
      )}
      <Refusal error={waveform.error} />
    </section>
  );
}

interface TrackProps {
  playback: ReturnType<typeof usePlayback>;
  whole: number;
  customer: number[];
  agent: number[] | null;
  silences: readonly Silence[];
}

function Track({ playback, whole, customer, agent, silences }: TrackProps) {
  const { t } = useLingui();
  const track = useRef<HTMLDivElement>(null);
  const { at, seek } = playback;
  const place = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box) seek(((event.clientX - box.left) / box.width) * whole);
  };
  const keys = (event: KeyboardEvent) => {
    const to: Record<string, number> = {
      ArrowLeft: at - STEP_SECONDS,
      ArrowDown: at - STEP_SECONDS,
      ArrowRight: at + STEP_SECONDS,
      ArrowUp: at + STEP_SECONDS,
      PageDown: at - LEAP_SECONDS,
      PageUp: at + LEAP_SECONDS,
      Home: 0,
      End: whole,
    };
    const second = to[event.key];
    if (second === undefined) return;
    event.preventDefault();
    seek(second);
  };
  useEffect(() => track.current?.style.setProperty("--played", `${(100 * at) / Math.max(whole, 0.001)}%`), [at, whole]);
  const now = duration(at);
  const end = duration(whole);

  return (
    <div className="playerLanes">
      <div className="playerNames" aria-hidden>
        <span>
          <Trans>Customer</Trans>
        </span>
        {agent && (
          <span>
            <Trans>Agent</Trans>
          </span>
        )}
      </div>
      <div
        ref={track}
        className="playerTrack"
        role="slider"
        tabIndex={0}
        aria-label={t`Position in the recording`}
        aria-valuemin={0}
        aria-valuemax={Math.round(whole)}
        aria-valuenow={Math.round(at)}
        aria-valuetext={t`${now} of ${end}`}
        onKeyDown={keys}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          place(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) place(event);
        }}
      >
        <Lane levels={customer} who="customer" />
        {agent && <Lane levels={agent} who="agent" />}
        {silences.map((silence) => (
          <Unkept key={silence.begins} silence={silence} whole={whole} />
        ))}
        <span className="playerHead" />
      </div>
    </div>
  );
}

/** Where nothing was kept, on the sound itself. */
function Unkept({ silence, whole }: { silence: Silence; whole: number }) {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const share = (seconds: number) => `${Math.min(100, (100 * seconds) / Math.max(whole, 0.001))}%`;
    mark.current?.style.setProperty("--from", share(silence.begins));
    mark.current?.style.setProperty("--until", share(silence.ends ?? whole));
  }, [silence, whole]);
  return <span ref={mark} className="playerUnkept" aria-hidden />;
}

/** The same in words. */
function Unrecorded({ silences, whole }: { silences: readonly Silence[]; whole: number }) {
  if (silences.length === 0) return null;
  return (
    <ul className="playerSilences">
      {silences.map(({ begins, ends, paused }) => {
        const from = duration(begins);
        const until = duration(Math.min(ends ?? whole, whole));
        return <li key={begins}>{paused ? <Trans>Paused by the agent: {from} to {until}</Trans> : <Trans>Not recorded: {from} to {until}</Trans>}</li>;
      })}
    </ul>
  );
}
