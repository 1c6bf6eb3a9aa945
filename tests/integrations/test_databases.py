"""A real SQLite file and a real PostgreSQL, asked by named statements: what is found, what cannot be, what takes too long."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection as Opened

from otklik.contact.ids import TenantId
from otklik.contact.outside import Connection
from otklik.embedded.postgres import start_postgres
from otklik.errors import PeerError
from otklik.integrations.databases import LONGEST_VALUE, Databases
from otklik.integrations.secrets import Secrets
from otklik.scenario.outside import statement_parameters

ACME = TenantId("acme")
SHOP = """
create table orders (number integer primary key, state text, total numeric(10, 2), due date, note text);
insert into orders values (4711, 'sent', 12.50, '2026-12-01', null), (4712, 'paid', 7, '2026-12-02', 'call first');
"""
STATEMENTS = {
    "order": "select state, total, due, note from orders where number = :number",
    "by_state": "select number from orders where state = :state order by number",
    "all": "select number from orders",
    "drops": "with gone as (delete from orders returning number) select number from gone",
    "wide": "select '" + "x" * (LONGEST_VALUE + 1) + "' as long",
    "endless": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as n from n",
    "wrong": "select nothing from orders",
}
DROP = "'; drop table orders; --"


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.executescript(SHOP)
    shop.close()
    return f"sqlite:///{tmp_path}/shop.db"


@pytest.fixture(scope="module")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    running = await start_postgres(tmp_path_factory.mktemp("shop") / "postgres", lambda _: None)
    async with await psycopg.AsyncConnection.connect(running.url, autocommit=True) as shop:
        await shop.execute(SHOP)
    yield running.url
    await running.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def databases(url: str) -> AsyncIterator[Databases]:
    made = Databases(Secrets({"OTKLIK_SECRET_SHOP": url}))
    yield made
    await made.close()


CONNECTION = Connection(id="shop", url_secret="SHOP", statements=STATEMENTS, timeout_seconds=20, at_once=2)


async def ask(databases: Databases, statement: str, **parameters: str) -> dict[str, str] | None:
    return await databases.ask(ACME, CONNECTION, statement, parameters)


async def failure(databases: Databases, statement: str, connection: Connection = CONNECTION) -> str:
    with pytest.raises(PeerError) as raised:
        await databases.ask(ACME, connection, statement, {})
    return raised.value.reason


async def test_first_row_is_the_answer_in_texts_and_what_is_null_is_not_there(databases: Databases) -> None:
    found = await ask(databases, "order", number="4711")
    assert found is not None
    assert float(found.pop("total")) == 12.5
    assert found == {"state": "sent", "due": "2026-12-01"}


async def test_no_row_is_not_found(databases: Databases) -> None:
    assert await ask(databases, "order", number="1") is None


@pytest.mark.parametrize("keyed", [DROP, "4711 or 1=1", "", "99999999999999999999", "4711\x00", "*#"])
async def test_what_a_caller_keys_is_only_ever_a_value(databases: Databases, keyed: str) -> None:
    try:
        assert await ask(databases, "order", number=keyed) is None
    except PeerError as error:  # a NUL is no text at all for PostgreSQL
        assert (keyed, error.reason) == ("4711\x00", "refused")
    assert await ask(databases, "by_state", state=DROP) is None
    assert await ask(databases, "all") == {"number": "4711"}


async def test_statement_that_writes_is_refused_by_the_database_itself(databases: Databases) -> None:
    def deletes(opened: Opened) -> None:
        opened.exec_driver_sql("delete from orders")

    assert await failure(databases, "drops") == "refused"
    with pytest.raises(PeerError) as raised:
        await databases._perform(ACME, CONNECTION, deletes)
    assert raised.value.reason == "refused"
    assert await ask(databases, "all") == {"number": "4711"}


async def test_answer_that_is_too_large_has_failed(databases: Databases) -> None:
    assert await failure(databases, "wide") == "too_large"


async def test_statement_without_an_end_is_ended_in_time_and_its_thread_is_free_again(databases: Databases) -> None:
    hasty = replace(CONNECTION, timeout_seconds=0.5, at_once=1)
    assert await failure(databases, "endless", hasty) == "late"
    async with asyncio.timeout(30):
        while True:
            try:
                assert await databases.ask(ACME, hasty, "all", {}) == {"number": "4711"}
                break
            except PeerError as error:
                assert error.reason == "late"


async def test_statement_about_nothing_is_refused_and_told_before_anybody_calls(databases: Databases) -> None:
    assert await failure(databases, "wrong") == "refused"
    with pytest.raises(PeerError):
        await databases.try_out(ACME, CONNECTION)
    sound = {name: sql for name, sql in STATEMENTS.items() if name not in ("wrong", "drops")}
    await databases.try_out(ACME, replace(CONNECTION, statements=sound))


async def test_more_than_may_ask_at_once_wait_for_one_another(databases: Databases) -> None:
    answers = await asyncio.gather(*(ask(databases, "order", number="4712") for _ in range(20)))
    assert all(answer is not None and answer["note"] == "call first" for answer in answers)


async def test_locked_sqlite_has_failed_in_time(sqlite: str) -> None:
    databases = Databases(Secrets({"OTKLIK_SECRET_SHOP": sqlite}))
    locker = sqlite3.connect(sqlite.removeprefix("sqlite:///"))
    locker.execute("begin exclusive")
    assert await failure(databases, "all", replace(CONNECTION, timeout_seconds=0.5)) == "late"
    locker.rollback()
    locker.close()
    assert await ask(databases, "all") == {"number": "4711"}
    await databases.close()


async def test_database_that_is_not_there_cannot_be_reached_and_is_not_made(tmp_path: Path) -> None:
    missing = Databases(Secrets({"OTKLIK_SECRET_SHOP": f"sqlite:///{tmp_path}/none.db"}))
    assert await failure(missing, "all") == "unreachable"
    assert not (tmp_path / "none.db").exists()
    nobody = Databases(Secrets({"OTKLIK_SECRET_SHOP": "postgresql://nobody@127.0.0.1:9/none"}))
    assert await failure(nobody, "all") == "unreachable"
    await nobody.close()


@pytest.mark.parametrize("url", ["", "no url at all", "unheard://of"])
async def test_secret_that_is_no_url_is_told_as_such(url: str) -> None:
    assert await failure(Databases(Secrets({"OTKLIK_SECRET_SHOP": url})), "all") == "secret"


async def test_secrets_of_the_program_itself_cannot_be_named(tmp_path: Path) -> None:
    secrets = Secrets({"OTKLIK_DATABASE_URL": "own", "OTKLIK_SECRET_SHOP": "given"}, tmp_path)
    (tmp_path / "FILE").write_text("of a file\n")
    assert secrets.find("SHOP") == "given"
    assert secrets.find("FILE") == "of a file"
    assert [secrets.find(name) for name in ("DATABASE_URL", "OTKLIK_DATABASE_URL", "../FILE", "")] == [None] * 4


@pytest.mark.parametrize(
    "sql", [*STATEMENTS.values(), "select ':a', :b, c::int, x = :d1 or '\\:e'", "select a[1:2], :f"]
)
def test_parameters_are_read_as_sqlalchemy_reads_them(sql: str) -> None:
    assert statement_parameters(sql) == set(text(sql)._bindparams)
