"""A Python handler as its contact's run sees it: what its process says is judged, performed, and kept for the replay."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.contact.configuration import Configuration, Queue, Speech
from otklik.contact.decisions import Ask, CallHandler, Enqueue, Finish, LookUp, PlayMusic, ReportFault
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.handler import CODE_LIMIT, Handler, HandlerFailed, HandlerStepped
from otklik.contact.ids import AgentId, ContactId, QueueId, ScenarioId
from otklik.routing import audit
from otklik.scenario import Known, Run
from otklik.scenario.audit import faults
from otklik.scenario.rehearsal import Stage

C1 = ContactId("c1")
SALES, CLERKS = QueueId("sales"), QueueId("clerks")
CODE = "async def scenario(contact):\n    await contact.to_queue('sales')\n"
HANDLER = Handler(id=ScenarioId("shop"), otherwise=CLERKS, code=CODE)


class Place(Stage):
    def has_queue(self, queue: QueueId) -> bool:
        return queue in (SALES, CLERKS)


def stepped(after: int, kind: str = "", learnt: dict[str, Any] | None = None, **fields: Any) -> HandlerStepped:
    verb = {"kind": kind, **fields} if kind else {}
    return HandlerStepped(contact=C1, step=after, verb=verb, learnt=learnt or {})


def asks(step: int = 1, **fields: Any) -> HandlerStepped:
    speech = [{"text": "Номер?", "language": "ru"}]
    return stepped(step - 1, "ask", step=step, speech=speech, block="number", **fields)


def begun() -> Run:
    run = Run(C1, HANDLER, world=Place())
    assert run.start() == [CallHandler(contact=C1, scenario=ScenarioId("shop"), step=0)]
    return run


def fault_of(run: Run, fact: HandlerStepped | HandlerFailed) -> ReportFault:
    report, gone = run.handle(fact)
    assert isinstance(report, ReportFault) and isinstance(gone, Enqueue)
    assert gone.queue == CLERKS and run.over
    return report


def test_what_the_process_wants_is_performed_and_its_answer_goes_back() -> None:
    run = begun()
    (asked,) = run.handle(asks(max_digits=4, masked=True))
    assert asked == Ask(
        contact=C1, step=1, speech=(Speech(text="Номер?", language="ru"),), max_digits=4, masked=True, block="number"
    )
    (call,) = run.handle(VerbFinished(contact=C1, step=1, outcome="digits", digits="4711", block="number"))
    assert call == CallHandler(contact=C1, scenario=ScenarioId("shop"), step=1)
    (gone,) = run.handle(
        stepped(1, "enqueue", queue="sales", block="to sales", learnt={"attributes": {"order": "4711"}})
    )
    assert isinstance(gone, Enqueue)
    assert (gone.queue, gone.attributes, gone.path) == (SALES, {"order": "4711"}, ("number", "to sales"))


def test_a_question_that_is_answered_at_once_needs_nobody() -> None:
    run = begun()
    (call,) = run.handle(stepped(0, "choose", step=1, cases=[], attributes={}, language="", block="which"))
    assert isinstance(call, CallHandler) and call.step == 1
    assert run.answered == [Known(step=1, block="which", value="otherwise")]


def test_code_that_comes_to_its_end_leaves_its_contact_to_the_queue_otherwise() -> None:
    (gone,) = begun().handle(stepped(0, learnt={"choices": ["Заказ"], "language": "en", "priority": 3, "vip": True}))
    assert isinstance(gone, Enqueue)
    assert (gone.queue, gone.choices, gone.language, gone.priority, gone.vip) == (CLERKS, ("Заказ",), "en", 3, True)


def test_fault_keeps_its_traceback_and_what_was_found_out_before() -> None:
    failed = HandlerFailed(
        contact=C1, step=0, cause="code", reason="KeyError: 'x'", traceback="…", learnt={"attributes": {"a": "b"}}
    )
    run = begun()
    report, gone = run.handle(failed)
    assert isinstance(report, ReportFault) and (report.reason, report.traceback) == ("KeyError: 'x'", "…")
    assert isinstance(gone, Enqueue) and (gone.queue, gone.attributes) == (CLERKS, {"a": "b"})


@pytest.mark.parametrize(
    "fact",
    [
        stepped(0, "shout", step=1),
        stepped(0, "say", step=0, speech=[], block=""),
        stepped(0, "say", step=9_999, speech=[], block=""),
        stepped(0, "say", step="1", speech=[], block=""),
        stepped(0, "say", step=1, speech=[{"text": "x" * 5_001, "language": "ru"}], block=""),
        asks(max_digits=1_000),
        asks(timeout_seconds=-1),
        asks(terminator="##"),
        stepped(0, "pause", step=1, seconds=1e9, block=""),
        stepped(0, "look", step=1, queue="elsewhere", block=""),
        stepped(0, "enqueue", queue="elsewhere"),
        stepped(0, "enqueue", queue=None),
        stepped(0, "enqueue", queue="sales", agent_seconds=1e9),
        stepped(0, "enqueue", queue="sales", callback=True, callback_at=1e17),
        stepped(0, "freetimes", step=1, queue="sales", since=1e17, limit=1, block=""),
        stepped(0, "freetimes", step=1, queue="sales", since=-1e9, limit=1, block=""),
        stepped(0, "finish", block="x" * 101),
        stepped(0, "enqueue", queue="sales", block="x" * 101),
        stepped(0, "pause", step=1, seconds=1, block="x" * 101),
        stepped(0, "enqueue", queue="sales", learnt={"attributes": {"a": "x" * 16_384}}),
        stepped(0, "enqueue", queue="sales", learnt={"choices": ["x" * 16_384]}),
        stepped(0, "look", step=201, queue="sales", block=""),
        stepped(0, "enqueue", queue="sales", learnt={"attributes": {"a": 1}}),
        stepped(0, "enqueue", queue="sales", learnt={"ani": "x"}),
    ],
)
def test_what_no_drawn_flow_could_want_is_a_fault_and_loses_nobody(fact: HandlerStepped) -> None:
    assert fault_of(begun(), fact).reason


def test_pause_is_music_and_agents_are_asked_for_by_name() -> None:
    run = begun()
    music, _ = run.handle(stepped(0, "pause", step=1, seconds=5, block="wait"))
    assert music == PlayMusic(contact=C1)
    run.handle(VerbFinished(contact=C1, step=1, outcome="done", block="wait"))
    (gone,) = run.handle(stepped(1, "enqueue", queue="sales", agent="anna", agent_seconds=15))
    assert isinstance(gone, Enqueue) and (gone.agent, gone.agent_seconds) == (AgentId("anna"), 15)


def test_who_is_served_is_hung_up() -> None:
    (gone,) = begun().handle(stepped(0, "finish", block="bye"))
    assert isinstance(gone, Finish) and gone.path == ("bye",)


def test_a_parameter_that_was_the_callers_number_is_put_there_by_whoever_sends_it() -> None:
    (asked,) = begun().handle(
        stepped(
            0, "lookup", step=1, connection="shop", statement="who", parameters={"phone": "{ani}", "x": "1"}, block=""
        )
    )
    assert isinstance(asked, LookUp) and (asked.parameters, asked.of_caller) == ({"x": "1"}, ("phone",))


def test_all_that_is_kept_of_a_contact_has_a_limit() -> None:
    run = begun()
    for step in range(1, 25):
        fact = stepped(
            step - 1, "lookup", step=step, connection="c", statement="s", parameters={"x": "x" * 50_000}, block=""
        )
        if step > 20 or run.over:
            break
        (decided, *gone) = run.handle(fact)
        if gone:
            assert isinstance(decided, ReportFault) and "1000000 bytes" in decided.reason
            break
        run.handle(Answered(contact=C1, step=step, outcome="found"))
    assert run.over and step == 20


def test_steps_that_wait_for_nothing_have_a_limit_here_too() -> None:
    run = begun()
    for step in range(1, 201):
        (call,) = run.handle(stepped(step - 1, "look", step=step, queue="sales", block=""))
        assert isinstance(call, CallHandler)
    assert "200 steps" in fault_of(run, stepped(200, "look", step=201, queue="sales", block="")).reason


def test_late_and_repeated_facts_change_nothing() -> None:
    run = begun()
    assert run.handle(VerbFinished(contact=C1, step=0, outcome="done")) == []
    run.handle(asks())
    assert run.handle(asks()) == []
    assert run.handle(Answered(contact=C1, step=0, outcome="found")) == []
    assert run.handle(VerbFinished(contact=C1, step=1, outcome="timeout", block="number"))
    assert run.handle(VerbFinished(contact=C1, step=1, outcome="timeout", block="number")) == []


def test_fresh_run_that_is_told_the_same_stands_at_the_same_step_and_calls_nobody() -> None:
    run = begun()
    run.handle(stepped(0, "choose", step=1, cases=[], attributes={}, language="", block="which"))
    run.handle(HandlerStepped(contact=C1, step=1, verb=asks(2).verb))
    again = Run(C1, HANDLER, world=Place(), recorded=(*run.replies, *run.known, *run.stepped))
    assert again.start() == run.pending
    assert isinstance(again.pending[0], Ask)
    assert again.answered == run.answered


def test_code_is_looked_at_before_it_counts() -> None:
    def codes(code: str) -> list[str]:
        handler = Handler(id=ScenarioId("shop"), otherwise=CLERKS, code=code)
        return [fault.code for fault in faults(Configuration(handlers=(handler,)))]

    assert codes(CODE) == []
    assert codes("async def scenario(contact):\n  return '\\d'") == []
    assert codes("def scenario(contact): pass") == ["config_handler_entrance"]
    assert codes("") == ["config_handler_entrance"]
    assert codes("async def scenario(contact)") == ["config_handler_syntax"]
    assert codes("x = '\ud800'") == ["config_handler_syntax"]
    assert codes("x\0") == ["config_handler_syntax"]
    assert codes("a" + ".b" * 30_000) == ["config_handler_syntax"]
    assert codes("-" * 60_000 + "1") == ["config_handler_syntax"]
    assert codes("#" * (CODE_LIMIT + 1)) == ["config_handler_long"]


def test_handler_has_a_name_of_its_own_and_a_queue_that_is_there() -> None:
    known = Queue(id=CLERKS, name="Clerks", everyone=True)
    wrong = Handler(id=ScenarioId("shop"), otherwise=QueueId("nowhere"), code=CODE)
    found = audit.faults(Configuration(queues=(known,), handlers=(HANDLER, wrong)))
    assert [(each.place, each.code) for each in found if not each.warning] == [
        ("handlers[1].id", "config_twice"),
        ("handlers[1].otherwise", "config_no_queue"),
    ]
