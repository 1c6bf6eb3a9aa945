"""Alerts by the share of contacts that were served in time or given up, and of agents who only pass for being at work."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, LUNCH, SALES, SOLD, SUPPORT, Office
from tests.supervision.test_alerts import look, office_with

from otklik.contact.facts import (
    AgentReachable,
    AgentUnreachable,
    Configured,
    ContactFinished,
    CustomerLeft,
    OfferExpired,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import ContactId, QueueId
from otklik.contact.watching import AlertRule
from otklik.routing import Engine
from otklik.routing.audit import faults
from otklik.supervision.alerts import news

LEVEL = AlertRule(id="level", kind="service_level", percent=80, within_seconds=20, at_least=4, window_seconds=600)
LOST = AlertRule(id="lost", kind="abandoned", percent=25, at_least=4, window_seconds=600)


def served(office: Office, name: str, seconds: float, queue: QueueId = SALES) -> None:
    """Anna answers after so long, and is free again at once."""
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    office.queue(name, queue)
    office.wait(seconds)
    office.do(StatusChosen(agent=ANNA, status="ready"))
    office.answer(name)
    contact = ContactId(name)
    office.do(ContactFinished(contact=contact, agent=ANNA))
    office.do(WrapUpFinished(contact=contact, agent=ANNA, disposition=SOLD))


def given_up(office: Office, name: str, seconds: float) -> None:
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    office.queue(name)
    office.wait(seconds)
    office.do(CustomerLeft(contact=ContactId(name), cause="hung_up"))


def figures(office: Office) -> list[tuple[str, int | None, int | None]]:
    return [(each.rule, each.percent, each.of) for each in office.engine.alerts() if each.over_at is None]


def test_service_level_is_told_with_its_figures_and_is_over_once_it_is_kept_again() -> None:
    office, numbers = office_with(LEVEL, ready=(ANNA,)), count()
    for number, seconds in enumerate((5, 20, 30)):
        served(office, f"c{number}", seconds)
    assert look(office, numbers) == []  # three contacts tell nothing yet
    served(office, "c3", 1)
    assert look(office, numbers) == [("raised", SALES)]
    assert figures(office) == [("level", 75, 4)]
    served(office, "c4", 1)
    assert look(office, numbers) == [("over", SALES)]


def test_what_left_the_queue_before_the_window_counts_no_more() -> None:
    office, numbers = office_with(LEVEL, ready=(ANNA,)), count()
    for number in range(4):
        served(office, f"late{number}", 30)
    assert look(office, numbers) == [("raised", SALES)]
    office.wait(601)
    assert look(office, numbers) == [("over", SALES)]
    for number in range(4):
        served(office, f"c{number}", 1)
    assert look(office, numbers) == []
    assert len(office.engine.served(SALES)) == 4


def test_those_who_wait_too_long_already_count_before_anybody_answers() -> None:
    office, numbers = office_with(LEVEL), count()
    for number in range(4):
        office.queue(f"c{number}")
    office.wait(20)
    assert look(office, numbers) == []
    office.wait(1)
    assert look(office, numbers) == [("raised", SALES)]
    assert figures(office) == [("level", 0, 4)]


def test_whoever_gives_up_at_once_is_neither_offered_nor_lost() -> None:
    office, numbers = office_with(LOST, ready=(ANNA,)), count()
    for number in range(3):
        served(office, f"c{number}", 1)
    given_up(office, "at-once", 4)
    given_up(office, "lost", 5)
    assert look(office, numbers) == []  # one of four is the quarter that may be
    given_up(office, "lost-too", 90)
    assert look(office, numbers) == [("raised", SALES)]
    assert figures(office) == [("lost", 40, 5)]


def test_rule_for_one_queue_says_nothing_of_another() -> None:
    office, numbers = office_with(replace(LEVEL, queues=(SUPPORT,)), ready=(ANNA,)), count()
    for number in range(4):
        served(office, f"c{number}", 60)
    assert look(office, numbers) == []


def test_wait_goes_on_through_the_queues_that_a_limit_sends_to() -> None:
    """Nobody's wait is shortened by being sent on."""
    office, numbers = office_with(replace(LEVEL, at_least=1), ready=(ANNA,)), count()
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    office.queue("c1")
    office.wait(19)
    contact = office.contact("c1")
    office.engine._centre.change_place(contact, queue=SUPPORT)
    office.wait(2)
    office.do(StatusChosen(agent=ANNA, status="ready"))
    office.answer("c1")
    assert office.engine.served(SALES) == ()
    assert [each[1:] for each in office.engine.served(SUPPORT)] == [(21.0, True)]
    assert look(office, numbers) == [("raised", SUPPORT)]


