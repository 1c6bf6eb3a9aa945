"""Scenarios: a drawn flow of 20 steps, played by a fake caller from its beginning to its queue, again and again on one core.

Menus, texts, digits, conditions and attributes as in a real one. The peer is a limit: 2,000 such calls a second of one core, whose own time
is measured: nothing in it waits. `again_us`: the same flow
brought to its last question by the answers of before, as after a crash.
"""

from __future__ import annotations

import time

from bench._figures import report
from otklik.contact.decisions import Ask, Say
from otklik.contact.facts import VerbFinished
from otklik.contact.flow import (
    AskBlock,
    Block,
    BranchBlock,
    Case,
    CollectBlock,
    Comparison,
    Flow,
    QueueBlock,
    SayBlock,
    SetBlock,
)
from otklik.contact.ids import QueueId, ScenarioId
from otklik.scenario import Known, Run
from otklik.scenario.rehearsal import CALLER, Stage, rehearse

GOAL_RUNS, SECONDS, ROUNDS, AGAIN = 2_000, 2.0, 4, 500
STEPS = 5 * ROUNDS


def flow() -> Flow:
    """Four rounds of say, ask, collect, set, branch: 20 steps, 12 of which wait for the caller."""
    blocks: list[Block] = []
    for number in range(ROUNDS):
        last = number == ROUNDS - 1
        dear = Case(exit="dear", attributes=(Comparison(attribute=f"sum{number}", at_least=100),))
        onward = "queue" if last else f"say{number + 1}"
        text = {"ru": f"Раздел {number}, {{order}}", "en": f"Part {number}, {{order}}"}
        blocks += [
            Block(id=f"say{number}", say=SayBlock(text=text), exits={"done": f"ask{number}"}),
            Block(id=f"ask{number}", ask=AskBlock(text=text, keys={"1": "Да", "2": "Нет"}), exits={"1": f"sum{number}", "2": f"sum{number}"}),
            Block(id=f"sum{number}", collect=CollectBlock(text=text, into=f"sum{number}", max_digits=4), exits={"done": f"set{number}"}),
            Block(id=f"set{number}", set=SetBlock(attributes={"order": f"{{sum{number}}}"}, priority=number), exits={"done": f"which{number}"}),
            Block(id=f"which{number}", branch=BranchBlock(cases=(dear,)), exits={"dear": onward, "otherwise": onward}),
        ]  # fmt: skip
    blocks.append(Block(id="queue", queue=QueueBlock(queue=QueueId("sales"))))
    return Flow(id=ScenarioId("bench"), languages=("ru", "en"), otherwise=QueueId("sales"), blocks=tuple(blocks))


def main() -> int:
    drawn, caller, stage = flow(), ("1", "4711") * ROUNDS, Stage()
    found = rehearse(drawn, caller, stage)
    assert found.end is not None and len(found.end.path) == STEPS + 1, found
    runs, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SECONDS:
        for _ in range(50):
            rehearse(drawn, caller, stage)
        runs += 50
    rate = runs / spent
    return report(
        "scenario",
        {"runs_per_s": rate, "step_us": spent / runs / STEPS * 1e6, "again_us": again(drawn, caller, stage)},
        peer={"runs_per_s": GOAL_RUNS},
        ratio=rate / GOAL_RUNS,
        goal=f">= {GOAL_RUNS} runs of {STEPS} steps a second on one core",
        holds=rate >= GOAL_RUNS,
    )


def again(drawn: Flow, caller: tuple[str, ...], stage: Stage) -> float:
    """Microseconds in which a run that stands before its last answer is brought there again, as after a crash."""
    first = Run(CALLER, drawn, world=stage)
    replay(first, caller)
    recorded: tuple[VerbFinished | Known, ...] = (*first.replies, *first.known)
    began = time.process_time()
    for _ in range(AGAIN):
        Run(CALLER, drawn, world=stage, recorded=recorded).start()
    return (time.process_time() - began) / AGAIN * 1e6


def replay(run: Run, caller: tuple[str, ...]) -> None:
    """Up to the last question."""
    keys, decisions = iter(caller[:-1]), run.start()
    while True:
        (verb,) = decisions
        if isinstance(verb, Say):
            decisions = run.handle(VerbFinished(contact=CALLER, step=verb.step, outcome="done", block=verb.block))
        elif isinstance(verb, Ask) and (pressed := next(keys, "")):
            fact = VerbFinished(contact=CALLER, step=verb.step, outcome="digits", digits=pressed, block=verb.block)
            decisions = run.handle(fact)
        else:
            return


if __name__ == "__main__":
    raise SystemExit(main())
