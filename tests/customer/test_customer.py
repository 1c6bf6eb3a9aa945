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


async def test_customer_is_found_by_any_number_however_it_is_written(database: Database, tenant: TenantId) -> None:
    async with database.transaction(tenant) as connection:
        for number in ("+79161234567", "89161234567", "+74952223344"):
            found = await store.by_number(connection, number)
            assert found is not None
            assert (found.name, found.vip, found.mails) == ("Иван Петров", True, ("ivan.petrov@example.com",))
            assert found.phones == ("+74952223344", "+79161234567")
        for stranger in ("+79990000000", "101", "", "'; drop table customer"):
            assert await store.by_number(connection, stranger) is None


async def test_of_those_who_share_a_number_the_last_one_in_touch_is_meant(database: Database, tenant: TenantId) -> None:
    husband, wife = (
        Customer(id=CustomerId(str(uuid7())), name=name, phones=("+79995554433",)) for name in ("Пётр", "Анна")
    )
    async with database.transaction(tenant) as connection:
        await store.add(connection, husband)
        await store.add(connection, wife)
        found = await store.by_number(connection, "+79995554433")
        assert found is not None and found.name == "Пётр"
        called = past_contact(AgentId(str(uuid7())))
        record = replace(called, contact=ContactId(str(uuid7())), customer=wife.id)
        await desk.save_records(connection, [record])
        found = await store.by_number(connection, "+79995554433")
        assert found is not None and found.name == "Анна"
