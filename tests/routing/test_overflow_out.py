"""Overflow to somebody outside and to a mailbox: around the clock without a night shift."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Configuration, Destination, Exit, Overflow, OverflowKind
from otklik.contact.decisions import CallOutside, Offer, RunScenario
from otklik.contact.facts import (
    Configured,
    ContactQueued,
    CustomerLeft,
    KeyPressed,
    ScenarioFinished,
)
from otklik.contact.flow import Flow
from otklik.contact.ids import ContactId, QueueId
from otklik.contact.outside_number import OutsideAnswered, OutsideEnded, OutsideNumber
from otklik.contact.voicemail import Mailbox
from otklik.routing import ContactState, Engine
from otklik.routing.audit import faults, without_trunk
from otklik.routing.mailbox import mailbox_flow, mailbox_id
from otklik.scenario import Run
from otklik.scenario.rehearsal import rehearse

C1 = ContactId("c1")
NIGHT = OutsideNumber(dial="+78005553535")
BOX = Mailbox()


def sales(*overflow: Overflow, **words: Any) -> Configuration:
    queue = replace(CONFIGURATION.queues[0], overflow=overflow, announce_every_seconds=0, **words)
    return replace(CONFIGURATION, queues=(queue, CONFIGURATION.queues[1]))


def out(when: OverflowKind = "wait", at: float = 30, **to: Any) -> Overflow:
    return Overflow(when=when, at=at, **(to or {"outside": NIGHT}))


@pytest.mark.parametrize(
    ("when", "at", "ahead", "ready", "goes"),
    [
        ("agents", 1, 0, (), True),
        ("agents", 1, 0, (ANNA,), False),
        ("length", 1, 1, (), True),
        ("length", 2, 1, (), False),
        ("ratio", 1, 1, (ANNA,), True),
        ("ratio", 2, 1, (ANNA,), False),
    ],
)
def test_who_would_overflow_is_put_through_to_the_number_outside(
    when: OverflowKind, at: float, ahead: int, ready: tuple[Any, ...], goes: bool
) -> None:
    office = Office(sales(out(when, at)), *ready)
    for number in range(ahead):
        office.queue(f"before{number}")
    decided = of(CallOutside, office.queue("c1"))
    assert bool([each for each in decided if each.contact == C1]) is goes


def test_after_the_wait_it_is_called_outside_and_who_is_not_answered_waits_on_at_the_old_place_and_not_out_again() -> (
    None
):
    office = Office(sales(out("wait", 30)))
    office.queue("c1")
    office.queue("c2")
    assert of(CallOutside, office.wait(29)) == []
    called = of(CallOutside, office.wait(2))
    assert [each.contact for each in called] == [C1, ContactId("c2")]
    place = office.contact("c1").key
    office.do(OutsideEnded(contact=C1, attempt=1, cause="no_answer"))
    assert (office.contact("c1").state, office.contact("c1").key) == (ContactState.WAITING, place)
    assert of(CallOutside, office.wait(3600)) == [], "it is not tried twice"
    assert only(Offer, office.come(BORIS)).contact == C1
    (passed,) = office.contact("c1").diversions
    assert (passed.reason, passed.outside, passed.queue) == ("overflow_wait", True, SALES)


def test_who_was_talked_to_outside_is_served() -> None:
    office = Office(sales(out("agents", 1)))
    office.queue("c1")
    office.do(OutsideAnswered(contact=C1, attempt=1))
    office.do(OutsideEnded(contact=C1, attempt=1, cause="hung_up"))
    assert office.record("c1").outcome == "outside"


def mailbox_of(office: Office, decisions: Any) -> Flow:
    found = office.engine.scenario(only(RunScenario, decisions).scenario)
    assert isinstance(found, Flow)
    return found


def test_mailbox_takes_a_message_for_the_queue_and_hangs_up_and_who_says_nothing_waits_on() -> None:
    office = Office(sales(out("agents", 1, mailbox=BOX)))
    flow = mailbox_of(office, office.queue("c1"))
    left = rehearse(flow, ("Перезвоните",))
    assert left.left[0].voicemail.queue == SALES and left.end is not None
    assert left.said == [
        "Сейчас ответить некому. Оставьте сообщение после сигнала.",
        "Спасибо, мы получили ваше сообщение.",
    ]
    silent = rehearse(flow, ("",))
    assert getattr(silent.end, "queue", None) == SALES
    office.do(ContactQueued(contact=C1, queue=SALES))
    assert office.contact("c1").state is ContactState.WAITING, "it is not asked twice"
    assert of(RunScenario, office.wait(3600)) == []
    office.queue("c2")
    office.do(ScenarioFinished(contact=ContactId("c2")))
    assert office.record("c2").ended_at is not None


def test_mailbox_is_the_same_in_whatever_order_its_languages_are_written() -> None:
    """The log keeps a set-up with its keys sorted, and a replay must find the mailbox that was run."""
    written = Mailbox(
        text={"ru": "Говорите", "en": "Speak", "de": "Bitte"}, thanks={"ru": "Всё", "en": "Bye", "de": "Ja"}
    )
    logged = Mailbox(text=dict(sorted(written.text.items())), thanks=dict(sorted(written.thanks.items())))
    assert mailbox_id(SALES, written) == mailbox_id(SALES, logged) != mailbox_id(SALES, BOX)
    assert mailbox_flow(SALES, written) == mailbox_flow(SALES, logged)
    assert mailbox_flow(SALES, logged).languages == ("ru", "en", "de")


@pytest.mark.parametrize(("when", "at"), [("wait", 30), ("length", 1), ("agents", 1), ("ratio", 1)])
def test_who_is_to_be_called_back_is_sent_to_no_mailbox_and_is_called(when: OverflowKind, at: float) -> None:
    """No line is left that anybody could be spoken to on."""
    by_key = (Exit(digit="1", to=Destination(callback=True)),)
    office = Office(sales(exits=by_key))
    office.queue("c0")
    office.queue("c1")
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    decided = office.do(Configured(configuration=sales(out(when, at, mailbox=BOX), exits=by_key)))
    decided += office.wait(60)
    assert C1 not in [each.contact for each in of(RunScenario, decided)]
    assert (office.contact("c1").state, office.contact("c1").away) == (ContactState.WAITING, True)
    office.do(CustomerLeft(contact=ContactId("c0"), cause="hung_up"))
    assert only(Offer, office.come(BORIS)).contact == C1


def test_mailbox_of_another_queue_with_its_own_words_survives_a_restart() -> None:
    box = Mailbox(queue=SUPPORT, text={"en": "Speak"}, thanks={"en": "Bye"})
    office = Office(sales(out("wait", 30, mailbox=box)))
    office.queue("c1")
    ran = only(RunScenario, office.wait(31))
    flow = Engine.restore(office.engine.snapshot()).scenario(ran.scenario)
    assert isinstance(flow, Flow) and Run(C1, flow).start()
    assert rehearse(flow, ("Hi",)).left[0].voicemail.queue == SUPPORT


def test_the_next_rule_counts_where_the_first_cannot_be_done() -> None:
    own = replace(NIGHT, dial=CONFIGURATION.entry_points[0].number)
    office = Office(sales(out("agents", 1, outside=own), out("agents", 1, mailbox=BOX)))
    decided = office.queue("c1")
    assert of(CallOutside, decided) == [] and only(RunScenario, decided)


@pytest.mark.parametrize(
    ("overflow", "place", "code"),
    [
        (Overflow(when="wait", at=5), "", "config_overflow_to"),
        (Overflow(when="wait", at=5, to=SUPPORT, outside=NIGHT), "", "config_overflow_to"),
        (Overflow(when="wait", at=5, outside=NIGHT, keep=True), ".keep", "config_overflow_keep"),
        (Overflow(when="wait", at=5, outside=OutsideNumber(dial="call me")), ".outside.dial", "config_outside_dial"),
        (Overflow(when="wait", at=5, outside=OutsideNumber(dial="{n}")), ".outside.dial", "config_outside_dial"),
        (Overflow(when="wait", at=5, outside=OutsideNumber(dial="777")), ".outside.dial", "config_outside_short"),
        (Overflow(when="wait", at=5, outside=OutsideNumber(dial="1000")), ".outside.dial", "config_outside_short"),
        (Overflow(when="wait", at=5, mailbox=Mailbox(queue=QueueId("x"))), ".mailbox.queue", "config_no_queue"),
        (Overflow(when="wait", at=5, mailbox=Mailbox(max_seconds=0)), ".mailbox.max_seconds", "config_outside_seconds"),
    ],
)
def test_what_leads_nowhere_is_a_fault_with_its_place(overflow: Overflow, place: str, code: str) -> None:
    found = [(each.place, each.code) for each in faults(sales(overflow)) if not each.warning]
    assert (f"queues[0].overflow[0]{place}", code) in found


def test_our_own_number_is_refused_since_it_would_come_round() -> None:
    entry = replace(CONFIGURATION.entry_points[0], number="+74951112233")
    wanted = replace(sales(out(outside=replace(NIGHT, dial="+7 495 111-22-33"))), entry_points=(entry,))
    assert ("queues[0].overflow[0].outside.dial", "config_outside_own") in [
        (each.place, each.code) for each in faults(wanted)
    ]


def test_without_a_trunk_the_administrator_is_told_where_it_is_missed() -> None:
    assert [each.place for each in without_trunk(sales(out()))] == ["queues[0].overflow[0].outside"]
