"""An `Inbox` that keeps the facts it is given and lets a test wait for them."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from otklik.contact.decisions import Decision
from otklik.contact.facts import ContactArrived, Fact
from otklik.contact.ids import ContactId, EntryPointId, TenantId
from otklik.contact.music import USUAL
from otklik.errors import AppError

TENANT = TenantId("8a6f3c52-0000-4000-8000-000000000001")
NUMBER = "1000"
WAIT_SECONDS = 30.0

AnyFact = TypeVar("AnyFact", bound=Fact)


class Inbox:
    """One tenant with one number. `overloaded`: no new contacts, please."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.told: asyncio.Queue[Fact] = asyncio.Queue()
        """All of them, for whoever decides by them."""
        self.overloaded = False
        self.tunes: dict[ContactId, str] = {}
        """Of those who hear something else than the usual music."""
        self._seen = 0
        self._posted = asyncio.Event()

    def post(self, tenant: TenantId, fact: Fact) -> None:
        assert tenant == TENANT
        if self.overloaded and isinstance(fact, ContactArrived):
            raise AppError("centre_overloaded", 503)
        self.facts.append(fact)
        self.told.put_nowait(fact)
        self._posted.set()

    async def submit(self, tenant: TenantId, fact: Fact) -> list[Decision]:
        self.post(tenant, fact)
        return []

    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None:
        return (TENANT, EntryPointId("main")) if dnis == NUMBER else None

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        return self.tunes.get(contact, USUAL)

    async def next(self, kind: type[AnyFact]) -> AnyFact:
        """The next fact of this kind after those already waited for; facts of other kinds in between are passed."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                while self._seen < len(self.facts):
                    fact = self.facts[self._seen]
                    self._seen += 1
                    if isinstance(fact, kind):
                        return fact
                self._posted.clear()
                await self._posted.wait()

    def about(self, contact: ContactId) -> list[Fact]:
        """Everything posted of this contact after its arrival."""
        return [
            fact
            for fact in self.facts
            if getattr(fact, "contact", None) == contact and not isinstance(fact, ContactArrived)
        ]
