"""What is wrong with a database, found before anything is done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from sqlalchemy.exc import ArgumentError

from otklik.errors import MESSAGES, Language
from otklik.storage.address import APP_ROLE, CONNECT_SECONDS, conninfo

OLDEST_MAJOR = 18


@dataclass(frozen=True, slots=True)
class DatabaseFault:
    """A code of `errors.MESSAGES` and what fills its places."""

    code: str
    data: dict[str, object] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        return MESSAGES[self.code][language].format(**self.data)


async def check(url: str) -> list[DatabaseFault]:
    """Everything that stands in the way of this database, or nothing. Changes nothing."""
    try:
        info = conninfo(url)
    except ArgumentError:
        return [DatabaseFault("database_url")]
    try:
        connection = await AsyncConnection.connect(info, connect_timeout=CONNECT_SECONDS)
    except psycopg.Error as err:
        return [DatabaseFault("database_unreachable", {"reason": _first_line(err)})]
    async with connection:
        major = connection.info.server_version // 10_000
        if major < OLDEST_MAJOR:
            return [DatabaseFault("database_too_old", {"found": major, "needed": OLDEST_MAJOR})]
        found = [await _ctype(connection), await _rights(connection), await _app_role(connection)]
        await connection.rollback()
    return [fault for fault in found if fault is not None]


def _first_line(err: BaseException) -> str:
    return (str(err).strip() or type(err).__name__).splitlines()[0].removeprefix("connection failed: ")


async def _one(connection: AsyncConnection[Any], query: str) -> Any:
    row = await (await connection.execute(sql.SQL(query))).fetchone()
    return row[0] if row else None


async def _ctype(connection: AsyncConnection[Any]) -> DatabaseFault | None:
    """Cyrillic must count as letters, or search by a part of a name finds nothing in Russian."""
    try:
        async with connection.transaction(force_rollback=True):
            # Not while another process makes the schema, with this extension in it: one of the two would fail.
            await connection.execute("select pg_advisory_xact_lock(hashtext('otklik.migrate'))")
            await connection.execute("create extension if not exists pg_trgm")
            schema = await _one(
                connection, "select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'"
            )
            alike = await _one(connection, f"select {schema}.similarity('Ива', 'ива')")
    except psycopg.Error as err:
        return DatabaseFault("database_extension", {"reason": _first_line(err)})
    if alike > 0:
        return None
    ctype = await _one(connection, "select datctype from pg_database where datname = current_database()")
    return DatabaseFault("database_ctype", {"found": ctype})


async def _rights(connection: AsyncConnection[Any]) -> DatabaseFault | None:
    """The owner must be able to make the schema and the role."""
    able = await _one(
        connection,
        "select has_database_privilege(current_database(), 'create') and (rolsuper or rolcreaterole"
        f" or coalesce((select pg_has_role(r.oid, 'set') from pg_roles r where r.rolname = '{APP_ROLE}'), false))"
        " from pg_roles where rolname = current_user",
    )
    return None if able else DatabaseFault("database_rights", {"role": connection.info.user})


async def _app_role(connection: AsyncConnection[Any]) -> DatabaseFault | None:
    """The role the program works as must be bound by row-level security."""
    free = await _one(connection, f"select rolsuper or rolbypassrls from pg_roles where rolname = '{APP_ROLE}'")
    return DatabaseFault("database_role", {"role": APP_ROLE}) if free else None
