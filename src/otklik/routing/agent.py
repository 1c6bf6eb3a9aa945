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
    _S.NOT_READY: frozenset({_S.READY, _S.OFFLINE}),
    _S.READY: frozenset({_S.NOT_READY, _S.OFFERED, _S.OFFLINE}),
    _S.OFFERED: frozenset({_S.TALKING}) | _AFTER_A_CONTACT,
    _S.TALKING: frozenset({_S.HELD, _S.REJOINING, _S.WRAP_UP}) | _AFTER_A_CONTACT,
    _S.HELD: frozenset({_S.TALKING, _S.REJOINING, _S.WRAP_UP}) | _AFTER_A_CONTACT,
    _S.REJOINING: frozenset({_S.TALKING, _S.HELD, _S.WRAP_UP}) | _AFTER_A_CONTACT,
    _S.WRAP_UP: _AFTER_A_CONTACT,
}


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

    def move(self, state: AgentState, now: float, reason: str | None = None) -> None:
        if state is not self.state:
            check_move(AGENT_MOVES, self.state, state)
        elif reason == self.reason:
            return
        if state is AgentState.READY and self.state is not AgentState.OFFERED:
            self.idle_since = now
        self.state, self.reason, self.since = state, reason, now

    def copy(self) -> LiveAgent:
        return replace(self, queues=dict(self.queues))
