"""How fast a queue is served, as its last answers tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from otklik.contact.ids import QueueId

Kept = tuple[float, float | None]
"""Seconds that somebody waited, and what had been promised; None: nothing could be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """How the waits promised to the last customers of a queue stand against what happened."""

    count: int
    within: float
    """The share of those who did not wait longer than was promised, 0 to 1."""
    error_seconds: float
    """On average they waited so much longer than was promised; negative: shorter."""
    off_seconds: float
    """By so much the promise was wrong on average, in either direction."""


def promises(kept: Sequence[Kept]) -> Promises | None:
    """None where nothing was promised."""
    errors = [waited - promised for waited, promised in kept if promised is not None]
    if not errors:
        return None
    return Promises(
        count=len(errors),
        within=sum(error <= 0 for error in errors) / len(errors),
        error_seconds=sum(errors) / len(errors),
        off_seconds=sum(map(abs, errors)) / len(errors),
    )


class Pace(Struct, frozen=True, kw_only=True, gc=False):
    """`spent`: for each of the last answers the seconds since the one before, times the agents who were at work."""

    queue: QueueId
    answered_at: float | None = None
    spent: tuple[float, ...] = ()
    served: tuple[Kept, ...] = ()
    """The last who were answered, on the line and for the first time."""
    called: tuple[Kept, ...] = ()
    """The last who were to be called back, by the first attempt, from the moment they had asked for it."""
