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
  const facts: Record<string, string> = {
    ContactArrived: t`Call arrived`,
    CustomerIdentified: t`Customer recognised`,
    VerbFinished: t`Step of the menu`,
    Answered: t`A database or service answered`,
    ContactQueued: t`Joined the queue`,
    ScenarioFinished: t`Served by the scenario`,
    ScenarioPath: t`Way through the scenario`,
    AttributesFound: t`Found out by the scenario`,
    KeyPressed: t`Customer pressed a key`,
    CallPlaced: t`Agent calls`,
    ColleagueCalled: t`Called a colleague`,
    CallAnswered: t`Customer answered our call`,
    CallFailed: t`Customer was not reached`,
    CallbackCancelled: t`Callback cancelled`,
    OutsideAsked: t`Put through outside`,
    ContactSentOutside: t`Transferred to a number outside`,
    OutsideConsulted: t`Asked at a number outside`,
    OutsideAnswered: t`Answered outside`,
    OutsideEnded: t`Line to the outside ended`,
    Offered: t`Offered to an agent`,
    OfferAnswered: t`Agent answered`,
    OfferDeclined: t`Agent declined`,
    OfferExpired: t`Agent did not answer`,
    OfferFailed: t`Agent's line could not be rung`,
    ContactHeld: t`Put on hold`,
    ContactRetrieved: t`Taken off hold`,
    AgentMuted: t`Microphone switched`,
    AgentLegEnded: t`Agent's line ended`,
    RejoinAsked: t`Agent came back into the call`,
    RejoinExpired: t`Agent did not come back`,
    ContactTransferred: t`Transferred`,
    ConsultationAsked: t`Asked a colleague`,
    ConsultationTurned: t`Turned to`,
    ConsultationCompleted: t`Passed on to the colleague`,
    ConsultationCancelled: t`Back to the customer`,
    ContactParked: t`Parked`,
    ContactResumed: t`Taken back by the agent`,
    ContactReturned: t`Returned by a supervisor`,
    CustomerWrote: t`Customer wrote more`,
    ParkingDue: t`Returned at the time set`,
    ContactPulled: t`Picked by the agent`,
    ContactPushed: t`Given by a supervisor`,
    SupervisionStarted: t`Supervisor joined`,
    SupervisionChanged: t`Supervisor went over`,
    SupervisionEnded: t`Supervisor left`,
    ContactTakenOver: t`Taken over by a supervisor`,
    ContactAnsweredFor: t`Supervisor answered for the agent`,
    ContactStopped: t`Supervisor ended the call`,
    WrapUpExtended: t`Wrap-up extended`,
    ContactFinished: t`Agent ended the call`,
    CustomerLeft: t`Customer's line ended`,
    WrapUpFinished: t`Wrap-up saved`,
    WrapUpExpired: t`Wrap-up time ran out`,
    RecordingPaused: t`Recording paused`,
    RecordingResumed: t`Recording resumed`,
    RecordingPauseExpired: t`Pause of the recording ran out`,
    RecordingAsked: t`Recording begun`,
    RecordingStored: t`Recording stored`,
    AnnouncementDue: t`Position announced`,
    LineMeasured: t`Sound`,
    AnswerWritten: t`Answered in writing`,
  };

  const causes: Record<string, string> = {
    hung_up: t`hung up`,
    busy_nowhere: t`nowhere to go`,
    media_lost: t`the sound was lost`,
    node_lost: t`the telephone switch restarted`,
    failed: t`technical failure`,
    lost: t`connection lost`,
    customer: t`the customer`,
    colleague: t`the colleague`,
    both: t`both`,
    listen: t`listens`,
    whisper: t`whispers`,
    barge: t`talks along`,
    timeout: t`no key pressed`,
    busy: t`busy`,
    no_answer: t`no answer`,
    rejected: t`rejected`,
    cancelled: t`ended by us`,
    unallocated: t`no such number`,
    no_line: t`own telephone did not answer`,
    customer_line_poor: t`the customer's line is poor`,
    customer_line_bad: t`the customer's line is bad`,
    customer_line_good: t`the customer's line is well again`,
    agent_line_poor: t`the agent's line is poor`,
    agent_line_bad: t`the agent's line is bad`,
    agent_line_good: t`the agent's line is well again`,
    on: t`off`,
    off: t`on`,
  };

  return {
    /** What a step of the course says beside its name: a cause, a key, a queue. */
    detail: (what: string, text: string) => {
      if (/offer_?failed/i.test(what)) return "";
      if (/verb_?finished|key_?pressed/i.test(what) && /^[\d*#]+$/.test(text)) return t`key ${text}`;
      return causes[text] ?? text;
    },
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
    cause: (cause: string | null) => capital(causes[cause ?? ""] ?? outcomes.unreached),
    stage: (stage: string) => stages[stage] ?? stage,
    fact: (kind: string) => facts[kind] ?? facts[kind.replace(/(^|_)([a-z])/g, (_, __, c: string) => c.toUpperCase())] ?? kind,
    channel: (channel: string) => channels[channel] ?? channel,
    withheld,
    /** Of whom there is neither card nor number. */
    unknown: (channel: string) => (channel in channels ? t`No name given` : withheld),
  };
}

/** What statuses and pauses of the tenant are called; for `useLive`. */
export const statusWords = (state: LiveState): Worded[] => [...state.reasons, ...state.statuses];

export const outcomeTone: Record<Outcome, Tone> = { open: "info", answered: "ok", abandoned: "bad", rejected: "plain", left: "plain", callback_failed: "bad", callback_cancelled: "plain", callback_merged: "info", served: "ok", unreached: "plain", voicemail: "info", outside: "ok", lost: "warn" };
