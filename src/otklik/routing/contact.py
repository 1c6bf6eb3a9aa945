"""A contact under way: the states, the legal moves, and what the engine remembers of each contact."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from otklik.contact.conference import ALONE, Conference
from otklik.contact.configuration import Channel, Speech
from otklik.contact.facts import CallFailure, TalksTo
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, OfferNumber, QueueId
from otklik.contact.outside_number import OutsideEnd, OutsideNumber
from otklik.contact.quality import LineQuality
from otklik.contact.record import Admission, ConsultationEnd, ContactRecord, Direction, Diversion, Outcome, Segment
from otklik.routing.moves import Moves, check_move
from otklik.routing.supervisor import Supervision
from otklik.routing.taping import UNBROKEN, Tape


class ContactState(StrEnum):
    SCENARIO = "scenario"
    WAITING = "waiting"
    POSTPONED = "postponed"
    """Keeps its place, but is not offered: it waits for the time that was chosen, for the next attempt to call back, or for the
    hours of callbacks."""
    OFFERED = "offered"
    PLACED = "placed"
    """An agent calls, and the own line is rung first; or, of an internal call, the colleague's is rung."""
    DIALLING = "dialling"
    """An agent's line is up, and the customer is being called."""
    TALKING = "talking"
    HELD = "held"
    REJOINING = "rejoining"
    OUTSIDE = "outside"
    """Somebody outside is called by the trunk, or talks to the customer."""
    PARKED = "parked"
    """In writing, and put aside by an agent until the customer writes or a time comes."""
    WRAP_UP = "wrap_up"
    ENDED = "ended"


_S = ContactState
_WRAP_UP: Final = _S.WRAP_UP
_ENDED: Final = _S.ENDED

CONTACT_MOVES: Final[Moves[ContactState]] = {
    _S.SCENARIO: frozenset({_S.WAITING, _S.OUTSIDE, _S.WRAP_UP, _S.ENDED}),
    _S.WAITING: frozenset({_S.SCENARIO, _S.POSTPONED, _S.OFFERED, _S.OUTSIDE, _S.WRAP_UP, _S.ENDED}),
    _S.POSTPONED: frozenset({_S.WAITING, _S.WRAP_UP, _S.ENDED}),
    _S.OFFERED: frozenset({_S.WAITING, _S.DIALLING, _S.TALKING, _S.WRAP_UP, _S.ENDED}),
    _S.PLACED: frozenset({_S.DIALLING, _S.TALKING, _S.ENDED}),
    _S.DIALLING: frozenset({_S.POSTPONED, _S.TALKING, _S.ENDED}),
    _S.TALKING: frozenset({_S.HELD, _S.REJOINING, _S.WAITING, _S.OUTSIDE, _S.PARKED, _S.WRAP_UP, _S.ENDED}),
    _S.HELD: frozenset({_S.TALKING, _S.REJOINING, _S.WAITING, _S.OUTSIDE, _S.WRAP_UP, _S.ENDED}),
    _S.REJOINING: frozenset({_S.TALKING, _S.HELD, _S.WAITING, _S.OUTSIDE, _S.WRAP_UP, _S.ENDED}),
    _S.OUTSIDE: frozenset({_S.SCENARIO, _S.WAITING, _S.WRAP_UP, _S.ENDED}),
    _S.PARKED: frozenset({_S.WAITING, _S.TALKING, _S.WRAP_UP, _S.ENDED}),
    _S.WRAP_UP: frozenset({_S.ENDED}),
    _S.ENDED: frozenset(),
}

QUEUED: Final = frozenset({_S.WAITING, _S.OFFERED})
"""In a queue, not yet with an agent."""
RINGS: Final = frozenset({_S.OFFERED, _S.PLACED})
"""An agent's line is being rung."""
CONVERSATION: Final = frozenset({_S.TALKING, _S.HELD, _S.REJOINING})
"""With an agent, the customer's line still there."""


class WrapUp(Struct, kw_only=True, gc=False):
    """The work of one agent after the own part of a contact, which may go on with others."""

    queue: QueueId | None
    started_at: float
    ends_at: float | None = None
    """None: when the agent says so."""
    taken_by: str = ""
    """The name of the supervisor who took the contact over."""


