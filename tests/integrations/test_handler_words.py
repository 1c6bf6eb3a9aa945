"""Every block of drawn flows has its word in Python, played in a confined process; and what goes with each is the same in both."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from otklik.contact.conditions import Conditions
from otklik.contact.decisions import Enqueue, Finish
from otklik.contact.flow import (
    Block,
    CallbackBlock,
    Expected,
    FlowTest,
    GivenAnswer,
    ListenBlock,
    RecordBlock,
    VoicemailBlock,
)
from otklik.contact.handler import Handler
from otklik.contact.ids import QueueId, ScenarioId, TenantId
from otklik.contact.outside_number import OutsideNumber
from otklik.integrations.handlers.outside import ConfinedHandlers, Times
from otklik.scenario import Contact, calling_back, heard
from otklik.scenario.handler_rehearsal import Confined, judge_handler, play_handler
from otklik.scenario.rehearsal import HANGS_UP, REHEARSED_AT, Rehearsal, Stepped, says

TENANT = TenantId("00000000-0000-0000-0000-000000000001")
SALES, CLERKS = QueueId("sales"), QueueId("clerks")
TEN = REHEARSED_AT.timestamp() + 3600

WORDS = {
    "say": "say",
    "ask": "menu",
    "collect": "collect",
    "listen": "listen",
    "set": "set",
    "branch": "choose",
    "look_up": "look_up",
    "fetch": "fetch",
    "record": "record",
    "voicemail": "voicemail",
    "queue": "to_queue",
    "agent": "to_agent",
    "callback": "offer_callback",
    "outside": "transfer_outside",
    "mail": "send_mail",
    "sms": "send_sms",
    "wait": "wait",
    "hang_up": "hang_up",
}
NEEDS_NONE = {
    "flow": "what several scenarios have in common is a function of the code",
    "back": "a function returns",
    "function": "code calls its own functions",
}
NO_KINDS = {"id", "name", "note", "at", "exits"}


@pytest.fixture(scope="module")
async def handlers() -> AsyncIterator[ConfinedHandlers]:
    made = ConfinedHandlers(Times(step=20.0, start=60.0, turn=20.0))
    yield made
    await made.close()


def handler(lines: str) -> Handler:
    """What the lines come to is the attribute `came`."""
    inside = "\n".join(f"    {line}" for line in lines.strip().splitlines())
    code = f"async def scenario(contact):\n{inside}\n    contact.set(came=str(came))\n    await contact.to_queue('sales')\n"
    return Handler(id=ScenarioId("shop"), otherwise=CLERKS, code=code)


async def played(handlers: ConfinedHandlers, made: Handler, *presses: str, **fields: Any) -> Rehearsal:
    test = FlowTest(name="", presses=presses, expect=Expected(), **fields)
    process = Confined(handlers, TENANT, made, _numbers)
    found = await play_handler(made, test, (SALES, CLERKS), process, after=HANGS_UP)
    assert found is not None
    return found


_numbers = count(1)


def test_every_block_of_drawn_flows_has_its_word_or_needs_none() -> None:
    kinds = {field.name for field in dataclasses.fields(Block)} - NO_KINDS
    assert kinds == WORDS.keys() | NEEDS_NONE.keys()
    assert all(callable(getattr(Contact, word)) for word in WORDS.values())


@pytest.mark.parametrize(
    ("by_word", "by_block", "beside"),
    [
        (heard.When, Conditions, set[str]()),
        (heard.HowOutside, OutsideNumber, {"dial"}),
        (heard.HowHeard, ListenBlock, {"text", "into"}),
        (heard.Limits, RecordBlock, {"text", "into"}),
        (heard.Limits, VoicemailBlock, {"text", "queue"}),
        (calling_back.HowBack, CallbackBlock, {"queue"}),
    ],
)
def test_words_take_what_blocks_have(by_word: type, by_block: type, beside: set[str]) -> None:
    assert by_word.__annotations__.keys() == {field.name for field in dataclasses.fields(by_block)} - beside


@pytest.mark.parametrize(
    ("lines", "presses", "came"),
    [
        ("came = await contact.say('Здравствуйте')", (), "True"),
        ("came = (await contact.menu('Один?', {'1': 'Да'}, attempts=1)).outcome", ("7",), "no_match"),
        (
            "came = (await contact.menu('Куда?', {'1': 'Продажи'}, speech={'1': ['отдел продаж']})).digits",
            (says("отдел продаж"),),
            "1",
        ),
        (
            "heard = await contact.listen('Что случилось?', confirm='{heard}?')\ncame = heard.outcome, heard.said, heard.confidence",
            (says("лифт стоит", 40), says("да")),
            "('heard', 'лифт стоит', 0.4)",
        ),
        ("came = (await contact.collect('Номер?', max_digits=4)).digits", ("4711",), "4711"),
        ("came = (await contact.collect('ПИН?', max_digits=4, masked=True)).digits", ("4711",), "****"),
        ("contact.set(priority=2, vip=True, city='Орёл')\ncame = contact.attributes['city']", (), "Орёл"),
        (
            "from otklik.contact.flow import Case, Comparison\n"
            "contact.set(sum='7')\n"
            "case = Case(exit='much', attributes=(Comparison(attribute='sum', at_least=5),))\n"
            "came = await contact.choose(case)",
            (),
            "much",
        ),
        (
            "contact.set(at='2026-12-01', sum='2')\ncame = contact.filled('{at|date}, {sum|money:RUB}')",
            (),
            "первое декабря, два рубля",
        ),
        ("came = await contact.meets(vip=True)", (), "False"),
        ("came = await contact.meets(open='office', name='hours')", (), "True"),
        ("came = await contact.look_up('shop', 'order', {}, into='order', name='shop')", (), "found"),
        ("came = await contact.fetch('site', 'order', {}, name='site')", (), "not_found"),
        ("came = (await contact.record('Скажите', max_seconds=10)).outcome", ("Алло",), "recorded"),
        ("came = (await contact.voicemail('clerks', 'После сигнала', keys='#*')).outcome", ("Алло",), "recorded"),
        ("came = (await contact.voicemail('clerks')).outcome", ("",), "no_input"),
        ("came = await contact.transfer_outside('+74950000000', rules_of='sales', name='out')", (), "busy"),
        ("came = await contact.send_mail('duty@example.com', 'Заказ', 'Готов')", (), "done"),
        ("came = await contact.send_sms('Готов')", (), "done"),
        ("await contact.wait(5)\ncame = 'waited'", (), "waited"),
        ("came = await contact.offer_callback('sales', name='no way')", (), "impossible"),
        (
            "came = await contact.offer_callback('sales', ask_number=True, text='Номер?', attempts=1)",
            ("",),
            "no_input",
        ),
        ("came = await contact.may_call_back('clerks')", (), "True"),
        ("now, times = await contact.free_times('sales', None, 2)\ncame = len(times)", (), "2"),
        ("came = (await contact.queue_state('sales')).waiting", (), "0"),
    ],
)
async def test_each_word_is_answered(
    handlers: ConfinedHandlers, lines: str, presses: tuple[str, ...], came: str
) -> None:
    found = await played(
        handlers,
        handler(lines),
        *presses,
        ani="+79161230001",
        branches={"hours": "yes", "out": "busy", "no way": "impossible"},
        answers={
            "shop": (GivenAnswer(values={"state": "sent"}),),
            "site": (GivenAnswer(outcome="not_found"),),
        },
    )
    assert found.fault is None, found.fault
    assert isinstance(found.end, Enqueue) and found.end.queue == SALES
    assert found.end.attributes["came"] == came


async def test_message_waits_with_all_that_is_known_and_only_one_that_was_recorded_does(
    handlers: ConfinedHandlers,
) -> None:
    lines = "contact.set(city='Орёл', priority=3)\ncame = (await contact.voicemail('clerks', name='message')).seconds"
    found = await played(handlers, handler(lines), "Алло")
    (left,) = found.left
    assert (left.voicemail.queue, left.voicemail.step, left.voicemail.seconds) == (CLERKS, 2, 2.0)
    assert (left.voicemail.attributes, left.voicemail.priority) == ({"city": "Орёл"}, 3)
    invented = """
