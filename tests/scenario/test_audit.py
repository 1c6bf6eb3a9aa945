"""What may be wrong with a flow, each with its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from otklik.contact.configuration import Configuration
from otklik.contact.flow import Flow
from otklik.contact.ids import QueueId, ScenarioId
from otklik.scenario.audit import faults
from otklik.tenancy import document


def flow(**changed: Any) -> Flow:
    blocks = [
        {"id": "hello", "say": {"text": {"ru": "Да", "en": "Yes"}}, "exits": {"done": "menu"}},
        {
            "id": "menu",
            "ask": {"text": {"ru": "Меню", "en": "Menu"}, "keys": {"1": "One"}},
            "exits": {"1": "code", "no_input": "end"},
        },
        {
            "id": "code",
            "collect": {"text": {"ru": "Код", "en": "Code"}, "into": "code"},
            "exits": {"done": "which"},
        },
        {"id": "which", "branch": {"cases": [{"exit": "vip", "vip": True}]}, "exits": {"vip": "end", "otherwise": "end"}},
        {"id": "end", "queue": {"queue": "sales"}},
    ]  # fmt: skip
    for block in blocks:
        block.update(changed.pop(str(block["id"]), {}))
    plain = {
        "id": "main",
        "languages": ["ru", "en"],
        "otherwise": "sales",
        "blocks": [*blocks, *changed.pop("more", [])],
    }
    return document.stored({"flows": [{**plain, **changed}]}).flows[0]


def found(*flows: Flow) -> list[tuple[str, str]]:
    return [(fault.place.removeprefix("flows[0]."), fault.code) for fault in faults(Configuration(flows=flows))]


def test_sound_flow_has_no_fault() -> None:
    assert found(flow()) == []


@pytest.mark.parametrize(
    ("changed", "place", "code"),
    [
        ({"languages": []}, "languages", "config_flow_languages"),
        ({"schema": 2}, "schema", "config_choice"),
        ({"hello": {"say": {"text": {"ru": "Да"}}}}, "blocks[0].say.text", "config_flow_text"),
        ({"hello": {"say": {"text": {"ru": "Да", "en": " "}}}}, "blocks[0].say.text", "config_flow_text"),
        ({"menu": {"ask": {"text": {"ru": "а", "en": "b"}, "wrong": {"ru": "Нет"}, "keys": {"1": "x"}}}}, "blocks[1].ask.wrong", "config_flow_text"),
        ({"hello": {"say": {"text": {"ru": "{sum|money:RUB}", "en": "{sum|money:XXX}"}}}}, "blocks[0].say.text.en", "config_flow_form"),
        ({"hello": {"say": {"text": {"ru": "{n|count:день,дня}", "en": "{n|count:day,days}"}}}}, "blocks[0].say.text.ru", "config_flow_form"),
        ({"more": [{"id": "more", "set": {"attributes": {"a": "{b|dat}"}}, "exits": {"done": "menu"}}], "hello": {"exits": {"done": "more"}}}, "blocks[5].set.attributes.a", "config_flow_form"),
        ({"hello": {"say": {"text": {"ru": "Да", "en": "Yes", "de": "Ja"}}}}, "blocks[0].say.text.de", "config_flow_language"),
        ({"hello": {"wait": {"wait_seconds": 1}}}, "blocks[0]", "config_flow_kind"),
        ({"hello": {"say": None}}, "blocks[0]", "config_flow_kind"),
        ({"menu": {"exits": {"no_input": "end", "no_match": "code"}}}, "blocks[1].exits", "config_flow_no_exit"),
        ({"menu": {"exits": {"1": "code", "2": "end"}}}, "blocks[1].exits.2", "config_flow_exit"),
        ({"menu": {"exits": {"1": "code", "no_input": "nowhere"}}}, "blocks[1].exits.no_input", "config_flow_no_block"),
        ({"end": {"exits": {"done": "hello"}}}, "blocks[4].exits.done", "config_flow_exit"),
        ({"menu": {"ask": {"text": {"ru": "а", "en": "b"}, "keys": {"1": "x"}, "attempts": 0}}}, "blocks[1].ask.attempts", "config_flow_attempts"),
        ({"menu": {"ask": {"text": {"ru": "а", "en": "b"}, "keys": {"1": "x", "A": "y"}}, "exits": {"1": "code", "A": "end"}}}, "blocks[1].ask.keys.A", "config_key"),
        ({"code": {"collect": {"text": {"ru": "а", "en": "b"}, "into": "a b"}}}, "blocks[2].collect.into", "config_flow_name"),
        ({"code": {"collect": {"text": {"ru": "а", "en": "b"}, "into": "a", "min_digits": 5, "max_digits": 4}}}, "blocks[2].collect.max_digits", "config_flow_digits"),
        ({"which": {"exits": {"vip": "which", "otherwise": "end"}}}, "blocks[3]", "config_flow_endless"),
        ({"more": [{"id": "alone", "hang_up": {}}]}, "blocks[5]", "config_flow_unreached"),
        ({"more": [{"id": "end", "hang_up": {}}]}, "blocks[5].id", "config_twice"),
        ({"hello": {"say": None, "set": {"language": "de"}}}, "blocks[0].set.language", "config_flow_language"),
    ],
)  # fmt: skip
def test_fault_is_told_with_its_place(changed: dict[str, Any], place: str, code: str) -> None:
    assert found(flow(**changed)) == [(place, code)]


def test_flow_without_blocks_is_told() -> None:
    assert found(replace(flow(), blocks=())) == [("blocks", "config_flow_empty")]


def test_flows_that_run_each_other_are_told() -> None:
    one = flow(hello={"say": None, "flow": {"flow": "other"}, "exits": {"otherwise": "menu"}})
    other = replace(
        flow(hello={"say": None, "flow": {"flow": "main"}, "exits": {"otherwise": "menu"}}), id=ScenarioId("other")
    )
    assert found(one, other) == [("", "config_flow_circle"), ("flows[1]", "config_flow_circle")] or found(
        one, other
    ) == [
        ("flows[0]", "config_flow_circle"),
        ("flows[1]", "config_flow_circle"),
    ]


def test_queue_that_is_not_there_is_told_by_the_audit_of_the_whole() -> None:
    wrong = replace(flow(), otherwise=QueueId("nobody"))
    told = {(fault.place, fault.code) for fault in document.faults(Configuration(flows=(wrong,)))}
    assert ("flows[0].otherwise", "config_no_queue") in told
    assert ("flows[0].blocks[4].queue.queue", "config_no_queue") in told
