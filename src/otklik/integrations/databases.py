"""Databases of tenants: a named statement, its parameters bound, its first row; only read, and within the time that is set.

SQLAlchemy's engines are synchronous here, each with as many threads as the tenant allows it: a driver that hangs holds up nobody
but those who wait for the same database.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Engine, NullPool, bindparam, create_engine, event, exc, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine import Connection as Opened
from sqlalchemy.types import NullType

from otklik.contact.ids import TenantId
from otklik.contact.outside import Connection
from otklik.errors import PeerError
from otklik.integrations.secrets import Secrets

log = structlog.get_logger()

LONGEST_VALUE: Final = 1_000
MOST_VALUES: Final = 50
STEPS_BETWEEN_LOOKS: Final = 1_000
"""Of SQLite's machine."""
_DOES_NOT_FIT: Final = frozenset({"22P02", "22003", "22007", "22008"})
"""PostgreSQL: what was keyed is no number, or too large a one, no date. There is no such thing, and nothing is broken."""
_LATE: Final = frozenset({"57014", "55P03"})
"""PostgreSQL: ended by the time that we set, or waited too long for a lock."""
_OF_SQLITE: Final = {
    "BUSY": "late",
    "LOCKED": "late",
    "INTERRUPT": "late",
    "CANTOPEN": "unreachable",
    "IOERR": "unreachable",
}


Work = Callable[[Opened], dict[str, str] | None]


@dataclass(frozen=True, slots=True)
class _Known:
    """An engine and its threads, and what they were made for."""

    connection: Connection
    url: str
    engine: Engine
    threads: ThreadPoolExecutor

    def close(self) -> None:
        """Threads that hang are left to end by themselves."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()


class Databases:
    """One engine for each connection of each tenant, made when it is first asked for."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._known: dict[tuple[TenantId, str], _Known] = {}

    async def ask(
        self, tenant: TenantId, connection: Connection, statement: str, parameters: Mapping[str, str]
    ) -> dict[str, str] | None:
        """The first row as texts, without what is NULL; None: there is no row. Raises `PeerError`."""
        work = partial(_first_row, connection.statements[statement], dict(parameters))
        return await self._perform(tenant, connection, work)

    async def try_out(self, tenant: TenantId, connection: Connection) -> None:
        """Connects, and has the database read each statement without running it. Raises `PeerError`."""
        for sql in connection.statements.values() or ("select 1",):
            await self._perform(tenant, connection, partial(_explain, sql))

    async def _perform(self, tenant: TenantId, connection: Connection, work: Work) -> dict[str, str] | None:
        known = self._open(tenant, connection)
        deadline = time.monotonic() + connection.timeout_seconds
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(connection.timeout_seconds):
                return await loop.run_in_executor(known.threads, _within, known.engine, deadline, work)
        except TimeoutError as error:
            raise PeerError(connection.id, "late", retryable=True) from error
        except exc.SQLAlchemyError as error:
            if _state(error) in _DOES_NOT_FIT:
                return None
            # Not in its own words: they hold the statement with what the caller gave.
            log.warning("database_failed", connection=connection.id, error=_kind(error), state=_state(error))
            raise PeerError(connection.id, _reason(error, deadline), retryable=True) from error

    def _open(self, tenant: TenantId, connection: Connection) -> _Known:
        url = self._secrets.find(connection.url_secret)
        if not url:
            raise PeerError(connection.id, "secret", retryable=False)
        key = tenant, connection.id
        known = self._known.get(key)
        if known is not None and known.connection == connection and known.url == url:
            return known
        if known is not None:
            known.close()
        threads = ThreadPoolExecutor(connection.at_once, thread_name_prefix=f"connection {connection.id}")
        known = self._known[key] = _Known(connection, url, _engine(connection, url), threads)
        return known

    async def close(self) -> None:
        for known in self._known.values():
            known.close()
        self._known.clear()


