"""How lines are heard is kept with the contact; of nobody else, and nothing follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, Office

from otklik.contact.decisions import Refuse
from otklik.contact.facts import CustomerLeft, LineMeasured
from otklik.contact.ids import ContactId
from otklik.contact.quality import LineQuality
from otklik.routing import Engine

C1 = ContactId("c1")
HERS = LineMeasured(contact=C1, agent=ANNA, mos=4.2, worst_mos=4.0, loss=0.01, jitter_ms=8.0, round_trip_ms=40.0)
THEIRS = structs.replace(HERS, agent=None, mos=3.3, worst_mos=2.9, loss=0.1, now="bad")


@pytest.fixture
def office() -> Office:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    return office


def test_both_lines_are_in_the_account_and_the_worst_is_the_contacts(office: Office) -> None:
    assert office.do(HERS) == [] and office.do(THEIRS) == []
    record = office.record("c1")
    assert [(line.agent, line.mos, line.now) for line in record.lines] == [(ANNA, 4.2, "good"), (None, 3.3, "bad")]
    assert record.line_mos == 3.3


def test_a_later_figure_replaces_the_earlier_and_the_worst_moment_stays(office: Office) -> None:
    office.do(THEIRS)
    office.do(structs.replace(THEIRS, mos=4.0, worst_mos=3.9, now="good"))
    (line,) = office.record("c1").lines
    assert line == LineQuality(
        agent=None, mos=4.0, worst_mos=2.9, loss=0.1, jitter_ms=8.0, round_trip_ms=40.0, now="good"
    )
    assert office.record("c1").line_mos == 4.0


def test_after_the_end_of_the_call_it_still_counts(office: Office) -> None:
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    office.do(HERS)
    assert office.record("c1").line_mos == 4.2


@pytest.mark.parametrize(
    "fact", [structs.replace(HERS, agent=BORIS), structs.replace(HERS, contact=ContactId("nowhere"))]
)
def test_whoever_had_no_part_in_it_changes_nothing(office: Office, fact: LineMeasured) -> None:
    assert office.do(fact) == [Refuse(code="no_such_contact")]
    assert office.record("c1").lines == ()


def test_it_is_kept_over_a_restart(office: Office) -> None:
    office.do(HERS)
    again = Engine.restore(office.engine.snapshot())
    record = again.record(C1)
    assert record is not None and replace(record) == office.record("c1")
