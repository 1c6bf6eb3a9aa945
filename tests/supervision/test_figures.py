"""Waits beside targets, and promises beside what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import BORIS, CONFIGURATION, SALES, SUPPORT, Office

from otklik.contact.configuration import Callback, Configuration, Destination, Exit
from otklik.contact.facts import CallFailed, ContactFinished, CustomerLeft, KeyPressed, OfferAnswered
from otklik.contact.ids import ContactId
from otklik.routing import Engine
from otklik.routing.pace import promises
from otklik.routing.wait import ENOUGH, QueueFigures
from otklik.supervision.figures import queue_figures


def set_up(order: str = "oldest") -> Configuration:
    sales = replace(
        CONFIGURATION.queues[0],
        wrap_up_seconds=0,
        target_seconds=60.0,
        exits=(Exit(digit="1", to=Destination(callback=True)),),
        callback=Callback(retry_seconds=10.0),
    )
    return replace(CONFIGURATION, queues=(sales, CONFIGURATION.queues[1]), order=order)  # type: ignore[arg-type]  # fields by name


def busy(office: Office, answers: int = ENOUGH) -> None:
    """Boris has answered one every half a minute, and talks to one more; two wait."""
    for n in range(answers + 3):
        office.queue(f"s{n}")
    for n in range(answers):
        office.answer(f"s{n}")
        office.now += 30
        office.do(ContactFinished(contact=ContactId(f"s{n}"), agent=BORIS))
    office.answer(f"s{answers}")


def of_sales(office: Office) -> QueueFigures:
    return next(each for each in office.engine.figures() if each.id == SALES)


def test_promises_are_scored_by_who_waited_longer_and_by_how_far_off_they_were() -> None:
    found = promises([(10.0, 20.0), (50.0, 20.0), (20.0, 20.0), (7.0, None)])
    assert found is not None
    assert found.count == 3
    assert [found.within, found.error_seconds, found.off_seconds] == pytest.approx([2 / 3, 20 / 3, 40 / 3])
    assert promises([(7.0, None)]) is None
    assert promises([]) is None


def test_waits_of_the_last_answers_stand_beside_the_target() -> None:
    office = Office(set_up(), BORIS)
    busy(office)
    found = of_sales(office)
    assert (found.answers, found.waited_seconds, found.target_seconds) == (6, 75.0, 60.0)
    shown: Any = queue_figures(office.engine)
    assert (shown["order"], [each["of_target"] for each in shown["queues"]]) == ("oldest", [1.25, None])
    assert queue_figures(Office(set_up("furthest_behind")).engine)["order"] == "furthest_behind"


def test_expected_wait_is_held_against_the_one_that_came_of_it() -> None:
    office = Office(set_up(), BORIS)
    busy(office)
    office.queue("late")
    assert office.record("late").promised_seconds == 90.0
    office.now += 100
    for name in ("s5", "s6", "s7"):
        office.do(ContactFinished(contact=ContactId(name), agent=BORIS))
        office.answer({"s5": "s6", "s6": "s7", "s7": "late"}[name])
    found = of_sales(office).promises
    assert found is not None
    assert (found.count, found.within, found.error_seconds) == (2, 0.5, 5.0), "the first came while nobody waited"
    assert Engine.restore(office.engine.snapshot()).figures() == office.engine.figures()


def test_promise_of_a_callback_is_held_against_its_first_attempt_alone() -> None:
    office = Office(set_up(), BORIS)
    busy(office)
    office.queue("back")
    office.now += 20
    office.do(KeyPressed(contact=ContactId("back"), key="1"))
    office.do(CustomerLeft(contact=ContactId("back"), cause="hung_up"))
    assert office.record("back").callback_promised_seconds == 90.0
    for name in ("s6", "s7"):
        office.do(CustomerLeft(contact=ContactId(name), cause="hung_up"))
    before = of_sales(office)
    office.now += 130
    office.do(ContactFinished(contact=ContactId("s5"), agent=BORIS))
    for attempt in (1, 2):
        contact = office.contact("back")
        office.do(OfferAnswered(contact=contact.id, agent=BORIS, offer=contact.offer))
        found = of_sales(office)
        assert found.callbacks is not None
        assert (found.callbacks.count, found.callbacks.error_seconds) == (1, 40.0)
        assert found.promises == before.promises, "nobody was answered on the line"
        office.do(CallFailed(contact=contact.id, attempt=attempt, cause="busy"))
        office.wait(11)


def test_queue_without_answers_says_nothing() -> None:
    found = next(each for each in Office(set_up()).engine.figures() if each.id == SUPPORT)
    assert (found.answers, found.waited_seconds, found.promises, found.callbacks) == (0, None, None, None)
