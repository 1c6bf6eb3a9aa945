"""A name that one process of an installation holds, as long as its connection to the database lives."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection

from otklik.storage.address import CONNECT_SECONDS, SESSION_OPTIONS, conninfo

log = structlog.get_logger()

TRY_SECONDS = 0.5
CONFIRM_SECONDS = 0.1
"""A connection whose database is dead is closed by then; who starts waits no longer than that."""
ANSWER_SECONDS = 10.0
STEADY_SECONDS = 5.0
"""After the database was away whoever had the name comes back for it sooner than others may take it. Counted from when the
database lets the other in again, since it lets the holder in about then, however long that takes."""


class Claimed(Exception):
    """Another process took the name while we had lost the database."""


class Claim:
    """`take` it, then `hold` it."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.held = False
        self._conninfo = conninfo(url)
        self._connection: AsyncConnection[Any] | None = None
        self._locked = False

    async def take(self) -> None:
        """Wait until the name is ours; for ever, if another process holds it and lives."""
        loop = asyncio.get_running_loop()
        steady_since, lost, told = loop.time() - STEADY_SECONDS, False, False
        while not self.held:
            try:
                if await self._connect() and lost:
                    steady_since = loop.time()
                self.held = loop.time() - steady_since >= STEADY_SECONDS and await self._try()
                if self.held:
                    # A database that dies may let go of the holder first: it is ours if it still is in a moment.
                    self.held = False
                    await asyncio.sleep(TRY_SECONDS if told else CONFIRM_SECONDS)
                    self.held = await self._try()
            except (psycopg.OperationalError, TimeoutError):
                lost = True
                await self.close()
            if not self.held:
                if not told:
                    log.info("claim_waits", name=self.name)
                    told = True
                await asyncio.sleep(TRY_SECONDS)
        log.info("claimed", name=self.name)

    async def hold(self) -> None:
        """Until cancelled. Raises `Claimed` if the name was lost with the database, and another process has it now."""
        while True:
            try:
                if not await self._try():
                    raise Claimed(self.name)
            except (psycopg.OperationalError, TimeoutError):
                await self.close()
            await asyncio.sleep(TRY_SECONDS)

    async def close(self) -> None:
        connection, self._connection, self._locked = self._connection, None, False
        if connection is not None:
            await connection.close()

    async def _connect(self) -> AsyncConnection[Any] | None:
        """The connection, if it is new."""
        if self._connection is not None:
            return None
        async with asyncio.timeout(ANSWER_SECONDS):
            self._connection = await AsyncConnection.connect(
                self._conninfo, autocommit=True, options=SESSION_OPTIONS, connect_timeout=CONNECT_SECONDS
            )
        return self._connection

    async def _try(self) -> bool:
        """The connection is kept while another process has the name, so that a restart of the database is noticed."""
        await self._connect()
        assert self._connection is not None, "just made"
        async with asyncio.timeout(ANSWER_SECONDS):
            if self._locked:
                await self._connection.execute("select 1")
                return True
            cursor = await self._connection.execute(
                "select pg_try_advisory_lock(hashtextextended(%s, 0))", (self.name,)
            )
            row = await cursor.fetchone()
            self._locked = bool(row and row[0])
            return self._locked
