"""The processes of Python handlers, in a test's hands: some steps come at once, others when the test says so, some never; now and
then one fails. What is told twice, or too late, comes of the centre's deaths."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import Iterable
from typing import Any

from otklik.contact.handler import (
    FunctionCall,
    FunctionCame,
    Handler,
    HandlerCall,
    HandlerFact,
    HandlerFailed,
    HandlerStepped,
)
from otklik.contact.ids import ContactId, QueueId, TenantId


class Coder:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._held: list[asyncio.Future[None]] = []
        self.steps = 0
        self.queues: tuple[QueueId, ...] = ()

    async def go_on(self, call: HandlerCall) -> HandlerFact:
        if self._dice.random() < 0.5:
            held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._held.append(held)
            try:
                await held
            finally:
                self._held.remove(held)
        self.steps += 1
        if self._dice.random() < 0.1:
            return HandlerFailed(contact=call.contact, step=call.step, cause="crash", reason="killed")
        learnt = {"attributes": {"order": str(self._dice.randrange(9))}} if self._dice.random() < 0.3 else {}
        return HandlerStepped(contact=call.contact, step=call.step, verb=self._wanted(call), learnt=learnt)

    async def call(self, call: FunctionCall) -> FunctionCame:
        """The same of the same, as a function is: without dice."""
        number = zlib.crc32(f"{call.parameters}".encode())
        if number % 4 == 0:
            return FunctionCame(cause="crash", reason="killed")
        return FunctionCame(values={"level": str(number % 9)})

    def _wanted(self, call: HandlerCall) -> dict[str, Any]:
        step, answered = call.step + 1, len(call.answers())
        queue = self._dice.choice([*self.queues, QueueId("nowhere")])
        asks = {
            "kind": "ask",
            "step": step,
            "speech": [{"text": "Код", "language": "ru"}],
            "max_digits": 2,
            "block": f"code {answered}",
        }
        look = {"kind": "look", "step": step, "queue": queue, "block": f"look {answered}"}
        pause = {"kind": "pause", "step": step, "seconds": 3.0, "block": f"pause {answered}"}
        free = {
            "kind": "freetimes",
            "step": step,
            "queue": queue,
            "since": None,
            "limit": 2,
            "block": f"free {answered}",
        }
        message = {
            "kind": "takemessage",
            "step": step,
            "max_seconds": 5.0,
            "block": f"message {answered}",
            "leave": queue,
        }
        back = {"kind": "enqueue", "queue": queue, "callback": True}
        ends: list[dict[str, Any]] = [{"kind": "enqueue", "queue": queue}, {"kind": "finish"}, {}, {"kind": "nonsense"}]
        return self._dice.choice([asks, asks, look, pause, free, message] if answered < 3 else [ends[0], back, *ends])

    def go_on_one(self) -> None:
        if waiting := [held for held in self._held if not held.done()]:
            self._dice.choice(waiting).set_result(None)

    def expect(self, tenant: TenantId, handlers: Iterable[Handler]) -> None:
        pass

    def forget(self, tenant: TenantId, contact: ContactId) -> None:
        pass

    async def close(self) -> None:
        pass
