"""Mail and SMS out of a scenario: what is decided, what a set-up may have wrong, and the fake caller's side."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.contact.decisions import Enqueue, Finish, ReportFault, SendMessage
from otklik.contact.facts import Answered
from otklik.contact.flow import (
    Block,
    Expected,
    Flow,
    FlowTest,
    GivenAnswer,
    HangUpBlock,
    MailBlock,
    QueueBlock,
    SmsBlock,
)
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.scenario import Contact, Run, Visitor
from otklik.scenario.audit import faults
from otklik.scenario.rehearsal import Stage, judge, rehearse
from otklik.tenancy import document

C1 = ContactId("c1")
PHONE = "+79160000001"


async def told(contact: Contact) -> None:
    contact.attributes["order"] = "4711"
    if await contact.send_sms({"ru": "Заказ {order} готов", "en": "Order {order} is ready"}) == "done":
        await contact.hang_up()
    await contact.send_mail("duty@example.com", "Order {order}", "No SMS to the caller: " + contact.reason)
    await contact.to_queue("sales")


def answered(step: int, outcome: Any = "found", reason: Any = "") -> Answered:
    return Answered(contact=C1, step=step, outcome=outcome, reason=reason)


def test_sms_goes_to_the_caller_whose_number_stands_in_no_decision() -> None:
    run = Run(C1, told, world=Stage(visitor=Visitor(ani=PHONE, attributes={}, language="en")))
    (sent,) = run.start()
    words = {"text": "Order 4711 is ready"}
    assert sent == SendMessage(contact=C1, step=1, by="sms", parameters=words, of_caller=("to",), block="sms")
    (end,) = run.handle(answered(1))
    assert isinstance(end, Finish)


def test_what_could_not_be_sent_leads_elsewhere_and_is_written_by_mail() -> None:
    run = Run(C1, told)
    run.start()
    (mail,) = run.handle(answered(1, "failed", "unreachable"))
    words = {"subject": "Order 4711", "text": "No SMS to the caller: unreachable", "to": "duty@example.com"}
    assert mail == SendMessage(contact=C1, step=2, by="mail", parameters=words, block="mail")
    (end,) = run.handle(answered(2, "not_found"))
    assert isinstance(end, Enqueue) and end.queue == "sales"


def test_run_told_the_same_answers_writes_nothing_again() -> None:
    run = Run(C1, told)
    run.start()
    pending = run.handle(answered(1, "failed"))
    again = Run(C1, told, recorded=run.answers)
    assert again.start() == pending and isinstance(pending[0], SendMessage)


def test_handler_that_writes_again_and_again_is_ended() -> None:
    async def endless(contact: Contact) -> None:
        while True:
            await contact.send_sms("again", PHONE)

    fault = rehearse(endless).fault
    assert isinstance(fault, ReportFault)


def flow(**tests: Any) -> Flow:
    return Flow(
        id=ScenarioId("told"),
        languages=("ru", "en"),
        otherwise=QueueId("sales"),
        blocks=(
            Block(
                id="sms",
                sms=SmsBlock(text={"ru": "Ваш номер {ani}", "en": "Your number"}),
                exits={"done": "bye", "failed": "mail"},
            ),
            Block(
                id="mail",
                mail=MailBlock(
                    recipient="{mail}", subject={"ru": "Тема", "en": "Subject"}, text={"ru": "Текст", "en": "A text"}
                ),
                exits={"done": "bye", "otherwise": "sales"},
            ),
            Block(id="bye", hang_up=HangUpBlock()),
            Block(id="sales", queue=QueueBlock(queue=QueueId("sales"))),
        ),
        tests=(FlowTest(name="one", **tests),) if tests else (),
    )


@pytest.mark.parametrize(
    ("test", "wrong"),
    [
        ({"ani": PHONE, "expect": Expected(served=True, written=f"{PHONE}: Ваш номер")}, False),
        ({"expect": Expected(written=PHONE)}, True),  # withheld
        (
            {
                "answers": {"sms": (GivenAnswer(outcome="failed"),)},
                "ani": PHONE,
                "attributes": {"mail": "a@b.ru"},
                "expect": Expected(served=True, written="a@b.ru: Текст"),
            },
            False,
        ),
        ({"answers": {"sms": (GivenAnswer(outcome="failed"),)}, "ani": PHONE, "expect": Expected(queue=QueueId("sales"))}, False),
    ],
)  # fmt: skip
def test_fake_caller_is_written_to_and_nobody_else_is(test: dict[str, Any], wrong: bool) -> None:
    (verdict,) = judge(flow(**test), [])
    assert bool(verdict.wrong) is wrong, verdict


def configured(**more: Any) -> dict[str, Any]:
    blocks = [
        {"id": "sms", "sms": {"text": {"ru": "Готово"}}, "exits": {"done": "mail"}},
        {
            "id": "mail",
            "mail": {"recipient": "a@b.ru", "subject": {"ru": "Т"}, "text": {"ru": "Т"}},
            "exits": {"done": "bye"},
        },
        {"id": "bye", "hang_up": {}},
    ]
    drawn = {"id": "told", "languages": ["ru"], "otherwise": "sales", "blocks": blocks}
    requests = {"send": {"path": "/sms", "method": "POST", "body": {"to": "{to}", "text": "{text}"}}}
    whole = {
        "queues": [{"id": "sales", "name": "Sales"}],
        "flows": [drawn],
        "services": [{"id": "gate", "url": "https://sms.example.com", "requests": requests}],
        "sms": {"service": "gate", "request": "send"},
        "mail": {"server": "mail.example.com", "sender": "help@example.com"},
    }
    return {**whole, **more}


def found(**more: Any) -> set[tuple[str, str]]:
    configuration = document.stored(configured(**more))
    return {(each.place, each.code) for each in faults(configuration) if not each.warning}


def test_set_up_with_mail_and_sms_is_whole() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"mail": None}, "flows[0].blocks[1].mail", "config_no_mail"),
        ({"sms": None}, "flows[0].blocks[0].sms", "config_no_sms"),
        ({"sms": {"service": "none", "request": "send"}}, "sms.service", "config_no_service"),
        ({"sms": {"service": "gate", "request": "none"}}, "sms.request", "config_no_request"),
        (
            {"services": [{"id": "gate", "url": "https://sms.example.com", "requests": {"send": {"path": "/{to}"}}}]},
            "sms.request",
            "config_sms_request",
        ),
    ],
)
def test_what_is_missing_in_the_set_up_is_told_with_its_place(more: dict[str, Any], place: str, code: str) -> None:
    assert (place, code) in found(**more)


@pytest.mark.parametrize(
    ("block", "place", "code"),
    [
        ({"sms": {"text": {"ru": "Т"}, "recipient": "call me"}}, "flows[0].blocks[0].sms.recipient", "config_sms_to"),
        ({"sms": {"text": {}}}, "flows[0].blocks[0].sms.text", "config_flow_text"),
        (
            {"mail": {"recipient": "nobody", "subject": {"ru": "Т"}, "text": {"ru": "Т"}}},
            "flows[0].blocks[0].mail.recipient",
            "config_mail_to",
        ),
        (
            {"mail": {"recipient": "{mail}", "subject": {}, "text": {"ru": "Т"}}},
            "flows[0].blocks[0].mail.subject",
            "config_flow_text",
        ),
        ({"sms": {"text": {"ru": "Т"}}, "exits": {"done": "sms"}}, "flows[0].blocks[0]", "config_flow_endless"),
    ],
)
def test_what_is_wrong_with_a_block_is_told_with_its_place(block: dict[str, Any], place: str, code: str) -> None:
    blocks = [{"id": "sms", "exits": {"done": "bye"}, **block}, {"id": "bye", "hang_up": {}}]
    drawn = {"id": "told", "languages": ["ru"], "otherwise": "sales", "blocks": blocks}
    assert (place, code) in found(flows=[drawn])
