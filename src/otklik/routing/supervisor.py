"""A supervisor in somebody else's conversation, as the engine remembers it."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.facts import Joining, TalksTo
from otklik.contact.ids import AgentId, OfferNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where one of these is another, who hears whom is to be said anew."""

    beside: OfferNumber
    """The agent's line."""
    way: Joining
    held: bool
    talks_to: TalksTo
    colleague: bool
    """Somebody who was asked is on the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """One supervisor beside one contact."""

    supervisor: AgentId
    name: str
    way: Joining
    """As the supervisor wishes; while the customer is on hold nobody can barge in, see `supervision.way_now`."""
    since: float
    line: OfferNumber | None = None
    """The supervisor's line that is up."""
    rings: OfferNumber | None = None
    """The one that rings, to be the first or to replace `line`."""
    said: Said | None = None
    """What the last `Supervise` was said for."""

    @property
    def lines(self) -> tuple[OfferNumber, ...]:
        return tuple(each for each in (self.line, self.rings) if each is not None)