Key = tuple[float, ContactId]
"""The order of all who wait: the instant that counts as the coming, then the id. A place once taken is kept."""


class LiveCallback(Struct, kw_only=True, gc=False):
    """A customer wants to be called back. `queue` is where that was asked for, and whose rules for it hold."""

    queue: QueueId | None
    asked_at: float
    attempts: int = 0
    """Also the number of the latest one."""
    live: bool = False
    """The latest attempt is not yet known to have ended."""
    number: int = 0
    """Of the timer that counts."""
    due_at: float | None = None
    """When the pause ends that goes on."""
    failure: CallFailure | None = None
    """How the last attempt ended that reached nobody."""
    promised_seconds: float | None = None
    """Until the customer would be called, as it was expected when that was asked for; None where it could not be told."""
    called: str = ""
    """The number that the customer has given; empty: the one that the customer called from."""
    chosen_at: float | None = None
    """The time for which the call was asked; None: when its turn comes."""
    agent: AgentId | None = None
    """Personal: who is tried alone first when its time has come, and for how long."""
    agent_seconds: float = 0.0
    by: str = ""
    """Who asked for it; empty: the customer."""

    @property
    def counted_from(self) -> float:
        """From when on the customer waits for the call."""
        return self.asked_at if self.chosen_at is None else max(self.asked_at, self.chosen_at)


class LiveOutside(Struct, frozen=True, kw_only=True, gc=False):
    """Who is called outside, or talks there: by which attempt, and where the contact comes from."""

    to: OutsideNumber
    number: str
    attempt: int
    answered_at: float | None = None
    step: int = 0
    """Of the scenario that asked for it; 0: none did."""
    block: str = ""
    queued: bool = False
    """It waited in its queue, and does so again if nobody answers."""
    asker: AgentId | None = None
    """The agent who wished it, and to whom the customer comes back if nobody answers."""
    beside: ContactId | None = None
    """The agent talks to them first, in the consultation of this name; the customer is still the agent's."""
    through_at: float | None = None
    """When the agent left the customer with whoever had answered; None: the agent did not, or it still rang."""


class LiveParking(Struct, frozen=True, kw_only=True, gc=False):
    """By whom a contact was put aside, why, and until when at the latest."""

    agent: AgentId
    at: float
    reason: str | None
    returns_at: float
    set: bool
    """The agent chose this time; otherwise it is the latest that the tenant allows."""


NOBODY: Final[Mapping[Any, Any]] = MappingProxyType({})
"""Shared by all contacts, most of which never ring at several agents, are declined, or wrapped up by several."""
_K = TypeVar("_K")
_V = TypeVar("_V")


def without(these: Mapping[_K, _V], key: _K) -> Mapping[_K, _V]:
    if key not in these:
        return these
    if len(these) == 1:
        return NOBODY
    return {each: value for each, value in these.items() if each != key}


