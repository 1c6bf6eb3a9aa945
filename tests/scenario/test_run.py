"""A greeting, a menu, a queue: every way a customer may answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from otklik.contact.configuration import MenuChoice, Scenario, Speech
from otklik.contact.decisions import Ask, Decision, Enqueue, Say
from otklik.contact.facts import VerbFinished
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.scenario import Run

C1 = ContactId("c1")
SALES, SUPPORT = QueueId("sales"), QueueId("support")
MENU = Scenario(
    id=ScenarioId("menu"),
    language="ru",
    greeting="Здравствуйте!",
    prompt="Продажи: 1, поддержка: 2.",
    choices=(
        MenuChoice(digit="1", label="Продажи", queue=SALES),
        MenuChoice(digit="2", label="Поддержка", queue=SUPPORT),
    ),
    otherwise=SUPPORT,
    wrong_choice="Такого пункта нет.",
    timeout_seconds=4.0,
    attempts=3,
)
OTHERWISE: list[Decision] = [Enqueue(contact=C1, queue=SUPPORT, choices=())]


def ask(step: int, *texts: str) -> list[Decision]:
    speech = tuple(Speech(text=text, language="ru") for text in texts)
    return [Ask(contact=C1, step=step, speech=speech, max_digits=1, timeout_seconds=4.0)]


def pressed(step: int, digits: str) -> VerbFinished:
    return VerbFinished(contact=C1, step=step, outcome="digits", digits=digits)


def silent(step: int, outcome: Literal["done", "timeout", "failed"] = "timeout") -> VerbFinished:
    return VerbFinished(contact=C1, step=step, outcome=outcome)


@pytest.fixture
def run() -> Run:
    run = Run(C1, MENU)
    assert run.start() == ask(1, "Здравствуйте!", "Продажи: 1, поддержка: 2.")
    return run


def test_key_leads_to_its_queue_with_its_label(run: Run) -> None:
    assert run.handle(pressed(1, "1")) == [Enqueue(contact=C1, queue=SALES, choices=("Продажи",))]
    assert run.over


def test_wrong_key_is_told_and_the_menu_is_said_again(run: Run) -> None:
    assert run.handle(pressed(1, "9")) == ask(2, "Такого пункта нет.", "Продажи: 1, поддержка: 2.")
    assert run.handle(pressed(2, "2")) == [Enqueue(contact=C1, queue=SUPPORT, choices=("Поддержка",))]


def test_silence_says_the_menu_again_without_reproach(run: Run) -> None:
    assert run.handle(silent(1)) == ask(2, "Продажи: 1, поддержка: 2.")


def test_after_all_attempts_the_contact_goes_where_it_is_helped(run: Run) -> None:
    run.handle(silent(1))
    run.handle(pressed(2, "*"))
    assert run.handle(silent(3)) == OTHERWISE


def test_channel_that_cannot_speak_does_not_keep_the_customer(run: Run) -> None:
    assert run.handle(silent(1, "failed")) == OTHERWISE


def test_late_repeated_and_foreign_answers_change_nothing(run: Run) -> None:
    run.handle(silent(1))
    assert run.handle(pressed(1, "1")) == []
    assert run.handle(VerbFinished(contact=ContactId("c2"), step=2, outcome="digits", digits="1")) == []
    run.handle(pressed(2, "1"))
    assert run.handle(pressed(2, "1")) == []
    assert run.handle(pressed(3, "1")) == []


def test_greeting_without_a_menu_is_spoken_to_the_end() -> None:
    run = Run(C1, replace(MENU, choices=()))
    assert run.start() == [Say(contact=C1, step=1, speech=(Speech(text="Здравствуйте!", language="ru"),))]
    assert run.handle(silent(1, "done")) == OTHERWISE


def test_empty_scenario_goes_to_the_queue_at_once() -> None:
    assert Run(C1, replace(MENU, choices=(), greeting="")).start() == OTHERWISE


def test_texts_left_empty_are_not_spoken() -> None:
    run = Run(C1, replace(MENU, greeting="", wrong_choice=""))
    assert run.start() == ask(1, "Продажи: 1, поддержка: 2.")


def test_fresh_run_told_the_same_replies_stands_at_the_same_step(run: Run) -> None:
    for fact in (silent(1), pressed(1, "1"), pressed(2, "8")):
        run.handle(fact)
    again = Run(C1, MENU)
    again.start()
    for reply in run.replies:
        again.handle(reply)
    assert again.replies == run.replies == [silent(1), pressed(2, "8")]
    assert again.handle(pressed(3, "1")) == run.handle(pressed(3, "1")) != []
