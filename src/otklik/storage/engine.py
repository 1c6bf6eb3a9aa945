"""The database as the program uses it: pooled connections in the role `otklik_app`, each transaction bound to a tenant.

`check` says what is wrong with a database before it is used; `migrate` brings its schema up to date. Both take the
owner's URL. Everything else goes through `Database.transaction`, where row-level security shows one tenant only.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg.types.string import TextLoader
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.storage.address import CONNECT_SECONDS, SESSION_OPTIONS, driver_url
from otklik.storage.fitness import DatabaseFault, check
from otklik.storage.statement import Statement

__all__ = ["Database", "DatabaseFault", "check", "migrate"]


class Database:
    """A pool of connections. A statement outside `transaction`, `lookup` or `statement` is not possible."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine = engine
        self.url = url
        self._statements: list[Statement] = []

    @classmethod
    async def open(cls, url: str, pool_size: int = 10) -> Database:
        """Raises `PeerError` if the database does not answer or was not migrated."""
        engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=CONNECT_SECONDS,
            # A restarted server is noticed at check-out: a ping costs 0.05 ms on a local socket.
            pool_pre_ping=True,
            # The words of an error go to the log; customers' numbers and notes must not.
            hide_parameters=True,
            connect_args={"options": SESSION_OPTIONS, "connect_timeout": CONNECT_SECONDS},
        )
        event.listen(engine.sync_engine, "connect", _uuids_as_text)
        database = cls(engine, url)
        try:
            async with database.lookup() as connection:
                await connection.execute(text("select tenants()"))
        except ProgrammingError as err:
            await engine.dispose()
            raise PeerError("database", "not migrated", retryable=False) from err
        except PeerError:
            await engine.dispose()
            raise
        return database

    @asynccontextmanager
    async def transaction(self, tenant: TenantId) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees and writes this tenant's rows only; committed at the end of the block."""
        async with self._begin() as connection:
            await connection.execute(text("select set_config('otklik.tenant', :tenant, true)"), {"tenant": tenant})
            yield connection

    @asynccontextmanager
    async def lookup(self) -> AsyncIterator[AsyncConnection]:
        """No tenant: sees no row at all, but may call the look-up functions (login, session, number, tenants)."""
        async with self._begin(autocommit=True) as connection:
            yield connection

    @asynccontextmanager
    async def _begin(self, *, autocommit: bool = False) -> AsyncIterator[AsyncConnection]:
        """With `autocommit` each statement is a transaction of its own: two round trips fewer for a look-up."""
        try:
            async with self._engine.connect() as connection:
                if autocommit:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                async with connection.begin():
                    yield connection
        except (OperationalError, psycopg.OperationalError, PoolTimeout) as err:
            raise PeerError("database", _reason(err), retryable=True) from err

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[None]:
        """Among all processes on this database only one is in such a block at a time; the others wait."""
        async with self._begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtext(:what))"), {"what": what})
            yield

    async def drop_old_facts(self, keep_days: int) -> list[tuple[str, str | None]]:
        """Drop the months of all tenants' logs that are older: (partition, why it was kept or None)."""
        async with self._begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtext('otklik.retention'))"))
            found = await connection.execute(
                text("select * from drop_old_facts(now() - make_interval(days => :days))"), {"days": keep_days}
            )
            return [(row.partition, None if row.dropped else row.reason) for row in found]

    async def up(self) -> bool:
        """Does it answer now?"""
        try:
            async with self.lookup() as connection:
                await connection.execute(text("select 1"))
        except PeerError:
            return False
        return True

    def statement(
        self, statement: bytes, *, tenant: TenantId | None = None, at_once: int = 1, options: str = ""
    ) -> Statement:
        """See `Statement`. Whoever made it may close it; at the latest it is closed with the pool."""
        made = Statement(self.url, statement, tenant=tenant, at_once=at_once, options=options)
        self._statements.append(made)
        return made

    async def close(self) -> None:
        for statement in self._statements:
            await statement.close()
        await self._engine.dispose()


def _uuids_as_text(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The words of the house are strings: no UUID object leaves the storage.
    connection.driver_connection.adapters.register_loader("uuid", TextLoader)


def _reason(err: BaseException) -> str:
    """The first line of the driver's own words, without SQLAlchemy's wrapping and links."""
    found = err.orig if isinstance(err, OperationalError) and err.orig is not None else err
    return str(found).strip().splitlines()[0] if str(found).strip() else type(found).__name__


def migrate(url: str, to: str = "head") -> None:
    """Bring the schema to the newest version, or to the one named. Two at once wait for one another. Needs the owner's rights."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = create_engine(driver_url(url), poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(hashtext('otklik.migrate'))"))
            connection.execute(text("create schema if not exists otklik"))
            connection.execute(text("create schema if not exists otklik_migrations"))
            connection.execute(text("set search_path = otklik, public"))
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            connection.commit()
    except OperationalError as err:
        raise PeerError("database", _reason(err), retryable=True) from err
    finally:
        engine.dispose()