from otklik.contact.decisions import LeaveVoicemail
from otklik.scenario.verbs import perform
came = 0
left = contact.message('clerks', step=7, seconds=60.0, key='tenants/other/secret.wav')
await perform(LeaveVoicemail(contact=contact.id, step=1, voicemail=left))
"""
    found = await played(handlers, handler(invented))
    assert found.fault is not None and found.fault.reason == "no such verb: “leavevoicemail”"
    assert found.left == [] and isinstance(found.end, Enqueue) and found.end.queue == CLERKS


@pytest.mark.parametrize(
    ("lines", "presses", "number_step", "at"),
    [
        ("await contact.call_back('sales')", (), 0, None),
        ("await contact.call_back('sales', at=1.5e9)", (), 0, 1.5e9),
        (
            "await contact.call_back('sales', await contact.collect('Номер?', masked=True))",
            ("89161230001",),
            1,
            None,
        ),
        (
            "await contact.offer_callback('sales', ask_number=True, text='Номер?', entered='Верно?', ask_time=True)",
            ("1", "89161230001", "1"),
            4,
            TEN,
        ),
    ],
)
async def test_customer_is_called_back_at_the_number_and_the_time_that_were_chosen(
    handlers: ConfinedHandlers, lines: str, presses: tuple[str, ...], number_step: int, at: float | None
) -> None:
    found = await played(handlers, handler(f"{lines}\ncame = 0"), *presses, ani="+79161230001")
    assert found.fault is None and isinstance(found.end, Enqueue)
    assert (found.end.queue, found.end.callback, found.end.number_step, found.end.callback_at) == (
        SALES,
        True,
        number_step,
        at,
    )


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("await contact.voicemail('nowhere')", "there is no queue “nowhere”"),
        ("await contact.call_back('nowhere')", "there is no queue “nowhere”"),
        ("await contact.may_call_back('nowhere')", "there is no queue “nowhere”"),
        ("await contact.free_times('sales', None, 1000)", "free times can be asked for"),
        ("await contact.record(max_seconds=1e9)", "max_seconds: 0 to 3600 seconds"),
        ("await contact.record(keys='abc')", "is ended by keys"),
    ],
)
async def test_what_no_block_could_want_is_a_fault(handlers: ConfinedHandlers, lines: str, reason: str) -> None:
    found = await played(handlers, handler(f"{lines}\ncame = 0"), "Алло")
    assert found.fault is not None and reason in found.fault.reason
    assert isinstance(found.end, Enqueue) and found.end.queue == CLERKS


async def test_an_agent_is_named_and_who_is_served_is_hung_up(handlers: ConfinedHandlers) -> None:
    asked = await played(handlers, handler("await contact.to_agent('anna', 'sales', agent_seconds=9)\ncame = 0"))
    assert isinstance(asked.end, Enqueue) and (asked.end.agent, asked.end.agent_seconds) == ("anna", 9)
    served = await played(handlers, handler("await contact.hang_up()\ncame = 0"))
    assert isinstance(served.end, Finish)


async def test_it_is_seen_where_in_the_code_the_caller_is(handlers: ConfinedHandlers) -> None:
    code = """
