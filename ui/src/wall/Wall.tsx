/** A screen on the wall: figures that are read across a hall, and nothing to press. What is old says so. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useSearch } from "@tanstack/react-router";
import { AlertTriangle, Clock, LoaderCircle, MonitorOff, WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";

import type { FloorQueue } from "@/api/types";
import { wornTheme } from "@/design/theme";
import { markOf, type Mark, type Served, servedToday } from "@/floor/shown";
import { clock, duration } from "@/i18n/format";
import { useWall } from "@/wall/connection";
import type { Figures } from "@/wall/drawn";
import "@/wall/wall.css";

const hash = () => location.hash.slice(1);
const onHash = (changed: () => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};

export function Wall() {
  const token = useSyncExternalStore(onHash, hash);
  const { shown, stale, dark } = useWall(token);
  const now = useSeconds(stale === null);
  const { theme } = useSearch({ from: "/wall" });
  useEffect(() => wearHere(theme), [theme]);
  useAwake();
  const since = stale === null ? "" : clock(new Date(stale).toISOString());
  if (dark) return <Blank icon={MonitorOff} />;
  if (!shown?.figures) return <Waiting lost={stale !== null} />;
  return (
    <main className={`wall ${stale === null ? "" : "stale"}`}>
      <header className="wallTop">
        <h1>{shown.name}</h1>
        {stale !== null && (
          <p role="alert" className="wallStale">
            <WifiOff aria-hidden />
            <Trans>No connection since {since}. These figures are old.</Trans>
          </p>
        )}
        <p className="wallClock figures">{clock(new Date(now + shown.offset).toISOString())}</p>
      </header>
      <Agents agents={shown.figures.agents} queues={shown.figures.queues} now={now + shown.offset} />
      <ul className="wallQueues">
        {shown.figures.queues.map((queue) => (
          <Queue key={queue.id} queue={queue} now={now + shown.offset} />
        ))}
      </ul>
    </main>
  );
}

const waited = (queue: FloorQueue, now: number) => (queue.longest_since ? Math.max(0, (now - Date.parse(queue.longest_since)) / 1000) : 0);

const percent = ({ level }: Served) => (level === null ? "–" : `${level}\u202f%`);

function Agents({ agents, queues, now }: Figures & { now: number }) {
  const { t } = useLingui();
  const longest = Math.max(0, ...queues.map((queue) => waited(queue, now)));
  const served = servedToday(queues, now);
  const figures: [string, string | number][] = [
    [t`Waiting`, queues.reduce((sum, queue) => sum + queue.waiting, 0)],
    [t`Longest wait`, longest > 0 ? duration(longest) : "–"],
    [t`In time today`, percent(served)],
    [t`Answered of offered`, `${served.answered} / ${served.offered}`],
    [t`Abandoned`, served.abandoned],
    [t`Agents ready`, agents.ready],
    [t`In conversation`, agents.busy],
    [t`Wrap-up`, agents.wrap_up],
    [t`Not ready`, agents.not_ready],
  ];
  return (
    <dl className="wallFigures">
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figures">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

function Queue({ queue, now }: { queue: FloorQueue; now: number }) {
  const { t } = useLingui();
  const seconds = waited(queue, now);
  const mark = markOf(queue, seconds, now);
  const served = servedToday([queue], now);
  return (
    <li className={mark ? (mark.endsWith("alarm") ? "alarm" : "warning") : ""}>
      <h2>{queue.name}</h2>
      {mark && <Marked mark={mark} />}
      <dl>
        <div>
          <dt>{t`Waiting`}</dt>
          <dd className="figures">{queue.waiting}</dd>
        </div>
        <div>
          <dt>{t`Longest wait`}</dt>
          <dd className="figures">{queue.longest_since ? duration(seconds) : "–"}</dd>
        </div>
        <div>
          <dt>{t`Agents ready`}</dt>
          <dd className="figures">{queue.agents_ready}</dd>
        </div>
      </dl>
      <dl className="wallToday">
        <div>
          <dt>{t`In time today`}</dt>
          <dd className="figures">{percent(served)}</dd>
        </div>
        <div>
          <dt>{t`Answered of offered`}</dt>
          <dd className="figures">
            {served.answered} / {served.offered}
          </dd>
        </div>
        <div>
          <dt>{t`Abandoned`}</dt>
          <dd className="figures">{served.abandoned}</dd>
        </div>
        <div>
          <dt>{t`Longest today`}</dt>
          <dd className="figures">{served.offered > 0 ? duration(served.longest_seconds) : "–"}</dd>
        </div>
      </dl>
    </li>
  );
}

function Marked({ mark }: { mark: Mark }) {
  const { t } = useLingui();
  const words: Record<Mark, string> = {
    wait_alarm: t`Waiting too long`,
    waiting_alarm: t`Too many waiting`,
    level_alarm: t`Far too few answered in time`,
    wait_warning: t`Waiting long`,
    waiting_warning: t`Many waiting`,
    level_warning: t`Too few answered in time`,
  };
  const Sign = mark.endsWith("alarm") ? AlertTriangle : Clock;
  return (
    <p className="wallMark">
      <Sign aria-hidden /> {words[mark]}
    </p>
  );
}

function Waiting({ lost }: { lost: boolean }) {
  return (
    <main className="wall wallBlank" role="status">
      <h1 className="unseen">
        <Trans>Wallboard</Trans>
      </h1>
      {lost ? <WifiOff aria-hidden /> : <LoaderCircle className="spin" aria-hidden />}
      <p>{lost ? <Trans>No connection. It is tried again by itself.</Trans> : <Trans>Loading…</Trans>}</p>
    </main>
  );
}

function Blank({ icon: Icon }: { icon: typeof MonitorOff }) {
  return (
    <main className="wall wallBlank">
      <Icon aria-hidden />
      <h1>
        <Trans>This link opens nothing</Trans>
      </h1>
      <p>
        <Trans>It was revoked, or is not complete. An administrator makes a new one in the set-up.</Trans>
      </p>
    </main>
  );
}

/** Only on this screen: what people chose in this browser stays as it is. */
function wearHere(theme: "light" | "dark" | undefined): void {
  document.documentElement.dataset["theme"] = theme ?? wornTheme();
}

/** This machine's clock, by the second; it stands still while what is shown is old. */
function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

/** The screen does not go to sleep, where the browser can keep it from that. */
function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const ask = () => {
      // Only on https and localhost is there such a thing.
      if (document.visibilityState === "visible" && "wakeLock" in navigator) void navigator.wakeLock.request("screen").then((got) => (lock = got), () => undefined);
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}
