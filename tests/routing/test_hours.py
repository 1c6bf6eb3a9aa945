"""Calendars against a naive oracle that looks at the wall clock minute by minute, in zones that move their clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.contact.hours import WEEKDAYS, Calendar, CalendarId, Hours, SpecialDay, Weekday
from otklik.routing.hours import decided_by, is_open, known_zone, next_change, period

# Each with the days on which its clock is moved; the half-hour shift of Lord Howe is the oddest of all.
ZONES = {
    "Europe/Berlin": ((2026, 3, 29), (2026, 10, 25)),
    "America/New_York": ((2026, 3, 8), (2026, 11, 1)),
    "Australia/Lord_Howe": ((2026, 4, 5), (2026, 10, 4)),
    "Asia/Kolkata": ((2026, 6, 1),),
    "Europe/Moscow": ((2014, 10, 26), (2011, 3, 27)),
    "America/Havana": ((2026, 3, 8), (2026, 11, 1)),
    "Asia/Beirut": ((2026, 3, 29), (2026, 10, 25)),
}
MINUTE, DAY = 60, 86400


def naive(calendar: Calendar, at: float) -> bool:
    """Says what is written, in the plainest way: every period of today and yesterday as texts of the clock."""
    clock = datetime.fromtimestamp(at, ZoneInfo(calendar.time_zone))
    shown = clock.strftime("%H:%M")
    for day, began_yesterday in ((clock.date(), False), (clock.date() - timedelta(days=1), True)):
        dated = {each.date: each.hours for each in calendar.exceptions}
        yearly = {each.date: each.hours for each in calendar.holidays}
        key = day.isoformat()
        hours = calendar.weekly.get(WEEKDAYS[day.weekday()], ())
        for found in (yearly.get(key[5:]), yearly.get(key), dated.get(key)):
            hours = found if found is not None else hours
        for start, end in (each.split("-") for each in hours):
            over_midnight = end <= start
            if began_yesterday and over_midnight and shown < end:
                return True
            if not began_yesterday and start <= shown and (over_midnight or shown < end):
                return True
    return False


clock_times = st.tuples(st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59])).map(
    lambda time: f"{time[0]:02}:{time[1]:02}"
)
hours = st.builds(lambda start, end: Hours(f"{start}-{end}"), clock_times, st.one_of(clock_times, st.just("24:00")))
periods = st.lists(hours, max_size=3).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Calendar, float]:
    """A calendar, and an instant close to one of its zone's shifts."""
    name = draw(st.sampled_from(sorted(ZONES)))
    year, month, day = draw(st.sampled_from(ZONES[name]))
    midnight = datetime(year, month, day, tzinfo=ZoneInfo(name))
    dates = [(midnight + timedelta(days=shift)).date().isoformat() for shift in (-1, 0, 1)]
    special = st.builds(SpecialDay, date=st.sampled_from(dates), hours=periods)
    yearly = st.builds(SpecialDay, date=st.sampled_from([date[5:] for date in dates]), hours=periods)
    calendar = Calendar(
        id=CalendarId("office"),
        name="Office",
        time_zone=name,
        weekly=draw(st.dictionaries(st.sampled_from(WEEKDAYS), periods)),
        holidays=tuple(draw(st.lists(yearly | special, max_size=2, unique_by=lambda each: each.date))),
        exceptions=tuple(draw(st.lists(special, max_size=2, unique_by=lambda each: each.date))),
    )
    return calendar, midnight.timestamp() + draw(st.integers(-DAY, DAY))


@given(worlds())
@settings(max_examples=300)
def test_open_is_what_the_wall_clock_says(world: tuple[Calendar, float]) -> None:
    calendar, at = world
    for minute in range(0, 1440, 7):
        assert is_open(calendar, at + minute * MINUTE) == naive(calendar, at + minute * MINUTE)


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_next_change_is_the_first_minute_that_differs(world: tuple[Calendar, float]) -> None:
    calendar, at = world
    now, whole = naive(calendar, at), at - at % MINUTE
    minutes = (whole + MINUTE * number for number in range(1, 2 * 1440))
    expected = next((minute for minute in minutes if naive(calendar, minute) != now), None)
    found = next_change(calendar, at)
    if expected is None:
        assert found is None or found >= whole + 2 * DAY
    else:
        assert found == expected


def office(zone: str = "Europe/Berlin", **weekly: str) -> Calendar:
    hours: dict[Weekday, tuple[Hours, ...]] = {
        day: tuple(Hours(each) for each in weekly[day].split()) for day in WEEKDAYS if day in weekly
    }
    return Calendar(id=CalendarId("o"), name="Office", time_zone=zone, weekly=hours)


