"""Scenarios of written requests: what is gathered and sent, what only a call can do, what tests and checks say of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from otklik.contact.conditions import Conditions
from otklik.contact.decisions import Enqueue, Finish, LookUp, ReportFault, SendMessage, SetTimer
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import (
    AskBlock,
    BackBlock,
    Block,
    BranchBlock,
    CallbackBlock,
    Case,
    Comparison,
    Expected,
    Flow,
    FlowTest,
    HangUpBlock,
    LookUpBlock,
    QueueBlock,
    SayBlock,
    SetBlock,
    SubFlowBlock,
    WaitBlock,
)
from otklik.contact.hearing import REQUEST_STEP, put, told_in_request
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.scenario import Contact, Run, audit_written
from otklik.scenario.audit import faults
from otklik.scenario.rehearsal import Stage, judge, play
from otklik.scenario.run import Code
from otklik.scenario.words import worded, words_of
from otklik.scenario.written import visitor_of
from otklik.tenancy import document

C1 = ContactId("c1")
SALES, SUPPORT = QueueId("sales"), QueueId("support")
REQUEST = {"mail": "ivan@example.com", "name": "Иван", "subject": "Чайник", "Номер заказа": "4711"}
RETURNS = Case(exit="returns", attributes=(Comparison(attribute="request.Номер_заказа", one_of=("4711",)),))
FLOW = Flow(
    id=ScenarioId("letters"),
    name="Заявки",
    languages=("ru",),
    otherwise=SUPPORT,
    written=True,
    blocks=(
        Block(id="hello", say=SayBlock(text={"ru": "Здравствуйте, {request.name}!"}), exits={"done": "which"}),
        Block(id="which", branch=BranchBlock(cases=(RETURNS,)), exits={"returns": "bye", "otherwise": "sales"}),
        Block(id="bye", hang_up=HangUpBlock(text={"ru": "Заказ {request.Номер_заказа} примем до среды."})),
        Block(id="sales", queue=QueueBlock(queue=SALES)),
    ),
)
MENU = Block(id="menu", name="Меню", ask=AskBlock(text={"ru": "1"}, keys={"1": "Да"}), exits={"1": "sales"})


def stage(**request: str) -> Stage:
    return Stage((FLOW,), visitor=visitor_of(FlowTest(name="", expect=Expected(), request=request or REQUEST)))


def answered(mail: SendMessage, **more: Any) -> Answered:
    return Answered(contact=C1, step=mail.step, outcome="found", block=mail.block, reply=True, **more)


def test_what_is_said_goes_in_one_mail_and_then_the_contact_is_served() -> None:
    run = Run(C1, FLOW, world=stage())
    (mail,) = run.start()
    assert isinstance(mail, SendMessage) and mail.reply and mail.block == "Заявки"
    assert not run.over
    whole = worded(mail, run).parameters
    assert whole == {
        "to": "ivan@example.com",
        "subject": "Re: Чайник",
        "text": "Здравствуйте, Иван!\n\nЗаказ 4711 примем до среды.",
    }
    (end,) = run.handle(answered(mail))
    assert isinstance(end, Finish) and run.over and run.handle(answered(mail)) == []
    assert end.path == ("hello", "which", "bye")


def test_no_word_of_the_request_stands_in_a_decision() -> None:
    keeps = Block(id="keep", set=SetBlock(attributes={"order": "{request.Номер_заказа}"}), exits={"done": "hello"})
    run = Run(C1, replace(FLOW, blocks=(keeps, *FLOW.blocks)), world=stage())
    (mail,) = run.start()
    assert isinstance(mail, SendMessage)
    (end,) = run.handle(answered(mail))
    assert isinstance(end, Finish)
    for told in (repr(mail), repr(end)):
        assert not any(value in told for value in REQUEST.values()), told
    assert put(end.attributes["order"], words_of(run)) == "4711", "an agent sees it"


def test_another_request_goes_to_its_queue_with_what_was_said_by_then() -> None:
    run = Run(C1, FLOW, world=stage(name="Анна", mail="anna@example.com"))
    (mail,) = run.start()
    assert isinstance(mail, SendMessage)
    assert worded(mail, run).parameters == {"to": "anna@example.com", "subject": "", "text": "Здравствуйте, Анна!"}
    (end,) = run.handle(answered(mail))
    assert isinstance(end, Enqueue) and (end.queue, end.unspoken) == (SALES, "")


def test_a_mail_that_has_not_gone_keeps_nobody() -> None:
    run = Run(C1, FLOW, world=stage())
    (mail,) = run.start()
    assert isinstance(mail, SendMessage)
    failed = Answered(contact=C1, step=mail.step, outcome="failed", reason="no_address", block=mail.block, reply=True)
    (end,) = run.handle(failed)
    assert isinstance(end, Finish)


def test_where_nothing_is_said_nothing_is_sent() -> None:
    (end,) = Run(C1, replace(FLOW, blocks=FLOW.blocks[1:]), world=stage(name="Анна")).start()
    assert isinstance(end, Enqueue) and end.queue == SALES


@pytest.mark.parametrize(
    "block",
    [MENU, Block(id="menu", name="Меню", callback=CallbackBlock(queue=SALES), exits={"impossible": "sales"})],
    ids=["question", "callback"],
)
def test_what_only_a_call_can_do_leads_to_the_default_queue_and_nothing_is_sent(block: Block) -> None:
    hello = replace(FLOW.blocks[0], exits={"done": "menu"})
    run = Run(C1, replace(FLOW, blocks=(hello, block, FLOW.blocks[3])), world=stage())
    (end,) = run.start()
    assert isinstance(end, Enqueue) and (end.queue, end.unspoken, end.callback) == (SUPPORT, "Меню", False)


def test_a_scenario_for_calls_alone_leads_to_its_default_queue_at_once() -> None:
    (end,) = Run(C1, replace(FLOW, written=False), world=stage()).start()
    assert isinstance(end, Enqueue) and (end.queue, end.path) == (SUPPORT, ())


def test_a_call_hears_the_same_flow_and_is_written_nothing() -> None:
    run = Run(C1, FLOW)
    (said,) = run.start()
    assert type(said).__name__ == "Say"
    (end,) = run.handle(VerbFinished(contact=C1, step=1, outcome="done", block="hello"))
    assert isinstance(end, Enqueue)


def test_one_waits_without_music() -> None:
    wait = Block(id="wait", wait=WaitBlock(wait_seconds=60), exits={"done": "hello"})
    (timer,) = Run(C1, replace(FLOW, blocks=(wait, *FLOW.blocks)), world=stage()).start(now=1000.0)
    assert isinstance(timer, SetTimer) and timer.at == 1060.0


class Serving:
    """Code that serves written requests, as a handler may."""

    written = True

    def __init__(self, code: Code) -> None:
        self._code = code

    def __call__(self, contact: Contact) -> Awaitable[object]:
        return self._code(contact)


def test_a_fault_sends_nothing() -> None:
    async def scenario(contact: Contact) -> None:
        await contact.say("Здравствуйте")
        raise ValueError("no")

    fault, end = Run(C1, Serving(scenario), world=stage(), default_queue=SUPPORT).start()
    assert isinstance(fault, ReportFault) and isinstance(end, Enqueue) and end.queue == SUPPORT


def test_who_says_too_much_is_stopped() -> None:
    async def endless(contact: Contact) -> None:
        while True:
            await contact.say("Здравствуйте, здравствуйте, здравствуйте. " * 10)

    fault, _ = Run(C1, Serving(endless), world=stage(), default_queue=SUPPORT).start()
    assert isinstance(fault, ReportFault) and "20000" in fault.reason


def test_who_goes_round_is_led_on_at_once() -> None:
    round_ = replace(FLOW, blocks=(replace(FLOW.blocks[0], exits={"done": "hello"}),))
    fault, end = Run(C1, round_, world=stage()).start()
    assert isinstance(fault, ReportFault) and "200 steps" in fault.reason
    assert isinstance(end, Enqueue) and end.queue == SUPPORT


def test_a_request_waits_for_ten_minutes_in_all() -> None:
    wait = Block(id="wait", wait=WaitBlock(wait_seconds=400), exits={"done": "wait"})
    run = Run(C1, replace(FLOW, blocks=(wait,)), world=stage())
    (timer,) = run.start(now=1000.0)
    assert isinstance(timer, SetTimer) and isinstance(timer.fact, VerbFinished)
    fault, end = run.handle(timer.fact, now=timer.at)
    assert isinstance(fault, ReportFault) and isinstance(end, Enqueue) and end.queue == SUPPORT


def test_a_block_that_comes_again_is_written_once() -> None:
    again = Case(exit="again", attributes=(Comparison(attribute="again", one_of=("yes",)),))
    way = Block(id="way", branch=BranchBlock(cases=(again,)), exits={"again": "bye", "otherwise": "once"})
    once = Block(id="once", set=SetBlock(attributes={"again": "yes"}), exits={"done": "hello"})
    drawn = replace(FLOW, blocks=(replace(FLOW.blocks[0], exits={"done": "way"}), way, once, FLOW.blocks[2]))
    run = Run(C1, drawn, world=stage())
    (mail,) = run.start()
    assert isinstance(mail, SendMessage)
    assert worded(mail, run).parameters["text"] == "Здравствуйте, Иван!\n\nЗаказ 4711 примем до среды."


@pytest.mark.parametrize("told", [True, False], ids=["mail answered", "mail under way"])
def test_a_run_told_the_same_stands_at_the_same_step(told: bool) -> None:
    run = Run(C1, FLOW, world=stage())
    pending = run.start()
    (mail,) = pending
    assert isinstance(mail, SendMessage)
    end = run.handle(answered(mail)) if told else pending
    again = Run(C1, FLOW, world=stage(), recorded=run.answered)
    assert again.start() == end
    assert again.over is told


def test_erased_words_leave_their_places_empty() -> None:
    run = Run(C1, FLOW, world=stage())
    (mail,) = run.start()
    assert isinstance(mail, SendMessage)
    assert put(mail.parameters["text"], {REQUEST_STEP: ""}).startswith("Здравствуйте, !")
    assert put(mail.parameters["text"], {}).startswith("Здравствуйте, !")
    assert put("{said 0 name}", {REQUEST_STEP: "no JSON"}) == ""
    assert told_in_request({}) == ""


# Tests of a set-up.


@pytest.mark.parametrize(
    ("expect", "holds"),
    [
        (Expected(served=True, written="ivan@example.com: Здравствуйте, Иван!"), True),
        (Expected(served=True, written="примем до пятницы"), False),
        (Expected(queue=SALES), False),
    ],
)
def test_a_test_says_that_something_was_written_and_what_must_be_sent(expect: Expected, holds: bool) -> None:
    test = FlowTest(name="one", request=REQUEST, expect=expect)
    (verdict,) = judge(replace(FLOW, tests=(test,)), ())
    assert (not verdict.wrong) is holds, verdict


def test_a_test_without_an_address_writes_nothing_and_one_of_a_call_hears_it() -> None:
    found = play(FLOW, (FLOW,), FlowTest(name="", request={"name": "Анна"}, expect=Expected()))
    assert (found.written, found.said) == ([], []) and isinstance(found.end, Enqueue)
    found = play(FLOW, (FLOW,), FlowTest(name="", expect=Expected()))
    assert found.said == ["Здравствуйте, !"]


def test_a_test_tells_where_it_came_to_what_only_a_call_can_do() -> None:
    drawn = replace(FLOW, blocks=(MENU, FLOW.blocks[3]))
    found = play(drawn, (drawn,), FlowTest(name="", request=REQUEST, expect=Expected()))
    assert [getattr(each, "kind", "") for each in found.story] == ["unspoken"]


def test_in_a_test_of_a_request_a_condition_on_the_channel_holds() -> None:
    letter = Case(exit="letter", when=Conditions(channel=("web", "email")))
    way = Block(id="way", branch=BranchBlock(cases=(letter,)), exits={"letter": "hello", "otherwise": "menu"})
    drawn = replace(FLOW, blocks=(way, MENU, *FLOW.blocks))
    found = play(drawn, (drawn,), FlowTest(name="", request=REQUEST, expect=Expected()))
    assert isinstance(found.end, Finish)
    found = play(drawn, (drawn,), FlowTest(name="", expect=Expected()), after="1")
    assert isinstance(found.end, Enqueue) and found.said == ["1"]


# Checks.


def warnings(*blocks: Block, mail: bool = True, **more: Any) -> list[tuple[str, str]]:
    plain = document.stored({"queues": [{"id": "sales", "name": "Sales"}, {"id": "support", "name": "Support"}]})
    drawn = replace(FLOW, blocks=blocks)
    server = document.stored({"mail": {"server": "mail.example.com", "sender": "a@b.ru"}}).mail
    whole = replace(plain, flows=(drawn, *more.get("flows", ())), mail=server if mail else None)
    return [(each.place, each.code) for each in faults(whole) if each.warning]


def test_a_block_for_calls_alone_is_warned_of_and_a_flow_without_a_mail_server() -> None:
    assert warnings(*FLOW.blocks) == []
    assert warnings(*FLOW.blocks, mail=False) == [("flows[0].written", "config_written_no_mail")]
    assert warnings(MENU, FLOW.blocks[3]) == [("flows[0].blocks[0]", "config_only_a_call")]
    inner = Flow(id=ScenarioId("inner"), languages=("ru",), otherwise=SALES, blocks=(MENU, FLOW.blocks[3]))
    runs = Block(id="in", flow=SubFlowBlock(flow=inner.id), exits={"otherwise": "sales"})
    assert warnings(runs, FLOW.blocks[3], flows=(inner,)) == [("flows[0].blocks[0]", "config_only_a_call")]


def test_a_block_behind_a_condition_on_the_channel_is_not() -> None:
    way = Block(
        id="way",
        branch=BranchBlock(cases=(Case(exit="call", when=Conditions(channel=("voice",))),)),
        exits={"call": "menu", "otherwise": "hello"},
    )
    assert warnings(way, MENU, *FLOW.blocks) == []
    other = replace(
        way,
        branch=BranchBlock(cases=(Case(exit="letter", when=Conditions(channel=("web",))),)),
        exits={"letter": "hello", "otherwise": "menu"},
    )
    assert warnings(other, MENU, *FLOW.blocks) == []
    unsure = Case(exit="letter", when=Conditions(channel=("web",)), vip=True)
    vip = replace(other, branch=BranchBlock(cases=(unsure,)))
    assert warnings(vip, MENU, *FLOW.blocks) == [("flows[0].blocks[1]", "config_only_a_call")]


BUSY = Case(exit="busy", vip=True)


def test_a_circle_without_a_question_is_warned_of_where_it_says_or_waits() -> None:
    circle = "config_written_circle"
    hold = Block(id="hold", say=SayBlock(text={"ru": "Ждём."}), exits={"done": "pause"})
    pause = Block(id="pause", wait=WaitBlock(wait_seconds=30), exits={"done": "look"})
    look = Block(id="look", branch=BranchBlock(cases=(BUSY,)), exits={"busy": "hold", "otherwise": "sales"})
    circling = (hold, pause, look, FLOW.blocks[3])
    assert warnings(*circling) == [("flows[0].blocks[0]", circle), ("flows[0].blocks[1]", circle)]
    assert warnings(hold, replace(pause, exits={"done": "sales"}), FLOW.blocks[3]) == []
    menu = replace(MENU, exits={"1": "hold", "otherwise": "sales"})
    asks = (hold, replace(pause, exits={"done": "menu"}), menu, FLOW.blocks[3])
    assert warnings(*asks) == [("flows[0].blocks[2]", "config_only_a_call")], "a question ends it for whoever wrote"
    calls = Case(exit="call", when=Conditions(channel=("voice",)))
    way = Block(id="way", branch=BranchBlock(cases=(calls,)), exits={"call": "hold", "otherwise": "sales"})
    assert warnings(way, *circling) == [], "only calls come to it"
    again = Block(id="again", say=SayBlock(text={"ru": "Ждём."}), exits={"done": "sales", "failed": "again"})
    assert warnings(again, FLOW.blocks[3]) == [], "what is written is never spoken, so never fails to be"
    inner = Flow(id=ScenarioId("inner"), languages=("ru",), otherwise=SALES, blocks=circling)
    runs = Block(id="in", flow=SubFlowBlock(flow=inner.id), exits={"otherwise": "sales"})
    assert warnings(runs, FLOW.blocks[3], flows=(inner,)) == [("flows[0].blocks[0]", circle)]
    assert [code for _, code in warnings(*circling, flows=(inner,))].count(circle) == 2, "inner is for calls alone"


def test_a_flow_that_many_blocks_run_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    deep, wide = 5, 4
    looked: list[ScenarioId] = []

    def counted(flow: Flow, reached: Callable[[Flow], set[str]] = audit_written._reached) -> set[str]:
        looked.append(flow.id)
        return reached(flow)

    monkeypatch.setattr(audit_written, "_reached", counted)

    def runs(whom: int) -> list[Block]:
        inner = SubFlowBlock(flow=ScenarioId(f"inner{whom}"))
        return [Block(id=f"in{n}", flow=inner, exits={"done": f"in{n + 1}"}) for n in range(wide)]

    end = Block(id=f"in{wide}", back=BackBlock())
    hello = replace(FLOW.blocks[0], id="in0", exits={"done": f"in{wide}"})
    inner = [
        Flow(id=ScenarioId(f"inner{n}"), languages=("ru",), otherwise=SALES, blocks=(*runs(n + 1), end))
        for n in range(deep)
    ]
    last = Flow(id=ScenarioId(f"inner{deep}"), languages=("ru",), otherwise=SALES, blocks=(hello, end))
    assert warnings(*runs(0), replace(FLOW.blocks[3], id=f"in{wide}"), flows=(*inner, last)) == []
    assert len(looked) <= 3 * (deep + 2), "for each: its own blocks, what is of calls, what goes round"
    circling = replace(last, blocks=(replace(hello, exits={"done": "in0"}), end))
    again = warnings(*runs(0), replace(FLOW.blocks[3], id=f"in{wide}"), flows=(*inner, circling))
    assert [code for _, code in again].count("config_written_circle") == wide


def test_what_a_database_is_asked_has_the_words_of_the_request() -> None:
    ask = Block(
        id="ask",
        look_up=LookUpBlock(connection="shop", statement="order", parameters={"number": "{request.Номер_заказа}"}),
        exits={"found": "hello", "not_found": "hello"},
    )
    run = Run(C1, replace(FLOW, blocks=(ask, *FLOW.blocks)), world=stage())
    (asked,) = run.start()
    assert "4711" not in repr(asked)
    assert isinstance(asked, LookUp)
    assert worded(asked, run).parameters == {"number": "4711"}
