"""Asking the processes of Python handlers for what they want next: a task for each contact, and a fact of whatever comes of it.

The caller's number and words go in to the code and do not come out: what is written of its steps has `{ani}` and `{said 3}` in their
place, wherever a step brings values. Words that a question listens for are the scenario's own, and stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import asdict
from typing import Any, Final

import structlog
from msgspec.structs import replace

from otklik.contact.decisions import CallFunction, CallHandler
from otklik.contact.facts import Answered, Fact
from otklik.contact.handler import (
    FunctionCall,
    FunctionCame,
    Handler,
    HandlerCall,
    HandlerFact,
    HandlerFailed,
    HandlerStepped,
)
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.ports import Handlers
from otklik.scenario import Run, Visitor
from otklik.scenario.computed import answer_of
from otklik.scenario.words import hidden, hidden_values, places_of, told_to_code, worded

log = structlog.get_logger()

ANSWER_SECONDS: Final = 40.0
"""Longer than the processes' own limits together: only a fault of ours comes so far."""
LEAST_DIGITS: Final = 5
"""A shorter number is no person's, and would be found in anything."""


class Handling:
    """What the contacts of one centre have asked their handlers."""

    def __init__(self, tenant: TenantId, handlers: Handlers | None, post: Callable[[Fact], None]) -> None:
        """`handlers`: None where there are no processes to run them in."""
        self._tenant = tenant
        self._handlers = handlers
        self._post = post
        self._asked: dict[ContactId, asyncio.Task[None]] = {}
        self._known: set[ContactId] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        """Also those of contacts that have left."""

    def call(self, decision: CallHandler | CallFunction, run: Run | None, visitor: Visitor) -> None:
        """Asked again, as after a restart, only the later one counts. `run`: None where it has just ended."""
        if run is None:
            return
        if isinstance(decision, CallFunction):
            self._begin(decision.contact, self._compute(decision, run, visitor.ani or ""))
        elif run.handler is not None:
            self._known.add(decision.contact)
            call = self._call(decision, run, run.handler, visitor)
            self._begin(decision.contact, self._ask(call, run, self._asked.get(decision.contact)))

    def _call(self, decision: CallHandler, run: Run, handler: Handler, visitor: Visitor) -> HandlerCall:
        return HandlerCall(
            tenant=self._tenant,
            contact=decision.contact,
            handler=handler,
            step=decision.step,
            first_step=run.first_step,
            caller={**asdict(visitor), "attributes": told_to_code(visitor), "said": {}},
            answers=lambda: run.answered,
        )

    def _begin(self, contact: ContactId, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"calls the code of {contact}")
        self._asked[contact] = task
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._done(contact, task))

    def expect(self, handlers: Iterable[Handler]) -> None:
        if self._handlers is not None:
            self._handlers.expect(self._tenant, handlers)

    def forget(self, contact: ContactId) -> None:
        """The contact has left its scenario. A step under way comes to its end, and is not told of."""
        self._asked.pop(contact, None)
        if contact in self._known:
            self._known.discard(contact)
            if self._handlers is not None:
                self._handlers.forget(self._tenant, contact)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, contact: ContactId, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._asked.get(contact) is task:
            del self._asked[contact]

    async def _ask(self, call: HandlerCall, run: Run, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait((before,))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                went = await self._go_on(call)
            went = hidden(went, places_of(run), _numbers(call))
        except TimeoutError:
            went = _failed(call, "there was no answer in time")
        except Exception:  # noqa: BLE001  whatever it was, the contact goes on
            log.exception("handler_not_asked", tenant=self._tenant, contact=call.contact)
            went = _failed(call, "it could not be asked")
        if self._asked.get(call.contact) is asyncio.current_task():
            self._post(went)

    async def _compute(self, decision: CallFunction, run: Run, number: str) -> None:
        given = {**worded(decision, run).parameters, **dict.fromkeys(decision.of_caller, number)}
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                came = await self._function(decision, run, given)
        except TimeoutError:
            came = FunctionCame(cause="start", reason="there was no answer in time")
        except Exception:  # noqa: BLE001  whatever it was, the contact goes on
            log.exception("function_not_called", tenant=self._tenant, contact=decision.contact)
            came = FunctionCame(cause="start", reason="it could not be called")
        if self._asked.get(decision.contact) is asyncio.current_task():
            self._post(_answer(decision, came, run, number))

    async def _function(self, decision: CallFunction, run: Run, given: dict[str, str]) -> FunctionCame:
        code = run.code.get(decision.code)
        if self._handlers is None or code is None:
            reason = "handlers are not run here" if self._handlers is None else f"there is no code “{decision.code}”"
            return FunctionCame(cause="start", reason=reason)
        call = FunctionCall(
            tenant=self._tenant,
            contact=decision.contact,
            handler=code,
            function=decision.function,
            parameters=given,
        )
        return await self._handlers.call(call)

    async def _go_on(self, call: HandlerCall) -> HandlerFact:
        if self._handlers is None:
            return _failed(call, "handlers are not run here")
        return await self._handlers.go_on(call)


def _answer(decision: CallFunction, came: FunctionCame, run: Run, number: str) -> Answered:
    def hide(value: str) -> str:
        return hidden_values({"": value}, decision.parameters, run, _forms(number))[""]

    found = answer_of(decision, came)
    values = {name: hide(value) for name, value in found.values.items()}
    return replace(found, values=values, fault=hide(found.fault), traceback=hide(found.traceback))


def _failed(call: HandlerCall, reason: str) -> HandlerFailed:
    return HandlerFailed(contact=call.contact, step=call.step, cause="start", reason=reason)


def failed_instead(fact: Fact) -> HandlerFailed | None:
    """Of a step that cannot be written into the log: whoever waits for it goes on all the same. None: nobody waits, or it is this one."""
    if not isinstance(fact, HandlerStepped | HandlerFailed):
        return None
    failed = HandlerFailed(
        contact=fact.contact, step=fact.step, cause="crash", reason="what came of it cannot be written down"
    )
    return failed if fact != failed else None


def _numbers(call: HandlerCall) -> tuple[str, ...]:
    """The caller's, with and without its plus, the longest first."""
    return _forms(str(call.caller.get("ani") or ""))


def _forms(number: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((number, number.removeprefix("+")))) if len(number) >= LEAST_DIGITS else ()
