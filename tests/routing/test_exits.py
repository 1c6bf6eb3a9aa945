"""Keys by which waiting customers leave a queue, and the way back into a scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Configuration, Destination, Exit, Speech
from otklik.contact.decisions import Announce, Ask, Connect, End, Offer, RunScenario, Say, Withdraw
from otklik.contact.facts import ContactQueued, CustomerLeft, KeyPressed, OfferAnswered, VerbFinished
from otklik.contact.ids import ContactId, EntryPointId, QueueId, ScenarioId
from otklik.routing import ContactState
from otklik.routing.audit import faults
from otklik.scenario import Run

C1 = ContactId("c1")
MENU = ScenarioId("menu-ru")
BYE = Speech(text="Ответы есть на сайте.", language="ru")
TO_SUPPORT, TO_MENU, AWAY = Destination(queue=SUPPORT), Destination(scenario=MENU), Destination(reject=BYE)
EXITS = (Exit(digit="1", to=TO_SUPPORT), Exit(digit="2", to=TO_MENU), Exit(digit="*", to=AWAY))


def sales(**words: Any) -> Configuration:
    return replace(CONFIGURATION, queues=(replace(CONFIGURATION.queues[0], **words), CONFIGURATION.queues[1]))


def office(*ready: Any, **words: Any) -> Office:
    return Office(sales(exits=EXITS, **words), *ready)


def test_key_leads_to_another_queue_with_the_place() -> None:
    here = office()
    here.queue("c1")
    here.wait(40)
    here.queue("c2", SUPPORT)
    here.do(KeyPressed(contact=C1, key="1"))
    contact = here.contact("c1")
    assert (contact.queue, contact.key) == (SUPPORT, (1000.0, C1))
    assert [(each.queue, each.reason, each.to) for each in contact.diversions] == [(SALES, "key", SUPPORT)]
    assert only(Offer, here.come(ANNA)).contact == C1, "it came first"


@pytest.mark.parametrize("key", ["3", "#", "0", ""])
def test_key_that_is_not_named_changes_nothing(key: str) -> None:
    here = office()
    here.queue("c1")
    before = here.engine.snapshot()
    assert here.do(KeyPressed(contact=C1, key=key)) == []
    assert here.engine.snapshot() == before


def test_key_means_nothing_in_the_menu_in_a_conversation_or_after_the_end() -> None:
    here = office(BORIS)
    here.arrive("c1")
    assert here.do(KeyPressed(contact=C1, key="1")) == []
    here.do(ContactQueued(contact=C1, queue=SALES))
    here.answer("c1")
    assert here.do(KeyPressed(contact=C1, key="1")) == []
    here.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert here.do(KeyPressed(contact=C1, key="1")) == []


def test_key_pressed_while_it_rings_takes_the_ring_back_and_frees_the_agent() -> None:
    here = office(BORIS)
    here.queue("c1")
    here.queue("c2")
    decisions = here.do(KeyPressed(contact=C1, key="1"))
    assert only(Withdraw, decisions).contact == C1
    assert only(Offer, decisions).contact == "c2"
    late = here.do(OfferAnswered(contact=C1, agent=BORIS, offer=only(Withdraw, decisions).offer))
    assert of(Connect, late) == []


def test_key_leads_back_into_a_scenario_and_the_age_comes_back_with_it() -> None:
    here = office()
    here.queue("c1")
    here.wait(30)
    back = only(RunScenario, here.do(KeyPressed(contact=C1, key="2")))
    assert (back.scenario, here.contact("c1").state) == (MENU, ContactState.SCENARIO)
    scenario = here.engine.scenario(MENU)
    assert scenario is not None
    run = Run(C1, scenario, back.first_step)
    ask = only(Ask, run.start())
    assert run.handle(VerbFinished(contact=C1, step=1, outcome="digits", digits="2")) == [], "of the first time"
    assert run.handle(VerbFinished(contact=C1, step=ask.step, outcome="digits", digits="2")) != []
    here.wait(10)
    here.do(ContactQueued(contact=C1, queue=SUPPORT, choices=("Поддержка",)))
    contact = here.contact("c1")
    assert (contact.queue, contact.key, contact.choices) == (SUPPORT, (1000.0, C1), ("Продажи", "Поддержка"))
    record = here.record("c1")
    assert [(s.kind, s.queue, s.started_at) for s in record.segments[1:]] == [
        ("queue", SALES, 1000.0), ("scenario", None, 1030.0), ("queue", SUPPORT, 1040.0)
    ]  # fmt: skip


def test_key_hangs_up_with_words_and_is_counted_as_left() -> None:
    here = office()
    here.queue("c1")
    said = only(Say, here.do(KeyPressed(contact=C1, key="*")))
    assert said.speech == (BYE,)
    decisions = here.do(VerbFinished(contact=C1, step=said.step, outcome="done"))
    assert only(End, decisions).contact == C1
    assert here.record("c1").outcome == "left"


def test_whoever_hangs_up_during_those_words_has_left_too() -> None:
    here = office()
    here.queue("c1")
    here.do(KeyPressed(contact=C1, key="*"))
    here.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert here.record("c1").outcome == "left"


def test_own_choice_may_go_in_a_circle_and_overflow_may_follow_it() -> None:
    queues = (
        replace(CONFIGURATION.queues[0], exits=EXITS, max_wait_seconds=10, otherwise=TO_SUPPORT),
        replace(CONFIGURATION.queues[1], exits=(Exit(digit="1", to=Destination(queue=SALES)),)),
    )
    here = Office(replace(CONFIGURATION, queues=queues))
    here.queue("c1")
    here.wait(11)
    assert here.contact("c1").queue == SUPPORT
    here.do(KeyPressed(contact=C1, key="1"))
    assert here.contact("c1").queue == SALES
    here.wait(30)
    assert here.contact("c1").queue == SALES, "a limit does not send it where it has just come from"
    here.do(KeyPressed(contact=C1, key="1"))
    assert [each.reason for each in here.contact("c1").diversions] == ["waited", "key", "key"]


def test_limit_may_lead_into_a_scenario_but_only_once() -> None:
    here = Office(sales(max_waiting=1, otherwise=TO_MENU))
    here.queue("c1")
    decisions = here.queue("c2")
    assert only(RunScenario, decisions).scenario == MENU
    here.do(ContactQueued(contact=ContactId("c2"), queue=SALES))
    contact = here.contact("c2")
    assert (contact.state, [each.reason for each in contact.diversions]) == (ContactState.WAITING, ["full"])


def test_exit_to_what_is_no_more_changes_nothing() -> None:
    exits = (
        Exit(digit="1", to=Destination(queue=QueueId("gone"))),
        Exit(digit="2", to=Destination(scenario=ScenarioId("gone"))),
    )
    here = Office(sales(exits=exits))
    here.queue("c1")
    assert here.do(KeyPressed(contact=C1, key="1")) == here.do(KeyPressed(contact=C1, key="2")) == []
    assert here.contact("c1").queue == SALES


def test_announcement_names_the_keys_in_the_customers_language() -> None:
    texts = (Speech(text="Press star.", language="en"), Speech(text="Нажмите звёздочку.", language="ru"))
    here = office(exits_announced=texts)
    assert only(Announce, here.queue("c1")).speech[-1] == texts[1]
    assert only(Announce, here.wait(31)).speech[-1] == texts[1]


def test_messages_are_said_in_turn_each_time_the_place_is_said_again() -> None:
    first, second = {"en": "Order on the site.", "ru": "Закажите на сайте."}, {"en": "We are open till ten."}
    here = office(messages=(first, second))
    assert len(only(Announce, here.queue("c1")).speech) == 1
    said = [only(Announce, here.wait(31)).speech[-1] for _ in range(3)]
    assert [each.text for each in said] == ["Закажите на сайте.", "We are open till ten.", "Закажите на сайте."]
    assert [each.language for each in said] == ["ru", "en", "ru"]


@pytest.mark.parametrize(
    ("message", "code"),
    [({}, "config_message_empty"), ({"ru": " "}, "config_message_empty"), ({"ru": "Ваш код {code}"}, "config_message_values")],
)  # fmt: skip
def test_bad_message_is_refused_with_its_place(message: dict[str, str], code: str) -> None:
    found = [(fault.place, fault.code) for fault in faults(sales(messages=({"ru": "Да"}, message)))]
    assert found == [("queues[0].messages[1]", code)]


def test_messages_that_are_never_said_are_warned_of() -> None:
    found = faults(sales(messages=({"ru": "Да"},), announce_every_seconds=0))
    assert [(fault.place, fault.code, fault.warning) for fault in found] == [
        ("queues[0].messages", "config_exits_silent", True)
    ]


@pytest.mark.parametrize(
    ("exits", "place", "code"),
    [
        ((Exit(digit="12", to=AWAY),), "exits[0].digit", "config_exit_key"),
        ((Exit(digit="", to=AWAY),), "exits[0].digit", "config_exit_key"),
        ((Exit(digit="A", to=AWAY),), "exits[0].digit", "config_exit_key"),
        ((Exit(digit="1", to=AWAY), Exit(digit="1", to=TO_MENU)), "exits[1].digit", "config_twice"),
        ((Exit(digit="1", to=Destination(queue=QueueId("x"))),), "exits[0].to.queue", "config_no_queue"),
        ((Exit(digit="1", to=Destination(scenario=ScenarioId("x"))),), "exits[0].to.scenario", "config_no_scenario"),
        ((Exit(digit="1", to=Destination()),), "exits[0].to", "config_destination"),
        ((Exit(digit="1", to=Destination(entry_point=EntryPointId("1000"))),), "exits[0].to", "config_otherwise"),
    ],
)
def test_bad_exit_is_refused_with_its_place(exits: tuple[Exit, ...], place: str, code: str) -> None:
    found = [(fault.place, fault.code) for fault in faults(sales(exits=exits)) if not fault.warning]
    assert found == [(f"queues[0].{place}", code)]


def test_exits_that_lead_in_a_circle_are_allowed() -> None:
    back = replace(CONFIGURATION.queues[1], exits=(Exit(digit="1", to=Destination(queue=SALES)),))
    assert faults(replace(sales(exits=EXITS), queues=(sales(exits=EXITS).queues[0], back))) == []


def test_keys_that_nobody_will_name_are_warned_of() -> None:
    found = faults(sales(exits=EXITS, exits_announced=(BYE,), announce_every_seconds=0))
    assert [(fault.place, fault.warning) for fault in found] == [("queues[0].exits_announced", True)]
