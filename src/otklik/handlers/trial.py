"""Test calls of scenarios in Python: the code as it stands in the editor, in a process confined as that of real calls, and a fake
caller. Nothing outside is asked, and nothing is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal

from msgspec.structs import replace

from otklik.contact.decisions import Ask, Enqueue, Finish, TakeMessage
from otklik.contact.handler import Handler, HandlerCall, HandlerFact
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.ports import Handlers
from otklik.scenario.rehearsal import CALLER, Asked, Rehearsal, Turn
from otklik.scenario.rehearsal import Passed as Passed

LONGEST_SECONDS: Final = 20.0
"""Of a test call, or of all tests of a scenario."""
_LINE: Final = re.compile(r"\bline (\d+)")


class Processes:
    """Of the code that is tried; those of real calls are others."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._numbers = count(1)

    def of(self, tenant: TenantId, handler: Handler) -> Process:
        return Process(self._handlers, tenant, handler, self._numbers)


class Process:
    """Asks for one handler; a new call begins at its step 0. `forget` when the last is over."""

    def __init__(self, handlers: Handlers, tenant: TenantId, handler: Handler, numbers: count[int]) -> None:
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
                "attributes": visitor.attributes,
            },
            answers=lambda: asked.run.answered,
        )
        return replace(await self._handlers.go_on(call), contact=CALLER)

    def forget(self) -> None:
        if self._contact is not None:
            self._handlers.forget(self._tenant, self._contact)
        self._contact = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """As `HandlerTrial`."""

    turns: list[Turn]
    asks: Literal["", "keys", "words", "message"]
    line: int
    queue: str | None
    agent: str | None
    served: bool
    callback: bool
    voicemail: str | None
    choices: tuple[str, ...]
    attributes: dict[str, str]
    priority: int
    fault: str | None
    traceback: str
    seconds: float


def trial_of(found: Rehearsal) -> Trial:
    end, fault = found.end, found.fault
    return Trial(
        turns=[each for each in found.story if isinstance(each, Turn)],
        asks=_asks(found.waits),
        line=(_line_of(fault.traceback or fault.reason) if fault is not None else 0) or found.line,
        queue=end.queue if isinstance(end, Enqueue) else None,
        agent=end.agent if isinstance(end, Enqueue) else None,
        served=isinstance(end, Finish),
        callback=isinstance(end, Enqueue) and end.callback,
        voicemail=found.left[-1].voicemail.queue if found.left else None,
        choices=end.choices if end is not None else (),
        attributes=found.known,
        priority=end.priority if isinstance(end, Enqueue) else 0,
        fault=fault.reason if fault is not None else None,
        traceback=fault.traceback if fault is not None else "",
        seconds=found.seconds,
    )


def _asks(waits: Ask | TakeMessage | None) -> Literal["", "keys", "words", "message"]:
    if waits is None:
        return ""
    if isinstance(waits, TakeMessage):
        return "message"
    return "words" if waits.hearing is not None else "keys"


def _line_of(told: str) -> int:
    """The innermost that is named; a traceback is of the code alone as far as it goes."""
    lines = _LINE.findall(told)
    return int(lines[-1]) if lines else 0
