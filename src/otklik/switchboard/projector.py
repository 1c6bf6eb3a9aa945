"""Writes the accounts of contacts where history and reports read them, a moment after the log.

The log is the truth: what a crash kept from being written here is written again when the log is folded at the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from otklik.contact.ids import ContactId, TenantId
from otklik.contact.record import ContactRecord
from otklik.desk import store
from otklik.errors import PeerError
from otklik.storage.engine import Database

log = structlog.get_logger()

GATHER_SECONDS = 0.1
RETRY_SECONDS = 1.0


class Projector:
    """Only the newest account of a contact is kept until it is written."""

    def __init__(self, tenant: TenantId, database: Database) -> None:
        self._tenant = tenant
        self._database = database
        self._dirty: dict[ContactId, ContactRecord] = {}
        self._changed = asyncio.Event()

    def add(self, records: Iterable[ContactRecord]) -> None:
        for record in records:
            self._dirty[record.contact] = record
        if self._dirty:
            self._changed.set()

    async def run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self.flush()
            except PeerError as error:
                log.error("records_not_written", tenant=self._tenant, reason=str(error))
                self._changed.set()
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(GATHER_SECONDS)

    async def flush(self) -> None:
        """Write all accounts that changed. Raises `PeerError`; they are then kept for the next attempt."""
        batch, self._dirty = self._dirty, {}
        if not batch:
            return
        try:
            async with self._database.transaction(self._tenant) as connection:
                await store.save_records(connection, list(batch.values()))
        except PeerError:
            self._dirty = {**batch, **self._dirty}
            raise
