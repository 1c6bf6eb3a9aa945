"""Keeps what scenarios failed of for whoever looks after them; off the way of the contacts, which are in their queue by then."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

import structlog

from otklik.contact.decisions import ReportFault
from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.handlers import store
from otklik.storage.engine import Database

log = structlog.get_logger()

GATHER_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 5.0


class Faults:
    """`note` them; `run` writes. While the database is away only the newest are kept."""

    def __init__(self, tenant: TenantId, database: Database) -> None:
        self._tenant = tenant
        self._database = database
        self._waiting: deque[tuple[float, ReportFault]] = deque(maxlen=store.FAULTS_KEPT)
        self._noted = asyncio.Event()

    def note(self, fault: ReportFault, at: float) -> None:
        self._waiting.append((at, fault))
        self._noted.set()

    async def run(self) -> None:
        while True:
            await self._noted.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._noted.clear()
            try:
                await self.flush()
            except PeerError as error:
                log.error("faults_not_written", tenant=self._tenant, reason=str(error))
                self._noted.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def flush(self) -> None:
        """Raises `PeerError`; they are then kept for the next attempt."""
        found = list(self._waiting)
        if not found:
            return
        try:
            async with self._database.transaction(self._tenant) as connection:
                await store.keep_faults(connection, found)
        except PeerError:
            raise
        except Exception:  # noqa: BLE001  one that cannot be written must not end the tenant
            log.exception("faults_refused", tenant=self._tenant, faults=len(found))
        for _ in found:
            self._waiting.popleft()
