"""What a caller says, and from where, is in no step that is written; and breaks none, whatever the words are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from otklik.contact.facts import VerbFinished
from otklik.contact.handler import HandlerFact, HandlerFailed, HandlerStepped
from otklik.contact.hearing import REQUEST_STEP, told_in_request
from otklik.contact.ids import ContactId
from otklik.scenario.verbs import Visitor
from otklik.scenario.words import hidden, hidden_values, places_of

C1 = ContactId("c1")
NUMBERS = ("+79990001122", "79990001122")


def of_step(verb: dict[str, Any], *said: str, learnt: dict[str, Any] | None = None) -> HandlerStepped:
    went = HandlerStepped(contact=C1, step=1, verb=verb, learnt=learnt or {})
    found = hidden(went, {words: "{said 1}" for words in said}, NUMBERS)
    assert isinstance(found, HandlerStepped)
    return found


@pytest.mark.parametrize(
    "verb",
    [
        {"kind": "enqueue", "queue": "sales", "agent": "anna", "block": "to sales"},
        {"kind": "look", "step": 2, "queue": "sales", "block": "sales"},
        {"kind": "ask", "step": 2, "speech": [], "max_digits": 4, "hearing": {"language": "ru", "phrases": {"1": ["sales"]}}},
        {"kind": "lookup", "step": 2, "connection": "sales", "statement": "agent", "parameters": {"agent": "1"}},
        {"kind": "fetch", "step": 2, "service": "sales", "request": "agent", "parameters": {"kind": "1"}},
        {"kind": "sendmessage", "step": 2, "by": "mail", "parameters": {"text": "1"}, "of_caller": ["parameters"]},
        {"kind": "takemessage", "step": 2, "max_seconds": 5.0, "block": "sales", "leave": "sales"},
        {"kind": "transferoutside", "step": 2, "to": {"dial": "1234", "rules_of": "sales"}, "block": "dial"},
        {"kind": "choose", "step": 2, "cases": [{"exit": "sales", "attributes": [{"attribute": "agent", "one_of": []}]}],
         "attributes": {"agent": "1"}, "language": "text", "block": "sales"},
    ],
)  # fmt: skip
def test_words_that_name_something_of_the_set_up_break_no_step(verb: dict[str, Any]) -> None:
    learnt = {"attributes": {"agent": "1"}, "language": "text", "requires": "sales", "priority": 1}
    words = (*verb, "sales", "agent", "kind", "anna", "1234", "text", "mail", verb["kind"])
    found = of_step(verb, *words, learnt=learnt)
    assert (found.verb, found.learnt) == (verb, learnt)


def test_values_have_places_where_the_words_and_the_number_were() -> None:
    said = "отдел продаж"
    verb = {
        "kind": "choose",
        "parameters": {"text": f"Вы сказали: {said}, с +79990001122"},
        "speech": [{"text": f"{said}!", "language": "ru"}],
        "attributes": {"topic": said},
        "cases": [{"exit": said, "attributes": [{"attribute": "topic", "one_of": [said, "79990001122"]}]}],
        "counted": ["shop.order 79990001122"],
        "to": {"dial": "9+79990001122"},
    }
    found = of_step(verb, said, learnt={"attributes": {said: said}, "choices": [said]})
    assert found.verb == {
        "kind": "choose",
        "parameters": {"text": "Вы сказали: {said 1}, с {ani}"},
        "speech": [{"text": "{said 1}!", "language": "ru"}],
        "attributes": {"topic": "{said 1}"},
        "cases": [{"exit": said, "attributes": [{"attribute": "topic", "one_of": ["{said 1}", "{ani}"]}]}],
        "counted": ["shop.order {ani}"],
        "to": {"dial": "9{ani}"},
    }
    assert found.learnt == {"attributes": {said: "{said 1}"}, "choices": ["{said 1}"]}


def test_words_are_not_found_in_a_place() -> None:
    found = of_step({"kind": "say", "speech": [{"text": "said: продажи"}]}, "said", "продажи")
    assert found.verb["speech"] == [{"text": "{said 1}: {said 1}"}]


def test_what_a_fault_tells_has_places_too() -> None:
    failed = HandlerFailed(contact=C1, step=1, cause="code", reason="no 79990001122", traceback="KeyError: 'Орёл'")
    assert hidden(failed, {"Орёл": "{said 1}"}, NUMBERS) == HandlerFailed(
        contact=C1, step=1, cause="code", reason="no {ani}", traceback="KeyError: '{said 1}'"
    )


@dataclass
class OfARequest:
    visitor: Visitor
    name: str = "Letters"
    replies: list[VerbFinished] = field(default_factory=list)
    stepped: list[HandlerFact] = field(default_factory=list)


def test_a_short_name_in_a_request_is_hidden_as_a_whole_word_and_a_figure_is_compared() -> None:
    told = told_in_request({"name": "Ян", "letter": "Я", "count": "12"})
    run = OfARequest(Visitor(channel="web", attributes={}, said={REQUEST_STEP: told}))
    places = places_of(run)
    assert {value: places.get(value) for value in ("Ян", "Я", "12")} == {"Ян": "{said 0 name}", "Я": None, "12": None}
    went = HandlerStepped(
        contact=C1, step=1, verb={"kind": "say", "speech": [{"text": "Ян, в январе. Янтарь; пан Ян"}]}
    )
    found = hidden(went, places, ())
    assert isinstance(found, HandlerStepped)
    assert found.verb["speech"] == [{"text": "{said 0 name}, в январе. Янтарь; пан {said 0 name}"}]
    given = {"who": "{said 0 name}", "count": "{said 0 count}"}
    came = hidden_values({"text": "Янтарь: Ян", "count": "12"}, given, run, ())
    assert came == {"text": "Янтарь: {said 0 name}", "count": "12"}


@pytest.mark.parametrize("value", [None, 1, "Орёл", ["Орёл"], {"x": ["Орёл"]}, [[{"text": "Орёл"}]]])
def test_whatever_shape_a_step_has_it_is_looked_through(value: Any) -> None:
    names = ("parameters", "attributes", "choices", "speech", "cases", "to", "counted")
    assert of_step(dict.fromkeys(names, value), "Орёл").verb.keys() == set(names)
