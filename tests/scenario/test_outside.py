"""Databases and services as words of a scenario, and what may be wrong with them in a set-up."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.contact.decisions import Enqueue, Fetch, Finish, LookUp, ReportFault, Say
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import GivenAnswer
from otklik.contact.ids import ContactId
from otklik.scenario import Contact, Run, Visitor
from otklik.scenario.audit import faults
from otklik.scenario.rehearsal import Stage, rehearse
from otklik.tenancy import document

C1 = ContactId("c1")


async def order(contact: Contact) -> None:
    contact.attributes["number"] = "4711"
    outcome = await contact.look_up("shop", "order", {"number": "{number}", "phone": "{ani}"}, into="order")
    if outcome == "found":
        await contact.say("{order.state}")
        await contact.fetch("crm", "note", {"text": "{order.state}!"}, name="note")
        await contact.hang_up()
    await contact.to_queue(outcome)


def answered(outcome: Any = "found", **values: str) -> Answered:
    return Answered(contact=C1, step=1, outcome=outcome, values=values, block="look up")


def begun() -> Run:
    run = Run(C1, order)
    run.start()
    return run


def test_database_is_asked_with_attributes_in_their_places_and_without_the_callers_number() -> None:
    run = Run(C1, order, world=Stage(visitor=Visitor(ani="+79990000000", attributes={})))
    (asked,) = run.start()
    assert asked == LookUp(
        contact=C1,
        step=1,
        connection="shop",
        statement="order",
        parameters={"number": "4711"},
        of_caller=("phone",),
        block="look up",
    )
    assert run.pending == [asked]


def test_answer_becomes_attributes_that_can_be_said_and_sent() -> None:
    run = begun()
    (said,) = run.handle(answered(state="sent"))
    assert isinstance(said, Say) and said.speech[0].text == "sent"
    (asked,) = run.handle(VerbFinished(contact=C1, step=2, outcome="done"))
    assert asked == Fetch(contact=C1, step=3, service="crm", request="note", parameters={"text": "sent!"}, block="note")
    (end,) = run.handle(Answered(contact=C1, step=3, outcome="not_found"))
    assert isinstance(end, Finish) and end.attributes == {"number": "4711", "order.state": "sent"}


@pytest.mark.parametrize("outcome", ["not_found", "failed"])
def test_what_is_not_found_or_has_failed_leads_elsewhere(outcome: str) -> None:
    (end,) = begun().handle(answered(outcome))
    assert isinstance(end, Enqueue) and end.queue == outcome


def test_late_repeated_and_foreign_answers_change_nothing() -> None:
    run = begun()
    assert run.handle(Answered(contact=ContactId("c2"), step=1, outcome="found")) == []
    assert run.handle(Answered(contact=C1, step=2, outcome="found")) == []
    run.handle(answered(state="sent"))
    assert run.handle(answered(state="paid")) == []
    assert [each.values for each in run.answers] == [{"state": "sent"}]


def test_keys_are_no_answer_of_a_database() -> None:
    run = begun()
    fault, _ = run.handle(VerbFinished(contact=C1, step=1, outcome="digits", digits="1"))
    assert isinstance(fault, ReportFault)
    asks = Run(C1, asking)
    asks.start()
    fault, _ = asks.handle(answered())
    assert isinstance(fault, ReportFault)


async def asking(contact: Contact) -> None:
    await contact.ask("?")


def test_fresh_run_told_the_same_answers_stands_at_the_same_step() -> None:
    run = begun()
    run.handle(answered(state="sent"))
    run.handle(VerbFinished(contact=C1, step=2, outcome="done"))
    again = Run(C1, order, recorded=(*run.replies, *run.answers))
    assert again.start() == run.pending
    assert again.answers == run.answers


def test_answers_of_an_earlier_question_go_when_it_is_asked_again() -> None:
    async def twice(contact: Contact) -> None:
        await contact.look_up("shop", "order", {}, into="order")
        await contact.look_up("shop", "order", {}, into="order")

    stage = Stage(
        answers={"look up": (GivenAnswer(values={"state": "sent", "day": "1"}), GivenAnswer(values={"day": "2"}))}
    )
    assert rehearse(twice, stage=stage).attributes == {"order.day": "2"}


def test_handler_that_asks_again_and_again_leaves_its_contact_to_people() -> None:
    async def stubborn(contact: Contact) -> None:
        while await contact.look_up("shop", "order", {}) == "failed":
            pass

    played = rehearse(stubborn)
    assert played.fault is not None and "200 steps" in played.fault.reason
    assert isinstance(played.end, Enqueue)


# What may be wrong.

SHOP = {"id": "shop", "url_secret": "SHOP", "statements": {"order": "select state from orders where number = :number"}}
CRM = {
    "id": "crm",
    "url": "https://crm.example.com/v1",
    "secret_headers": {"Authorization": "CRM_KEY"},
    "requests": {"order": {"path": "/orders/{number}", "query": {"lang": "{lang}"}}},
}
LOOK_UP = {"connection": "shop", "statement": "order", "parameters": {"number": "{number}"}, "into": "order"}
FETCH = {"service": "crm", "request": "order", "parameters": {"number": "1", "lang": "ru"}}
EXITS = {"found": "end", "not_found": "end"}


def found(**changed: dict[str, Any]) -> list[tuple[str, str]]:
    look_up, fetch = LOOK_UP | changed.get("look_up", {}), FETCH | changed.get("fetch", {})
    blocks = [
        {"id": "order", "look_up": look_up, "exits": {"found": "note", "not_found": "end"}},
        {"id": "note", "fetch": fetch, "exits": EXITS},
        {"id": "end", "queue": {"queue": "sales"}},
    ]
    for block in blocks:
        block.update(changed.get(str(block["id"]), {}))
    flow = {"id": "main", "languages": ["ru"], "otherwise": "sales", "blocks": blocks, **changed.get("flow", {})}
    plain = {
        "flows": [flow],
        "queues": [{"id": "sales", "name": "Sales", "everyone": True}],
        "connections": [SHOP | changed.get("shop", {})],
        "services": [CRM | changed.get("crm", {})],
    }
    return [(fault.place, fault.code) for fault in document.faults(document.stored(plain)) if not fault.warning]


def test_sound_set_up_has_no_fault() -> None:
    assert faults(document.stored({})) == []
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "place", "code"),
    [
        ({"look_up": {"connection": "none"}}, "flows[0].blocks[0].look_up.connection", "config_no_connection"),
        ({"look_up": {"statement": "none"}}, "flows[0].blocks[0].look_up.statement", "config_no_statement"),
        ({"look_up": {"parameters": {}}}, "flows[0].blocks[0].look_up.parameters", "config_parameter_missing"),
        ({"look_up": {"parameters": {"number": "1", "x": "2"}}}, "flows[0].blocks[0].look_up.parameters.x", "config_parameter"),
        ({"look_up": {"into": "a.b"}}, "flows[0].blocks[0].look_up.into", "config_flow_name"),
        ({"fetch": {"service": "none"}}, "flows[0].blocks[1].fetch.service", "config_no_service"),
        ({"fetch": {"request": "none"}}, "flows[0].blocks[1].fetch.request", "config_no_request"),
        ({"fetch": {"parameters": {"number": "1"}}}, "flows[0].blocks[1].fetch.parameters", "config_parameter_missing"),
        ({"order": {"exits": {"found": "note"}}}, "flows[0].blocks[0].exits", "config_flow_no_exit"),
        ({"note": {"exits": {**EXITS, "failed": "note"}}}, "flows[0].blocks[1]", "config_flow_endless"),
        ({"flow": {"tests": [{"name": "t", "answers": {"end": []}, "expect": {}}]}}, "flows[0].tests[0].answers.end", "config_flow_answer"),
        ({"shop": {"url_secret": "postgresql://u:p@h/d"}}, "connections[0].url_secret", "config_secret"),
        ({"shop": {"id": "a b"}}, "connections[0].id", "config_id"),
        ({"shop": {"timeout_seconds": 0}}, "connections[0].timeout_seconds", "config_outside_seconds"),
        ({"shop": {"timeout_seconds": 31}}, "connections[0].timeout_seconds", "config_outside_seconds"),
        ({"shop": {"at_once": 0}}, "connections[0].at_once", "config_outside_at_once"),
        ({"crm": {"url": "ftp://crm.example.com"}}, "services[0].url", "config_service_url"),
        ({"crm": {"url": "https://user:word@crm.example.com"}}, "services[0].url", "config_service_url"),
        ({"crm": {"url": "https://crm.example.com?key=1"}}, "services[0].url", "config_service_url"),
        ({"crm": {"secret_headers": {"Host": "CRM_KEY"}}}, "services[0].secret_headers.Host", "config_header"),
        ({"crm": {"secret_headers": {"X-Key": "Bearer 123"}}}, "services[0].secret_headers.X-Key", "config_secret"),
        ({"crm": {"requests": {"order": {"path": "orders"}}}}, "services[0].requests.order.path", "config_request_path"),
        ({"crm": {"requests": {"order": {"path": "/a/../b"}}}}, "services[0].requests.order.path", "config_request_path"),
        ({"crm": {"requests": {"order": {"path": "/a?b={number}"}}}}, "services[0].requests.order.path", "config_request_path"),
        ({"crm": {"requests": {"order": {"path": "//evil.example/a"}}}}, "services[0].requests.order.path", "config_request_path"),
        ({"crm": {"requests": {"order": {"path": "/a", "body": {"a": "b"}}}}}, "services[0].requests.order.body", "config_request_body"),
    ],
)  # fmt: skip
def test_fault_is_told_with_its_place(changed: dict[str, Any], place: str, code: str) -> None:
    assert (place, code) in found(**changed)


@pytest.mark.parametrize(
    "sql",
    ["delete from orders", "update orders set state = 1", "", "drop table orders", "select 1; drop table orders", "pragma x", "selects"],
)  # fmt: skip
def test_statement_that_does_not_only_read_is_refused(sql: str) -> None:
    changed = {"statements": {"order": sql}}
    assert ("connections[0].statements.order", "config_statement") in found(shop=changed)


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1", "  with a as (select 1) select * from a;\n", "select 'a; b' as a, 'it''s; so' as b", "select(1)"],
)
def test_statement_that_reads_is_taken(sql: str) -> None:
    changed = {"statements": {"order": sql}}
    assert found(shop=changed, look_up={"parameters": {}}) == []


def test_names_of_parameters_are_the_tenants_own() -> None:
    words = {"queue": "x", "agent": "y", "requires": "z", "number": "no number"}
    sql = "select :queue, :agent, :requires, :number"
    assert found(shop={"statements": {"order": sql}}, look_up={"parameters": words}) == []
