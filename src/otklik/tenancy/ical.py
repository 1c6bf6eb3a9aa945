"""Holidays out of an iCalendar file (RFC 5545), such as public bodies publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar, Event, vDDDTypes, vRecur

from otklik.contact.hours import SpecialDay
from otklik.routing.audit import Fault
from otklik.tenancy.document import Unfit
from otklik.tenancy.recurrence import Recurrence

LONGEST_DAYS: Final = 60
"""An event that lasts longer is no holiday."""
MOST_DAYS: Final = 5_000
YEARS_AHEAD: Final = 10
"""How far a rule that is not simply "every year on this date" is written out, from its event's own year."""
MOST_RULES: Final = 50
"""Rules to be written out, in one file: each takes a while, and countries have some ten."""
LONGEST_NAME: Final = 200


def holidays(content: bytes) -> list[SpecialDay]:
    """Closed days by date; a yearly event on a fixed date becomes "MM-DD". Events with a time of day are left out: they
    close nothing. Raises `Unfit` with every event that cannot be read, by its number."""
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError, UnicodeDecodeError) as error:
        raise Unfit([Fault(place="", code="ical_unreadable", values={"reason": _first_line(error)})]) from error
    events = calendar.walk("VEVENT")
    _refuse_too_many_rules(events)
    found: dict[str, SpecialDay] = {}
    wrong: list[Fault] = []
    for number, event in enumerate(events, 1):
        place = f"VEVENT {number}"
        try:
            days = list(_days(event))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            wrong.append(Fault(place=place, code="ical_event", values={"reason": _first_line(error)}))
            continue
        for day in days:
            found.setdefault(day.date, day)
        if len(found) > MOST_DAYS:
            raise Unfit([Fault(place=place, code="ical_too_many", values={"most": MOST_DAYS})])
    if wrong:
        raise Unfit(wrong)
    return [found[key] for key in sorted(found)]


def _refuse_too_many_rules(events: Iterable[Any]) -> None:
    """Before any of them is written out."""
    rules = 0
    for number, event in enumerate(events, 1):
        rules += _is_written_out(event)
        if rules > MOST_RULES:
            fault = Fault(place=f"VEVENT {number}", code="ical_event", values={"reason": f"RRULE > {MOST_RULES}"})
            raise Unfit([fault])


def _is_written_out(event: Any) -> bool:
    """What cannot be read is told later."""
    rule, start = event.get("RRULE"), event.get("DTSTART")
    if not isinstance(rule, vRecur) or _every_year_on_this_date(rule):
        return False
    return not (isinstance(start, vDDDTypes) and isinstance(start.dt, datetime))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _days(event: Any) -> Iterator[SpecialDay]:
    assert isinstance(event, Event)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    start = event.decoded("DTSTART")
    if isinstance(start, datetime):
        return
    length = _length(event, start)
    name = str(event.get("SUMMARY", "")).replace("\0", "").strip()[:LONGEST_NAME]
    rule = event.get("RRULE")
    if rule is not None and _every_year_on_this_date(rule):
        for shift in range(length):
            yield SpecialDay(date=(start + timedelta(days=shift)).isoformat()[5:], name=name)
        return
    firsts = _occurrences(event, start, rule)
    if len(firsts) * length > MOST_DAYS:
        raise ValueError(f"{len(firsts)} x {length} days")
    for first in firsts:
        for shift in range(length):
            yield SpecialDay(date=(first + timedelta(days=shift)).isoformat(), name=name)


def _length(event: Any, start: date) -> int:
    """Whole days; DTEND is the day after the last one (RFC 5545, 3.6.1)."""
    if "DTEND" in event:
        end = event.decoded("DTEND")
        length = ((end.date() if isinstance(end, datetime) else end) - start).days
    else:
        length = event.decoded("DURATION").days if "DURATION" in event else 1
    if not 0 < length <= LONGEST_DAYS:
        raise ValueError(f"{length} days long")
    return int(length)


def _every_year_on_this_date(rule: Any) -> bool:
    parts = {key.upper(): value for key, value in rule.items()}
    interval = parts.get("INTERVAL", [1])[0]
    simple = set(parts) <= {"FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY"}
    single = all(len(parts.get(key, [1])) == 1 for key in ("BYMONTH", "BYMONTHDAY"))
    positive = all(int(value) > 0 for value in parts.get("BYMONTHDAY", [1]))
    return parts.get("FREQ") == ["YEARLY"] and interval == 1 and simple and single and positive


def _occurrences(event: Any, start: date, rule: Any) -> list[date]:
    """The event's own date and those of RRULE and RDATE, without those of EXDATE."""
    excluded = set(_dates(event, "EXDATE"))
    dates = {start, *_dates(event, "RDATE")}
    if rule is not None:
        last = start.replace(year=start.year + YEARS_AHEAD, day=min(start.day, 28))
        dates.update(Recurrence(rule, start).until(last))
    return sorted(dates - excluded)


def _dates(event: Any, name: str) -> Iterator[date]:
    found = event.get(name)
    for each in found if isinstance(found, list) else [found] if found is not None else []:
        for one in each.dts:
            yield one.dt.date() if isinstance(one.dt, datetime) else one.dt
