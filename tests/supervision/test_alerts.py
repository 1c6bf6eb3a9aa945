"""What supervisors are told of: from the folded state and the time alone, once, until it is over."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, LUNCH, SALES, SUPPORT, Office

from otklik.contact.decisions import Refuse
from otklik.contact.facts import (
    AlertAcknowledged,
    AlertOver,
    AlertRaised,
    Configured,
    ContactHeld,
    Fact,
    StatusChosen,
)
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.watching import AlertKind, AlertRule
from otklik.routing import Engine
from otklik.routing.alerts import KEPT
from otklik.supervision.alerts import news
from otklik.supervision.floor import Floor


def office_with(*rules: AlertRule, ready: tuple[AgentId, ...] = ()) -> Office:
    return Office(replace(CONFIGURATION, alerts=rules), *ready)


def look(office: Office, numbers: count[int]) -> list[tuple[str, str]]:
    """As the centre does every second: the facts are told, and summed up as (what, subject)."""
    told: list[Fact] = list(news(office.engine, office.now, lambda: f"a{next(numbers)}"))
    subjects = {each.id: each.subject for each in office.engine.alerts()}
    for fact in told:
        office.do(fact)
    return [
        ("raised", fact.subject) if isinstance(fact, AlertRaised) else ("over", subjects[fact.alert])  # type: ignore[union-attr]  # `news` tells of nothing else
        for fact in told
    ]


WAIT = AlertRule(id="patience", kind="long_wait", after_seconds=60, queues=(SALES,))


def test_longest_wait_of_a_queue_is_told_once_and_is_over_when_it_is_answered() -> None:
    office, numbers = office_with(WAIT), count()
    office.queue("c1")
    office.queue("c2", SUPPORT)
    office.wait(59)
    assert look(office, numbers) == []
    office.wait(1)
    assert look(office, numbers) == [("raised", SALES)]
    office.wait(30)
    assert look(office, numbers) == []
    office.come(ANNA)
    assert look(office, numbers) == [("over", SALES)]
    (alert,) = office.engine.alerts()
    assert (alert.kind, alert.queue, alert.at, alert.over_at) == ("long_wait", SALES, 1060.0, 1090.0)


@pytest.mark.parametrize("kind", ["long_talk", "long_hold"])
def test_long_talk_counts_from_the_answer_and_a_long_hold_from_its_beginning(kind: AlertKind) -> None:
    rule = AlertRule(id="r", kind=kind, after_seconds=60)
    office, numbers = office_with(rule, ready=(ANNA,)), count()
    office.talk("c1")
    office.wait(50)
    office.do(ContactHeld(contact=ContactId("c1"), agent=ANNA))
    office.wait(10)
    assert look(office, numbers) == ([("raised", "c1")] if kind == "long_talk" else [])
    office.wait(50)
    assert look(office, numbers) == ([("raised", "c1")] if kind == "long_hold" else [])
    assert [(each.agent, each.queue) for each in office.engine.alerts()] == [(ANNA, SALES)]


def test_agent_too_long_in_a_status_is_told_for_the_states_of_the_rule() -> None:
    rule = AlertRule(id="r", kind="long_status", after_seconds=60, states=("not_ready",), queues=(SALES,))
    office, numbers = office_with(rule, ready=(ANNA, BORIS)), count()
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason=LUNCH))
    office.wait(60)
    assert look(office, numbers) == [("raised", BORIS)]
    office.do(StatusChosen(agent=BORIS, status="ready"))
    assert look(office, numbers) == [("over", BORIS)]


def test_rule_that_is_taken_away_leaves_nothing_standing() -> None:
    office, numbers = office_with(WAIT), count()
    office.queue("c1")
    office.wait(60)
    look(office, numbers)
    office.do(Configured(configuration=CONFIGURATION))
    assert look(office, numbers) == [("over", SALES)]


def test_first_who_has_seen_to_it_counts_and_an_unknown_alert_is_refused() -> None:
    office, numbers = office_with(WAIT), count()
    office.queue("c1")
    office.wait(60)
    look(office, numbers)
    office.do(AlertAcknowledged(alert="a0", by="olga", name="Ольга"))
    office.wait(5)
    office.do(AlertAcknowledged(alert="a0", by="igor", name="Игорь"))
    (alert,) = office.engine.alerts()
    assert (alert.seen_by, alert.seen_at) == ("Ольга", 1060.0)
    assert office.do(AlertAcknowledged(alert="none", by="olga", name="Ольга")) == [Refuse(code="no_such_alert")]


def test_restart_knows_what_was_told_and_tells_it_no_second_time() -> None:
    office, numbers = office_with(WAIT), count()
    office.queue("c1")
    office.wait(60)
    look(office, numbers)
    restarted = Engine.restore(office.engine.snapshot())
    assert restarted.alerts() == office.engine.alerts()
    assert news(restarted, office.now + 1, lambda: "again") == []


def test_history_keeps_the_last_that_are_over_and_all_that_stand() -> None:
    office = office_with(WAIT)
    for number in range(KEPT + 5):
        office.do(AlertRaised(alert=f"a{number}", rule="patience", kind="long_wait", subject=f"s{number}"))
        if number:
            office.do(AlertOver(alert=f"a{number}"))
    office.do(AlertRaised(alert="last", rule="patience", kind="long_wait", subject="new"))
    kept = [each.id for each in office.engine.alerts()]
    assert (kept[0], kept[-1], len(kept)) == ("a0", "last", KEPT + 2)


def test_floor_shows_alerts_with_the_names_of_queue_and_agent() -> None:
    office, numbers = office_with(AlertRule(id="t", kind="long_talk", after_seconds=10), ready=(ANNA,)), count()
    floor = Floor()
    floor.follow(office.engine, (), ())
    office.talk("c1")
    office.wait(10)
    look(office, numbers)
    change = floor.follow(office.engine, (), ())
    assert change.set["alerts"] == [
        {
            "id": "a0",
            "kind": "long_talk",
            "queue": {"id": "sales", "name": "Продажи"},
            "agent": {"id": "anna", "name": "Анна"},
            "contact": "c1",
            "percent": None,
            "of": None,
            "at": "1970-01-01T00:16:50.000Z",
            "over_at": None,
            "seen": None,
        }
    ]
    assert "alerts" not in floor.follow(office.engine, (), ()).set
