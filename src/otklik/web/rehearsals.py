"""Test calls of Python scenarios for whoever edits them: few at once, each with an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from itertools import count
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import Flow, FlowTest
from otklik.contact.handler import FunctionCall, FunctionCame, Handler, HandlerFact
from otklik.contact.ids import ContactId, QueueId, TenantId
from otklik.contact.ports import Handlers
from otklik.errors import AppError
from otklik.scenario.handler_rehearsal import MOST_STEPS, Confined, judge_handler, play_handler, tested_handlers
from otklik.scenario.rehearsal import Asked, Computing, Rehearsal, Verdict, rehearsing, stage_of

AT_ONCE: Final = 2
"""Each may keep a core busy for 2 s a step."""
LONGEST_SECONDS: Final = 20.0
"""Of a test call or of all tests of a scenario."""
LONGEST_WAIT_SECONDS: Final = 45.0
"""For the turn."""


class HandlerRehearsals:
    """Implements `scenario.handler_rehearsal.Rehearsals`."""

    def __init__(self, handlers: Handlers | None) -> None:
        """`handlers`: other processes than those of real calls, who then wait for nobody. None: none are run here."""
        self._handlers = handlers
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._own: dict[TenantId, asyncio.Semaphore] = {}
        self._numbers = count(1)

    async def play(
        self, tenant: TenantId, handler: Handler, test: FlowTest, queues: Iterable[QueueId], *, after: str
    ) -> Rehearsal:
        async with self._turn(tenant) as handlers:
            process = Confined(handlers, tenant, handler, self._numbers)
            found = await play_handler(handler, test, queues, process, after=after)
        if found is None:
            raise AppError("handler_trial_endless", 400, most=MOST_STEPS)
        return found

    async def play_flow(
        self, tenant: TenantId, flow: Flow, wanted: Configuration, test: FlowTest, *, after: str
    ) -> Rehearsal:
        """No turn is taken before a function is called: most flows call none. Where no code is run, a function fails, as in a call."""
        known = (flow, *(each for each in wanted.flows if each.id != flow.id))
        stage = stage_of(flow, known, test, wanted.handlers)
        playing = rehearsing(flow, test.presses, stage, after=after)
        asked = await asyncio.to_thread(_on, playing, None)
        if isinstance(asked, Rehearsal):
            return asked
        turn: AbstractAsyncContextManager[Handlers | None] = nullcontext()
        if self._handlers is not None:
            turn = self._turn(tenant)
        async with turn as handlers:
            for _ in range(MOST_STEPS):
                came = await self._computed(handlers, tenant, asked)
                asked = await asyncio.to_thread(_on, playing, came)
                if isinstance(asked, Rehearsal):
                    return asked
        raise AppError("handler_trial_endless", 400, most=MOST_STEPS)

    async def _computed(self, handlers: Handlers | None, tenant: TenantId, asked: Computing) -> FunctionCame:
        if handlers is None:
            return FunctionCame(cause="start", reason="handlers are not run here")
        if asked.code is None:
            return FunctionCame(cause="start", reason="there is no such code in the set-up")
        contact = ContactId(f"test call {next(self._numbers)}")
        return await handlers.call(
            FunctionCall(
                tenant=tenant,
                contact=contact,
                handler=asked.code,
                function=asked.function,
                parameters=asked.parameters,
            )
        )

    async def judge(self, tenant: TenantId, handler: Handler, queues: Iterable[QueueId]) -> list[Verdict]:
        async with self._turn(tenant) as handlers:
            return await judge_handler(handler, queues, Confined(handlers, tenant, handler, self._numbers))

    async def failing(self, tenant: TenantId, wanted: Configuration, before: Configuration) -> list[Fault]:
        return await tested_handlers(wanted, partial(self.judge, tenant), before)

    @asynccontextmanager
    async def _turn(self, tenant: TenantId) -> AsyncIterator[Handlers]:
        """One of each tenant, so that whoever tries loops makes no other tenant wait long."""
        if self._handlers is None:
            raise AppError("handler_trial_nowhere", 503)
        own = self._own.setdefault(tenant, asyncio.Semaphore(1))
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS + LONGEST_SECONDS), own, self._turns:
                async with asyncio.timeout(LONGEST_SECONDS):
                    yield self._handlers
        except TimeoutError as error:
            raise AppError("handler_trial_late", 503, seconds=int(LONGEST_SECONDS)) from error


def _on(
    playing: Generator[Asked | Computing, HandlerFact | FunctionCame, Rehearsal], came: FunctionCame | None
) -> Rehearsal | Computing:
    """To the next function, or to the end."""
    try:
        asked = next(playing) if came is None else playing.send(came)
    except StopIteration as over:
        found: Rehearsal = over.value
        return found
    assert isinstance(asked, Computing)
    return asked
