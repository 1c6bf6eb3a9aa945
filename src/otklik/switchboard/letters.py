"""What was written on the contacts that are open now, read so that it is there when one is offered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

import structlog

from otklik.contact.configuration import LIVE
from otklik.contact.facts import Answered, AnswerWritten, CallbackAsked, ContactArrived, CustomerWrote, Fact
from otklik.contact.ids import ContactId, TenantId
from otklik.correspondence import store
from otklik.correspondence.letter import Letter
from otklik.errors import PeerError
from otklik.routing import LiveContact
from otklik.storage.engine import Database

log = structlog.get_logger()

LETTERS_SECONDS = 1.0
"""An offer waits no longer than this for what was written."""


class Letters:
    """Of a call only what a scenario has written in it. `came` is called when there is something new to be shown."""

    def __init__(self, tenant: TenantId, database: Database, came: Callable[[], None]) -> None:
        self._tenant = tenant
        self._database = database
        self._came = came
        self._known: dict[ContactId, list[Letter]] = {}
        self._loading: dict[ContactId, asyncio.Task[None]] = {}
        """The newest reading of each."""
        self._tasks: set[asyncio.Task[None]] = set()

    def known(self) -> Mapping[ContactId, list[Letter]]:
        return self._known

    def follow(self, fact: Fact) -> None:
        if isinstance(fact, CustomerWrote | CallbackAsked | AnswerWritten) or (
            (isinstance(fact, ContactArrived) and fact.channel not in LIVE)
            or (isinstance(fact, Answered) and (fact.reply or fact.letter))
        ):
            self._begin([fact.contact])

    def stand(self, contacts: Iterable[LiveContact]) -> None:
        """After a restart: all of them at once, calls too, in which a scenario may have written."""
        if standing := [contact.id for contact in contacts]:
            self._begin(standing)

    def forget(self, contact: ContactId) -> None:
        """What is being read of it comes too late."""
        self._known.pop(contact, None)
        self._loading.pop(contact, None)

    async def ready(self, contact: ContactId) -> None:
        if task := self._loading.get(contact):
            await asyncio.wait({task}, timeout=LETTERS_SECONDS)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, contacts: list[ContactId]) -> None:
        task = asyncio.create_task(self._read(contacts), name="letters")
        self._tasks.add(task)
        self._loading |= dict.fromkeys(contacts, task)
        task.add_done_callback(lambda _: self._done(contacts, task))

    def _done(self, contacts: list[ContactId], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        for contact in contacts:
            if self._loading.get(contact) is task:
                del self._loading[contact]

    async def _read(self, contacts: list[ContactId]) -> None:
        try:
            async with self._database.transaction(self._tenant) as connection:
                found = await store.letters(connection, contacts)
        except PeerError as error:
            log.error("letters_not_read", tenant=self._tenant, contacts=len(contacts), reason=str(error))
            return
        task = asyncio.current_task()
        newest = {contact: letters for contact, letters in found.items() if self._loading.get(contact) is task}
        if newest:
            self._known |= newest
            self._came()
