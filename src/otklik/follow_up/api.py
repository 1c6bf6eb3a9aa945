"""What follows from the result of a contact, and the tasks that one has to do or may take."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import AgentId, ContactId, CustomerId
from otklik.contact.ports import Live
from otklik.customer import store as customers
from otklik.customer.notes import Tasks
from otklik.errors import AppError
from otklik.follow_up import store
from otklik.follow_up.task import FollowUp, Handling, queues_of
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import hand_of, require
from otklik.tenancy.page import in_hand
from otklik.tenancy.person import Person

router = APIRouter(tags=["desk"])


@router.put("/api/desk/contacts/{contact}/follow-up", status_code=204, summary="Write down what follows from a contact")
async def write_follow_up(request: Request, contact: UUID, body: FollowUp) -> None:
    """Of each contact an agent writes one task; said again it replaces the one before; after that is done it is another one."""
    async with _of_a_contact(request, contact) as (connection, person, identity, customer):
        await _check(connection, body)
        await store.write(connection, identity, customer, person.id, body)


@router.delete("/api/desk/contacts/{contact}/follow-up", status_code=204, summary="Nothing follows after all")
async def forget_follow_up(request: Request, contact: UUID) -> None:
    async with _of_a_contact(request, contact) as (connection, person, identity, _):
        await store.forget(connection, identity, person.id)


@asynccontextmanager
async def _of_a_contact(
    request: Request, contact: UUID
) -> AsyncIterator[tuple[AsyncConnection, Person, ContactId, CustomerId | None]]:
    """One that this agent has in hand, or had; and whose it is. Raises `no_such_contact`."""
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    live: Live = request.app.state.live
    shown = in_hand(live, person, agent, identity)
    if shown is None:
        await live.written(person.tenant)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if shown is None and not await store.took_part(connection, identity, person.id):
            raise AppError("no_such_contact", 409)
        card = shown["customer"] if shown is not None else None
        yield connection, person, identity, card["id"] if card else await store.customer_of(connection, identity)


@router.get("/api/tasks", summary="What one has to do, and what anybody of one's queues may take, by when it is due")
async def my_tasks(request: Request) -> Tasks:
    person = require(request.state.person, "customers.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        return await _mine(connection, person)


@router.patch("/api/tasks/{task}", summary="Tick a task off, postpone it, take it, hand it on")
async def handle_task(request: Request, task: UUID, body: Handling) -> Tasks:
    person = require(request.state.person, "customers.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await _check(connection, body)
        await store.handle(connection, str(task), person.id, body)
        return await _mine(connection, person)


async def _mine(connection: AsyncConnection, person: Person) -> Tasks:
    queues = queues_of(await tenancy.configuration(connection), AgentId(person.agent) if person.agent else None)
    return Tasks(tasks=await store.tasks_of(connection, person.id, queues))


async def _check(connection: AsyncConnection, wanted: FollowUp | Handling) -> None:
    """Raises `one_target`, `no_such_person`, `no_such_queue`."""
    if wanted.assignee is not None and wanted.queue is not None:
        raise AppError("one_target", 400, field="queue")
    if wanted.assignee is not None and not await customers.is_person(connection, str(wanted.assignee)):
        raise AppError("no_such_person", 409, field="assignee")
    if wanted.queue is not None:
        known = {queue.id for queue in (await tenancy.configuration(connection)).queues}
        if wanted.queue not in known:
            raise AppError("no_such_queue", 409, field="queue")
