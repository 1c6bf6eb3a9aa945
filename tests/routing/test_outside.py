"""Customers who are put through to somebody outside: by a scenario, a rule, a limit or a key; and whom nobody may call so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, CONFIGURATION, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Configuration, Destination, EntryRule, Exit, Queue
from otklik.contact.decisions import CallOutside, End, EndOutside, Offer, Refuse, RunScenario, SetTimer
from otklik.contact.facts import (
    CallsOutChanged,
    ContactArrived,
    CustomerLeft,
    KeyPressed,
    OfferAnswered,
    ScenarioFinished,
    VerbFinished,
)
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.outside_number import OutsideAnswered, OutsideAsked, OutsideEnd, OutsideEnded, OutsideNumber
from otklik.routing import ContactState, Engine
from otklik.routing.audit import faults, without_trunk
from otklik.routing.outside_number import LINES_TO_ONE_NUMBER

C1 = ContactId("c1")
DOCTOR = OutsideNumber(dial="+7 (800) 555-35-35", ring_seconds=25, longest_seconds=600)
NUMBER = "+78005553535"


def ask(office: Office, to: OutsideNumber = DOCTOR, *, step: int = 3, written: bool = True, name: str = "c1") -> Any:
    return office.do(OutsideAsked(contact=ContactId(name), step=step, to=to, written=written, block="Врач"))


def outside(office: Office, name: str = "c1") -> None:
    """In conversation."""
    office.do(OutsideAnswered(contact=ContactId(name), attempt=1))


def told(decisions: Any) -> VerbFinished:
    fact = only(SetTimer, decisions).fact
    assert isinstance(fact, VerbFinished)
    return fact


def refused(decisions: Any) -> str:
    assert of(CallOutside, decisions) == []
    return only(Refuse, decisions).code


def test_scenario_has_the_customer_put_through_and_goes_on_once_the_other_side_has_hung_up() -> None:
    office = Office()
    office.arrive("c1")
    call = only(CallOutside, ask(office))
    assert (call.contact, call.attempt, call.ring_seconds, call.number) == (C1, 1, 25, "")
    assert (office.contact("c1").state, office.contact("c1").stage) == (ContactState.OUTSIDE, ContactState.OUTSIDE)
    office.wait(10)
    outside(office)
    office.wait(60)
    came = told(office.do(OutsideEnded(contact=C1, attempt=1, cause="hung_up")))
    assert came == VerbFinished(contact=C1, step=3, outcome="done", block="Врач")
    assert office.contact("c1").state is ContactState.SCENARIO
    office.do(ScenarioFinished(contact=C1))
    record = office.record("c1")
    assert (record.outcome, record.outside_seconds, record.talk_seconds) == ("outside", 60, 0)
    assert [each.kind for each in record.segments] == ["scenario", "ringing_outside", "outside", "scenario"]


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [("busy", "busy"), ("rejected", "busy"), ("no_answer", "no_answer"), ("unallocated", "failed"), ("lost", "failed")],
)
def test_whom_nobody_answers_goes_on_by_what_came_of_it(cause: OutsideEnd, outcome: str) -> None:
    office = Office()
    office.arrive("c1")
    ask(office)
    assert told(office.do(OutsideEnded(contact=C1, attempt=1, cause=cause))).outcome == outcome
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.record("c1").outcome == "abandoned"


def test_customer_who_hangs_up_while_talking_was_served_outside_and_who_hangs_up_before_has_given_up() -> None:
    for talks, outcome in ((True, "outside"), (False, "abandoned")):
        office = Office()
        office.arrive("c1")
        ask(office)
        if talks:
            outside(office)
        office.do(CustomerLeft(contact=C1, cause="hung_up"))
        record = office.record("c1")
        assert (record.outcome, record.stage) == (outcome, "outside")
        assert office.do(OutsideEnded(contact=C1, attempt=1, cause="hung_up")) == []


def test_asked_again_after_a_restart_nobody_is_called_twice_whatever_came_of_it() -> None:
    office = Office()
    office.arrive("c1")
    ask(office)
    assert ask(office) == []
    office.do(OutsideEnded(contact=C1, attempt=1, cause="lost"))
    assert ask(office) == [], "it is told that it has failed"
    assert only(CallOutside, ask(office, step=5)).attempt == 2


def test_late_and_repeated_facts_of_an_attempt_change_nothing() -> None:
    office = Office()
    office.arrive("c1")
    ask(office)
    outside(office)
    before = office.engine.snapshot()
    for fact in (
        OutsideAnswered(contact=C1, attempt=1),
        OutsideEnded(contact=C1, attempt=2, cause="busy"),
        OutsideAnswered(contact=ContactId("nobody"), attempt=1),
    ):
        assert office.do(fact) == []
    assert office.engine.snapshot() == before


def test_ringing_and_talking_are_ended_when_they_have_lasted_for_as_long_as_they_may() -> None:
    office = Office()
    office.arrive("c1")
    ask(office)
    assert only(EndOutside, office.wait(40)).attempt == 1
    office = Office()
    office.arrive("c1")
    ask(office)
    outside(office)
    assert office.wait(599) == []
    assert only(EndOutside, office.wait(1)) == EndOutside(contact=C1, attempt=1)


def test_a_restart_finds_who_is_outside_and_counts_the_lines() -> None:
    office = Office()
    office.arrive("c1")
    ask(office)
    again = Engine.restore(office.engine.snapshot())
    assert again.snapshot() == office.engine.snapshot()
    assert again._centre.numbers_outside == {C1: NUMBER}


# whom nobody may call


@pytest.mark.parametrize(
    ("dial", "code"),
    [
        ("1000", "short_number_not_allowed"),
        ("911", "short_number_not_allowed"),
        ("8800", "short_number_not_allowed"),
        ("", "number_unreadable"),
        ("+7800555@evil", "number_unreadable"),
        ("+7916;transport=tcp", "number_unreadable"),
        ("78005553535", "number_unreadable"),
        ("****", "number_unreadable"),
    ],
)
def test_what_is_no_number_is_not_called(dial: str, code: str) -> None:
    office = Office()
    office.arrive("c1")
    decisions = ask(office, OutsideNumber(dial=dial))
    assert refused(decisions) == code
    assert told(decisions).outcome == "impossible"
    assert office.contact("c1").state is ContactState.SCENARIO


@pytest.mark.parametrize(
    ("dial", "rules_of", "allowed"),
    [
        ("+79161112233", SALES, True),
        ("+19005551234", SALES, False),
        ("+79161112233", SUPPORT, False),  # it names no beginnings: nothing keyed may be called by its rules
        ("+79161112233", None, False),
        ("+79161112233", QueueId("gone"), False),
        ("112", SALES, False),
    ],
)
def test_what_was_keyed_or_found_is_called_only_where_a_queue_says_with_what_it_may_begin(
    dial: str, rules_of: QueueId | None, allowed: bool
) -> None:
    office = Office()
    office.arrive("c1")
    decisions = ask(office, OutsideNumber(dial=dial, rules_of=rules_of), written=False)
    assert bool(of(CallOutside, decisions)) is allowed
    if not allowed:
        assert refused(decisions) == "number_not_allowed"


def test_short_numbers_of_the_tenant_may_stand_in_the_set_up() -> None:
    office = Office()
    office.arrive("c1")
    assert of(CallOutside, ask(office, OutsideNumber(dial="112")))


def test_our_own_number_is_not_called() -> None:
    entries = (replace(CONFIGURATION.entry_points[0], number="+7 800 555-35-35"), CONFIGURATION.entry_points[1])
    office = Office(replace(CONFIGURATION, entry_points=entries))
    office.arrive("c1")
    assert refused(ask(office)) == "outside_own_number"


@pytest.mark.parametrize("ani", [NUMBER, "1000", "2000"])
def test_a_call_that_comes_from_where_we_call_or_from_ourselves_is_not_sent_round(ani: str) -> None:
    office = Office()
    office.arrive("c1")
    ask(office)
    office.do(
        ContactArrived(contact=ContactId("c2"), channel="voice", entry_point=RUSSIAN, dnis="1000", leg="l", ani=ani)
    )
    assert refused(ask(office, name="c2")) == "outside_loop"
    office.do(OutsideEnded(contact=C1, attempt=1, cause="busy"))


def test_one_number_has_only_so_many_lines_at_once() -> None:
    office = Office()
    for number in range(LINES_TO_ONE_NUMBER):
        office.arrive(f"n{number}")
        assert of(CallOutside, ask(office, name=f"n{number}"))
    office.arrive("c1")
    assert refused(ask(office)) == "outside_lines"
    office.do(CustomerLeft(contact=ContactId("n0"), cause="hung_up"))
    assert of(CallOutside, ask(office, step=4))


def test_without_a_trunk_nobody_is_put_through() -> None:
    office = Office()
    office.do(CallsOutChanged(possible=False))
    office.arrive("c1")
    assert refused(ask(office)) == "no_trunk_out"


# as a destination


def of_queue(**words: Any) -> Configuration:
    return replace(CONFIGURATION, queues=(replace(CONFIGURATION.queues[0], **words), CONFIGURATION.queues[1]))


def night(to: OutsideNumber = DOCTOR) -> Configuration:
    rule = EntryRule(id="night", to=Destination(outside=to))
    return replace(
        CONFIGURATION,
        entry_points=(replace(CONFIGURATION.entry_points[0], rules=(rule,)), CONFIGURATION.entry_points[1]),
    )


def test_an_entry_rule_puts_through_and_the_call_is_over_with_the_conversation() -> None:
    office = Office(night())
    assert of(RunScenario, arrived := office.arrive("c1")) == []
    assert only(CallOutside, arrived).contact == C1
    outside(office)
    ended = office.do(OutsideEnded(contact=C1, attempt=1, cause="hung_up"))
    assert only(End, ended).contact == C1
    assert (office.record("c1").outcome, office.record("c1").entry_rule) == ("outside", "rule:night")


def test_whom_nobody_answers_by_an_entry_rule_hears_the_scenario_of_the_entry_point() -> None:
    office = Office(night())
    office.arrive("c1")
    ended = office.do(OutsideEnded(contact=C1, attempt=1, cause="no_answer"))
    assert only(RunScenario, ended).scenario == ScenarioId("menu-ru")


def test_an_entry_rule_that_cannot_be_followed_leads_to_the_scenario_at_once() -> None:
    office = Office(night())
    office.do(CallsOutChanged(possible=False))
    arrived = office.arrive("c1")
    assert only(RunScenario, arrived).scenario == ScenarioId("menu-ru")
    assert only(Refuse, arrived).code == "no_trunk_out"


def test_who_has_waited_too_long_is_put_through_once_and_keeps_the_place_where_nobody_answers() -> None:
    office = Office(of_queue(max_wait_seconds=30, otherwise=Destination(outside=DOCTOR)))
    office.queue("c1")
    place = office.contact("c1").key
    assert only(CallOutside, office.wait(30)).contact == C1
    assert not office.engine.queue(SALES).waiting  # type: ignore[union-attr]
    office.wait(5)
    office.do(OutsideEnded(contact=C1, attempt=1, cause="no_answer"))
    contact = office.contact("c1")
    assert (contact.state, contact.queue, contact.key) == (ContactState.WAITING, SALES, place)
    assert of(CallOutside, office.wait(300)) == [], "a limit sends nobody twice to the same place"
    assert only(Offer, office.come(ANNA)).contact == C1
    office.do(OfferAnswered(contact=C1, agent=ANNA, offer=office.contact("c1").offer))
    assert office.record("c1").answered_at is not None


def test_whoever_comes_back_unanswered_does_not_join_anew_and_has_waited_since_the_beginning() -> None:
    exits = (Exit(digit="9", to=Destination(outside=DOCTOR)),)
    office = Office(of_queue(exits=exits, max_waiting=1, otherwise=Destination(queue=SUPPORT)))
    office.queue("c1")
    entered = office.contact("c1").entered_at
    office.do(KeyPressed(contact=C1, key="9"))
    office.queue("c2")
    office.wait(5)
    office.do(OutsideEnded(contact=C1, attempt=1, cause="no_answer"))
    assert (office.contact("c1").queue, office.contact("c1").entered_at) == (SALES, entered)


def test_an_agent_who_comes_free_meanwhile_is_not_offered_who_is_outside() -> None:
    office = Office(of_queue(max_wait_seconds=30, otherwise=Destination(outside=DOCTOR)))
    office.queue("c1")
    office.wait(30)
    assert of(Offer, office.come(ANNA)) == []
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.record("c1").outcome == "abandoned"


def test_a_key_leads_outside_and_does_nothing_where_that_cannot_be() -> None:
    exits = (Exit(digit="9", to=Destination(outside=DOCTOR)),)
    office = Office(of_queue(exits=exits))
    office.queue("c1")
    assert only(CallOutside, office.do(KeyPressed(contact=C1, key="9"))).contact == C1
    office = Office(of_queue(exits=exits))
    office.do(CallsOutChanged(possible=False))
    office.queue("c1")
    assert office.do(KeyPressed(contact=C1, key="9")) == []
    assert office.contact("c1").state is ContactState.WAITING


# what may be wrong with it


def wrong(configuration: Configuration) -> list[tuple[str, str]]:
    return [(each.place, each.code) for each in faults(configuration) if not each.warning]


@pytest.mark.parametrize(
    ("dial", "code"),
    [
        ("8 800 555", "config_outside_dial"),
        ("{phone}", "config_outside_dial"),
        ("911", "config_outside_short"),
        ("+7 800 555-35-35", None),
        ("112", None),
    ],
)
def test_a_number_that_could_not_be_called_is_a_fault_of_the_set_up(dial: str, code: str | None) -> None:
    found = wrong(night(OutsideNumber(dial=dial)))
    assert found == ([("entry_points[0].rules[0].to.outside.dial", code)] if code else [])


def test_our_own_number_is_a_fault_of_the_set_up() -> None:
    entries = (*night().entry_points[:1], replace(CONFIGURATION.entry_points[1], number="78005553535"))
    assert wrong(replace(night(), entry_points=entries)) == [
        ("entry_points[0].rules[0].to.outside.dial", "config_outside_own")
    ]


def test_without_a_trunk_the_set_up_is_warned_of() -> None:
    assert [each.code for each in without_trunk(night())] == ["config_no_trunk_outside"]
    assert Queue(id=SALES, name="").otherwise is None
