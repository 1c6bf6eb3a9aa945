"""An agent at work: the status, the contacts in hand, the legal moves of both, and what pages show of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct, structs

from otklik.contact.configuration import Channel
from otklik.contact.forwarding import NOWHERE, Forward
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.contact.phone import Phone
from otklik.contact.working_time import Stretch
from otklik.routing.assignment import Assignment
from otklik.routing.moves import Moves, check_move

REASON_MISSED: Final = "missed"
"""Not ready because an offer was not answered."""
REASON_TELEPHONE: Final = "telephone"
"""Not ready because the desk telephone has refused so many offers in a row."""
REASON_SHIFT: Final = "shift"
"""Not ready because the shift has just begun."""


class AgentStatus(StrEnum):
    """What the agent has chosen, whatever is in hand."""

    OFFLINE = "offline"
    NOT_READY = "not_ready"
    READY = "ready"


class HandState(StrEnum):
    """How one contact in hand stands. A contact that is `OVER` is in hand no more."""

    OFFERED = "offered"
    DIALLING = "dialling"
    TALKING = "talking"
    HELD = "held"
    REJOINING = "rejoining"
    WRAP_UP = "wrap_up"
    OVER = "over"


class AgentState(StrEnum):
    """What pages show: the most pressing of the contacts in hand, or the status where there is none."""

    OFFLINE = "offline"
    NOT_READY = "not_ready"
    READY = "ready"
    OFFERED = "offered"
    DIALLING = "dialling"
    TALKING = "talking"
    HELD = "held"
    REJOINING = "rejoining"
    WRAP_UP = "wrap_up"


_A, _H = AgentStatus, HandState

STATUS_MOVES: Final[Moves[AgentStatus]] = {
    _A.OFFLINE: frozenset({_A.NOT_READY}),
    _A.NOT_READY: frozenset({_A.READY, _A.OFFLINE}),
    _A.READY: frozenset({_A.NOT_READY, _A.OFFLINE}),
}
HAND_MOVES: Final[Moves[HandState]] = {
    _H.OFFERED: frozenset({_H.DIALLING, _H.TALKING, _H.OVER}),
    _H.DIALLING: frozenset({_H.TALKING, _H.OVER}),
    _H.TALKING: frozenset({_H.HELD, _H.REJOINING, _H.WRAP_UP, _H.OVER}),
    _H.HELD: frozenset({_H.TALKING, _H.REJOINING, _H.WRAP_UP, _H.OVER}),
    _H.REJOINING: frozenset({_H.TALKING, _H.HELD, _H.WRAP_UP, _H.OVER}),
    _H.WRAP_UP: frozenset({_H.OVER}),
    _H.OVER: frozenset(),
}
_PRESSING: Final = {_H.OFFERED: 0, _H.REJOINING: 1, _H.DIALLING: 2, _H.TALKING: 3, _H.HELD: 4, _H.WRAP_UP: 5}
"""Smallest first: what the agent has to look at before anything else."""
_SHOWN: Final[dict[AgentStatus | HandState, AgentState]] = {
    each: AgentState(each.value) for each in (*_A, *_H) if each is not _H.OVER
}
_OFFERED: Final = _H.OFFERED
_OVER: Final = _H.OVER
_SHOWN_READY: Final = AgentState.READY
_SHOWN_OFFERED: Final = AgentState.OFFERED


class Hand(Struct, kw_only=True, gc=False):
    """One contact in an agent's hand, from the offer to the end of wrap-up."""

    channel: Channel
    state: HandState
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStatus:
    """What the agent will be after the contacts in hand."""

    status: Literal["ready", "not_ready"]
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class LiveAgent:
    """One agent now. Changed only inside `routing`, through `Centre`; everybody else reads."""

    id: AgentId
    name: str
    queues: dict[QueueId, int]
    """Queue to level (1-10, 10 is best)."""
    status: AgentStatus
    """One chosen during a contact is the agent's at once; it is shown after the last contact in hand. No default: a
    snapshot of before there were statuses is thereby left aside."""
    reason: str | None = None
    """Why not ready; or, ready, the tenant's own status that says for which channels."""
    hands: dict[ContactId, Hand] = field(default_factory=dict)
    """The contacts in hand, in the order they were offered."""
    state: AgentState = AgentState.OFFLINE
    """What pages show; follows from the two above."""
    since: float = 0.0
    """When what is shown last changed."""
    idle_since: float = 0.0
    """When the agent last became ready, or finished a contact; an offer that came to nothing does not change it."""
    reachable: bool = False
    """Is the phone there at which the agent takes calls? Set by `find_phone`, `lose_phone` and `choose_phone`."""
    phone: Phone = "page"
    """At which the agent takes calls."""
    registered: tuple[Phone, ...] = ()
    """The phones that are there, chosen or not."""
    unreachable_at: float | None = None
    """Since when the telephone that was there is gone."""
    refused: int = 0
    """Offers in a row that the desk telephone has refused by itself."""
    handled: int = 0
    """Contacts answered in this shift."""
    shift_at: float | None = None
    """When the shift began; None out of it."""
    busy_seconds: float = 0.0
    """With something in hand, from the answer to the end of wrap-up, in this shift; several at once count once."""
    busy_since: float | None = None
    """When the stretch began that still goes on and is not counted yet."""
    offered_at: float = 0.0
    """The last offer."""
    assignment: Assignment | None = None
    """For this shift, in place of the set-up; `queues` are those of the assignment then."""
    placed: ContactId | None = None
    """The last contact for which the agent called somebody."""
    forward: Forward | None = None
    """Where personal calls go while the agent is away, by the agent's or a supervisor's choice; None: as the set-up says."""
    usual_forward: Forward = NOWHERE
    """The set-up's."""
    leaving: bool = False
    """The shift has ended; offline as soon as the contacts in hand are finished."""
    removed: bool = False
    """No longer in the configuration; forgotten as soon as the contacts in hand are finished."""
    stretch: Stretch | None = None
    """Of the account of working time, the one that goes on; None out of a shift. Kept by `working_time`."""

    @property
    def forwards(self) -> Forward:
        return self.usual_forward if self.forward is None else self.forward

    @property
    def free(self) -> bool:
        return self.state is _SHOWN_READY and self.reachable

    @property
    def pressing(self) -> ContactId | None:
        """The contact in hand that is shown; of several alike, the first that was offered."""
        return min(self.hands, key=lambda contact: _PRESSING[self.hands[contact].state], default=None)

    @property
    def shown_reason(self) -> str | None:
        """Of the status, where that is what pages show."""
        return None if self.hands else self.reason

    @property
    def next(self) -> NextStatus | None:
        """Set where something is in hand and something else than simply ready comes after it."""
        if not self.hands:
            return None
        if self.status is AgentStatus.NOT_READY:
            return NextStatus(status="not_ready", reason=self.reason)
        return NextStatus(status="ready", reason=self.reason) if self.reason is not None else None

    def occupancy(self, now: float) -> float:
        """The busy part of this shift, 0..1."""
        busy = self.busy_seconds + (now - self.busy_since if self.busy_since is not None else 0.0)
        return busy / (now - self.shift_at) if self.shift_at is not None and now > self.shift_at else 0.0

    # moving

    def find_phone(self, phone: Phone = "page") -> None:
        self.registered = (*(each for each in self.registered if each != phone), phone)
        if phone == self.phone:
            self.reachable, self.unreachable_at = True, None

    def lose_phone(self, now: float, phone: Phone | None = None) -> None:
        """None: the one that is used. A number outside is never lost: it is dialled anew each time."""
        lost = phone or self.phone
        self.registered = tuple(each for each in self.registered if each != lost)
        if lost == self.phone and lost != "outside" and self.reachable:
            self.reachable, self.unreachable_at = False, now

    def choose_phone(self, phone: Phone, now: float) -> None:
        self.phone, self.refused = phone, 0
        self.reachable = phone == "outside" or phone in self.registered
        self.unreachable_at = None if self.reachable else now

    def choose(self, status: AgentStatus, now: float, reason: str | None = None) -> None:
        if status is not self.status:
            check_move(STATUS_MOVES, self.status, status)
            self._count_shift(status, now)
            if status is AgentStatus.READY:
                self.idle_since = now
        elif reason == self.reason:
            return
        self.status, self.reason, self.refused = status, reason, 0
        if not self.hands:
            self.state, self.since = _SHOWN[status], now

    def _count_shift(self, status: AgentStatus, now: float) -> None:
        if self.status is AgentStatus.OFFLINE:
            self.shift_at, self.busy_seconds, self.handled = now, 0.0, 0
        if status is AgentStatus.OFFLINE:
            self.shift_at = None

    def take(self, contact: ContactId, channel: Channel, now: float) -> None:
        """It rings at the agent; nothing is more pressing."""
        self.hands[contact] = Hand(channel=channel, state=_OFFERED, since=now)
        if self.state is not _SHOWN_OFFERED:
            self.state, self.since = _SHOWN_OFFERED, now

    def move(self, contact: ContactId, state: HandState, now: float) -> None:
        """`OVER` puts it down."""
        hand = self.hands[contact]
        before = hand.state
        if state not in HAND_MOVES[before]:
            check_move(HAND_MOVES, before, state)
        if state is _OVER:
            del self.hands[contact]
            if before is not _OFFERED:
                self.idle_since = now
                self._count_busy(now)
        else:
            hand.state, hand.since = state, now
            if before is _OFFERED and self.busy_since is None:
                self.busy_since = now
        self._show(now)

    def hand_on(self, before: ContactId, after: ContactId, now: float) -> None:
        """What was the one contact in hand is the other from now on."""
        self.hands = {after if each == before else each: hand for each, hand in self.hands.items()}
        self.hands[after].state, self.hands[after].since = HandState.TALKING, now
        self._show(now)

    def _count_busy(self, now: float) -> None:
        since = self.busy_since
        if since is not None and (not self.hands or all(hand.state is _OFFERED for hand in self.hands.values())):
            self.busy_seconds += now - since
            self.busy_since = None

    def _show(self, now: float) -> None:
        hands = self.hands
        if not hands:
            state = _SHOWN[self.status]
        elif len(hands) == 1:
            (hand,) = hands.values()
            state = _SHOWN[hand.state]
        else:
            state = _SHOWN[min((hand.state for hand in hands.values()), key=_PRESSING.__getitem__)]
        if state is not self.state:
            self.state, self.since = state, now

    def copy(self) -> LiveAgent:
        return replace(
            self, queues=dict(self.queues), hands={each: structs.replace(hand) for each, hand in self.hands.items()}
        )
