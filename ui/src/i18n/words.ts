/** The words for states and outcomes, one place for all screens, each with its colour. */
import { useLingui } from "@lingui/react/macro";

import type { AgentState, Direction, LiveState, Outcome, Worded } from "@/api/types";
import type { Tone } from "@/design/Tag";
import { worded } from "@/i18n/format";

export const agentTone: Record<AgentState, Tone> = {
  offline: "plain",
  not_ready: "plain",
  ready: "ok",
  offered: "accent",
  dialling: "info",
  talking: "info",
  held: "warn",
  rejoining: "warn",
  wrap_up: "warn",
};

export const MISSED = "missed";
/** The desk telephone has refused several calls in a row by itself. */
export const REFUSED = "telephone";

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function useWords() {
  const { t } = useLingui();
  const states: Record<AgentState, string> = {
    offline: t`Off shift`,
    not_ready: t`Not ready`,
    ready: t`Ready`,
    offered: t`Ringing`,
    dialling: t`Calling`,
    talking: t`Talking`,
    held: t`On hold`,
    rejoining: t`Reconnecting`,
    wrap_up: t`Wrap-up`,
  };
  const outcomes: Record<Outcome, string> = {
    open: t`In progress`,
    answered: t`Answered`,
    abandoned: t`Abandoned`,
    rejected: t`Turned away`,
    left: t`Left by a key`,
    callback_failed: t`Not reached`,
    callback_cancelled: t`Callback cancelled`,
    callback_merged: t`Called again`,
    served: t`Served by the scenario`,
    unreached: t`Nobody answered`,
    voicemail: t`Left a message`,
    outside: t`Talked outside`,
    lost: t`Lost: technical`,
  };
  const stages: Record<string, string> = { ...states, scenario: t`In the menu`, waiting: t`Waiting`, queued: t`Waiting`, postponed: t`Waits for the next attempt`, parked: t`Parked`, placed: t`Calling out`, outside: t`Outside` };
  const withheld = t`Number withheld`;
  const channels: Record<string, string> = { web: t`Request`, email: t`Mail`, chat: t`Chat`, message: t`Message`, fax: t`Fax`, device: t`Device`, voicemail: t`Voicemail` };
  const causes: Record<string, string> = {
    hung_up: t`hung up`,
    busy_nowhere: t`nowhere to go`,
    media_lost: t`the sound was lost`,
    node_lost: t`the telephone switch restarted`,
    failed: t`technical failure`,
    lost: t`connection lost`,
    timeout: t`no key pressed`,
    busy: t`busy`,
    no_answer: t`no answer`,
    rejected: t`rejected`,
    cancelled: t`ended by us`,
    unallocated: t`no such number`,
    no_line: t`own telephone did not answer`,
  };

  return {
    agentState: (state: AgentState) => states[state],
    /** "Lunch" rather than "Not ready" where a reason is known, "Calls only" rather than "Ready"; `reasons` are `statusWords`. */
    status: (state: AgentState, reason: string | null, reasons: readonly Worded[]) => {
      if ((state !== "not_ready" && state !== "ready") || !reason) return states[state];
      if (reason === MISSED) return t`Missed call`;
      if (reason === REFUSED) return t`The telephone refuses calls`;
      if (reason === "shift") return t`Shift started`;
      return worded(reasons, reason) || states[state];
    },
    outcome: (outcome: Outcome) => outcomes[outcome],
    /** How it ended, and of a call out that reached nobody, why. */
    ended: (row: { outcome: Outcome; failure: string | null; direction: Direction }) => {
      if (row.outcome === "unreached") return capital(causes[row.failure ?? ""] ?? outcomes.unreached);
      return row.outcome === "answered" && row.direction !== "in" ? t`Reached` : outcomes[row.outcome];
    },
    /** In the middle of a sentence; undefined where there is no word for it. */
    why: (cause: string) => causes[cause],
    cause: (cause: string | null) => capital(causes[cause ?? ""] ?? outcomes.unreached),
    stage: (stage: string) => stages[stage] ?? stage,
    channel: (channel: string) => channels[channel] ?? channel,
    withheld,
    /** Of whom there is neither card nor number. */
    unknown: (channel: string) => (channel in channels ? t`No name given` : withheld),
  };
}

/** What statuses and pauses of the tenant are called; for `useLive`. */
export const statusWords = (state: LiveState): Worded[] => [...state.reasons, ...state.statuses];

export const outcomeTone: Record<Outcome, Tone> = { open: "info", answered: "ok", abandoned: "bad", rejected: "plain", left: "plain", callback_failed: "bad", callback_cancelled: "plain", callback_merged: "info", served: "ok", unreached: "plain", voicemail: "info", outside: "ok", lost: "warn" };