def instant(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_period_of_the_spring_gap_begins_when_the_gap_ends() -> None:
    night = office(sun="02:30-03:30")
    assert next_change(night, instant("2026-03-29T00:00")) == instant("2026-03-29T01:00")
    assert next_change(night, instant("2026-03-29T01:00")) == instant("2026-03-29T01:30")


def test_hour_that_comes_twice_in_autumn_is_open_both_times() -> None:
    night = office(sun="02:00-02:30")
    assert [is_open(night, instant(f"2026-10-25T{time}")) for time in ("00:00", "00:30", "01:00", "01:30")] == [
        True,
        False,
        True,
        False,
    ]


def test_second_pass_of_the_double_hour_has_its_own_end() -> None:
    night = office(sun="02:00-02:30")
    assert next_change(night, instant("2026-10-25T00:30")) == instant("2026-10-25T01:00")
    assert next_change(night, instant("2026-10-25T01:00")) == instant("2026-10-25T01:30")


def test_night_shift_runs_into_a_holiday_that_itself_is_closed() -> None:
    night = office(fri="22:00-06:00", sat="08:00-20:00")
    holiday = Calendar(
        id=night.id,
        name="",
        time_zone="UTC",
        weekly=night.weekly,
        holidays=(SpecialDay(date="2026-05-09", name="Holiday"),),
    )
    assert is_open(holiday, instant("2026-05-09T05:59"))
    assert not is_open(holiday, instant("2026-05-09T06:00"))
    assert next_change(holiday, instant("2026-05-09T06:00")) == instant("2026-05-15T22:00")


def test_exception_goes_before_holiday_and_holiday_before_the_week() -> None:
    calendar = Calendar(
        id=CalendarId("o"),
        name="",
        time_zone="UTC",
        weekly={day: (Hours("09:00-18:00"),) for day in WEEKDAYS},
        holidays=(SpecialDay(date="01-01"), SpecialDay(date="2027-01-02", hours=(Hours("12:00-13:00"),))),
        exceptions=(SpecialDay(date="2027-01-01", hours=(Hours("10:00-11:00"),)),),
    )
    assert is_open(calendar, instant("2027-01-01T10:30"))
    assert not is_open(calendar, instant("2028-01-01T10:30"))
    assert not is_open(calendar, instant("2027-01-02T10:30"))
    assert is_open(calendar, instant("2027-01-02T12:30"))
    assert is_open(calendar, instant("2027-01-03T10:30"))


def test_what_decides_is_told_by_its_day() -> None:
    calendar = Calendar(
        id=CalendarId("o"),
        name="",
        time_zone="UTC",
        weekly={"thu": (Hours("22:00-06:00"),)},
        holidays=(SpecialDay(date="01-01", name="New Year"), SpecialDay(date="2027-01-02", name="Second")),
        exceptions=(SpecialDay(date="2027-01-02", name="Sale", hours=(Hours("10:00-11:00"),)),),
    )
    told = [
        (found.day, found.kind, found.name)
        for text in ("2027-01-01T05:59", "2027-01-01T06:00", "2027-01-02T10:30", "2028-01-02T10:30")
        for found in [decided_by(calendar, instant(text))]
    ]
    assert told == [
        ("2026-12-31", "weekday", ""),
        ("2027-01-01", "holiday", "New Year"),
        ("2027-01-02", "exception", "Sale"),
        ("2028-01-02", "weekday", ""),
    ]


def test_calendar_that_never_changes_has_no_next_change() -> None:
    whole = dict.fromkeys(WEEKDAYS, "00:00-24:00")
    assert next_change(office(**whole), instant("2026-01-01T00:00")) is None
    assert next_change(office(), instant("2026-01-01T00:00")) is None


def test_holiday_of_29_february_is_found_years_ahead() -> None:
    calendar = Calendar(
        id=CalendarId("o"),
        name="",
        time_zone="UTC",
        holidays=(SpecialDay(date="02-29", hours=(Hours("10:00-11:00"),)),),
    )
    assert next_change(calendar, instant("2025-03-01T00:00")) == instant("2028-02-29T10:00")


@pytest.mark.parametrize(
    "wrong", ["9:00-18:00", "09:00", "09:00-25:00", "24:00-09:00", "09:00-18:60", "", "0٩:00-18:00"]
)
def test_what_is_no_period_is_none(wrong: str) -> None:
    assert period(Hours(wrong)) is None


def test_unknown_time_zones_are_known_to_be_unknown() -> None:
    assert known_zone("Europe/Moscow")
    assert not any(known_zone(name) for name in ("Mars/Base", "", "../etc/passwd", "Europe", "\x00"))
    assert is_open(office("Mars/Base", thu="00:00-24:00"), instant("2026-01-01T12:00"))
