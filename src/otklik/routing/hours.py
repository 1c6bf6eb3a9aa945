"""Is a calendar open at an instant, and when will that change? Right through every shift of the clock.

The rule is the clock on the wall: open while it shows a time inside a period. In the spring gap a period loses its
missing part, in the autumn double hour both passes count. `zoneinfo` reads its files once and keeps them in memory,
and the package `tzdata` stands in where the system has none, so a replay depends on the zone's rules alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from otklik.contact.hours import WEEKDAYS, Calendar, Hours, SpecialDay, Weekday

DAY_MINUTES: Final = 24 * 60
HORIZON_DAYS: Final = 8 * 366
"""How far `next_change` looks: 29 February comes back within it (but around a year such as 2100)."""
SHIFT_SECONDS: Final = 4 * 3600
"""No clock was ever moved by more within one day, but for whole days skipped at the date line."""

Period = tuple[int, int]
"""Minutes of the wall clock from the day's midnight; the end may lie in the next day."""

_PERIOD: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)


@lru_cache(4096)
def period(hours: Hours) -> Period | None:
    """None: this is no period."""
    found = _PERIOD.fullmatch(hours)
    if found is None:
        return None
    start = int(found[1]) * 60 + int(found[2])
    end = DAY_MINUTES if found[3] is None else int(found[3]) * 60 + int(found[4])
    return start, end if end > start else end + DAY_MINUTES


def known_zone(name: str) -> bool:
    return _zone(name) is not None


def zone(name: str) -> tzinfo:
    """UTC for a name that nobody knows: a decision is due, whatever the set-up says."""
    return _zone(name) or UTC


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def wall(at: float, time_zone: str) -> datetime:
    """What the clock on the wall shows at this instant (Unix seconds)."""
    return datetime.fromtimestamp(at, zone(time_zone))


def weekday(day: date) -> Weekday:
    return WEEKDAYS[day.weekday()]


def is_open(calendar: Calendar, at: float) -> bool:
    return _open_at(_Days(calendar), wall(at, calendar.time_zone))


def within(hours: Iterable[Hours], days: Iterable[Weekday], clock: datetime) -> bool:
    """Does the wall clock show one of these periods, begun on one of these weekdays? Nothing named: any."""
    weekdays = set(days)
    periods = list(hours) or [Hours("00:00-24:00")]
    weekly = {each: tuple(periods) for each in WEEKDAYS if not weekdays or each in weekdays}
    return _open_at(_Weekly(weekly), clock)


def next_change(calendar: Calendar, at: float) -> float | None:
    """The first instant after `at` at which the calendar opens or closes; None: not for years to come."""
    days, clock = _Days(calendar), wall(at, calendar.time_zone)
    opened, place = _open_at(days, clock), zone(calendar.time_zone)
    first = clock.date() - timedelta(days=1)
    for number in range(HORIZON_DAYS):
        day = first + timedelta(days=number)
        if turns := _turns(days, day, place, at, opened):
            # A clock set back over midnight lets a later date's time come before an earlier date's.
            return min(turns + _turns(days, day + timedelta(days=1), place, at, opened))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedBy:
    """The day whose periods say whether a calendar is open; `day` is its date, `name` that of an exception or a holiday."""

    day: str
    kind: Literal["exception", "holiday", "weekday"]
    name: str


def decided_by(calendar: Calendar, at: float) -> DecidedBy:
    """The day of the wall clock; the one before, if only a period that began then is still running."""
    days, clock = _Days(calendar), wall(at, calendar.time_zone)
    minute, day = clock.hour * 60 + clock.minute, clock.date()
    own = any(start <= minute < end for start, end in days.periods(day))
    return days.decided(day if own or not _open_at(days, clock) else day - timedelta(days=1))


class _Weekly:
    """The periods that begin on a date, by its weekday."""

    def __init__(self, weekly: Mapping[Weekday, tuple[Hours, ...]]) -> None:
        self._weekly = weekly

    def periods(self, day: date) -> list[Period]:
        return _periods(self._weekly.get(weekday(day), ()))


class _Days(_Weekly):
    """The periods that begin on a date, by the calendar's order: exception, holiday, weekday."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(calendar.weekly)
        self._exceptions = _by_date(calendar.exceptions)
        self._holidays = _by_date(calendar.holidays)

    def periods(self, day: date) -> list[Period]:
        dated = day.isoformat()
        special = self._exceptions.get(dated) or self._holiday(dated)
        return super().periods(day) if special is None else _periods(special.hours)

    def decided(self, day: date) -> DecidedBy:
        dated = day.isoformat()
        if (exception := self._exceptions.get(dated)) is not None:
            return DecidedBy(day=dated, kind="exception", name=exception.name)
        holiday = self._holiday(dated)
        if holiday is not None:
            return DecidedBy(day=dated, kind="holiday", name=holiday.name)
        return DecidedBy(day=dated, kind="weekday", name="")

    def _holiday(self, dated: str) -> SpecialDay | None:
        return self._holidays.get(dated) or self._holidays.get(dated[5:])


def _by_date(days: Iterable[SpecialDay]) -> dict[str, SpecialDay]:
    return {each.date: each for each in days}


def _periods(hours: Iterable[Hours]) -> list[Period]:
    return [found for each in hours if (found := period(each)) is not None]


def _open_at(days: _Weekly, clock: datetime) -> bool:
    minute, day = clock.hour * 60 + clock.minute, clock.date()
    if any(start <= minute < end for start, end in days.periods(day)):
        return True
    return any(minute + DAY_MINUTES < end for _, end in days.periods(day - timedelta(days=1)))


def _turns(days: _Weekly, day: date, place: tzinfo, after: float, opened: bool) -> list[float]:
    """The instants of this date, after `after`, at which it is no longer as `opened` says."""
    minutes = {0, *(minute for pair in days.periods(day) for minute in pair)}
    minutes |= {end - DAY_MINUTES for _, end in days.periods(day - timedelta(days=1)) if end > DAY_MINUTES}
    midnight = datetime.combine(day, time())
    clocks = [midnight + timedelta(minutes=minute) for minute in minutes if minute < DAY_MINUTES]
    instants = {clock.replace(tzinfo=place, fold=fold).timestamp() for clock in clocks for fold in (0, 1)}
    instants |= _shifts(midnight, place)
    return [at for at in instants if at > after and _open_at(days, datetime.fromtimestamp(at, place)) != opened]


def _shifts(midnight: datetime, place: tzinfo) -> set[float]:
    """When the clock is moved on this date, found by halving; usually never."""
    before = midnight.replace(tzinfo=place).timestamp() - SHIFT_SECONDS
    after = before + 86400 + 2 * SHIFT_SECONDS
    offset = _offset(before, place)
    if _offset(after, place) == offset:
        return set()
    low, high = int(before), int(after) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, place) == offset else (low, middle)
    return {float(high)}


def _offset(at: float, place: tzinfo) -> timedelta | None:
    return datetime.fromtimestamp(at, place).utcoffset()
