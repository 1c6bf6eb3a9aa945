"""Handlers in Python: a scenario of 20 steps that each wait for the caller, in its confined process, again and again.

The peer is the same code run here, in our own process, without any confinement, in the same run. `step_us`: one step there and back, with
what the program does itself; the commit of its fact to the log comes on top. `start_ms`: a process from nothing to its first step.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from bench._figures import report
from otklik.contact.decisions import CallHandler, Decision, Enqueue, Say
from otklik.contact.facts import VerbFinished
from otklik.contact.handler import Handler, HandlerCall
from otklik.contact.ids import ContactId, QueueId, ScenarioId, TenantId
from otklik.integrations.handlers.outside import ConfinedHandlers
from otklik.scenario import Run

STEPS, RUNS, GOAL_US = 20, 100, 5_000.0
TENANT, QUEUE = TenantId("bench"), QueueId("sales")
CODE = f"""
async def scenario(contact):
    for number in range({STEPS}):
        await contact.say(f"Раздел {{number}}", name=f"say {{number}}")
    await contact.to_queue("sales")
"""
HANDLER = Handler(id=ScenarioId("bench"), otherwise=QUEUE, code=CODE)
CALLER: dict[str, object] = {"ani": None, "dnis": "1000", "channel": "voice", "language": "ru", "attributes": {}}


async def confined(handlers: ConfinedHandlers, contact: ContactId) -> None:
    run = Run(contact, HANDLER)
    decisions = run.start()
    while not run.over:
        (decision,) = decisions
        if isinstance(decision, CallHandler):
            call = HandlerCall(
                tenant=TENANT,
                contact=contact,
                handler=HANDLER,
                step=decision.step,
                first_step=0,
                caller=CALLER,
                answers=lambda: run.answered,
            )
            decisions = run.handle(await handlers.go_on(call))
        else:
            decisions = run.handle(heard(decision))
    (end,) = decisions
    assert isinstance(end, Enqueue) and len(end.path) == STEPS + 1, end


def heard(decision: Decision) -> VerbFinished:
    assert isinstance(decision, Say), decision
    return VerbFinished(contact=decision.contact, step=decision.step, outcome="done", block=decision.block)


def here(contact: ContactId) -> None:
    space: dict[str, Any] = {}
    exec(CODE, space)
    run = Run(contact, space["scenario"])
    decisions = run.start()
    while not run.over:
        decisions = run.handle(heard(decisions[0]))


async def measure() -> tuple[float, float]:
    """Seconds of a first run, a process and all; seconds of one step of those that follow."""
    handlers = ConfinedHandlers()
    began = time.perf_counter()
    await confined(handlers, ContactId("first"))
    first = time.perf_counter() - began
    began = time.perf_counter()
    for number in range(RUNS):
        await confined(handlers, ContactId(f"c{number}"))
    spent = time.perf_counter() - began
    await handlers.close()
    return first, spent / RUNS / STEPS


def main() -> int:
    first, step = asyncio.run(measure())
    began = time.perf_counter()
    for number in range(RUNS):
        here(ContactId(f"h{number}"))
    own = (time.perf_counter() - began) / RUNS / STEPS
    return report(
        "handlers",
        {"step_us": step * 1e6, "start_ms": first * 1e3},
        peer={"step_us": own * 1e6},
        ratio=step / own,
        goal=f"a step there and back <= {GOAL_US:g} us",
        holds=step * 1e6 <= GOAL_US,
    )


if __name__ == "__main__":
    raise SystemExit(main())
