"""Cards of customers: the list, one card, its changes, and by what a customer is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import CustomerId
from otklik.contact.ports import Live
from otklik.customer import store
from otklik.customer.card import (
    NO_NUL,
    AgentNames,
    CardEdit,
    CustomerCard,
    CustomerPage,
    IdentityChange,
    NewCustomer,
    NewIdentity,
    SavedCard,
    clashes,
    differing,
)
from otklik.customer.identity import comparable
from otklik.customer.search import asked, place
from otklik.errors import AppError
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import require
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/customers", tags=["customers"])

Q = Annotated[str | None, Query(max_length=200, pattern=NO_NUL)]
Before = Annotated[str | None, Query(max_length=200)]


@router.get("", summary="The list of customers: by name, company, number, mail or handle; the last changed first")
async def customers(
    request: Request, q: Q = None, before: Before = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> CustomerPage:
    async with _as_reader(request) as (connection, _):
        return await store.search(connection, asked(q, place(before) if before else None, limit))


@router.post("", status_code=201, summary="A new card")
async def create(request: Request, body: NewCustomer) -> CustomerCard:
    found = [
        (each.kind, _value(each, f"identities.{number}.value"), each.label, each.source, each.confirmed)
        for number, each in enumerate(body.identities)
    ]
    async with _as_reader(request) as (connection, person):
        made = await store.create(connection, body, found, person.id)
        card = await store.card(connection, made)
    _announce(request, person, made)
    return card


@router.get("/managers", summary="The agents who may be a customer's own")
async def managers(request: Request) -> AgentNames:
    async with _as_reader(request) as (connection, _):
        return AgentNames(managers=await store.agents(connection))


@router.get("/{customer}", summary="One card; a card that was merged leads to the one that is meant today")
async def one_card(request: Request, customer: UUID) -> CustomerCard:
    async with _as_reader(request) as (connection, person):
        living = await _living(connection, customer)
        await _audit(request, connection, person, "customer_viewed", living, once_an_hour=True)
        return await store.card(connection, living)


@router.patch("/{customer}", summary="Change a card; what others changed in the same fields meanwhile is told first")
async def edit(request: Request, customer: UUID, body: CardEdit) -> SavedCard:
    async with _as_reader(request) as (connection, person):
        living = await _itself(connection, customer)
        version, stands = await store.stands(connection, living)
        wanted = body.wanted()
        since = await store.changes_since(connection, living, body.version)
        if against := clashes(since, stands, wanted):
            raise _conflict(against[-1].by, version, [each.model_dump(mode="json") for each in against])
        different = differing(stands, wanted)
        await _check_manager(connection, different.get("manager"))
        if different:
            await store.change(connection, living, person.id, stands, different)
            await _audit(request, connection, person, "customer_changed", living)
        saved = SavedCard(card=await store.card(connection, living), meanwhile=since)
    if different:
        _announce(request, person, living)
    return saved


@router.post("/{customer}/identities", status_code=201, summary="One more number, mail or handle")
async def add_identity(request: Request, customer: UUID, body: NewIdentity) -> CustomerCard:
    value = _value(body, "value")
    async with _changing(request, customer) as (connection, person, living):
        if any((each.kind, each.value) == (body.kind, value) for each in await store.identities(connection, living)):
            raise AppError("identity_known", 409, field="value", value=value)
        await store.add_identity(
            connection,
            living,
            body.kind,
            value,
            label=body.label,
            source=body.source,
            person=person.id,
            confirmed=body.confirmed,
        )
        return await store.card(connection, living)


@router.patch("/{customer}/identities/{identity}", summary="Its label, and whether it is confirmed")
async def change_identity(request: Request, customer: UUID, identity: UUID, body: IdentityChange) -> CustomerCard:
    async with _changing(request, customer) as (connection, person, living):
        await store.change_identity(connection, living, str(identity), body, person.id)
        return await store.card(connection, living)


@router.delete("/{customer}/identities/{identity}", summary="Not known by it any more")
async def remove_identity(request: Request, customer: UUID, identity: UUID) -> CustomerCard:
    async with _changing(request, customer) as (connection, person, living):
        await store.remove_identity(connection, living, str(identity), person.id)
        return await store.card(connection, living)


# What all of them do.


@asynccontextmanager
async def _as_reader(request: Request) -> AsyncIterator[tuple[AsyncConnection, Person]]:
    person = require(request.state.person, "customers.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        yield connection, person


@asynccontextmanager
async def _changing(request: Request, customer: UUID) -> AsyncIterator[tuple[AsyncConnection, Person, CustomerId]]:
    """A living card is locked, changed, written down who did it; desks and routing are told after the commit."""
    async with _as_reader(request) as (connection, person):
        living = await _itself(connection, customer)
        await store.stands(connection, living)
        yield connection, person, living
        await _audit(request, connection, person, "customer_changed", living)
    _announce(request, person, living)


async def _living(connection: AsyncConnection, customer: UUID) -> CustomerId:
    living = await store.living(connection, str(customer))
    if living is None:
        raise AppError("not_found", 404)
    return living


async def _itself(connection: AsyncConnection, customer: UUID) -> CustomerId:
    """A card that was merged meanwhile is not changed in place of the one that lives: its fields are others."""
    living = await _living(connection, customer)
    if living != str(customer):
        raise AppError("customer_merged", 409, customer=living)
    return living


def _value(identity: NewIdentity, field: str) -> str:
    value = comparable(identity.kind, identity.value)
    if value is None:
        raise AppError(f"no_{_SHAPES.get(identity.kind, 'handle')}", 400, field=field, value=identity.value)
    return value


_SHAPES = {"phone": "number", "whatsapp": "number", "viber": "number", "mail": "mail"}


async def _check_manager(connection: AsyncConnection, manager: str | None) -> None:
    if manager is not None and not await store.is_agent(connection, manager):
        raise AppError("no_such_agent", 409, field="manager")


def _conflict(by: str | None, version: int, changes: list[dict[str, object]]) -> AppError:
    return AppError(
        "card_conflict", 409, field=str(changes[0]["field"]), by=by or "—", version=version, changes=changes
    )


async def _audit(
    request: Request,
    connection: AsyncConnection,
    person: Person,
    what: str,
    customer: CustomerId,
    *,
    once_an_hour: bool = False,
) -> None:
    if once_an_hour and await tenancy.audited_within_hour(connection, person.id, what, customer, of="customer"):
        return
    address = request.client.host if request.client else ""
    await tenancy.audit(connection, person.id, what, customer=customer, address=address)


def _announce(request: Request, person: Person, customer: CustomerId) -> None:
    """After the commit."""
    live: Live = request.app.state.live
    live.customer_changed(person.tenant, customer)
