/** The words for what happened to a contact, step by step. They come with the screens that tell it. */
import { useLingui } from "@lingui/react/macro";

import { useWords } from "@/i18n/words";

export function useCourseWords() {
  const { t } = useLingui();
  const { why } = useWords();
  const facts: Record<string, string> = {
    ContactArrived: t`Call arrived`,
    CustomerIdentified: t`Customer recognised`,
    VerbFinished: t`Step of the menu`,
    Answered: t`A database or service answered`,
    ReplySent: t`The scenario answered by mail`,
    ReplyNotSent: t`The scenario's mail has not gone`,
    OnlyACall: t`Only a call can do this, nothing is mailed`,
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
    ParticipantReleased: t`Taken out of the conference`,
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
  const details: Record<string, string> = {
    customer: t`the customer`,
    colleague: t`the colleague`,
    both: t`both`,
    listen: t`listens`,
    whisper: t`whispers`,
    barge: t`talks along`,
    customer_line_poor: t`the customer's line is poor`,
    customer_line_bad: t`the customer's line is bad`,
    customer_line_good: t`the customer's line is well again`,
    agent_line_poor: t`the agent's line is poor`,
    agent_line_bad: t`the agent's line is bad`,
    agent_line_good: t`the agent's line is well again`,
    mail_no_address: t`no mail address was left`,
    mail_unknown: t`no mail server is set up`,
    mail_interrupted: t`it is not known whether it went out`,
    mail_unreadable: t`it is not known whether it went out`,
    mail_too_many: t`this address has had too many mails within 24 hours`,
    mail_secret: t`the password of the mail server is missing`,
    mail_late: t`the mail server did not answer in time`,
    mail_unreachable: t`the mail server cannot be reached`,
    mail_refused: t`the mail server has refused it`,
    on: t`off`,
    off: t`on`,
  };
  const detail = (text: string) => details[text] ?? why(text) ?? text;

  return {
    fact: (kind: string) => facts[kind] ?? facts[kind.replace(/(^|_)([a-z])/g, (_, __, c: string) => c.toUpperCase())] ?? kind,
    /** Who, how, or why. */
    detail,
    /** What a step of the course says beside its name: a cause, a key, a queue. */
    beside: (what: string, text: string) => {
      if (/offer_?failed/i.test(what)) return "";
      if (/verb_?finished|key_?pressed/i.test(what) && /^[\d*#]+$/.test(text)) return t`key ${text}`;
      return detail(text);
    },
  };
}
