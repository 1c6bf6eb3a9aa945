"""Writes the accounts of contacts, and of agents' time, where history and reports read them, a moment after the log.

The log is the truth: what a crash kept from being written here is written again when the log is folded at the start.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import TypeVar

import structlog
from msgspec.structs import replace

from otklik.contact.facts import RecordingStored
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.record import ContactRecord
from otklik.contact.voicemail import message_of
from otklik.contact.working_time import Stretch
from otklik.desk import store
from otklik.errors import PeerError
from otklik.routing.engine import Touched
from otklik.storage.engine import Database
from otklik.workforce import store as workforce

log = structlog.get_logger()

GATHER_SECONDS = 2.0
"""Whoever asks is told what has happened by now (`flush`); a call that goes on is not written at each of its steps."""
LARGEST_BATCH = 500
RETRY_SECONDS = 1.0

_Account = TypeVar("_Account", ContactRecord, Stretch)


class Projector:
    """Only the newest account of a contact is kept until it is written."""

    def __init__(self, tenant: TenantId, database: Database) -> None:
        self._tenant = tenant
        self._database = database
        self._statement = store.records_statement(database, tenant)
        self._dirty: dict[ContactId, ContactRecord] = {}
        self._recordings: deque[RecordingStored] = deque()
        self._stretches: deque[Stretch] = deque()
        self._changed = asyncio.Event()
        self._writing = asyncio.Lock()

    @property
    def behind(self) -> int:
        """Accounts that wait to be written."""
        return len(self._dirty) + len(self._stretches)

    def add(self, touched: Touched) -> None:
        for record in touched.records:
            self._dirty[record.contact] = record
        self._stretches.extend(touched.stretches)
        if self._dirty or self._stretches:
            self._changed.set()

    def follow_recording(self, fact: RecordingStored, known: Callable[[ContactId], bool]) -> None:
        """Of a contact that the engine has forgotten: it came after a long time away."""
        contact = message_of(fact.contact, fact.step) if fact.step else fact.contact
        if not known(contact):
            self._recordings.append(replace(fact, contact=contact))
            self._changed.set()

    async def run(self) -> None:
        while True:
            await self._changed.wait()
            # Not at once: what has just happened makes something ring, and that goes first.
            await asyncio.sleep(GATHER_SECONDS)
            self._changed.clear()
            try:
                await self.flush()
            except PeerError as error:
                log.error("records_not_written", tenant=self._tenant, reason=str(error))
                self._changed.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def flush(self) -> None:
        """Write all accounts that changed. Raises `PeerError`; they are then kept for the next attempt."""
        async with self._writing:
            await self._flush()

    async def close(self) -> None:
        await self._statement.close()

    async def _flush(self) -> None:
        while self._dirty:
            batch = dict(islice(self._dirty.items(), LARGEST_BATCH))
            await self._write(list(batch.values()), self._write_records)
            for contact, record in batch.items():
                if self._dirty.get(contact) is record:
                    del self._dirty[contact]
        while self._stretches:
            some = list(islice(self._stretches, LARGEST_BATCH))
            await self._write(some, self._write_stretches)
            for _ in some:
                self._stretches.popleft()
        while self._recordings:
            await self._write_recording(self._recordings[0])
            self._recordings.popleft()

    async def _write(
        self, accounts: Sequence[_Account], write: Callable[[Sequence[_Account]], Awaitable[None]]
    ) -> None:
        try:
            await write(accounts)
        except PeerError:
            raise
        except Exception:  # noqa: BLE001  one account that cannot be written must not keep the others back
            log.exception("records_refused", tenant=self._tenant, records=len(accounts))
            for account in accounts:
                await self._write_alone(account, write)

    async def _write_alone(self, account: _Account, write: Callable[[Sequence[_Account]], Awaitable[None]]) -> None:
        try:
            await write([account])
        except PeerError:
            raise
        except Exception:  # noqa: BLE001  told, and left out
            log.exception("record_refused", tenant=self._tenant, contact=account.contact)

    async def _write_records(self, records: Sequence[ContactRecord]) -> None:
        await store.write_records(self._statement, records)

    async def _write_stretches(self, stretches: Sequence[Stretch]) -> None:
        async with self._database.transaction(self._tenant) as connection:
            await workforce.save(connection, stretches)

    async def _write_recording(self, fact: RecordingStored) -> None:
        async with self._database.transaction(self._tenant) as connection:
            await store.set_recording(connection, fact.contact, fact.key, fact.seconds)
