"""How fast a queue is served, as its last answers tell."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`spent`: for each of the last answers the seconds since the one before, times the agents who were at work."""

    queue: QueueId
    answered_at: float | None = None
    spent: tuple[float, ...] = ()
