"""People and the set-up in the database."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.conftest import PASSWORD

from otklik.contact.ids import TenantId
from otklik.errors import AppError
from otklik.storage.engine import Database
from otklik.tenancy import demo, document, store
from otklik.tenancy.password import matches, token_hash


async def hash_of(database: Database, login: str) -> str:
    async with database.lookup() as connection:
        known = await store.known_login(connection, login)
    assert known is not None
    return known.password_hash


async def test_set_up_of_the_demo_comes_back_as_it_was_written(database: Database, tenant: TenantId) -> None:
    async with database.transaction(tenant) as connection:
        found = await store.configuration(connection)
    wanted = demo.CONFIGURATION
    assert replace(found, agents=()) == wanted
    agents = [person for person in demo.PEOPLE if person.role == "agent"]
    assert [(agent.name, agent.queues) for agent in found.agents] == [(each.name, each.queues) for each in agents]


async def test_numbers_and_tenants_are_found_before_a_tenant_is_known(database: Database, tenant: TenantId) -> None:
    async with database.lookup() as connection:
        assert await store.tenants(connection) == [tenant]
        assert await store.entry_points(connection) == {"1000": (tenant, "russian"), "2000": (tenant, "english")}
        assert await store.known_login(connection, "ANNA") is not None
        assert await store.known_login(connection, "nobody") is None
        assert await store.session_person(connection, b"none", touch=True) is None


async def test_demo_is_made_once_and_its_password_follows_the_installation(
    database: Database, tenant: TenantId
) -> None:
    again = await store.seed_demo(database, PASSWORD)
    assert (again.tenant, again.created) == (tenant, False)
    before = await hash_of(database, "anna")
    await store.seed_demo(database, "another-word")
    for person in demo.PEOPLE:
        assert matches(await hash_of(database, person.login), "another-word")
    assert before != await hash_of(database, "anna")


async def test_new_password_ends_the_sessions_of_its_person(database: Database, tenant: TenantId) -> None:
    async with database.lookup() as connection:
        known = await store.known_login(connection, "anna")
    assert known is not None
    async with database.transaction(tenant) as connection:
        await store.open_session(connection, known.person, token_hash("t"), "")
    await store.set_password(database, "Anna", "a-new-password")
    assert matches(await hash_of(database, "anna"), "a-new-password")
    async with database.lookup() as connection:
        assert await store.session_person(connection, token_hash("t"), touch=False) is None


@pytest.mark.parametrize(
    ("login", "password", "code"),
    [("nobody", "long-enough", "no_such_login"), ("anna", "short", "password_too_short")],
)
async def test_password_that_cannot_be_set_changes_nothing(
    database: Database, login: str, password: str, code: str
) -> None:
    before = await hash_of(database, "anna")
    with pytest.raises(AppError) as refused:
        await store.set_password(database, login, password)
    assert refused.value.code == code
    assert await hash_of(database, "anna") == before


async def test_login_is_one_in_the_whole_installation(database: Database, tenant: TenantId) -> None:
    twin = store.NewPerson(login="ANNA", name="Anna", role="agent", password_hash="x")
    with pytest.raises(IntegrityError):
        async with database.transaction(tenant) as connection:
            await store.add_person(connection, twin)


async def test_old_sessions_are_thrown_away_when_a_new_one_opens(database: Database, tenant: TenantId) -> None:
    async with database.transaction(tenant) as connection:
        anna = (await store.configuration(connection)).agents[0].id
        await store.open_session(connection, anna, b"old", "")
        await connection.execute(text("update session set started_at = now() - interval '25 hours'"))
        await store.open_session(connection, anna, b"new", "")
        kept = (await connection.execute(text("select token_hash from session"))).scalars().all()
    assert [bytes(each) for each in kept] == [b"new"]


async def test_a_version_is_read_once_and_each_tenant_has_its_own(
    database: Database, tenant: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Mock(side_effect=document.stored)
    monkeypatch.setattr(store, "stored", asked)
    store._read.clear()
    async with database.transaction(tenant) as connection:
        first = await store.bare_version(connection)
        again = await store.bare_version(connection)
        assert first is not None and again is not None and again[1] is first[1] and asked.call_count == 1
        await store.save_configuration(connection, replace(first[1], queues=()))
        newest = await store.bare_version(connection)
        assert newest is not None and newest[1].queues == () and asked.call_count == 2
        assert await store.bare_version(connection, first[0].number) == first and asked.call_count == 2
