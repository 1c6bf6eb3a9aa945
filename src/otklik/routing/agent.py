"""An agent at work: the states, the legal moves, and what the engine remembers of each agent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing.moves import Moves, check_move

REASON_MISSED: Final = "missed"
"""Not ready because an offer was not answered."""
REASON_SHIFT: Final = "shift"
"""Not ready because the shift has just begun."""


class AgentState(StrEnum):
    OFFLINE = "offline"
    NOT_READY = "not_ready"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    HELD = "held"
    REJOINING = "rejoining"
    WRAP_UP = "wrap_up"


_S = AgentState
_AFTER_A_CONTACT: Final = frozenset({_S.READY, _S.NOT_READY, _S.OFFLINE})

AGENT_MOVES: Final[Moves[AgentState]] = {
    _S.OFFLINE: frozenset({_S.NOT_READY}),
    _S.NOT_READY: frozenset({_S.READY, _S.OFFERED, _S.OFFLINE}),
    _S.READY: frozenset({_S.NOT_READY, _S.OFFERED, _S.OFFLINE}),
    _S.OFFERED: frozenset({_S.TALKING}) | _AFTER_A_CONTACT,
    _S.TALKING: frozenset({_S.HELD, _S.REJOINING, _S.WRAP_UP}) | _AFTER_A_CONTACT,
    _S.HELD: frozenset({_S.TALKING, _S.REJOINING, _S.WRAP_UP}) | _AFTER_A_CONTACT,
    _S.REJOINING: frozenset({_S.TALKING, _S.HELD, _S.WRAP_UP}) | _AFTER_A_CONTACT,
    _S.WRAP_UP: _AFTER_A_CONTACT,
}

BUSY: Final = frozenset({_S.TALKING, _S.HELD, _S.REJOINING, _S.WRAP_UP})
"""What counts as work for a contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStatus:
    """What the agent will be after the contact in hand."""

    status: Literal["ready", "not_ready"]
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class LiveAgent:
    """One agent now. Changed only inside `routing`; everybody else reads."""

    id: AgentId
    name: str
    queues: dict[QueueId, int]
    """Queue to level (1-10, 10 is best)."""
    state: AgentState = AgentState.OFFLINE
    reason: str | None = None
    since: float = 0.0
    """When the state or the reason last changed."""
    idle_since: float = 0.0
    """When the agent last became ready; an offer that came to nothing does not change it."""
    reachable: bool = False
    handled: int = 0
    """Contacts answered in this shift."""
    shift_at: float | None = None
    """When the shift began; None out of it."""
    busy_seconds: float = 0.0
    """From the answer to the end of wrap-up, in this shift, without the contact in hand."""
    offered_at: float = 0.0
    """The last offer."""
    contact: ContactId | None = None
    """The contact in hand, from the offer to the end of wrap-up."""
    next: NextStatus | None = None
    leaving: bool = False
    """The shift has ended; offline as soon as the contact in hand is finished."""
    removed: bool = False
    """No longer in the configuration; forgotten as soon as the contact in hand is finished."""

    @property
    def free(self) -> bool:
        return self.state is AgentState.READY and self.reachable

    def occupancy(self, now: float) -> float:
        """The busy part of this shift, 0..1."""
        busy = self.busy_seconds + (now - self.since if self.state in BUSY else 0.0)
        return busy / (now - self.shift_at) if self.shift_at is not None and now > self.shift_at else 0.0

    def move(self, state: AgentState, now: float, reason: str | None = None) -> None:
        if state is not self.state:
            if state not in AGENT_MOVES[self.state]:
                check_move(AGENT_MOVES, self.state, state)
            self._count(state, now)
        elif reason == self.reason:
            return
        if state is AgentState.READY and self.state is not AgentState.OFFERED:
            self.idle_since = now
        self.state, self.reason, self.since = state, reason, now

    def _count(self, state: AgentState, now: float) -> None:
        if self.state in BUSY:
            self.busy_seconds += now - self.since
        elif self.state is AgentState.OFFLINE:
            self.shift_at, self.busy_seconds, self.handled = now, 0.0, 0
        if state is AgentState.OFFLINE:
            self.shift_at = None

    def copy(self) -> LiveAgent:
        return replace(self, queues=dict(self.queues))
