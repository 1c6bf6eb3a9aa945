"""When a place is open: the words of calendars. Wall-clock times of an IANA time zone; no clock is read here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NewType

CalendarId = NewType("CalendarId", str)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = NewType("Hours", str)
"""One period, "09:00-18:00", minutes of the wall clock, the end not included. An end at or before the start is on the
next day ("22:00-06:00"); "00:00-24:00" is a whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day unlike the others of its weekday: closed, or open in its own periods.

    `date` is "2027-01-07", or "01-07" for every year (holidays only). A period that began the evening before still
    runs to its end: it belongs to the day on which it began.
    """

    date: str
    name: str = ""
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Opening hours. The first of these that knows the date decides: `exceptions`, `holidays`, `weekly`."""

    id: CalendarId
    name: str
    time_zone: str
    weekly: dict[Weekday, tuple[Hours, ...]] = field(default_factory=dict)
    """A weekday that is left out is closed."""
    holidays: tuple[SpecialDay, ...] = ()
    exceptions: tuple[SpecialDay, ...] = ()
