"""Scenarios that put a customer through to somebody outside: drawn, in Python, and rehearsed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.scenario.test_handled import begun, fault_of, stepped

from otklik.contact.configuration import Calling, Configuration, Queue
from otklik.contact.decisions import CallHandler, Enqueue, Finish, TransferOutside
from otklik.contact.facts import VerbFinished
from otklik.contact.flow import Block, CollectBlock, Expected, Flow, FlowTest, HangUpBlock, QueueBlock, SayBlock
from otklik.contact.ids import EntryPointId, QueueId, ScenarioId
from otklik.contact.outside_number import OutsideNumber
from otklik.routing import audit
from otklik.scenario import Contact, Run
from otklik.scenario.audit import faults
from otklik.scenario.rehearsal import CALLER, judge, rehearse
from otklik.scenario.uncovered import uncovered

SALES = QueueId("sales")
DOCTOR = OutsideNumber(dial="+7 800 555-35-35")


def flow(to: OutsideNumber = DOCTOR, *tests: FlowTest) -> Flow:
    return Flow(
        id=ScenarioId("night"),
        languages=("ru",),
        otherwise=SALES,
        blocks=(
            Block(
                id="doctor",
                name="Врач",
                outside=to,
                exits={"done": "bye", "busy": "sorry", "no_answer": "person"},
            ),
            Block(id="sorry", say=SayBlock(text={"ru": "Занято"}), exits={"done": "person"}),
            Block(id="person", queue=QueueBlock(queue=SALES)),
            Block(id="bye", hang_up=HangUpBlock(text={"ru": "До свидания"})),
        ),
        tests=tests,
    )


def began(run: Run) -> TransferOutside:
    (verb,) = run.start()
    assert isinstance(verb, TransferOutside)
    return verb


def test_a_number_that_is_written_is_asked_for_as_it_is_and_the_flow_goes_on_by_what_came_of_it() -> None:
    run = Run(CALLER, flow())
    verb = began(run)
    assert (verb.to, verb.written, verb.block) == (DOCTOR, True, "Врач")
    (said,) = run.handle(VerbFinished(contact=CALLER, step=verb.step, outcome="busy", block="Врач"))
    run.handle(VerbFinished(contact=CALLER, step=said.step, outcome="done", block="sorry"))  # type: ignore[union-attr]  # it is a Say
    assert run.over


@pytest.mark.parametrize("outcome", ["failed", "impossible"])
def test_what_has_no_exit_leads_to_the_flows_queue(outcome: str) -> None:
    found = rehearse(flow(), [], stage=None)
    assert isinstance(found.end, Finish) and found.outside == ["+7 800 555-35-35"]
    run = Run(CALLER, flow())
    verb = began(run)
    (gone,) = run.handle(VerbFinished(contact=CALLER, step=verb.step, outcome=outcome, block="Врач"))  # type: ignore[arg-type]  # of two
    assert isinstance(gone, Enqueue) and gone.queue == SALES


def test_a_number_that_was_keyed_is_filled_in_and_is_none_that_the_set_up_has() -> None:
    keyed = replace(
        flow(OutsideNumber(dial="{phone}", rules_of=SALES)),
        blocks=(
            Block(id="ask", collect=CollectBlock(text={"ru": "?"}, into="phone"), exits={"done": "doctor"}),
            *flow(OutsideNumber(dial="{phone}", rules_of=SALES)).blocks,
        ),
    )
    run = Run(CALLER, keyed)
    run.start()
    (verb,) = run.handle(VerbFinished(contact=CALLER, step=1, outcome="digits", digits="89161112233", block="ask"))
    assert isinstance(verb, TransferOutside)
    assert (verb.to.dial, verb.written) == ("89161112233", False)


def test_a_run_that_is_told_the_same_again_stands_at_the_same_step() -> None:
    run = Run(CALLER, flow())
    verb = began(run)
    answer = VerbFinished(contact=CALLER, step=verb.step, outcome="busy", block="Врач")
    run.handle(answer)
    again = Run(CALLER, flow(), recorded=run.replies)
    assert again.start() == run.pending


def test_tests_of_a_flow_say_what_comes_of_it_and_whom_it_calls() -> None:
    drawn = flow(
        DOCTOR,
        FlowTest(name="поговорил", expect=Expected(served=True, outside="+7 800 555-35-35")),
        FlowTest(name="занято", branches={"doctor": "busy"}, expect=Expected(queue=SALES, said=("Занято",))),
        FlowTest(name="молчит", branches={"doctor": "no_answer"}, expect=Expected(queue=SALES, outside="+7 000")),
    )
    verdicts = judge(drawn, [drawn])
    assert [verdict.wrong for verdict in verdicts] == [(), (), ("outside: +7 000 ≠ +7 800 555-35-35",)]
    assert uncovered(drawn, [drawn], verdicts) == []
    assert faults(Configuration(flows=(drawn,))) == []


def test_a_branch_of_a_test_that_cannot_come_is_a_fault() -> None:
    drawn = flow(DOCTOR, FlowTest(name="так не бывает", branches={"doctor": "asleep"}, expect=Expected()))
    assert [each.code for each in faults(Configuration(flows=(drawn,)))] == ["config_flow_branch"]


@pytest.mark.parametrize(
    ("rules_of", "prefixes", "codes"),
    [
        (None, ("+7",), ["config_outside_rules"]),
        (SALES, (), ["config_outside_rules"]),
        (SALES, ("+7",), []),
        (QueueId("gone"), ("+7",), ["config_no_queue", "config_outside_rules"]),
    ],
)
def test_a_number_that_is_keyed_needs_a_queue_that_says_with_what_it_may_begin(
    rules_of: QueueId | None, prefixes: tuple[str, ...], codes: list[str]
) -> None:
    set_up = Configuration(
        queues=(Queue(id=SALES, name="", calling=Calling(prefixes=prefixes)),),
        flows=(flow(OutsideNumber(dial="{phone}", rules_of=rules_of)),),
    )
    found = [each for each in audit.faults(set_up) if not each.warning]
    assert sorted(each.code for each in found) == codes


# in Python


def test_handler_in_python_has_the_same_word() -> None:
    came: list[str] = []

    async def scenario(contact: Contact) -> None:
        came.append(await contact.transfer_outside("+79161112233", rules_of=SALES, ring_seconds=12))
        await contact.hang_up()

    run = Run(CALLER, scenario)
    verb = began(run)
    assert (verb.to, verb.written) == (OutsideNumber(dial="+79161112233", rules_of=SALES, ring_seconds=12), False)
    run.handle(VerbFinished(contact=CALLER, step=1, outcome="no_answer", block="transfer outside"))
    assert came == ["no_answer"] and run.over


def asks(step: int = 1, *, written: bool = False, **to: object) -> object:
    return stepped(
        step - 1, "transferoutside", step=step, to={"dial": "+79161112233", **to}, written=written, block="out"
    )


def test_what_the_process_of_a_handler_wants_called_is_performed() -> None:
    run = begun()
    (verb,) = run.handle(asks(entry_point="1000"))  # type: ignore[arg-type]  # a fact
    assert isinstance(verb, TransferOutside)
    assert verb.to == OutsideNumber(dial="+79161112233", entry_point=EntryPointId("1000"))
    (call,) = run.handle(VerbFinished(contact=verb.contact, step=1, outcome="done", block="out"))
    assert isinstance(call, CallHandler)


@pytest.mark.parametrize(
    "asked", [asks(written=True), asks(ring_seconds=1e9), asks(longest_seconds=float("nan")), asks(dial=7)]
)
def test_code_cannot_say_that_its_number_stands_in_the_set_up_nor_ring_for_ever(asked: object) -> None:
    fault_of(begun(), asked)  # type: ignore[arg-type]  # a fact