def test_nothing_is_kept_where_no_rule_asks_and_a_restart_knows_what_was() -> None:
    office = office_with(ready=(ANNA,))
    served(office, "c0", 30)
    assert office.engine.served(SALES) == ()
    office.do(Configured(configuration=replace(CONFIGURATION, alerts=(replace(LEVEL, at_least=1),))))
    served(office, "c1", 30)
    restarted = Engine.restore(office.engine.snapshot())
    assert list(restarted.served(SALES)) == list(office.engine.served(SALES)) != []
    told = news(restarted, office.now, lambda: "a")
    assert [each.subject for each in told] == [SALES]  # type: ignore[union-attr]  # nothing is over
    office.do(Configured(configuration=CONFIGURATION))
    assert office.engine.served(SALES) == ()


# Ghosts.

GHOST = AlertRule(id="ghost", kind="ghost_busy", after_seconds=60)


def test_agent_on_a_pause_that_nobody_chose_is_told_and_one_at_lunch_is_not() -> None:
    office, numbers = office_with(GHOST, ready=(ANNA, BORIS)), count()
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason=LUNCH))
    office.queue("c1")
    contact = office.contact("c1")
    office.do(OfferExpired(contact=contact.id, agent=ANNA, offer=contact.offer))
    office.wait(59)
    assert look(office, numbers) == []
    office.wait(1)
    assert look(office, numbers) == [("raised", ANNA)]
    office.do(StatusChosen(agent=ANNA, status="ready"))
    assert look(office, numbers) == [("over", ANNA)]


def test_agent_ready_without_a_telephone_is_told_from_when_it_was_lost() -> None:
    office, numbers = office_with(GHOST, ready=(ANNA,)), count()
    office.wait(3600)
    office.do(AgentUnreachable(agent=ANNA))
    office.wait(30)
    office.do(AgentUnreachable(agent=ANNA))  # twice is once
    office.wait(29)
    assert look(office, numbers) == []
    office.wait(1)
    assert look(office, numbers) == [("raised", ANNA)]
    office.do(AgentReachable(agent=ANNA))
    assert look(office, numbers) == [("over", ANNA)]


def test_wrap_up_and_talk_are_no_ghosts_and_a_talk_with_nobody_is() -> None:
    office, numbers = office_with(GHOST, ready=(ANNA,)), count()
    office.talk("c1")
    office.wait(3600)
    assert look(office, numbers) == []
    del office.engine._centre.contacts[ContactId("c1")]
    assert look(office, numbers) == [("raised", ANNA)]


# The set-up.


@pytest.mark.parametrize(
    ("rule", "place", "code"),
    [
        (AlertRule(id="r", kind="long_wait"), "after_seconds", "config_alert_seconds"),
        (AlertRule(id="r", kind="ghost_busy"), "after_seconds", "config_alert_seconds"),
        (AlertRule(id="r", kind="service_level"), "percent", "config_alert_percent"),
        (AlertRule(id="r", kind="abandoned", percent=100), "percent", "config_alert_percent"),
        (replace(LEVEL, window_seconds=59), "window_seconds", "config_alert_window"),
        (replace(LOST, window_seconds=14401), "window_seconds", "config_alert_window"),
        (replace(LOST, at_least=0), "at_least", "config_alert_at_least"),
        (replace(LOST, within_seconds=10), "within_seconds", "config_alert_not_of_kind"),
        (replace(GHOST, percent=5), "percent", "config_alert_not_of_kind"),
        (replace(LEVEL, after_seconds=5), "after_seconds", "config_alert_not_of_kind"),
        (replace(GHOST, states=("ready",)), "states", "config_alert_not_of_kind"),
    ],
)
def test_rule_that_cannot_be_is_told_with_its_place(rule: AlertRule, place: str, code: str) -> None:
    found = [(each.place, each.code) for each in faults(replace(CONFIGURATION, alerts=(rule,)))]
    assert (f"alerts[0].{place}", code) in found
    assert all(each.message("ru") for each in faults(replace(CONFIGURATION, alerts=(rule,))))


def test_rules_that_can_be_have_no_faults() -> None:
    rules = (LEVEL, LOST, GHOST, AlertRule(id="s", kind="long_status", after_seconds=60, states=("ready",)))
    assert not [each for each in faults(replace(CONFIGURATION, alerts=rules)) if each.place.startswith("alerts")]
