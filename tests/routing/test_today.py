"""What a queue has done since midnight: offered, answered in time, given up, the longest wait."""

from __future__ import annotations

from dataclasses import replace

from msgspec import json
from tests.routing.centre import ANNA, CONFIGURATION, LUNCH, SALES, SUPPORT, Office
from tests.supervision.test_served import given_up, served

from otklik.contact.configuration import Configuration
from otklik.contact.facts import StatusChosen
from otklik.routing import Engine, EngineState
from otklik.routing.today import Today, midnight

MIDNIGHT_IN_MOSCOW = 75_600.0
"""The first one after the clock of these tests begins, which is at four in the morning there."""


def moscow() -> Configuration:
    entries = tuple(replace(each, time_zone="Europe/Moscow") for each in CONFIGURATION.entry_points)
    return replace(CONFIGURATION, entry_points=entries)


def test_day_counts_who_was_answered_in_time_and_who_gave_up() -> None:
    office = Office(moscow(), ANNA)
    served(office, "c1", 5)
    served(office, "c2", 20)
    served(office, "c3", 21)
    given_up(office, "c4", 40)
    given_up(office, "c5", 4.9)
    assert office.engine.today(SALES) == Today(
        queue=SALES, ends_at=MIDNIGHT_IN_MOSCOW, answered=3, in_time=2, abandoned=1, longest_seconds=40.0
    )
    assert office.engine.today(SUPPORT) is None


def test_day_begins_anew_at_midnight_where_the_centre_is_and_not_before() -> None:
    office = Office(moscow(), ANNA)
    served(office, "c1", 5)
    office.now = MIDNIGHT_IN_MOSCOW - 30.0
    served(office, "c2", 29)
    today = office.engine.today(SALES)
    assert today is not None and (today.answered, today.ends_at) == (2, MIDNIGHT_IN_MOSCOW)
    served(office, "c3", 2)
    today = office.engine.today(SALES)
    assert today is not None and (today.answered, today.ends_at) == (1, MIDNIGHT_IN_MOSCOW + 86_400.0)


def test_restart_keeps_the_day_and_a_queue_that_is_taken_out_has_none() -> None:
    office = Office(moscow(), ANNA)
    served(office, "c1", 5)
    kept = json.decode(json.encode(office.engine.snapshot()), type=EngineState)
    office.engine = Engine.restore(kept)
    today = office.engine.today(SALES)
    assert today is not None and today.answered == 1
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))


def test_without_an_entry_point_the_day_is_that_of_utc() -> None:
    assert midnight(Configuration(), 1000.0) == 86_400.0
