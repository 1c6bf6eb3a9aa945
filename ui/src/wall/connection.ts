/** The wallboard's own feed: the secret is said once the socket is open, and silence is noticed within seconds. */
import { useEffect, useState } from "react";

import { drawn, type Drawn, type WallMessage } from "@/wall/drawn";

/** The server pings every 5 s. */
const SILENCE_MS = 15_000;
const SLOWEST_RETRY_MS = 5_000;
const NO_SUCH_LINK = 4404;

export interface Screen {
  shown: Drawn | null;
  /** Since when nothing has been heard, this machine's clock; null while it is live. */
  stale: number | null;
  /** The link opens nothing, or nothing any more. */
  dark: boolean;
}

export function useWall(token: string): Screen {
  const [screen, setScreen] = useState<Screen>({ shown: null, stale: null, dark: token === "" });
  useEffect(() => (token === "" ? undefined : follow(token, setScreen)), [token]);
  return screen;
}

type Draw = (change: (before: Screen) => Screen) => void;

function follow(token: string, draw: Draw): () => void {
  let socket: WebSocket | null = null;
  let attempts = 0;
  let silence: number | undefined;
  let retry: number | undefined;
  let over = false;
  let last = Date.now();

  const lost = (code: number): void => {
    clearTimeout(silence);
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
      socket = null;
    }
    if (over) return;
    if (code === NO_SUCH_LINK) {
      draw(() => ({ shown: null, stale: null, dark: true }));
      return;
    }
    draw((before) => ({ ...before, stale: before.stale ?? last }));
    retry = window.setTimeout(open, Math.min(SLOWEST_RETRY_MS, 250 * 2 ** attempts) * (0.75 + Math.random() / 2));
    attempts += 1;
  };
  const listen = (): void => {
    clearTimeout(silence);
    silence = window.setTimeout(() => lost(0), SILENCE_MS);
  };
  const open = (): void => {
    const url = new URL("/api/wallboard", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const made = new WebSocket(url);
    socket = made;
    made.onopen = () => made.send(JSON.stringify({ token }));
    made.onclose = (event) => lost(event.code);
    made.onmessage = (event: MessageEvent<string>) => {
      listen();
      last = Date.now();
      const message = JSON.parse(event.data) as WallMessage;
      if (message.type === "snapshot") attempts = 0;
      draw((before) => {
        const shown = drawn(before.shown, message, last);
        return shown === "gap" ? before : { shown, stale: message.type === "name" ? before.stale : null, dark: false };
      });
    };
    listen();
  };
  const hurry = (): void => {
    clearTimeout(retry);
    if (!socket) open();
  };
  const cut = (): void => lost(0);
  window.addEventListener("online", hurry);
  window.addEventListener("offline", cut);
  open();
  return () => {
    over = true;
    clearTimeout(retry);
    window.removeEventListener("online", hurry);
    window.removeEventListener("offline", cut);
    lost(0);
  };
}
