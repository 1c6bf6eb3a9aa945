"""A calendar at an instant, on its own clock on the wall: open or not, by which of its days, and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from otklik.contact.hours import Calendar
from otklik.routing.hours import DecidedBy, decided_by, is_open, next_change, wall, zone

MOST_PERIODS: Final = 16
"""Of one day; more is no opening hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`at` and `until` are shown by the clock on the wall of the calendar's zone: "2026-12-24T10:30". `until`: when it opens or
    closes next; None: not for years to come."""

    at: str
    open: bool
    until: str | None
    by: DecidedBy


def moment(calendar: Calendar, at: float) -> Moment:
    until = next_change(calendar, at)
    return Moment(
        at=_shown(at, calendar),
        open=is_open(calendar, at),
        until=_shown(until, calendar) if until is not None else None,
        by=decided_by(calendar, at),
    )


def instant(shown: datetime, time_zone: str) -> float:
    """Without an offset: when the clock on the wall shows this; of an hour that comes twice the first time."""
    return (shown if shown.tzinfo is not None else shown.replace(tzinfo=zone(time_zone), fold=0)).timestamp()


def crowded(calendar: Calendar) -> bool:
    days = [*calendar.weekly.values(), *(day.hours for day in (*calendar.exceptions, *calendar.holidays))]
    return any(len(hours) > MOST_PERIODS for hours in days)


def _shown(at: float, calendar: Calendar) -> str:
    return wall(at, calendar.time_zone).strftime("%Y-%m-%dT%H:%M")
