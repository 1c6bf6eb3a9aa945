/** A button by which one hears a sound. */
import { useLingui } from "@lingui/react/macro";
import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { IconButton } from "@/design/Button";

/** Plays a sound of this page, or one of the server's. */
export function Listen({ url, name }: { url: Blob | string; name: string }) {
  const { t } = useLingui();
  const [playing, setPlaying] = useState(false);
  const [failed, setFailed] = useState(false);
  const audio = useRef<HTMLAudioElement | null>(null);
  useEffect(() => {
    const source = typeof url === "string" ? url : URL.createObjectURL(url);
    const element = new Audio();
    element.preload = "none";
    element.src = source;
    element.onended = element.onpause = () => setPlaying(false);
    element.onplay = () => setPlaying(true);
    element.onerror = () => setFailed(true);
    audio.current = element;
    return () => {
      element.onerror = null;
      element.pause();
      element.removeAttribute("src");
      if (typeof url !== "string") URL.revokeObjectURL(source);
    };
  }, [url]);
  if (failed) return <span className="caption">{t`It cannot be played.`}</span>;
  return (
    <IconButton
      icon={playing ? Pause : Play}
      name={playing ? t`Pause` : name}
      onPress={() => (playing ? audio.current?.pause() : void audio.current?.play().catch(() => undefined))}
    />
  );
}