def _engine(connection: Connection, url: str) -> Engine:
    """Raises `PeerError` for a URL that is none, a driver that is not there, a file that is not there."""
    try:
        made = make_url(url)
        if made.get_backend_name() == "sqlite":
            return _sqlite(connection, made)
        more: dict[str, Any] = {}
        if made.get_backend_name() == "postgresql":
            # libpq takes whole seconds, at least 2; the one who waits does not wait for it to end.
            more["connect_args"] = {"connect_timeout": max(2, math.ceil(connection.timeout_seconds))}
        return create_engine(
            made,
            pool_size=connection.at_once,
            max_overflow=0,
            pool_timeout=connection.timeout_seconds,
            pool_pre_ping=True,
            pool_recycle=600,
            **more,
        )
    except (exc.ArgumentError, ImportError) as error:
        log.warning("connection_unusable", connection=connection.id, error=type(error).__name__)
        raise PeerError(connection.id, "secret", retryable=False) from error


def _sqlite(connection: Connection, url: URL) -> Engine:
    if not url.database or not Path(url.database).is_file():  # it would be made, and be empty
        raise PeerError(connection.id, "unreachable", retryable=True)
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def only_read(opened: sqlite3.Connection, _: object) -> None:
        opened.execute("pragma query_only = on")

    return engine


def _within(engine: Engine, deadline: float, work: Work) -> dict[str, str] | None:
    """In a thread: a transaction that only reads, of which nothing is left."""
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError
    with engine.connect() as opened:
        if engine.dialect.name == "postgresql":
            opened = opened.execution_options(postgresql_readonly=True)
            opened.exec_driver_sql(f"set local statement_timeout = {math.ceil(left * 1000)}")
        elif engine.dialect.name == "sqlite":
            _watch(opened, deadline)
        try:
            return work(opened)
        finally:
            opened.rollback()


def _watch(opened: Opened, deadline: float) -> None:
    """SQLite keeps no time by itself, and waits for a lock as long as it is told."""
    driver: Any = opened.connection.driver_connection
    driver.execute(f"pragma busy_timeout = {max(1, math.floor((deadline - time.monotonic()) * 1000))}")
    driver.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN_LOOKS)


def _first_row(sql: str, parameters: Mapping[str, str], opened: Opened) -> dict[str, str] | None:
    # Without a type of its own a text is compared as the column wants it: a number with a number.
    bound = text(sql).bindparams(*(bindparam(name, value, type_=NullType()) for name, value in parameters.items()))
    found = opened.execution_options(stream_results=True, max_row_buffer=1).execute(bound)
    row = found.mappings().first()
    return None if row is None else values([(str(name), value) for name, value in row.items()])


def _explain(sql: str, opened: Opened) -> None:
    if opened.dialect.name not in ("postgresql", "sqlite"):
        opened.execute(text("select 1"))
        return
    read = text(f"explain {sql}")
    opened.execute(read, dict.fromkeys(read._bindparams))


def values(row: Sequence[tuple[str, object]]) -> dict[str, str]:
    """As texts, by the names of the columns. Raises `PeerError`."""
    found = {name: said for name, value in row if (said := said_as(value)) is not None}
    if len(found) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in found.values()):
        raise PeerError("outside", "too_large", retryable=False)
    return found


def said_as(value: object) -> str | None:
    """None: there is none, or none that is a text."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return f"{value:.15g}"
        case Decimal():
            return f"{value:f}"
        case datetime() | date() | clock_time():
            return value.isoformat()
        case _:
            return None


def _kind(error: exc.SQLAlchemyError) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def _state(error: exc.SQLAlchemyError) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def _reason(error: exc.SQLAlchemyError, deadline: float) -> str:
    if isinstance(error, exc.TimeoutError) or time.monotonic() >= deadline:
        return "late"
    original = getattr(error, "orig", None)
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorname", "").split("_")[1:2]
        return _OF_SQLITE.get("".join(code), "refused")
    if _state(error) in _LATE:
        return "late"
    lost = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    without_answer = isinstance(error, exc.OperationalError) and _state(error) is None
    return "unreachable" if lost or without_answer else "refused"
