"""A database that will not do is told apart before anything is done with it, and said in both languages."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from psycopg import sql
from tests.conftest import Databases

from otklik.errors import LANGUAGES, PeerError
from otklik.storage import fitness
from otklik.storage.engine import Database, check, migrate


async def codes(url: str) -> list[str]:
    faults = await check(url)
    assert all(fault.message(language) for fault in faults for language in LANGUAGES)
    return [fault.code for fault in faults]


async def superuser(databases: Databases, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(databases.server.superuser_url, autocommit=True) as connection:
        await connection.execute(sql.SQL(statement))


async def test_a_new_database_and_a_migrated_one_are_well(databases: Databases) -> None:
    assert await codes(await databases.empty()) == []
    assert await codes(await databases.seeded()) == []


@pytest.mark.parametrize("url", ["mysql://root@localhost/otklik", "otklik", "http://localhost:5432"])
async def test_what_is_no_postgresql_address(url: str) -> None:
    assert await codes(url) == ["database_url"]


async def test_server_that_is_not_there_and_database_that_does_not_exist(databases: Databases) -> None:
    assert await codes("postgresql://otklik@127.0.0.1:1/otklik") == ["database_unreachable"]
    (missing,) = await check(databases.url("nowhere"))
    assert '"nowhere" does not exist' in missing.message("en")


async def test_wrong_password_is_unreachable_and_says_why(databases: Databases) -> None:
    (fault,) = await check(databases.url("seeded").replace("otklik:", "otklik:wrong", 1))
    assert fault.code == "database_unreachable"
    assert "password authentication failed" in fault.message("en")


async def test_old_server(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitness, "OLDEST_MAJOR", 99)
    assert await codes(await databases.empty()) == ["database_too_old"]


async def test_database_that_does_not_know_russian_letters(databases: Databases) -> None:
    ascii_only = "encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype 'C'"
    (fault,) = await check(await databases.empty(ascii_only))
    assert fault.code == "database_ctype"
    assert "LC_CTYPE=C:" in fault.message("ru")


async def test_owner_who_may_not_make_roles_or_schemas(databases: Databases) -> None:
    url = await databases.empty()
    await superuser(databases, "create role guest login password 'guest' in role pg_read_all_data")
    guest = url.split("//")[0] + "//guest:guest@" + url.split("@", 1)[1]
    assert "database_rights" in await codes(guest)


async def test_app_role_that_bypasses_security(databases: Databases) -> None:
    url = await databases.seeded()
    await superuser(databases, "alter role otklik_app bypassrls")
    try:
        assert await codes(url) == ["database_role"]
    finally:
        await superuser(databases, "alter role otklik_app nobypassrls")


async def test_check_changes_nothing(databases: Databases) -> None:
    url = await databases.empty()
    await check(url)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        found = await connection.execute("select extname from pg_extension where extname = 'pg_trgm'")
        assert await found.fetchone() is None


async def test_two_programs_that_migrate_at_once_both_succeed_and_a_third_time_changes_nothing(
    databases: Databases,
) -> None:
    url = await databases.empty()
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(2)))
    await asyncio.to_thread(migrate, url)
    database = await Database.open(url)
    assert await database.up()
    await database.close()


async def test_database_that_was_not_migrated_cannot_be_opened(databases: Databases) -> None:
    with pytest.raises(PeerError):
        await Database.open(await databases.empty())
