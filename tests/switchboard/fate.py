"""Where a centre's life ends: its log and its wire to the switch, cut at a chosen place as kill -9 would cut them.

Nothing of the product is replaced: the log and the wire are the real ones, with a knife laid at every step. The switch,
the customers and the phones live on, as they do when our process is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Literal, get_args

from msgspec.structs import replace

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.decisions import Decision, VoiceDecision
from otklik.contact.facts import Fact, VerbFinished
from otklik.contact.ids import AgentId, ContactId, EntryPointId, TenantId
from otklik.contact.music import USUAL
from otklik.contact.ports import DeskTelephone, Inbox, KnownLine
from otklik.errors import AppError
from otklik.storage.log import EventLog, LogUnavailable

Place = Literal[
    "before append", "in append", "after append", "deciding", "before performing", "after performing",
    "before snapshot", "after snapshot", "after lease", "folding",
]  # fmt: skip
PLACES: tuple[Place, ...] = get_args(Place)


class Killed(BaseException):
    """The process is no more. No `except Exception` of the product may see it."""


class Fate:
    """Ends the life at the n-th passing of one place, or when `strike` is called."""

    def __init__(self, place: Place | None = None, passings: int = 1) -> None:
        self.place = place
        self.passings = passings
        self.dead = False
        self.logs: list[FatedLog] = []

    def passes(self, place: Place) -> None:
        if not self.dead and place == self.place:
            self.passings -= 1
            if self.passings <= 0:
                self.strike()
        if self.dead:
            raise Killed

    def strike(self) -> None:
        self.dead = True
        for log in self.logs:
            log.cut()


class Ledger:
    """What the log has confirmed over all lives: number and fact. The log must hold exactly these, and may hold
    batches whose confirmation died with the life that waited for it."""

    def __init__(self) -> None:
        self.confirmed: dict[int, tuple[float, Fact]] = {}

    def note(self, last: int, facts: Sequence[tuple[float, Fact]]) -> None:
        for seq, fact in enumerate(facts, last - len(facts) + 1):
            assert seq not in self.confirmed, f"number {seq} was given out twice"
            at, told = fact
            # Masked keys are never written down.
            self.confirmed[seq] = (at, replace(told, secret="")) if isinstance(told, VerbFinished) else fact


class FatedLog(EventLog):
    def __init__(self, url: str, tenant: TenantId, fate: Fate, ledger: Ledger) -> None:
        super().__init__(url, tenant)
        self.fate = fate
        self.ledger = ledger
        self.appending = 0
        fate.logs.append(self)

    def cut(self) -> None:
        """The socket is gone in the middle of whatever went on; a statement under way is finished by the server."""
        connection = self._connection
        if connection is not None and not connection.closed:
            with socket.socket(fileno=os.dup(connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    async def take(self, holder: str, ttl_seconds: float) -> int:
        epoch = await super().take(holder, ttl_seconds)
        self.fate.passes("after lease")
        return epoch

    async def append(self, facts: Sequence[tuple[float, Fact]]) -> int:
        self.fate.passes("before append")
        self.appending += 1
        try:
            last = await super().append(facts)
        finally:
            self.appending -= 1
        if not self.fate.dead:
            self.ledger.note(last, facts)
        self.fate.passes("after append")
        return last

    async def _once(self, statement: str, arguments: tuple[object, ...]) -> tuple[object, ...] | None:
        if self.fate.dead:
            raise Killed
        if "append_facts" not in statement or self.fate.place != "in append":
            return await super()._once(statement, arguments)
        under_way = asyncio.ensure_future(super()._once(statement, arguments))
        under_way.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it has been sent by now
        with contextlib.suppress(LogUnavailable):
            self.fate.passes("in append")
            return await under_way
        raise Killed

    async def save_snapshot(self, seq: int, body: bytes) -> None:
        self.fate.passes("before snapshot")
        await super().save_snapshot(seq, body)
        self.fate.passes("after snapshot")

    async def read(self, after: int) -> AsyncIterator[tuple[int, float, Fact]]:
        async for each in super().read(after):
            self.fate.passes("folding")
            yield each


class Wire:
    """One life's hold on the switch, in both directions. Cut, nothing passes."""

    def __init__(self, switch: SimulatedVoice, fate: Fate) -> None:
        self.switch = switch
        self.fate = fate
        self.performing = 0
        self.performed = 0
        self._inbox: Inbox | None = None

    # as the centre sees the switch

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        await self.switch.start(self)

    async def close(self) -> None:
        pass

    def up(self) -> bool:
        return self.switch.up()

    def calls_out(self) -> bool:
        return self.switch.calls_out()

    async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
        self.performing += 1
        await self._still_alive("before performing")
        await self.switch.perform(tenant, decision)
        self.performed += 1
        await self._still_alive("after performing")
        self.performing -= 1

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        return await self.switch.provision(tenant, agent)

    async def deprovision(self, agent: AgentId) -> None:
        await self.switch.deprovision(agent)

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        await self.switch.set_telephone(tenant, agent, telephone)

    async def reconcile(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine] = ()) -> None:
        await self.switch.reconcile(tenant, contacts, over)

    async def _still_alive(self, place: Place) -> None:
        try:
            self.fate.passes(place)
        except Killed:
            await asyncio.Event().wait()

    # as the switch sees the centre

    def post(self, tenant: TenantId, fact: Fact) -> None:
        if not self.fate.dead and self._inbox is not None:
            self._inbox.post(tenant, fact)

    async def submit(self, tenant: TenantId, fact: Fact) -> list[Decision]:
        if self.fate.dead or self._inbox is None:
            raise AppError("centre_stopping", 503)
        return await self._inbox.submit(tenant, fact)

    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None:
        return None if self.fate.dead or self._inbox is None else self._inbox.entry_point(dnis)

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        return USUAL if self.fate.dead or self._inbox is None else self._inbox.tune(tenant, contact)