class LiveContact(Struct, kw_only=True, gc=False, omit_defaults=True):
    """One contact now. Changed only inside `routing`; everybody else reads.

    A million of them may wait: what a contact has several of is put in place of what was there, never changed, so that
    nothing is kept for the many that have none. None leads back to itself, so the collector need not look at them.
    """

    id: ContactId
    channel: Channel
    entry_point: EntryPointId
    dnis: str
    leg: str
    ani: str | None
    language: str
    arrived_at: float
    state: ContactState = ContactState.SCENARIO
    since: float = 0.0
    stage: ContactState = ContactState.SCENARIO
    """The state, or the last one before the customer's line ended."""
    customer: CustomerId | None = None
    identity_awaited: bool = False
    """It is being looked up who the customer is, and the answer has not come yet."""
    vip: bool = False
    queue: QueueId | None = None
    choices: tuple[str, ...] = ()
    attributes: Mapping[str, str] = NOBODY
    """What its scenarios have found out."""
    words: Mapping[int, str] = NOBODY
    """What the customer said, by the step that heard it: what attributes have places for. In no snapshot (docs/adr/0058)."""
    said_in: ContactId | None = None
    """Of a message: the call whose steps those are."""
    path: tuple[str, ...] = ()
    """The blocks of scenarios that it went through."""
    queued_at: float | None = None
    place: float | None = None
    """`queued_at - worth_seconds - adjustment_seconds`, as they were when the place was taken."""
    worth_seconds: float = 0.0
    """What the priority is worth in waiting."""
    adjustment_seconds: float = 0.0
    requires: str = ""
    """What the contact itself asks of an agent; empty where that could not be read."""
    manager: AgentId | None = None
    entered_at: float | None = None
    """When it came to this queue; the rings count from here."""
    ring: int = 0
    """How many rings of the queue have been reached."""
    ring_number: int = 0
    """Number of the ring timer that counts."""
    pinned: AgentId | None = None
    """The one agent who is tried alone now."""
    tries: tuple[tuple[AgentId, float], ...] = ()
    """Who is tried alone after that, and for how many seconds."""
    forwarded: tuple[AgentId, ...] = ()
    """Whose forwarding does not count for it any more: it has been led on from them, or they have passed it on."""
    meant_for: AgentId | None = None
    """For whom it was, where it has been led on to somebody else."""
    merely_last: AgentId | None = None
    """Tried alone only because the customer talked to them last: nothing there is personal, and no forwarding of theirs counts."""
    pin_number: int = 0
    pin_expires_at: float | None = None
    agent: AgentId | None = None
    """Who is offered it or talks, or did so last and is in wrap-up; None otherwise."""
    talker: AgentId | None = None
    """The last agent who talked to the customer."""
    offer: OfferNumber = OfferNumber(0)
    """The last number given out."""
    ringing: Mapping[AgentId, OfferNumber] = NOBODY
    """All agents at whom it rings, if it may ring at several; `agent` is the first of them."""
    line: OfferNumber | None = None
    """The offer whose line is connected, or was before the rejoining that goes on."""
    rejoin: OfferNumber | None = None
    """The offer that rings to replace `line`."""
    held: bool = False
    muted: bool = False
    music: bool = False
    """`PlayMusic` was decided and nothing since has ended it."""
    declined: Mapping[AgentId, OfferNumber] = NOBODY
    """Agents who refused it and are not asked again until `DeclineLapsed`."""
    offered_at: float | None = None
    offer_expires_at: float | None = None
    answered_at: float | None = None
    hold_since: float | None = None
    promised_seconds: float | None = None
    """The wait that was expected when it came to its first queue; None where that could not be told."""
    announcement: int = 0
    """Number of the announcement timer that counts; older ones change nothing."""
    announcing: bool = False
    ended_at: float | None = None
    outcome: Outcome = "open"
    wrap_ups: Mapping[AgentId, WrapUp] = NOBODY
    """Whoever is in wrap-up of it now: the last agent, and those who passed it on."""
    wrap_up_seconds: float = 0.0
    disposition: str | None = None
    recording_key: str | None = None
    recording_seconds: float | None = None
    recording_attempt: int = 0
    """Of which line it is, where the customer was called back."""
    tape: Tape = UNBROKEN
    lines: tuple[LineQuality, ...] = ()
    """How the customer's line and those of agents were; each once."""
    segments: tuple[Segment, ...] = ()
    admission: Admission | None = None
    """By which entry rule it came in; None for contacts of earlier versions."""
    consultation: ContactId | None = None
    """What the agent asks a colleague now, a contact beside this one."""
    talks_to: TalksTo = "customer"
    """While a consultation is on: whom the agent talks to."""
    consulted: ConsultationEnd | None = None
    """How the last consultation ended, until the agent goes on with the customer."""
    came_from: tuple[ContactId, OfferNumber] | None = None
    """The consultation and the offer that `line` was rung for, where a colleague has it."""
    conference: Conference = ALONE
    """Who was asked before and is in the conversation."""
    consults: ContactId | None = None
    """Set: this is no customer's contact but a consultation about that one."""
    asker: AgentId | None = None
    """Of a consultation: who asks."""
    sought: tuple[QueueId | None, AgentId | None, float] = (None, None, 0.0)
    """Of a consultation: whom it asks for, and for how many seconds one agent alone."""
    supervisors: tuple[Supervision, ...] = ()
    """Who listens, whispers, or talks with both."""
    limit_number: int = 0
    """Number of the limit timer that counts."""
    diversions: tuple[Diversion, ...] = ()
    """How it was sent out of queues, and why."""
    turned_away: Speech | None = None
    """What is said to it in place of waiting on."""
    callback: LiveCallback | None = None
    away: bool = False
    """The customer's line is gone, and the customer is to be called back."""
    parking: LiveParking | None = None
    left_voicemail: bool = False
    """A message of its caller waits as a contact of its own."""
    placed_by: AgentId | None = None
    """Set: no customer came, but this agent called one. `callback` then counts the one attempt."""
    colleague: AgentId | None = None
    """Set: no customer is called, but this colleague, whose side of it is `consultation`."""
    outside: LiveOutside | None = None
    outside_end: OutsideEnd | None = None
    """Why the last one whom an agent called outside was not talked to, or that they have gone, until the agent goes on."""
    outside_attempts: int = 0
    """How many times somebody outside was called; also the number of the latest."""
    outside_step: int = 0
    """Of the scenario that asked for it last; what it asks again has been answered."""
    scenario_steps: int = 0
    """Where the steps of the scenario it was last sent back into begin."""
    steps: int = 0
    """How many steps of scenarios have been told of it: for those who watch its course."""

    @property
    def refusal(self) -> Speech | None:
        """What is said to one whom an entry rule or a queue turned away."""
        return self.turned_away or (self.admission.to.reject if self.admission is not None else None)

    @property
    def rejecting(self) -> bool:
        """It was turned away, and is being told so."""
        return self.turned_away is not None or (self.admission is not None and self.admission.to.reject is not None)

    @property
    def talked_outside(self) -> bool:
        return self.outside_attempts > 0 and any(each.kind == "outside" for each in self.segments)

    @property
    def connected_line(self) -> OfferNumber:
        return self.line if self.line is not None else self.offer

    @property
    def to_be_called(self) -> bool:
        """A callback that is not over and has not come to a talk."""
        called = self.away or self.state in (_S.POSTPONED, _S.DIALLING)
        return self.callback is not None and called and self.open and self.placed_by is None

    @property
    def direction(self) -> Direction:
        if self.placed_by is None:
            return "in"
        return "out" if self.colleague is None else "internal"

    @property
    def called_number(self) -> str:
        """At which the customer is called, or would be; empty: none is known."""
        return (self.callback.called if self.callback is not None else "") or self.ani or ""

    @property
    def parting(self) -> Outcome:
        """What it is counted as when it is over for being turned away."""
        return "left" if self.diversions and self.diversions[-1].reason == "key" else "rejected"

    @property
    def key(self) -> Key:
        if self.place is None:
            return (self.arrived_at if self.queued_at is None else self.queued_at, self.id)
        return (self.place, self.id)

    def offer_to(self, agent: AgentId) -> OfferNumber | None:
        """The offer that rings at this agent."""
        if self.state not in RINGS:
            return None
        if self.ringing:
            return self.ringing.get(agent)
        return self.offer if agent == self.agent else None

    def number_for(self, agent: AgentId | None) -> OfferNumber:
        """The number of this agent's line: the one that rings, or talks, or else the last given out."""
        if self.state in (ContactState.TALKING, ContactState.HELD) and self.rejoin is None and self.line is not None:
            return self.line
        return (self.offer_to(agent) if agent is not None else None) or self.offer

    @property
    def open(self) -> bool:
        """The customer's line is there; wrap-up comes after it."""
        return self.ended_at is None

    def move(self, state: ContactState, now: float) -> None:
        before = self.state
        if state not in CONTACT_MOVES[before]:
            check_move(CONTACT_MOVES, before, state)
        self.state, self.since = state, now
        if state is not _WRAP_UP and state is not _ENDED:
            self.stage = state

    def begin(self, segment: Segment) -> None:
        """Close the open segment, if any, and open this one."""
        self.close(segment.started_at)
        self.segments += (segment,)

    def close(self, now: float) -> None:
        if self.hold_since is not None:
            self.count_hold(now)
        segments = self.segments
        if segments and segments[-1].ended_at is None:
            self.segments = segments[:-1] + (replace(segments[-1], ended_at=now),)

    def count_hold(self, now: float) -> None:
        """Add the hold that lasts until now to the open segment."""
        if self.hold_since is None:
            return
        last = self.segments[-1]
        held = replace(last, held_seconds=last.held_seconds + now - self.hold_since)
        self.segments = (*self.segments[:-1], held)
        self.hold_since = None

    def close_part(self, agent: AgentId, seconds: float, disposition: str | None) -> None:
        """What came of this agent's part, and how long its wrap-up was. It is the contact's own outcome, too, as long as
        nobody has talked to the customer since."""
        self.wrap_up_seconds += seconds
        if disposition is not None and self.talker == agent:
            self.disposition = disposition
        number = self._last_part(agent)
        if number is not None:
            segments = self.segments
            part = segments[number]
            worked = part.wrap_up_seconds + seconds
            closed = replace(part, wrap_up_seconds=worked, disposition=disposition or part.disposition)
            self.segments = segments[:number] + (closed,) + segments[number + 1 :]

    def awaits_outcome(self, agent: AgentId) -> bool:
        """Is this agent's last part over, and its outcome not yet said?"""
        number = self._last_part(agent)
        if number is None:
            return False
        part = self.segments[number]
        return part.ended_at is not None and part.disposition is None

    def part_queue(self, agent: AgentId) -> QueueId | None:
        """Of this agent's last part."""
        number = self._last_part(agent)
        return self.segments[number].queue if number is not None else None

    def _last_part(self, agent: AgentId) -> int | None:
        segments, number = self.segments, len(self.segments)
        while number:
            number -= 1
            if (segment := segments[number]).agent == agent and segment.kind == "agent":
                return number
        return None

    def copy(self) -> LiveContact:
        return replace(
            self,
            callback=replace(self.callback) if self.callback is not None else None,
            wrap_ups={agent: replace(wrap_up) for agent, wrap_up in self.wrap_ups.items()} or NOBODY,
        )

    def record(self) -> ContactRecord:
        """As history sees it. A stretch that still goes on counts zero seconds until it ends."""
        held = sum(segment.held_seconds for segment in self.segments)
        called_back = self.callback if self.placed_by is None else None
        return ContactRecord(
            contact=self.id,
            channel=self.channel,
            entry_point=self.entry_point,
            dnis=self.dnis,
            leg=self.leg,
            ani=self.ani,
            arrived_at=self.arrived_at,
            queued_at=self.queued_at,
            answered_at=self.answered_at,
            ended_at=self.ended_at,
            outcome=self.outcome,
            stage=self.stage.value,
            customer=self.customer,
            queue=self.queue,
            agent=self.talker or self.placed_by,
            choices=self.choices,
            wait_seconds=self._seconds("queue"),
            talk_seconds=max(0.0, self._seconds("agent") + self._seconds("internal") - held),
            hold_seconds=held,
            wrap_up_seconds=self.wrap_up_seconds,
            disposition=self.disposition,
            recording_key=self.recording_key,
            recording_seconds=self.recording_seconds,
            segments=self.segments,
            recording_silences=self.tape.silences,
            entry_rule=self.admission.rule if self.admission else None,
            parked_seconds=self._seconds("parked"),
            promised_seconds=self.promised_seconds,
            callback_seconds=self._seconds("callback") if called_back is not None else None,
            callback_attempts=called_back.attempts if called_back is not None else None,
            callback_promised_seconds=called_back.promised_seconds if called_back is not None else None,
            callback_at=called_back.chosen_at if called_back is not None else None,
            direction=self.direction,
            colleague=self.colleague,
            dialling_seconds=self._seconds("dialling"),
            outside_seconds=self._seconds("outside"),
            failure=self.callback.failure if self.callback is not None and self.placed_by is not None else None,
            lines=self.lines,
            line_mos=min((line.mos for line in self.lines), default=None),
        )

    def _seconds(self, kind: str) -> float:
        return sum(s.ended_at - s.started_at for s in self.segments if s.kind == kind and s.ended_at is not None)
