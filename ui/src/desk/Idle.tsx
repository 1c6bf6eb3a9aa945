/** The desk without a contact: calm when ready, one big button when not. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Coffee, PhoneMissed } from "lucide-react";
import { lazy, Suspense } from "react";

import { ownDayQuery } from "@/api/contacts";
import { chooseStatus, READY } from "@/api/desk";
import type { ContactRow, LiveAgent } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { DeviceCheck } from "@/desk/DeviceCheck";
import "@/desk/idle.css";
import { clock, duration, nameOf, phone } from "@/i18n/format";
import { spoken, withWords } from "@/i18n/language";
import { MISSED, outcomeTone, REFUSED, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { usePhone } from "@/phone/state";

const Waiting = lazy(() => import("@/desk/Waiting").then((module) => ({ default: module.Waiting })));

const Planned = lazy(() => withWords(import("@/planned/Planned")).then((module) => ({ default: module.Planned })));
const MyTasks = lazy(() => withWords(import("@/followup/MyTasks")).then((module) => ({ default: module.MyTasks })));

const OwnTime = lazy(() => withWords(import("@/worktime/OwnTime")).then((module) => ({ default: module.OwnTime })));

const EnterRequest = lazy(() => withWords(import("@/writing/EnterRequest")).then((module) => ({ default: module.EnterRequest })));

export function Idle({ agent }: { agent: LiveAgent }) {
  const planned = useLive((state) => (state.callbacks?.length ?? 0) > 0) ?? false;
  const picking = useLive((state) => state.waiting.length > 0) ?? false;
  return (
    <section className="idle">
      {agent.state === "ready" ? <ReadyHero agent={agent} /> : <PauseHero agent={agent} />}
      {picking && (
        <Suspense>
          <Waiting />
        </Suspense>
      )}
      {planned && (
        <Suspense>
          <Planned />
        </Suspense>
      )}
      <Suspense>
        <MyTasks />
        <EnterRequest />
      </Suspense>
      <DayFigures />
    </section>
  );
}

function ReadyHero({ agent }: { agent: LiveAgent }) {
  return (
    <div className="idleHero">
      <h1 className="idleState">
        <span className="idleDot" aria-hidden />
        <Trans>Ready for calls</Trans>
        <Since at={agent.since} className="idleTime" />
      </h1>
      <p className="idleLead">
        <NextCall agent={agent} />
      </p>
    </div>
  );
}

function NextCall({ agent }: { agent: LiveAgent }) {
  const number = phone(agent.outside_number);
  if (agent.phone === "outside") return <Trans>The next call will ring at {number}. Answer it there and press 1.</Trans>;
  if (agent.phone !== "desk") return <Trans>The next call will ring here. You can look at your history meanwhile: the ring reaches every page.</Trans>;
  if (agent.reachable) return <Trans>The next call will ring at your desk telephone. Lift the receiver to accept.</Trans>;
  return <Trans>Your desk telephone is not registered, so no calls come to you. Check that it is switched on and connected, or take calls in this page.</Trans>;
}

function PauseHero({ agent }: { agent: LiveAgent }) {
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  const place = usePhone((state) => state.place);
  const ready = useMutation({ mutationFn: () => chooseStatus(READY) });
  const refused = agent.reason === REFUSED;
  const missed = agent.reason === MISSED || refused;
  const fresh = agent.reason === "shift";

  return (
    <div className={`idleHero ${missed ? "missed" : ""}`}>
      <h1 className="idleState">
        {missed ? <PhoneMissed size={26} aria-hidden /> : !fresh && <Coffee size={26} aria-hidden />}
        {fresh ? <Trans>The shift has started</Trans> : words.status(agent.state, agent.reason, reasons)}
        <Since at={agent.since} className="idleTime" />
      </h1>
      <p className="idleLead">
        {refused ? (
          <Trans>Your desk telephone has refused several calls in a row: it may be set to “do not disturb”, or to send calls on. The customers kept their places. Look at the telephone, or take calls in this page.</Trans>
        ) : missed ? (
          <Trans>You did not answer in time. The customer kept the place in the queue and went to a colleague; no calls come to you until you are back.</Trans>
        ) : fresh && agent.phone !== "page" ? (
          <Trans>Tell us when you are ready.</Trans>
        ) : fresh ? (
          <Trans>Say a few words: the bar must move. When all is well, tell us you are ready.</Trans>
        ) : (
          <Trans>No calls come to you during a break.</Trans>
        )}
      </p>
      {fresh && place === "here" && (
        <div className="idleDevices">
          <DeviceCheck />
        </div>
      )}
      <Refusal error={ready.error} />
      <div>
        <Button kind="primary" large onPress={() => ready.mutate()} isPending={ready.isPending}>
          {fresh ? <Trans>Ready for calls</Trans> : <Trans>Back to ready</Trans>}
        </Button>
      </div>
    </div>
  );
}

const sum = (rows: readonly ContactRow[], pick: (row: ContactRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
const mean = (rows: readonly ContactRow[], pick: (row: ContactRow) => number) => (rows.length ? sum(rows, pick) / rows.length : 0);

function DayFigures() {
  const { t } = useLingui();
  const { data: rows } = useQuery(ownDayQuery);
  if (!rows) return null;
  const answered = rows.filter((row) => row.outcome === "answered");
  const figures: [string, string][] = [
    [t`Answered`, String(answered.length)],
    [t`Mean talk`, answered.length ? duration(mean(answered, (row) => row.talk_seconds)) : "–"],
    [t`Mean wrap-up`, answered.length ? duration(mean(answered, (row) => row.wrap_up_seconds)) : "–"],
    [t`Talk in all`, duration(sum(answered, (row) => row.talk_seconds))],
  ];
  return (
    <>
      <div className="day">
        <h2 className="heading">
          <Trans>My day</Trans>
        </h2>
        <dl className="dayFigures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
        </dl>
        <Suspense>
          <OwnTime />
        </Suspense>
      </div>
      <Latest rows={rows.slice(0, 6)} />
    </>
  );
}

function Latest({ rows }: { rows: ContactRow[] }) {
  const words = useWords();
  return (
    <div className="latest">
      <div className="latestTop">
        <h2 className="heading">
          <Trans>Latest contacts</Trans>
        </h2>
        {rows.length > 0 && (
          <Link to="/history" search={{}}>
            <Trans>All of my history</Trans>
          </Link>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="muted">
          <Trans>Nothing yet today.</Trans>
        </p>
      ) : (
        <ul className="latestRows card">
          {rows.map((row) => (
            <li key={row.id}>
              <Link to="/history" search={{ contact: row.id }}>
                <span className="figures muted">{clock(row.arrived_at)}</span>
                <span className="latestWho clip">{row.customer?.name ?? (row.ani ? phone(row.ani) : words.withheld)}</span>
                <span className="muted clip">{nameOf(row.queue)}</span>
                <span className="muted clip latestResult">{row.disposition?.[spoken()] ?? ""}</span>
                <span className="figures">{duration(row.talk_seconds)}</span>
                <Tag tone={outcomeTone[row.outcome]}>{words.ended(row)}</Tag>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
