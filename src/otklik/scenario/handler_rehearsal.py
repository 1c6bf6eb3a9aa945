"""A handler in Python played with a fake caller: as drawn flows are, but its process is asked, and that is waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import FlowTest
from otklik.contact.handler import Handler, HandlerFact
from otklik.contact.ids import QueueId, ScenarioId
from otklik.scenario.rehearsal import Asked, Rehearsal, Stage, Verdict, differences, failing, rehearsing
from otklik.scenario.verbs import Visitor

Ask = Callable[[Asked], Awaitable[HandlerFact]]
"""Asks the process of the handler that is played."""
MOST_STEPS: Final = 500
"""Of one call: a fake caller would never grow tired."""


class Floor(Stage):
    """With the queues that there are."""

    queues: frozenset[QueueId] = frozenset()

    def has_queue(self, queue: QueueId) -> bool:
        return queue in self.queues


async def play_handler(
    handler: Handler, test: FlowTest, queues: Iterable[QueueId], ask: Ask, *, after: str = ""
) -> Rehearsal | None:
    """The call of this test. None: it has not come to its end, or to a question, in so many steps."""
    visitor = Visitor(ani=test.ani or None, language=test.language, attributes=test.attributes)
    stage = Floor(visitor=visitor, vip=test.vip, branches=test.branches, answers=test.answers)
    stage.queues = frozenset(queues)
    playing = rehearsing(handler, test.presses, stage, after=after)
    went: HandlerFact | None = None
    try:
        for _ in range(MOST_STEPS):
            went = await ask(next(playing) if went is None else playing.send(went))
    except StopIteration as over:
        found: Rehearsal = over.value
        return found
    return None


async def judge_handler(handler: Handler, queues: Iterable[QueueId], ask: Ask) -> list[Verdict]:
    """All its tests, one after another."""
    known, verdicts = tuple(queues), []
    for test in handler.tests:
        found = await play_handler(handler, test, known, ask)
        wrong = tuple(differences(test.expect, found)) if found is not None else (f"more than {MOST_STEPS} steps",)
        verdicts.append(Verdict(test=test, wrong=wrong, exits=frozenset()))
    return verdicts


async def tested_handlers(
    wanted: Configuration, ask_of: Callable[[Handler], Ask], before: Configuration | None = None
) -> list[Fault]:
    """The tests that do not hold, of whatever is not `before` as it is now. Only for a set-up that is sound otherwise."""
    known = {each.id: each for each in before.handlers} if before is not None else dict[ScenarioId, Handler]()
    queues = tuple(each.id for each in wanted.queues)
    return [
        failing(wanted, f"handlers[{number}].tests[{n}]", verdict)
        for number, handler in enumerate(wanted.handlers)
        if handler.tests and wanted.scenario_tests != "never" and known.get(handler.id) != handler
        for n, verdict in enumerate(await judge_handler(handler, queues, ask_of(handler)))
        if verdict.wrong
    ]
