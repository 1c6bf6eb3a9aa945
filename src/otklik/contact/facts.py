"""What happened. Frozen, past tense; the event log is a sequence of these, and nothing else changes the engine.

A fact that comes late or twice changes nothing: facts about an offer carry its number, timers carry what they were
set for. Times are not in the facts: the log and `handle(fact, now)` carry them beside.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.answering import AnswerWritten as AnswerWritten
from otklik.contact.assigning import AssigningFact
from otklik.contact.calling import CallFailure as CallFailure
from otklik.contact.calling import CallPlaced as CallPlaced
from otklik.contact.calling import ColleagueCalled as ColleagueCalled
from otklik.contact.calling_back import CallbackAsked as CallbackAsked
from otklik.contact.calling_back import CallbackMoved as CallbackMoved
from otklik.contact.conference import ParticipantReleased as ParticipantReleased
from otklik.contact.configuration import Channel, Configuration
from otklik.contact.forwarding import AgentForwarded as AgentForwarded
from otklik.contact.handler import HandlerFact as HandlerFact
from otklik.contact.identifying import CustomerIdentified as CustomerIdentified
from otklik.contact.identifying import CustomerNotFound as CustomerNotFound
from otklik.contact.identifying import IdentificationExpired as IdentificationExpired
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, QueueId
from otklik.contact.notice import NoticeFact
from otklik.contact.outside import Answered as Answered
from otklik.contact.outside_number import ByAgentOutside
from otklik.contact.outside_number import OutsideFact as OutsideFact
from otklik.contact.parked import ContactParked as ContactParked
from otklik.contact.parked import ContactResumed as ContactResumed
from otklik.contact.parked import ContactReturned as ContactReturned
from otklik.contact.parked import CustomerWrote as CustomerWrote
from otklik.contact.parked import ParkingDue as ParkingDue
from otklik.contact.phone import Phone
from otklik.contact.phone import PhoneChosen as PhoneChosen
from otklik.contact.quality import LineMeasured as LineMeasured
from otklik.contact.queued import ContactQueued as ContactQueued
from otklik.contact.queued import ScenarioFinished as ScenarioFinished
from otklik.contact.recording import RecordingFact
from otklik.contact.recording import RecordingStored as RecordingStored
from otklik.contact.supervising import ContactAnsweredFor as ContactAnsweredFor
from otklik.contact.supervising import ContactStopped as ContactStopped
from otklik.contact.supervising import ContactTakenOver as ContactTakenOver
from otklik.contact.supervising import Joining as Joining
from otklik.contact.supervising import SupervisionChanged as SupervisionChanged
from otklik.contact.supervising import SupervisionEnded as SupervisionEnded
from otklik.contact.supervising import SupervisionStarted as SupervisionStarted
from otklik.contact.verb import VerbFinished as VerbFinished
from otklik.contact.voicemail import Voicemail
from otklik.contact.watching import AlertAcknowledged as AlertAcknowledged
from otklik.contact.watching import AlertFact as AlertFact
from otklik.contact.watching import AlertOver as AlertOver
from otklik.contact.watching import AlertRaised as AlertRaised

LeaveCause = Literal["hung_up", "busy_nowhere", "media_lost", "node_lost", "failed"]
"""hung_up: the customer left; media_lost: no sound for too long; node_lost: the telephone switch died."""


class Configured(Struct, frozen=True, kw_only=True, gc=False):
    """The tenant's set-up from now on. Contacts and agents keep their state."""

    configuration: Configuration


class IncidentSwitched(Struct, frozen=True, kw_only=True, gc=False):
    """The incident switch of an entry point (None: of the tenant) was set; holds until it is set otherwise. Set on while it is on it
    changes what is said."""

    on: bool
    entry_point: EntryPointId | None = None
    by: str = ""
    """The id of the person."""
    repaired_by: float | None = None
    """When it is expected to be over; Unix seconds."""
    texts: dict[str, str] = {}
    """By language: what callers are told beside the time."""


class ContactArrived(Struct, frozen=True, kw_only=True, gc=False):
    """A customer is there; the contact exists from this moment. `leg` is the adapter's name of the customer's line."""

    contact: ContactId
    channel: Channel
    entry_point: EntryPointId
    dnis: str
    leg: str
    ani: str | None = None
    """Number calling, E.164 where it can be told; personal data: kept beside the log, never in its body."""
    identity_follows: bool = False
    """It is being looked up who this is: `CustomerIdentified` or `CustomerNotFound` is to be waited for, for a short while."""
    voicemail: Voicemail | None = None
    """Nobody came: a message was left for a queue, and waits there in place of its caller."""
    request: dict[str, str] = {}
    """What the form of a written request has brought beside its text, where scenarios serve any; personal data, as `ani`."""


class CustomerLeft(Struct, frozen=True, kw_only=True, gc=False):
    """The customer's line is gone, at whatever stage."""

    contact: ContactId
    cause: LeaveCause
    attempt: int = 0
    """Of the customer who was called back: the line of which attempt. 0: the line on which the contact came."""


