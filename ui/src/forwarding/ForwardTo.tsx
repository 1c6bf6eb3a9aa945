/** Where an agent's personal calls go while the agent is away: chosen by the agent, or by a supervisor for one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { forward, type ForwardWish } from "@/api/forwarding";
import type { Forward, Named } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/forwarding/forwarding.css";

const NUMBER = "number";
const USUAL = "usual";

interface Props {
  /** Null: one's own. */
  agent: string | null;
  now: Forward;
  colleagues: readonly Named[];
  queues: readonly Named[];
}

const chosenIn = ({ to, agent, queue }: Forward) => (to === "agent" ? `agent ${agent?.id ?? ""}` : to === "queue" ? `queue ${queue?.id ?? ""}` : to === "outside" ? NUMBER : "nowhere");

function wishOf(key: string): ForwardWish | null {
  const [kind, id] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
  if (key === USUAL) return null;
  return kind === "agent" ? { agent: id } : kind === "queue" ? { queue: id } : {};
}

export function ForwardTo({ agent, now, colleagues, queues }: Props) {
  const { t } = useLingui();
  const [typing, setTyping] = useState(false);
  const change = useMutation({ mutationFn: (to: ForwardWish | null) => forward(agent, to), onSuccess: () => setTyping(false) });
  const value = typing ? NUMBER : chosenIn(now);
  const choose = (key: string) => {
    // The list stays enabled meanwhile: a disabled one throws out whoever chooses by keys.
    if (change.isPending) return;
    setTyping(key === NUMBER);
    change.reset();
    if (key !== NUMBER) change.mutate(wishOf(key));
  };
  return (
    <div className="forwardTo">
      <label className="field">
        <span className="label">
          <Trans>Personal calls go</Trans>
        </span>
        <select className="input" value={value} aria-disabled={change.isPending} onChange={(event) => choose(event.target.value)}>
          <option value="nowhere">{t`Nowhere: they wait as usual`}</option>
          <option value={NUMBER}>{t`To a number outside`}</option>
          {now.chosen && <option value={USUAL}>{t`As the set-up says`}</option>}
          <Group name={t`To a queue`} kind="queue" them={queues} now={now.queue} />
          <Group name={t`To a colleague`} kind="agent" them={colleagues} now={now.agent} />
        </select>
      </label>
      {value === NUMBER && <NumberOutside key={now.number} number={now.number} busy={change.isPending} save={(number) => change.mutate({ number })} />}
      <Refusal error={change.error} />
    </div>
  );
}

/** Whoever is chosen is shown, also where the list has lost them. */
function Group({ name, kind, them, now }: { name: string; kind: string; them: readonly Named[]; now: Named | null }) {
  const shown = now && !them.some((one) => one.id === now.id) ? [now, ...them] : them;
  if (shown.length === 0) return null;
  return (
    <optgroup label={name}>
      {shown.map((one) => (
        <option key={one.id} value={`${kind} ${one.id}`}>
          {one.name}
        </option>
      ))}
    </optgroup>
  );
}

function NumberOutside({ number, busy, save }: { number: string | null; busy: boolean; save: (number: string) => void }) {
  const [typed, type] = useState(number ?? "");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim()) save(typed.trim());
  };
  return (
    <form className="forwardNumber" onSubmit={send}>
      <label className="field">
        <span className="label">
          <Trans>Number</Trans>
        </span>
        <input className="input figures" type="tel" autoComplete="off" maxLength={40} value={typed} onChange={(event) => type(event.target.value)} />
      </label>
      <Button type="submit" isPending={busy} isDisabled={!typed.trim() || typed.trim() === number}>
        <Trans>Save</Trans>
      </Button>
    </form>
  );
}
