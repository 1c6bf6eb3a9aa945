"""Functions of Python code that drawn flows call: what is decided, what a set-up may have wrong, and the fake caller's side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from otklik.contact.configuration import AnyScenario
from otklik.contact.decisions import CallFunction, Enqueue, Finish, ReportFault
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import (
    Block,
    Expected,
    Flow,
    FlowTest,
    FunctionBlock,
    GivenAnswer,
    HangUpBlock,
    QueueBlock,
    SubFlowBlock,
    WaitBlock,
)
from otklik.contact.handler import FunctionCame, Handler
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.scenario import Run, Visitor
from otklik.scenario.audit import faults
from otklik.scenario.audit_handler import functions_of
from otklik.scenario.rehearsal import Computed, Computing, Rehearsal, Stage, judge, rehearsing, stage_of
from otklik.tenancy import document

C1 = ContactId("c1")
PHONE = "+79160000001"
CODE = """
def level(number, order="", *, strict=True):
    return "ours"

async def later(**given):
    return given

def _own(): ...
"""
RULES = Handler(id=ScenarioId("rules"), otherwise=QueueId("sales"), code=CODE)


def flow(*, branches: tuple[str, ...] = ("ours",), tests: tuple[FlowTest, ...] = (), **exits: str) -> Flow:
    given = {"number": "{ani}", "order": "№ {order}"}
    called = FunctionBlock(code=RULES.id, function="level", parameters=given, into="vip", branches=branches)
    return Flow(
        id=ScenarioId("drawn"),
        languages=("ru",),
        otherwise=QueueId("clerks"),
        blocks=(
            Block(id="level", function=called, exits=exits or {"ours": "bye", "done": "sales", "fault": "help"}),
            Block(id="bye", hang_up=HangUpBlock()),
            Block(id="sales", queue=QueueBlock(queue=QueueId("sales"))),
            Block(id="help", queue=QueueBlock(queue=QueueId("help"))),
        ),
        tests=tests,
    )


class Centre(Stage):
    """With this code in its set-up."""

    def __init__(self, **known: AnyScenario) -> None:
        super().__init__(visitor=Visitor(ani=PHONE, attributes={"order": "4711", "vip.old": "yes"}))
        self.known: Mapping[str, AnyScenario] = known

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None:
        return self.known.get(scenario)


def answered(outcome: Any = "found", **more: Any) -> Answered:
    return Answered(contact=C1, step=1, outcome=outcome, block="level", **more)


def test_function_is_given_values_and_the_callers_number_stands_in_no_decision() -> None:
    (asked,) = Run(C1, flow(), world=Centre()).start()
    assert asked == CallFunction(
        contact=C1,
        step=1,
        code=RULES.id,
        function="level",
        branches=("ours",),
        parameters={"order": "№ 4711"},
        of_caller=("number",),
        block="level",
    )


@pytest.mark.parametrize(
    ("answer", "queue"),
    [
        (answered(exit="ours"), None),
        (answered(values={"state": "gold"}), "sales"),
        (answered("failed", reason="fault", fault="KeyError: 'x'", traceback="File rules.py"), "help"),
    ],
)
def test_flow_goes_on_by_the_way_that_the_function_names(answer: Answered, queue: str | None) -> None:
    run = Run(C1, flow(), world=Centre())
    run.start()
    *reports, end = run.handle(answer)
    assert isinstance(end, Enqueue | Finish) and getattr(end, "queue", None) == queue
    assert end.attributes.items() >= {f"vip.{name}": value for name, value in answer.values.items()}.items()
    assert bool(reports) is (answer.outcome == "failed")


def test_fault_of_a_function_is_told_of_its_code_and_keeps_the_caller() -> None:
    run = Run(C1, flow(), world=Centre())
    run.start()
    report, end = run.handle(answered("failed", reason="fault", fault="KeyError: 'x'", traceback="File rules.py"))
    assert report == ReportFault(
        contact=C1, scenario=RULES.id, block="level", reason="KeyError: 'x'", traceback="File rules.py"
    )
    assert isinstance(end, Enqueue)


def test_fault_without_an_exit_leads_to_the_queue_for_everything_else() -> None:
    run = Run(C1, flow(ours="bye", done="sales"), world=Centre())
    run.start()
    *_, end = run.handle(answered("failed", reason="fault", fault="x"))
    assert isinstance(end, Enqueue) and end.queue == "clerks"


def test_run_told_the_same_answers_calls_nothing_again() -> None:
    again = Run(C1, flow(), world=Centre(), recorded=[answered(exit="ours")])
    (end,) = again.start()
    assert isinstance(end, Finish)


def test_contact_keeps_the_code_that_it_began_with_that_of_flows_within_too() -> None:
    outer = Flow(
        id=ScenarioId("outer"),
        languages=("ru",),
        otherwise=QueueId("clerks"),
        blocks=(Block(id="inner", flow=SubFlowBlock(flow=ScenarioId("drawn")), exits={"done": "inner"}),),
    )
    world = Centre(drawn=flow(), rules=RULES)
    run = Run(C1, outer, world=world)
    world.known = {}
    assert run.code == {RULES.id: RULES}


def test_code_of_a_flow_that_came_within_later_is_that_of_its_first_call() -> None:
    outer = Flow(
        id=ScenarioId("outer"),
        languages=("ru",),
        otherwise=QueueId("clerks"),
        blocks=(
            Block(id="wait", wait=WaitBlock(wait_seconds=1.0), exits={"done": "inner"}),
            Block(id="inner", flow=SubFlowBlock(flow=ScenarioId("drawn"))),
        ),
    )
    world = Centre()
    run = Run(C1, outer, world=world)
    run.start()
    world.known = {"drawn": flow(ours="level"), "rules": RULES}
    (asked,) = run.handle(VerbFinished(contact=C1, step=1, outcome="done", block="wait"))
    assert isinstance(asked, CallFunction) and run.code == {RULES.id: RULES}
    world.known = {"rules": replace(RULES, code="def level(): ...")}
    (asked,) = run.handle(structs.replace(answered(exit="ours"), step=asked.step))
    assert isinstance(asked, CallFunction) and run.code == {RULES.id: RULES}


def test_fake_caller_gets_what_the_test_says_and_no_code_is_run() -> None:
    tests = (
        FlowTest(name="fails by itself", expect=Expected(queue=QueueId("help"))),
        FlowTest(name="ours", branches={"level": "ours"}, answers={"level": (GivenAnswer(),)}, expect=Expected(served=True)),
        FlowTest(
            name="known",
            answers={"level": (GivenAnswer(values={"state": "gold"}),)},
            expect=Expected(queue=QueueId("sales"), attributes={"vip.state": "gold"}),
        ),
    )  # fmt: skip
    assert [each.wrong for each in judge(flow(tests=tests), [])] == [(), (), ()]


def test_what_a_test_says_of_a_block_is_of_its_own_flow_though_another_has_one_of_the_same_id() -> None:
    test = FlowTest(
        name="", branches={"level": "ours"}, answers={"level": (GivenAnswer(),)}, expect=Expected(served=True)
    )
    level, *others = flow().blocks
    mine = replace(flow(tests=(test,)), blocks=(replace(level, name="Mine"), *others))
    other = replace(mine, id=ScenarioId("other"), blocks=(replace(level, name="Theirs"), *others))
    for known in ((mine, other), (other, mine)):
        assert [each.wrong for each in judge(mine, known)] == [()]
        with pytest.raises(StopIteration):  # no code is run
            next(rehearsing(mine, (), stage_of(mine, known, test, [RULES])))


@pytest.mark.parametrize(
    ("came", "queue", "fault"),
    [
        (FunctionCame(exit="ours"), None, ""),
        (FunctionCame(values={"state": "gold"}), "sales", ""),
        (FunctionCame(cause="code", reason="KeyError: 'x'", traceback="File rules.py"), "help", "KeyError: 'x'"),
        (FunctionCame(exit="nowhere"), "help", "it named a way that the block does not have"),
    ],
)
def test_call_that_runs_code_goes_on_by_what_it_gives_back(came: FunctionCame, queue: str | None, fault: str) -> None:
    test = FlowTest(name="", ani=PHONE, attributes={"order": "4711"}, expect=Expected())
    playing = rehearsing(flow(), (), stage_of(flow(), (flow(),), test, [RULES]))
    assert next(playing) == Computing(RULES, "level", {"order": "№ 4711", "number": PHONE})
    with pytest.raises(StopIteration) as over:
        playing.send(came)
    done: Rehearsal = over.value.value
    assert done.fault is None, "a fault is an exit"
    assert getattr(done.end, "queue", None) == queue
    (computed, *_) = done.story
    assert isinstance(computed, Computed) and (computed.block, computed.answer.fault) == ("level", fault)


def test_functions_of_a_code_are_known_without_running_it() -> None:
    level, later = functions_of(CODE)
    assert (level.name, level.parameters) == ("level", ("number", "order", "strict")) and set(level.needed) == {
        "number"
    }
    assert later.any_more and functions_of("def (") == ()


def found(block: dict[str, Any] | None = None, *, code: str = CODE, leads: bool = False) -> set[tuple[str, str]]:
    called = {"code": "rules", "function": "level", "parameters": {"number": "{ani}"}, **(block or {})}
    drawn = {
        "id": "drawn",
        "languages": ["ru"],
        "otherwise": "sales",
        "blocks": [
            {"id": "level", "function": called, "exits": {"otherwise": "bye", "done": "bye"}},
            {"id": "bye", "hang_up": {}},
        ],
    }
    set_up = {
        "queues": [{"id": "sales", "name": "Sales"}],
        "flows": [drawn],
        "handlers": [{"id": "rules", "language": "ru", "otherwise": "sales", "code": code}],
        "entry_points": [{"id": "main", "number": "1000", "scenario": "rules"}] if leads else [],
    }
    return {(each.place, each.code) for each in faults(document.stored(set_up)) if not each.warning}


def test_set_up_with_functions_alone_is_whole() -> None:
    assert found() == set() == found({"branches": ["ours"]})


@pytest.mark.parametrize(
    ("block", "place", "code"),
    [
        ({"code": "none"}, "code", "config_no_code"),
        ({"function": "none"}, "function", "config_no_function"),
        ({"function": "_own"}, "function", "config_no_function"),
        ({"function": "scenario"}, "function", "config_no_function"),
        ({"parameters": {}}, "parameters", "config_parameter_missing"),
        ({"parameters": {"number": "1", "odd": "2"}}, "parameters.odd", "config_parameter"),
        ({"branches": ["fault"]}, "branches[0]", "config_function_way"),
        ({"branches": ["two words"]}, "branches[0]", "config_function_way"),
        ({"into": "a b"}, "into", "config_flow_name"),
    ],
)
def test_what_is_wrong_with_the_block_is_told_with_its_place(block: dict[str, Any], place: str, code: str) -> None:
    assert (f"flows[0].blocks[0].function.{place}", code) in found(block)


def test_number_cannot_lead_to_code_without_a_scenario() -> None:
    assert found(leads=True) == {("handlers[0].code", "config_handler_entrance")}


def test_circle_of_functions_alone_is_told() -> None:
    drawn = {
        "id": "drawn",
        "languages": ["ru"],
        "otherwise": "sales",
        "blocks": [{"id": "level", "function": {"code": "rules", "function": "later"}, "exits": {"done": "level"}}],
    }
    set_up = document.stored({"queues": [{"id": "sales", "name": "Sales"}], "flows": [drawn]})
    assert "config_flow_endless" in {each.code for each in faults(set_up)}