class ShiftStarted(Struct, frozen=True, kw_only=True, gc=False):
    """The agent began to work; not ready until `StatusChosen`."""

    agent: AgentId


class ShiftEnded(Struct, frozen=True, kw_only=True, gc=False):
    """The agent went home (or the session ended). A contact in hand is first finished, then the agent is offline."""

    agent: AgentId
    by: str = ""
    """The supervisor who sent the agent off; empty: nobody did."""


class AgentReachable(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's phone is registered: the page's, or that on the desk."""

    agent: AgentId
    phone: Phone = "page"


class AgentUnreachable(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's phone has been gone for longer than a page reload takes."""

    agent: AgentId
    phone: Phone = "page"


class StatusChosen(Struct, frozen=True, kw_only=True, gc=False):
    """The agent chose a status. With something in hand it counts at once for what is offered, and is shown afterwards."""

    agent: AgentId
    status: Literal["ready", "not_ready"]
    reason: str | None = None
    """Not ready: why. Ready: a status of the tenant's that takes some channels only; None: all."""
    by: str = ""
    """The supervisor who set it; empty: the agent's own choice."""


class OfferAnswered(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's line answered the offer."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class OfferDeclined(Struct, frozen=True, kw_only=True, gc=False):
    """The agent refused; the contact keeps its place and is not offered to this agent for a while."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    telephone: bool = False
    """The desk telephone itself refused: by its button, or because it takes no calls now."""


class OfferExpired(Struct, frozen=True, kw_only=True, gc=False):
    """Nobody answered in time (RONA): the contact keeps its place, the agent becomes not ready. A timer."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class OfferFailed(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's line could not be rung at all: unreachable, not a missed call. At a number outside it may also be that nobody
    has taken the call there, which is missed."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    cause: str


class AgentLegEnded(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's line of this contact is gone: hung up on purpose, or lost (page closed, network)."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    cause: Literal["hung_up", "lost"]


class RejoinAsked(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's page came back in mid-call without its line and asks for it again."""

    contact: ContactId
    agent: AgentId


class RejoinExpired(Struct, frozen=True, kw_only=True, gc=False):
    """The agent did not come back in time: the contact returns to its queue with its old place. A timer."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class ContactHeld(Struct, frozen=True, kw_only=True, gc=False):
    """The agent put the customer on hold."""

    contact: ContactId
    agent: AgentId


class ContactRetrieved(Struct, frozen=True, kw_only=True, gc=False):
    """The agent took the customer back from hold."""

    contact: ContactId
    agent: AgentId


class AgentMuted(Struct, frozen=True, kw_only=True, gc=False):
    """The agent's microphone was switched."""

    contact: ContactId
    agent: AgentId
    muted: bool


class ContactFinished(Struct, frozen=True, kw_only=True, gc=False):
    """The agent ended the conversation from the desk."""

    contact: ContactId
    agent: AgentId


class WrapUpFinished(Struct, frozen=True, kw_only=True, gc=False):
    """The agent saved the outcome. The note is personal data and stands in the contact's row, not here."""

    contact: ContactId
    agent: AgentId
    disposition: str | None = None


class WrapUpExpired(Struct, frozen=True, kw_only=True, gc=False):
    """Wrap-up lasted as long as the queue allows. A timer."""

    contact: ContactId
    agent: AgentId


class WrapUpExtended(Struct, frozen=True, kw_only=True, gc=False):
    """The agent asked for more time after the contact; refused at the queue's limit."""

    contact: ContactId
    agent: AgentId


class AnnouncementDue(Struct, frozen=True, kw_only=True, gc=False):
    """It is time to tell a waiting customer the place in the queue. A timer; `number` counts from 1."""

    contact: ContactId
    number: int


class DeclineLapsed(Struct, frozen=True, kw_only=True, gc=False):
    """A declined contact may be offered to this agent again. A timer."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class RingDue(Struct, frozen=True, kw_only=True, gc=False):
    """The queue asks less of an agent from now on. A timer; `number` tells it from those set before."""

    contact: ContactId
    ring: int
    number: int


class LimitDue(Struct, frozen=True, kw_only=True, gc=False):
    """The contact has been in its queue for as long as a limit or an overflow says. A timer; `number` tells it from those
    set before."""

    contact: ContactId
    number: int


class PinExpired(Struct, frozen=True, kw_only=True, gc=False):
    """One agent was tried alone for long enough. A timer; `number` counts the agents tried for this contact."""

    contact: ContactId
    agent: AgentId
    number: int


class ContactPulled(Struct, frozen=True, kw_only=True, gc=False):
    """The agent picked a waiting contact; refused if it waits no more or the agent may not take it."""

    contact: ContactId
    agent: AgentId


class ContactPushed(Struct, frozen=True, kw_only=True, gc=False):
    """A supervisor gave a waiting contact to an agent, whatever the agent's skills."""

    contact: ContactId
    agent: AgentId
    by: str


class ContactTransferred(Struct, frozen=True, kw_only=True, gc=False):
    """The agent passed the contact on without asking: to a queue, or to an agent who is tried alone first."""

    contact: ContactId
    agent: AgentId
    to_queue: QueueId | None = None
    to_agent: AgentId | None = None
    agent_seconds: float = 30.0


TalksTo = Literal["customer", "colleague", "both"]
"""Whom the agent who asks talks to; who is left out hears music."""


class ConsultationAsked(Struct, frozen=True, kw_only=True, gc=False):
    """The agent asks a colleague before passing the contact on: the customer hears music, and `consultation`, a contact
    of its own, looks for an agent of the queue, or for this one agent."""

    contact: ContactId
    agent: AgentId
    consultation: ContactId
    to_queue: QueueId | None = None
    to_agent: AgentId | None = None
    agent_seconds: float = 30.0
    conference: bool = False
    """Whoever was asked before and is in the conversation stays in it."""


class ConsultationTurned(Struct, frozen=True, kw_only=True, gc=False):
    """The agent who asks turns to the customer, to the colleague, or brings all three together."""

    contact: ContactId
    agent: AgentId
    talks_to: TalksTo


class ConsultationCompleted(Struct, frozen=True, kw_only=True, gc=False):
    """The agent passes the customer on to the colleague, or, if nobody has answered yet, to where the colleague was sought."""

    contact: ContactId
    agent: AgentId


class ConsultationCancelled(Struct, frozen=True, kw_only=True, gc=False):
    """The agent goes on with the customer, without the colleague."""

    contact: ContactId
    agent: AgentId


class KeyPressed(Struct, frozen=True, kw_only=True, gc=False):
    """A customer who hears music or an announcement pressed a key: one of 0-9, *, # and A-D. Twice is two presses."""

    contact: ContactId
    key: str


class CallsOutChanged(Struct, frozen=True, kw_only=True, gc=False):
    """There is a trunk for calls out now, or there is none any more. Without a word of it there is one."""

    possible: bool


class CallAnswered(Struct, frozen=True, kw_only=True, gc=False):
    """The customer who is called, or called back, has answered. Late: the line is closed."""

    contact: ContactId
    attempt: int


class CallFailed(Struct, frozen=True, kw_only=True, gc=False):
    """An attempt to call the customer has ended without an answer; there is no line of it any more."""

    contact: ContactId
    attempt: int
    cause: CallFailure


class CallbackDue(Struct, frozen=True, kw_only=True, gc=False):
    """The chosen time has come, the pause after an attempt is over, or the hours of callbacks begin or end. A timer; `number` as
    in `RingDue`."""

    contact: ContactId
    number: int


class CallbackExpired(Struct, frozen=True, kw_only=True, gc=False):
    """The customer was to be called back by now. A timer."""

    contact: ContactId


class CallbackCancelled(Struct, frozen=True, kw_only=True, gc=False):
    """A supervisor (`by`) cancelled a callback; refused once the customer is being called."""

    contact: ContactId
    by: str


Fact = (
    Configured
    | IncidentSwitched
    | ContactArrived
    | CustomerIdentified
    | CustomerNotFound
    | IdentificationExpired
    | VerbFinished
    | Answered
    | ContactQueued
    | ScenarioFinished
    | CustomerLeft
    | RecordingStored
    | RecordingFact
    | LineMeasured
    | ShiftStarted
    | ShiftEnded
    | AgentReachable
    | AgentUnreachable
    | StatusChosen
    | PhoneChosen
    | AgentForwarded
    | OfferAnswered
    | OfferDeclined
    | OfferExpired
    | OfferFailed
    | AgentLegEnded
    | RejoinAsked
    | RejoinExpired
    | ContactHeld
    | ContactRetrieved
    | AgentMuted
    | ContactFinished
    | WrapUpFinished
    | WrapUpExpired
    | AnnouncementDue
    | DeclineLapsed
    | RingDue
    | PinExpired
    | WrapUpExtended
    | ContactPulled
    | ContactPushed
    | ContactTransferred
    | LimitDue
    | ConsultationAsked
    | ConsultationTurned
    | ConsultationCompleted
    | ConsultationCancelled
    | ParticipantReleased
    | KeyPressed
    | CallsOutChanged
    | SupervisionStarted
    | SupervisionChanged
    | SupervisionEnded
    | ContactTakenOver
    | ContactAnsweredFor
    | ContactStopped
    | CallPlaced
    | ColleagueCalled
    | CallAnswered
    | CallFailed
    | CallbackDue
    | CallbackExpired
    | CallbackCancelled
    | CallbackAsked
    | CallbackMoved
    | ContactParked
    | ContactResumed
    | ContactReturned
    | CustomerWrote
    | AnswerWritten
    | ParkingDue
    | AlertFact
    | HandlerFact
    | NoticeFact
    | AssigningFact
    | OutsideFact
    | ByAgentOutside
)
