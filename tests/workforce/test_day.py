"""Days from midnight to midnight of a time zone."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from otklik.workforce.day import days

BERLIN = ZoneInfo("Europe/Berlin")


def test_day_on_which_clocks_go_forward_has_23_hours_and_the_next_begins_where_it_ends() -> None:
    before, changed, after = days(date(2026, 3, 28), date(2026, 3, 30), BERLIN)
    lengths = [each.ends_at - each.begins_at for each in (before, changed, after)]
    assert lengths == [timedelta(hours=24), timedelta(hours=23), timedelta(hours=24)]
    assert (before.ends_at, changed.ends_at) == (changed.begins_at, after.begins_at)
    assert before.begins_at.tzinfo is UTC and before.begins_at.hour == 23


def test_no_day_comes_of_a_last_one_before_the_first() -> None:
    assert list(days(date(2026, 3, 2), date(2026, 3, 1), BERLIN)) == []
