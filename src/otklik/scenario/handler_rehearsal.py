"""A handler in Python played with a fake caller: as drawn flows are, but its process is asked, and that is waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final, Protocol

from msgspec.structs import replace

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import Flow, FlowTest
from otklik.contact.handler import Handler, HandlerCall, HandlerFact
from otklik.contact.ids import ContactId, QueueId, ScenarioId, TenantId
from otklik.contact.ports import Handlers
from otklik.scenario.rehearsal import CALLER, Asked, Rehearsal, Stage, Verdict, differences, failing, rehearsing
from otklik.scenario.words import told_to_code
from otklik.scenario.written import visitor_of

MOST_STEPS: Final = 500
"""Of one call: a fake caller would never grow tired."""


class Ask(Protocol):
    """Asks the process of the handler that is played."""

    async def __call__(self, asked: Asked) -> HandlerFact: ...

    def forget(self) -> None:
        """The call is over, however."""


class Rehearsals(Protocol):
    """Plays handlers in processes confined as those of real calls, and apart from them. Nothing outside is asked, nothing is written.
    Raises an `AppError` where it takes too long or cannot be done here."""

    async def play(
        self, tenant: TenantId, handler: Handler, test: FlowTest, queues: Iterable[QueueId], *, after: str
    ) -> Rehearsal: ...

    async def play_flow(
        self, tenant: TenantId, flow: Flow, wanted: Configuration, test: FlowTest, *, after: str
    ) -> Rehearsal:
        """Functions that it calls are run, in the code of the set-up; not those that the test has an answer for."""
        ...

    async def judge(self, tenant: TenantId, handler: Handler, queues: Iterable[QueueId]) -> list[Verdict]: ...

    async def failing(self, tenant: TenantId, wanted: Configuration, before: Configuration) -> list[Fault]:
        """Tests that do not hold, of handlers that are not as before."""
        ...


class Confined:
    """Implements `Ask`. A new call begins at step 0."""

    def __init__(self, handlers: Handlers, tenant: TenantId, handler: Handler, numbers: Iterator[int]) -> None:
        """`handlers`: apart from those of real calls. `numbers`: each is one call's."""
        self._handlers, self._tenant, self._handler, self._numbers = handlers, tenant, handler, numbers
        self._contact: ContactId | None = None

    async def __call__(self, asked: Asked) -> HandlerFact:
        if asked.call.step == 0:
            self.forget()
        contact = self._contact = self._contact or ContactId(f"test call {next(self._numbers)}")
        visitor = asked.run.visitor
        call = HandlerCall(
            tenant=self._tenant,
            contact=contact,
            handler=self._handler,
            step=asked.call.step,
            first_step=0,
            caller={
                "ani": visitor.ani,
                "dnis": visitor.dnis,
                "channel": visitor.channel,
                "language": visitor.language,
                "attributes": told_to_code(visitor),
            },
            answers=lambda: asked.run.answered,
        )
        return replace(await self._handlers.go_on(call), contact=CALLER)

    def forget(self) -> None:
        if self._contact is not None:
            self._handlers.forget(self._tenant, self._contact)
        self._contact = None


class Floor(Stage):
    """With the queues that there are."""

    queues: frozenset[QueueId] = frozenset()

    def has_queue(self, queue: QueueId) -> bool:
        return queue in self.queues


async def play_handler(
    handler: Handler, test: FlowTest, queues: Iterable[QueueId], ask: Ask, *, after: str = ""
) -> Rehearsal | None:
    """The call of this test. None: it has not come to its end, or to a question, in so many steps."""
    stage = Floor(visitor=visitor_of(test), vip=test.vip, branches=test.branches, answers=test.answers)
    stage.queues = frozenset(queues)
    playing = rehearsing(handler, test.presses, stage, after=after)
    went: HandlerFact | None = None
    try:
        for _ in range(MOST_STEPS):
            asked = next(playing) if went is None else playing.send(went)
            assert isinstance(asked, Asked)
            went = await ask(asked)
    except StopIteration as over:
        found: Rehearsal = over.value
        return found
    finally:
        ask.forget()
    return None


async def judge_handler(handler: Handler, queues: Iterable[QueueId], ask: Ask) -> list[Verdict]:
    """All its tests, one after another."""
    known, verdicts = tuple(queues), []
    for test in handler.tests:
        found = await play_handler(handler, test, known, ask)
        wrong = tuple(differences(test.expect, found)) if found is not None else (f"more than {MOST_STEPS} steps",)
        verdicts.append(Verdict(test=test, wrong=wrong, exits=frozenset()))
    return verdicts


def to_test(wanted: Configuration, before: Configuration | None = None) -> list[tuple[int, Handler]]:
    """The handlers with tests that are not `before` as they are now, by their places; where tests have come to matter
    more, all of them."""
    known = {each.id: each for each in before.handlers} if before is not None else dict[ScenarioId, Handler]()
    if before is not None and _WEIGHT[wanted.scenario_tests] > _WEIGHT[before.scenario_tests]:
        known = {}
    if wanted.scenario_tests == "never":
        return []
    return [(n, each) for n, each in enumerate(wanted.handlers) if each.tests and known.get(each.id) != each]


_WEIGHT: Final = {"never": 0, "warn": 1, "always": 2}


async def tested_handlers(
    wanted: Configuration,
    judge: Callable[[Handler, Iterable[QueueId]], Awaitable[list[Verdict]]],
    before: Configuration | None = None,
) -> list[Fault]:
    """The tests that do not hold, of `to_test`. Only for a set-up that is sound otherwise."""
    queues = tuple(each.id for each in wanted.queues)
    return [
        failing(wanted, f"handlers[{number}].tests[{n}]", verdict)
        for number, handler in to_test(wanted, before)
        for n, verdict in enumerate(await judge(handler, queues))
        if verdict.wrong
    ]
