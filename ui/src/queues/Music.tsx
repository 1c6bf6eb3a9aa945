/** What is heard between the words while one waits, and on hold: the usual music, nothing, a recorded text, or a file of one's own. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";

import { send } from "@/api/client";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { duration } from "@/i18n/format";
import { Listen } from "@/prompts/Listen";
import { MUSIC, musicQuery, promptsQuery } from "@/prompts/prompts";
import { readable } from "@/prompts/wave";
import type { FormProps } from "@/queues/Form";
import { beginning, type Music as Played } from "@/queues/queue";
import { Pick } from "@/setup/Fields";

const SILENCE = "silence";
const LONGEST_NAME = 100;

export function Music({ queue, at, set }: FormProps) {
  const { t } = useLingui();
  const music = queue.music ?? null;
  const recorded = (useQuery(promptsQuery).data ?? []).filter((prompt) => prompt.recording !== null);
  const [handed, setHanded] = useState<ReadonlyMap<string, Blob>>(new Map());
  const file = useRef<HTMLInputElement>(null);
  const server = useQueryClient();
  const play = (next: Played | null) => set({ music: next });
  const keep = useMutation({
    mutationFn: async (chosen: File) => {
      const sound = await readable(chosen);
      const name = encodeURIComponent(beginning(chosen.name, LONGEST_NAME));
      return { sound, made: await send<{ recording: string; seconds: number }>("POST", `/api/prompts/music?name=${name}`, sound) };
    },
    onSuccess: ({ sound, made }, chosen) => {
      setHanded((earlier) => new Map(earlier).set(made.recording, sound));
      void server.invalidateQueries({ queryKey: MUSIC });
      play({ silence: false, recording: made.recording, name: beginning(chosen.name, LONGEST_NAME), music_seconds: made.seconds });
    },
  });
  const value = music === null ? "" : music.silence ? SILENCE : music.recording;
  const own = music && !music.silence && !recorded.some(({ recording }) => recording === music.recording) ? music : null;
  const lately = (useQuery(musicQuery).data ?? []).filter(({ recording }) => recording !== own?.recording && !recorded.some((prompt) => prompt.recording === recording));
  const choices = [
    { id: "", name: t`The usual music` },
    { id: SILENCE, name: t`Silence` },
    ...(own ? [{ id: own.recording, name: t`${own.name || own.recording.slice(0, 8)}, ${duration(own.music_seconds)}` }] : []),
    ...lately.map(({ recording, name, seconds }) => ({ id: recording, name: t`${name || recording.slice(0, 8)}, ${duration(seconds)}` })),
    ...recorded.map((prompt) => ({ id: prompt.recording ?? "", name: t`Recorded: ${prompt.text.slice(0, 60)}` })),
  ];
  const choose = (id: string) => {
    const prompt = recorded.find(({ recording }) => recording === id);
    const kept = lately.find(({ recording }) => recording === id);
    if (id === "") play(null);
    else if (id === SILENCE) play({ silence: true, recording: "", name: "", music_seconds: 0 });
    else if (prompt) play({ silence: false, recording: id, name: beginning(prompt.text, LONGEST_NAME), music_seconds: prompt.seconds ?? 0 });
    else if (kept) play({ silence: false, recording: id, name: kept.name, music_seconds: kept.seconds });
  };
  const prompt = recorded.find(({ recording }) => recording === value);
  const sound = handed.get(value) ?? (prompt ? `/api/prompts/${prompt.id}/recording` : `/api/prompts/music/${value}`);
  return (
    <div className="queueMusic">
      <Pick label={t`Music, also on hold`} value={value} options={choices} problems={at("music")} change={choose} />
      {music && !music.silence && <Listen url={sound} name={t`Hear the music`} />}
      <Button icon={FileUp} isPending={keep.isPending} onPress={() => file.current?.click()}>
        <Trans>Hand in music</Trans>
      </Button>
      <input
        ref={file}
        type="file"
        accept="audio/*,video/webm,video/mp4"
        aria-label={t`Hand in music`}
        hidden
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) keep.mutate(chosen);
          event.target.value = "";
        }}
      />
      {music?.silence && (
        <p className="caption">
          <Trans>Who hears nothing for long takes the line for dead: let the place be said now and then.</Trans>
        </p>
      )}
      <Refusal error={keep.error} />
    </div>
  );
}
