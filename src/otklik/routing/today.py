"""How each queue has been served today: answered, answered in time, given up, the longest wait. Kept always, and begun anew
at midnight where the centre is: in the time zone of its first entry point.

What counts, and how long it has waited, is as `serving` says; whoever gave up sooner than `SHORT_SECONDS` counts nowhere.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from otklik.contact.configuration import Configuration
from otklik.contact.ids import QueueId
from otklik.routing.hours import wall, zone

SHORT_SECONDS: Final = 5.0


class Today(Struct, frozen=True, kw_only=True, gc=False):
    """One queue's day; there is none before the first contact of it."""

    queue: QueueId
    ends_at: float
    """The next midnight: from then on it is of yesterday."""
    answered: int = 0
    in_time: int = 0
    """Of the answered: after a wait of at most the queue's `level_within_seconds`."""
    abandoned: int = 0
    longest_seconds: float = 0.0
    """Of those who were answered or gave up."""


def counted(
    before: Today | None,
    queue: QueueId,
    configuration: Configuration,
    now: float,
    wait: float,
    answered: bool,
    within: float,
) -> Today:
    """The day with one contact more that has left the queue."""
    if before is None or now >= before.ends_at:
        before = Today(queue=queue, ends_at=midnight(configuration, now))
    if not answered and wait < SHORT_SECONDS:
        return before
    return replace(
        before,
        answered=before.answered + answered,
        in_time=before.in_time + (answered and wait <= within),
        abandoned=before.abandoned + (not answered),
        longest_seconds=max(before.longest_seconds, wait),
    )


def midnight(configuration: Configuration, now: float) -> float:
    """The next one after `now`."""
    time_zone = next((each.time_zone for each in configuration.entry_points), "UTC")
    tomorrow = wall(now, time_zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone(time_zone)).timestamp()
