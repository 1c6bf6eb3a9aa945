/** The sound behind a player. Nothing is asked of the server before the first play: every hearing is written down there. */
import { useCallback, useEffect, useRef, useState } from "react";

export function usePlayback(url: string, whole: number) {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState(false);
  const [failed, setFailed] = useState(false);
  const [at, setAt] = useState(0);

  useEffect(() => {
    const element = new Audio();
    element.preload = "none";
    element.src = url;
    element.onplay = () => setPlaying(true);
    element.onpause = () => setPlaying(false);
    element.onended = () => setPlaying(false);
    element.onerror = () => setFailed(true);
    element.ontimeupdate = () => setAt(element.currentTime);
    audio.current = element;
    return () => {
      element.pause();
      element.removeAttribute("src");
      element.load();
    };
  }, [url]);

  // The browser tells the time four times a second; the line should glide.
  useEffect(() => {
    if (!playing) return;
    let frame = requestAnimationFrame(function follow() {
      setAt(audio.current?.currentTime ?? 0);
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing]);

  const toggle = useCallback(() => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) {
      element.pause();
      return;
    }
    setFailed(false);
    if (element.error) element.load();
    element.play().catch(() => setFailed(true));
  }, []);

  const seek = useCallback(
    (second: number) => {
      const to = Math.min(whole, Math.max(0, second));
      if (audio.current) audio.current.currentTime = to;
      setAt(to);
    },
    [whole],
  );

  const setSpeed = useCallback((speed: number) => {
    if (!audio.current) return;
    audio.current.defaultPlaybackRate = audio.current.playbackRate = speed;
  }, []);

  return { playing, failed, at, toggle, seek, setSpeed };
}
