"""A database and a service outside, in a test's hands: some questions are answered at once, others when the test says so,
some never. They outlive every life of the centre, and what they were asked by a dead one concerns nobody."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Fetch, LookUp, SendMessage
from otklik.contact.ids import TenantId
from otklik.errors import PeerError

Answer = dict[str, str] | None


class OuterSystem:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._held: list[asyncio.Future[Answer]] = []
        self.held_by: set[asyncio.Task[None] | None] = set()
        """Who waits for an answer that only the test gives."""
        self.asked: list[tuple[LookUp | Fetch | SendMessage, Mapping[str, str]]] = []

    async def ask(
        self,
        tenant: TenantId,
        set_up: Configuration,
        asked: LookUp | Fetch | SendMessage,
        parameters: Mapping[str, str],
    ) -> Answer:
        self.asked.append((asked, parameters))
        if self._dice.random() < 0.4:
            return self._answer()
        held: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._held.append(held)
        self.held_by.add(asyncio.current_task())
        try:
            return await held
        finally:
            self._held.remove(held)
            self.held_by.discard(asyncio.current_task())

    def answer_one(self) -> None:
        waiting = [held for held in self._held if not held.done()]
        if waiting:
            held = self._dice.choice(waiting)
            try:
                held.set_result(self._answer())
            except PeerError as error:
                held.set_exception(error)

    def _answer(self) -> Answer:
        came = self._dice.choice(["found", "found", "none", "none", "late", "unreachable"])
        if came in ("late", "unreachable"):
            raise PeerError("outside", came, retryable=True)
        return {"state": self._dice.choice(["sent", "lost"])} if came == "found" else None

    async def close(self) -> None:
        pass
