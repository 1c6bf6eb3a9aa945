/** What can be done with one text: hear it, record it, hand in a file, give it back to the voice. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, FileUp, Mic, RotateCcw, Square, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { call, send } from "@/api/client";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { duration } from "@/i18n/format";
import { Listen } from "@/prompts/Listen";
import { type Prompt, PROMPTS } from "@/prompts/prompts";
import { record, type Recorder } from "@/prompts/sound";
import { readable } from "@/prompts/wave";

export function Hand({ prompt, setOpen }: { prompt: Prompt; setOpen: (id: string | null) => void }) {
  const { t } = useLingui();
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [taken, setTaken] = useState<Blob | null>(null);
  const [refused, setRefused] = useState("");
  const server = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const path = `/api/prompts/${prompt.id}`;
  const settled = { onSuccess: () => server.invalidateQueries({ queryKey: PROMPTS }) };
  const keep = useMutation({ mutationFn: (sound: Blob) => send("PUT", path, sound), ...settled });
  const remove = useMutation({ mutationFn: () => call("DELETE", path), ...settled });
  useEffect(() => () => recorder?.drop(), [recorder]);

  const close = () => {
    setTaken(null);
    setOpen(null);
    keep.reset();
  };
  const begin = async () => {
    setTaken(null);
    setRefused("");
    keep.reset();
    try {
      setRecorder(await record());
      setOpen(prompt.id);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      setRefused(
        name === "NotFoundError"
          ? t`No microphone was found. Plug one in, or hand in a file.`
          : t`The browser lets nobody at the microphone here. Allow it beside the address, or hand in a file.`,
      );
    }
  };
  const stop = async () => {
    const sound = await recorder?.stop();
    setRecorder(null);
    setTaken(sound ?? null);
  };
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    setOpen(prompt.id);
    setTaken(await readable(chosen));
  };

  if (recorder) return <Recording recorder={recorder} stop={stop} />;
  const name = prompt.text.slice(0, 60);
  return (
    <div className="promptHand">
      {taken ? (
        <>
          <Listen url={taken} name={t`Hear it first`} />
          <Button kind="primary" icon={Check} isPending={keep.isPending} onPress={() => keep.mutate(taken, { onSuccess: close })}>
            <Trans>Use it</Trans>
          </Button>
          <Button icon={RotateCcw} onPress={() => void begin()}>
            <Trans>Record again</Trans>
          </Button>
          <IconButton icon={X} name={t`Throw it away`} onPress={close} />
        </>
      ) : (
        <>
          {prompt.recording && <Listen url={`${path}/recording?${prompt.recording.slice(0, 8)}`} name={t`Hear: ${name}`} />}
          {!prompt.varies && prompt.places.length > 0 && (
            <>
              <IconButton icon={Mic} name={t`Record: ${name}`} onPress={() => void begin()} />
              <IconButton icon={FileUp} name={t`Hand in a file: ${name}`} onPress={() => file.current?.click()} />
            </>
          )}
          {prompt.recording && (
            <IconButton icon={Trash2} name={t`Back to the voice: ${name}`} isPending={remove.isPending} onPress={() => remove.mutate()} />
          )}
        </>
      )}
      <input
        ref={file}
        type="file"
        accept="audio/*,video/webm,video/mp4"
        aria-label={t`Hand in a file: ${name}`}
        hidden
        onChange={(event) => {
          void choose(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      {refused && (
        <p className="promptRefused" role="alert">
          {refused}
        </p>
      )}
      <Refusal error={keep.error ?? remove.error} />
    </div>
  );
}

function Recording({ recorder, stop }: { recorder: Recorder; stop: () => Promise<void> }) {
  const [seconds, setSeconds] = useState(0);
  const level = useRef<HTMLSpanElement>(null);
  const { t } = useLingui();
  useEffect(() => {
    const began = performance.now();
    let frame = requestAnimationFrame(function follow() {
      level.current?.style.setProperty("--level", recorder.loudness().toFixed(2));
      setSeconds(Math.floor((performance.now() - began) / 1000));
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [recorder]);
  return (
    <div className="promptHand recording">
      <span ref={level} className="promptLevel" aria-hidden />
      <span className="figures" role="timer" aria-label={t`Recording`}>
        {duration(seconds)}
      </span>
      <Button kind="end" icon={Square} onPress={() => void stop()} autoFocus>
        <Trans>Stop</Trans>
      </Button>
    </div>
  );
}