async def number(contact):
    return await contact.ask("Номер?", name="number")


async def scenario(contact):
    await contact.say("Здравствуйте", name="hello")
    pressed = await number(contact)
    {}[pressed.digits]
"""
    made = Handler(id=ScenarioId("shop"), otherwise=CLERKS, code=code)
    waits = await played(handlers, made)
    assert (waits.line, waits.end, waits.fault) == (3, None, None)
    assert [(each.name, each.verb, each.line) for each in waits.story if isinstance(each, Stepped)] == [
        ("hello", "say", 7),
        ("number", "ask", 3),
    ]
    failed = await played(handlers, made, "1")
    assert failed.fault is not None and "line 9, in scenario\n    {}[pressed.digits]" in failed.fault.traceback


async def test_tests_of_a_handler_are_played_as_those_of_flows(handlers: ConfinedHandlers) -> None:
    made = dataclasses.replace(
        handler("came = (await contact.menu('Один?', {'1': 'Да'}, attempts=1)).digits"),
        tests=(
            FlowTest(name="да", presses=("1",), expect=Expected(queue=SALES, choices=("Да",), said=("Один?",))),
            FlowTest(name="нет", presses=("2",), expect=Expected(queue=CLERKS)),
        ),
    )
    right, wrong = await judge_handler(made, (SALES, CLERKS), Confined(handlers, TENANT, made, _numbers))
    assert right.wrong == ()
    assert wrong.wrong == ("queue: clerks ≠ sales",)


async def test_of_code_that_is_being_written_only_the_newest_keeps_a_process() -> None:
    made = ConfinedHandlers(Times(step=20.0, start=60.0, turn=20.0), newest_alone=True)
    try:
        for number in range(3):
            await played(made, handler(f"came = await contact.say('{number}')"))
            await played(made, handler(f"came = {number}\n{{}}['x']"))
        await asyncio.gather(*made._beside)
        assert sum(len(each.processes) for each in made._versions.values()) == 1
        assert len(made._versions) <= 2
    finally:
        await made.close()
