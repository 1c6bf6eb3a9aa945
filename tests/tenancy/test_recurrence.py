"""When rules of whole days come round: as another evaluation says, and never at the cost of a rule that does not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from dateutil.rrule import rrulestr
from icalendar import vRecur

from otklik.tenancy.recurrence import Recurrence

START = date(2026, 11, 26)
"""A Thursday."""
LAST = date(2036, 11, 26)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=3",
        "FREQ=YEARLY;COUNT=4",
        "FREQ=YEARLY;UNTIL=20300101",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
        "FREQ=YEARLY;BYMONTH=5,9;BYDAY=1MO,-1FR",
        "FREQ=YEARLY;BYDAY=20MO,-1SU",
        "FREQ=YEARLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=19,20,21,22,23,24,25;BYDAY=FR",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "FREQ=YEARLY;BYYEARDAY=1,100,-1",
        "FREQ=YEARLY;BYWEEKNO=1,20;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=9;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=5;COUNT=7",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=2TU,-1SA",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-2",
        "FREQ=WEEKLY;COUNT=30",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20280101",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
        "FREQ=WEEKLY;BYMONTH=7",
        "FREQ=DAILY;INTERVAL=10;COUNT=100",
        "FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1,2,3",
        "FREQ=DAILY;UNTIL=20270101;BYDAY=SA",
    ],
)
def test_comes_round_as_another_evaluation_says(rule: str) -> None:
    first, last = (datetime.combine(each, datetime.min.time()) for each in (START, LAST))
    said = [each.date() for each in rrulestr(rule, dtstart=first).between(first, last, inc=True)]
    assert said
    assert list(Recurrence(vRecur.from_ical(rule), START).until(LAST)) == said


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYYEARDAY=400",
        "FREQ=YEARLY;BYWEEKNO=1;BYMONTH=7",
        "FREQ=DAILY;INTERVAL=7;BYDAY=FR",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
    ],
)
def test_rule_that_never_comes_true_costs_no_more_than_the_days_up_to_the_last(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at, fits = list[date](), Recurrence.fits

    def noted(recurrence: Recurrence, day: date) -> bool:
        looked_at.append(day)
        return fits(recurrence, day)

    monkeypatch.setattr(Recurrence, "fits", noted)
    assert list(Recurrence(vRecur.from_ical(rule), START).until(LAST)) == []
    assert len(looked_at) <= 12 * 366


def test_times_of_day_say_nothing_of_whole_days() -> None:
    rule = "FREQ=DAILY;COUNT=2;BYHOUR=0,1,2;BYMINUTE=0,30;BYSECOND=0"
    assert list(Recurrence(vRecur.from_ical(rule), START).until(LAST)) == [START, date(2026, 11, 27)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY", "COUNT=1", "FREQ=DAILY;INTERVAL=0", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=0", "FREQ=YEARLY;BYEASTER=1",
        "FREQ=YEARLY;BYWEEKNO=1;WKST=SU",
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Recurrence(vRecur.from_ical(rule), START)
