"""Who is calling: numbers as they are dialled, customers as they are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.web.conftest import past_contact
from uuid_utils import uuid7

from otklik.contact.ids import AgentId, ContactId, CustomerId, TenantId
from otklik.customer import store
from otklik.customer.identity import Customer, e164
from otklik.desk import store as desk
from otklik.desk.card import CardCustomer
from otklik.storage.engine import Database


@pytest.mark.parametrize(
    ("dialled", "region", "number"),
    [
        ("+79161234567", "RU", "+79161234567"),
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("9161234567", "RU", "+79161234567"),
        ("810 1 202 555 0123", "RU", "+12025550123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("101", "RU", None),
        ("anonymous", "RU", None),
        ("", "RU", None),
        ("+7916123456789012345", "RU", None),
    ],
)
def test_number_as_dialled_becomes_e164(dialled: str, region: str, number: str | None) -> None:
    assert e164(dialled, region) == number


async def known(database: Database, tenant: TenantId, number: str) -> CardCustomer | None:
    statement = desk.card_statement(database)
    card, _ = await desk.card(statement, tenant, ContactId(str(uuid7())), number)
    await statement.close()
    return card.customer


async def test_customer_is_found_by_any_number_however_it_is_written(database: Database, tenant: TenantId) -> None:
    for number in ("+79161234567", "89161234567", "+74952223344"):
        found = await known(database, tenant, number)
        assert found is not None
        assert (found.name, found.vip) == ("Иван Петров", True)
    for stranger in ("+79990000000", "101", "", "'; drop table customer"):
        assert await known(database, tenant, stranger) is None


async def test_of_those_who_share_a_number_the_last_one_in_touch_is_meant(database: Database, tenant: TenantId) -> None:
    husband, wife = (
        Customer(id=CustomerId(str(uuid7())), name=name, phones=("+79995554433",)) for name in ("Пётр", "Анна")
    )
    async with database.transaction(tenant) as connection:
        await store.add(connection, husband)
        await store.add(connection, wife)
    found = await known(database, tenant, "+79995554433")
    assert found is not None and found.name == "Пётр"
    called = past_contact(AgentId(str(uuid7())))
    record = replace(called, contact=ContactId(str(uuid7())), customer=wife.id)
    async with database.transaction(tenant) as connection:
        await desk.save_records(connection, [record])
    found = await known(database, tenant, "+79995554433")
    assert found is not None and found.name == "Анна"


async def test_card_of_another_tenant_is_empty(database: Database) -> None:
    assert await known(database, TenantId(str(uuid7())), "+79161234567") is None
