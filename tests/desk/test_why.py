"""The words of `why`: every fact, every rule has some in both languages, and their places are fields that there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from string import Formatter

from msgspec import structs

from otklik.contact.decisions import Decision
from otklik.contact.facts import CallbackMoved, ContactPushed, ContactTransferred, CustomerLeft, Fact, VerbFinished
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.desk import why
from otklik.routing import Candidate
from otklik.routing.rules import Rule
from otklik.storage import codec

PEOPLE = {"anna": "Анна", "boris": "Борис", "olga": "Ольга"}
QUEUES = {"support": "Поддержка"}


@dataclass
class Step:
    fact: Fact
    seq: int = 1
    at: float = 0.0
    decisions: list[Decision] = field(default_factory=list)
    considered: list[Candidate] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return codec.KINDS[type(self.fact)]


def told(fact: Fact) -> tuple[str, str]:
    step = why.tell("c1", [Step(fact)], PEOPLE, QUEUES).steps[0]
    return step.ru, step.en


def test_every_fact_and_every_rule_has_words_in_both_languages() -> None:
    for fact, kind in codec.KINDS.items():
        known = {each.name for each in structs.fields(fact)} | {"target"}
        for text in why._FACTS[kind]:
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known, kind
    assert set(why._RULES) == {str(rule) for rule in Rule}


def test_words_of_the_program_are_told_as_people_say_them_and_numbers_stay_numbers() -> None:
    contact = ContactId("c1")
    assert told(CustomerLeft(contact=contact, cause="hung_up"))[0] == "Линия клиента закончилась: положена трубка"
    pressed = VerbFinished(contact=contact, step=1, outcome="digits", digits="2")
    assert told(pressed)[1] == "Scenario, step 1: pressed 2"


def test_time_beyond_the_calendar_of_years_is_told_as_its_last_minute() -> None:
    fact = CallbackMoved(contact=ContactId("c1"), at=datetime(9999, 12, 31, 23, 30, tzinfo=UTC).timestamp() + 18_000)
    assert "9999-12-31 23:59 UTC" in told(fact)[1]


def test_what_people_decide_themselves_is_told_with_their_names() -> None:
    contact, anna, boris = ContactId("c1"), AgentId("anna"), AgentId("boris")
    assert told(ContactTransferred(contact=contact, agent=anna, to_queue=QueueId("support"))) == (
        "Анна переводит: Поддержка",
        "Анна transferred it to Поддержка",
    )
    assert told(ContactTransferred(contact=contact, agent=anna, to_agent=boris))[0] == "Анна переводит: Борис"
    assert told(ContactPushed(contact=contact, agent=boris, by="olga"))[1] == "Ольга gave it to Борис"
