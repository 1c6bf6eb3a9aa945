"""Days as people live them: from midnight to midnight of a time zone, also on the days when clocks are changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

MOST_DAYS: Final = 31
"""In one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Instants are UTC; `ends_at` is the next day's beginning."""

    day: date
    begins_at: datetime
    ends_at: datetime


def days(first: date, last: date, zone: tzinfo) -> Iterator[Day]:
    """All from the first to the last, both included; none where the last comes before the first."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield Day(day=day, begins_at=_midnight(day, zone), ends_at=_midnight(day + timedelta(days=1), zone))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
