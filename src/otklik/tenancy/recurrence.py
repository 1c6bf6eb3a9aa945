"""On which days a recurrence rule (RFC 5545, 3.3.10) of events that last whole days comes round.

Day by day up to a last one: how many are looked at does not depend on what the rule says, also where it can never come true.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_WITHIN_A_DAY: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
"""Of an event that lasts whole days these say nothing."""
_KNOWN: Final = _WITHIN_A_DAY | {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS",
}  # fmt: skip
_LONGEST_PERIOD: Final = 366
_ENDLESS: Final = 1_000_000


class Recurrence:
    def __init__(self, rule: Mapping[str, Sequence[Any]], start: date) -> None:
        """Raises `ValueError` where the rule says what is not known here."""
        self._parts, self._start = {key.upper(): values for key, values in rule.items()}, start
        self._frequency = str(self._first("FREQ", "")).upper()
        unknown = sorted(set(self._parts) - _KNOWN)
        if unknown or self._frequency not in _FREQUENCIES:
            raise ValueError(", ".join(unknown) or "FREQ")
        self._interval, self._count = int(self._first("INTERVAL", 1)), int(self._first("COUNT", _ENDLESS))
        self._week_begins = _WEEKDAYS.index(str(self._first("WKST", "MO")).upper())
        self._positions, self._weeks = self._numbers("BYSETPOS"), self._numbers("BYWEEKNO")
        if self._interval < 1 or 0 in self._positions or (self._weeks and self._week_begins):
            raise ValueError("INTERVAL, BYSETPOS, WKST")
        self._months, self._year_days = self._numbers("BYMONTH"), self._numbers("BYYEARDAY")
        self._month_days, self._weekdays = self._numbers("BYMONTHDAY"), self._named_weekdays()
        self._within_years = self._frequency == "YEARLY" and not self._months
        if not (self._weeks or self._year_days or self._month_days or self._weekdays):
            self._as_the_start()

    def until(self, last: date) -> Iterator[date]:
        until = self._first("UNTIL", last)
        last = min(last, until.date() if isinstance(until, datetime) else until)
        left = self._count
        for number, (_, days) in enumerate(groupby(self._days(last), self._period)):
            if number % self._interval:
                continue
            for day in self._placed([day for day in days if self.fits(day)]):
                if day > last or left == 0:
                    return
                if day >= self._start:
                    left -= 1
                    yield day

    def fits(self, day: date) -> bool:
        in_month, in_year = monthrange(day.year, day.month)[1], 365 + isleap(day.year)
        of_year = day.timetuple().tm_yday
        return (
            (not self._months or day.month in self._months)
            and _is_one(day.day, in_month, self._month_days)
            and _is_one(of_year, in_year, self._year_days)
            and (not self._weeks or _is_one(day.isocalendar().week, _weeks_in(day.isocalendar().year), self._weeks))
            and (
                self._on_weekday(day, of_year, in_year)
                if self._within_years
                else self._on_weekday(day, day.day, in_month)
            )
        )

    def _days(self, last: date) -> Iterator[date]:
        """Whole periods, from the one of the start."""
        first = self._start
        if self._frequency == "WEEKLY":
            first -= timedelta(days=(first.weekday() - self._week_begins) % 7)
        elif self._frequency != "DAILY":
            first = first.replace(day=1, month=1 if self._frequency == "YEARLY" else first.month)
        end = min(last.toordinal() + _LONGEST_PERIOD, date.max.toordinal())
        return map(date.fromordinal, range(first.toordinal(), end + 1))

    def _period(self, day: date) -> int:
        match self._frequency:
            case "YEARLY":
                return day.year
            case "MONTHLY":
                return day.year * 12 + day.month
            case "WEEKLY":
                return (day.toordinal() - 1 - self._week_begins) // 7
            case _:
                return day.toordinal()

    def _placed(self, days: Sequence[date]) -> Sequence[date]:
        """Of the days of one period."""
        if not self._positions:
            return days
        return [day for number, day in enumerate(days, 1) if _is_one(number, len(days), self._positions)]

    def _on_weekday(self, day: date, number: int, of: int) -> bool:
        which = (0, (number - 1) // 7 + 1, -((of - number) // 7 + 1))
        return not self._weekdays or any((each, day.weekday()) in self._weekdays for each in which)

    def _as_the_start(self) -> None:
        if self._frequency == "YEARLY":
            self._months = self._months or {self._start.month}
        if self._frequency in ("YEARLY", "MONTHLY"):
            self._month_days = {self._start.day}
        elif self._frequency == "WEEKLY":
            self._weekdays = {(0, self._start.weekday())}

    def _named_weekdays(self) -> set[tuple[int, int]]:
        """0: each of them; 1: the first of a month or a year; -1: the last."""
        numbered = self._frequency in ("YEARLY", "MONTHLY")
        named = [str(each).upper() for each in self._parts.get("BYDAY", ())]
        return {(int(each[:-2] or 0) if numbered else 0, _WEEKDAYS.index(each[-2:])) for each in named}

    def _numbers(self, part: str) -> set[int]:
        return {int(each) for each in self._parts.get(part, ())}

    def _first(self, part: str, otherwise: Any) -> Any:
        return self._parts[part][0] if part in self._parts else otherwise


def _is_one(number: int, of: int, wanted: Collection[int]) -> bool:
    """Counted from the beginning, or, below zero, from the end."""
    return not wanted or number in wanted or number - of - 1 in wanted


def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week
