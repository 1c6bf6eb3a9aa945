"""One statement that is put to the database again and again: prepared, on connections kept for it, in one round trip.

For what a ring waits for, and for what is written at every call: the pool's way to a row takes five times as much of
the processor.
"""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
from psycopg import AsyncConnection

from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.storage.address import CONNECT_SECONDS, SESSION_OPTIONS, conninfo
from otklik.storage.prepared import Prepared

ANSWER_SECONDS = 10.0
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
"""Also inside of functions. Left to itself the server planned the card anew for each call, which took five times as long as to
carry it out."""


class Statement:
    """Each statement is a transaction of its own. It sees what `tenant` may see, or sets its tenant itself."""

    def __init__(
        self, url: str, statement: bytes, *, tenant: TenantId | None = None, at_once: int = 1, options: str = ""
    ) -> None:
        """Parameters in `statement` are `$1`, `$2`...; `at_once`: connections at most, made as they are needed;
        `options`: PostgreSQL's, for these connections."""
        self._conninfo = conninfo(url)
        self._statement = statement
        self._options = f"{SESSION_OPTIONS} {PLANNED_ONCE} {options}".rstrip()
        self._tenant = tenant
        self._turns = asyncio.Semaphore(at_once)
        self._idle: list[tuple[AsyncConnection[Any], Prepared]] = []

    async def run(self, *parameters: bytes | None) -> bytes | None:
        """The first value of the first row, as text. Raises `PeerError` if the database does not answer in time, and
        psycopg's own errors for what it says of the statement. A connection that has died is replaced once, so the
        statement must be one that may be carried out twice."""
        async with self._turns:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    try:
                        return await self._run(parameters)
                    except psycopg.OperationalError:
                        await self.close()
                        return await self._run(parameters)
            except (psycopg.OperationalError, TimeoutError) as err:
                raise _unanswered(err) from err

    async def open(self) -> None:
        """One connection ahead of the first `run`, which is not to wait for it. Raises `PeerError`."""
        async with self._turns:
            if self._idle:
                return
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    self._idle.append(await self._connect())
            except (psycopg.OperationalError, TimeoutError) as err:
                raise _unanswered(err) from err

    async def close(self) -> None:
        """Those that are not in use; whoever asks later makes new ones."""
        while self._idle:
            await self._idle.pop()[0].close()

    async def _run(self, parameters: tuple[bytes | None, ...]) -> bytes | None:
        connection, prepared = self._idle.pop() if self._idle else await self._connect()
        try:
            answer = await prepared.run(parameters)
        except psycopg.OperationalError:
            await connection.close()
            raise
        except psycopg.Error:
            self._idle.append((connection, prepared))
            raise
        except BaseException:
            await connection.close()  # an answer is still on its way
            raise
        self._idle.append((connection, prepared))
        return answer

    async def _connect(self) -> tuple[AsyncConnection[Any], Prepared]:
        connection = await AsyncConnection.connect(
            self._conninfo, autocommit=True, options=self._options, connect_timeout=CONNECT_SECONDS
        )
        try:
            if self._tenant is not None:
                # The connection serves this tenant alone, so the setting may outlive a transaction.
                await connection.execute("select set_config('otklik.tenant', %s, false)", (self._tenant,))
            return connection, await Prepared.on(connection, self._statement)
        except BaseException:
            await connection.close()
            raise


def _unanswered(error: Exception) -> PeerError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return PeerError("database", reason, retryable=True)


def text_array(texts: list[str]) -> bytes:
    """A parameter of type `text[]`."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{{{}}}".format(",".join(f'"{text}"' for text in quoted)).encode()
