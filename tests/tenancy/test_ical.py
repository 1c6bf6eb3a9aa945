"""Holidays out of iCalendar files as public bodies write them."""

from __future__ import annotations

import pytest

from otklik.contact.hours import SpecialDay
from otklik.tenancy.document import Unfit
from otklik.tenancy.ical import LONGEST_NAME, MOST_RULES, holidays
from otklik.tenancy.recurrence import Recurrence


def file(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def dates(*events: str) -> list[str]:
    return [day.date for day in holidays(file(*events))]


def test_whole_day_is_one_closed_day_with_its_name() -> None:
    event = "DTSTART;VALUE=DATE:20270107\nDTEND;VALUE=DATE:20270108\nSUMMARY:Рождество Христово"
    assert holidays(file(event)) == [SpecialDay(date="2027-01-07", name="Рождество Христово")]


def test_end_is_the_day_after_the_last_one_and_a_length_may_stand_in_its_place() -> None:
    assert dates("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270104") == ["2027-01-01", "2027-01-02", "2027-01-03"]
    assert dates("DTSTART;VALUE=DATE:20270101\nDURATION:P2D") == ["2027-01-01", "2027-01-02"]
    assert dates("DTSTART;VALUE=DATE:20270101") == ["2027-01-01"]


@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1;BYMONTH=5;BYMONTHDAY=9", "FREQ=YEARLY;WKST=MO"]
)
def test_same_date_every_year_is_a_yearly_holiday(rule: str) -> None:
    assert dates(f"DTSTART;VALUE=DATE:20200509\nRRULE:{rule}") == ["05-09"]


def test_other_rules_are_written_out_for_the_years_ahead() -> None:
    thursdays = dates("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH")
    assert thursdays[:3] == ["2026-11-26", "2027-11-25", "2028-11-23"]
    assert len(thursdays) == 10
    assert dates("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;UNTIL=20280101T000000Z") == [
        "2026-01-01",
        "2027-01-01",
        "2028-01-01",
    ]
    assert dates("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;COUNT=2\nEXDATE;VALUE=DATE:20260101") == [
        "2026-02-01"
    ]
    assert dates("DTSTART;VALUE=DATE:20260101\nRDATE;VALUE=DATE:20260305,20260306") == [
        "2026-01-01",
        "2026-03-05",
        "2026-03-06",
    ]


def test_events_with_a_time_of_day_and_cancelled_ones_close_nothing() -> None:
    assert dates("DTSTART:20270107T090000Z\nDTEND:20270107T100000Z") == []
    assert dates("DTSTART;VALUE=DATE:20270107\nSTATUS:CANCELLED") == []


def refused(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Unfit) as unfit:
        holidays(content)
    assert all(fault.message("ru") for fault in unfit.value.faults)
    return [(fault.place, fault.code) for fault in unfit.value.faults]


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n", file()[:30]])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    assert refused(content) == [("", "ical_unreadable")]


def test_every_event_that_cannot_be_read_is_told_by_its_number() -> None:
    good = "DTSTART;VALUE=DATE:20270107"
    no_start, longest = "SUMMARY:When?", "DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20280101"
    backwards, daily = "DTSTART;VALUE=DATE:20270102\nDTEND;VALUE=DATE:20270101", f"{good}\nRRULE:FREQ=SOMETIMES"
    tomorrow = "DTSTART;VALUE=DATE:tomorrow\nRRULE:FREQ=DAILY"
    assert refused(file(no_start, good, longest, backwards, daily, tomorrow)) == [
        ("VEVENT 1", "ical_event"),
        ("VEVENT 3", "ical_event"),
        ("VEVENT 4", "ical_event"),
        ("VEVENT 5", "ical_event"),
        ("VEVENT 6", "ical_event"),
    ]


def test_rule_that_would_never_end_is_cut_off() -> None:
    events = (f"DTSTART;VALUE=DATE:{year}0101\nRRULE:FREQ=DAILY" for year in (2000, 2011, 2022))
    assert refused(file(*events)) == [("VEVENT 2", "ical_too_many")]


def test_rules_within_a_day_and_too_many_rules_are_refused_at_once() -> None:
    assert refused(file("DTSTART;VALUE=DATE:20270107\nRRULE:FREQ=SECONDLY")) == [("VEVENT 1", "ical_event")]
    monthly = "DTSTART;VALUE=DATE:20270107\nRRULE:FREQ=MONTHLY;COUNT=1"
    assert refused(file(*[monthly] * (MOST_RULES + 1))) == [(f"VEVENT {MOST_RULES + 1}", "ical_event")]
    assert dates(*[monthly] * MOST_RULES) == ["2027-01-07"]
    meeting = "DTSTART:20270107T090000Z\nRRULE:FREQ=WEEKLY"
    assert dates(*[meeting] * (MOST_RULES + 1)) == [], "nothing of these is written out"


def test_rules_are_counted_before_any_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def written_out(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Recurrence, "until", written_out)
    never = "DTSTART;VALUE=DATE:20270107\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    assert refused(file(*[never] * 200)) == [(f"VEVENT {MOST_RULES + 1}", "ical_event")]


def test_rule_that_never_comes_true_leaves_the_events_own_day() -> None:
    assert dates("DTSTART;VALUE=DATE:20270107\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30") == ["2027-01-07"]


def test_long_events_again_and_again_are_refused() -> None:
    event = "DTSTART;VALUE=DATE:20270101\nDURATION:P50D\nRRULE:FREQ=DAILY"
    assert refused(file(event)) == [("VEVENT 1", "ical_event")]


def test_a_name_is_cut_to_what_can_be_kept() -> None:
    (day,) = holidays(file(f"DTSTART;VALUE=DATE:20270107\nSUMMARY:{'x' * 500}"))
    assert day.name == "x" * LONGEST_NAME
