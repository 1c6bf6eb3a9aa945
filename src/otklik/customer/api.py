"""Cards of customers: the list, one card, its changes, and by what a customer is known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import CustomerId
from otklik.contact.ports import Live
from otklik.customer import store
from otklik.customer.card import (
    NO_NUL,
    OWN,
    CardEdit,
    CustomerCard,
    CustomerPage,
    IdentityChange,
    Named,
    NewCustomer,
    NewIdentity,
    People,
    SavedCard,
    clashes,
    differing,
)
from otklik.customer.form import Form, checked, form_of
from otklik.customer.identity import comparable
from otklik.customer.merge import (
    Apart,
    Duplicates,
    MergePreview,
    NewMerge,
    NotTheSame,
    Undoing,
    side_by_side,
    taken,
)
from otklik.customer.notes import NewNote, NewTask, NoteChange, TaskChange, Written
from otklik.customer.search import asked, place
from otklik.customer.store import merges as store_merges
from otklik.customer.store import notes as store_notes
from otklik.customer.store import timeline as store_timeline
from otklik.customer.timeline import KINDS, ItemKind, TimelinePage
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


@router.get("/people", summary="Colleagues: to whom a task may be given, and who may be a customer's own manager")
async def people(request: Request) -> People:
    async with _as_reader(request) as (connection, _):
        return People(people=await store.people(connection))


@router.get("/form", summary="The tenant's own fields of the card")
async def form(request: Request) -> Form:
    async with _as_reader(request) as (connection, _):
        return form_of(await tenancy.configuration(connection))


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
        said = {**wanted, **{OWN + name: value for name, value in body.fields.items()}}
        since = await store.changes_since(connection, living, body.version)
        if against := clashes(since, stands, said):
            raise _conflict(against[-1].by, version, [each.model_dump(mode="json") for each in against])
        if body.fields:
            wanted |= await _own_fields(connection, person, stands, body)
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


# Notes and tasks.


@router.get("/{customer}/notes", summary="Notes and tasks of a customer")
async def notes(request: Request, customer: UUID) -> Written:
    async with _as_reader(request) as (connection, _):
        return await _written(connection, await _living(connection, customer))


@router.post("/{customer}/notes", status_code=201, summary="Write a note")
async def add_note(request: Request, customer: UUID, body: NewNote) -> Written:
    async with _as_reader(request) as (connection, person):
        living = await _living(connection, customer)
        await store_notes.add_note(connection, living, person.id, body.text, pinned=body.pinned)
        return await _written(connection, living)


@router.patch("/{customer}/notes/{note}", summary="Mend one's own note; pin anybody's")
async def change_note(request: Request, customer: UUID, note: UUID, body: NoteChange) -> Written:
    async with _as_reader(request) as (connection, person):
        living = await _living(connection, customer)
        await store_notes.change_note(connection, living, str(note), person.id, body)
        return await _written(connection, living)


@router.post("/{customer}/tasks", status_code=201, summary="Write down what is to be done")
async def add_task(request: Request, customer: UUID, body: NewTask) -> Written:
    async with _as_reader(request) as (connection, person):
        living = await _living(connection, customer)
        await _check_assignee(connection, body.assignee)
        await store_notes.add_task(connection, living, person.id, body)
        return await _written(connection, living)


@router.patch("/{customer}/tasks/{task}", summary="Change a task, give it to another, tick it off")
async def change_task(request: Request, customer: UUID, task: UUID, body: TaskChange) -> Written:
    async with _as_reader(request) as (connection, person):
        living = await _living(connection, customer)
        await _check_assignee(connection, body.assignee)
        await store_notes.change_task(connection, living, str(task), person.id, body)
        return await _written(connection, living)


async def _written(connection: AsyncConnection, customer: CustomerId) -> Written:
    return Written(
        notes=await store_notes.notes(connection, customer), tasks=await store_notes.tasks(connection, customer)
    )


async def _check_assignee(connection: AsyncConnection, assignee: UUID | None) -> None:
    if assignee is not None and not await store.is_person(connection, str(assignee)):
        raise AppError("no_such_person", 409, field="assignee")


# All that was.


@router.get("/{customer}/timeline", summary="Contacts of all channels, notes, tasks and changes, newest first")
async def timeline(
    request: Request,
    customer: UUID,
    q: Q = None,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    kind: Annotated[list[ItemKind] | None, Query()] = None,
) -> TimelinePage:
    """`kind`: only these, several may be named."""
    live: Live = request.app.state.live
    person = require(request.state.person, "customers.edit")
    await live.written(person.tenant)
    async with _as_reader(request) as (connection, _):
        living = await _living(connection, customer)
        return await store_timeline.timeline(
            connection, living, kind or KINDS, before=place(before) if before else None, q=q, limit=limit
        )


# Two cards of one person.


@router.get("/{customer}/duplicates", summary="Other cards that may be of the same person, and what speaks for it")
async def duplicates(request: Request, customer: UUID) -> Duplicates:
    async with _as_reader(request) as (connection, _):
        living = await _living(connection, customer)
        return Duplicates(duplicates=await store_merges.duplicates(connection, living))


@router.post("/{customer}/distinct", status_code=204, summary="Two who look like one and are not")
async def distinct(request: Request, customer: UUID, body: NotTheSame) -> None:
    async with _as_reader(request) as (connection, person):
        one, other = await _two(connection, customer, body.other)
        await store_merges.say_distinct(connection, one, other, person.id)


@router.get("/{customer}/merge/{other}", summary="Both cards side by side, and which value would win")
async def merge_preview(request: Request, customer: UUID, other: UUID) -> MergePreview:
    async with _as_reader(request) as (connection, _):
        kept, gone = await _two(connection, customer, other)
        (_, mine), (_, others) = await store.stands(connection, kept), await store.stands(connection, gone)
        return MergePreview(
            kept=await store.card(connection, kept),
            other=await store.card(connection, gone),
            fields=side_by_side(mine, others),
            reasons=await store_merges.reasons(connection, kept, gone),
            contacts={
                "kept": await store_merges.contacts(connection, kept),
                "other": await store_merges.contacts(connection, gone),
            },
        )


@router.post("/{customer}/merge", summary="Take another card into this one")
async def merge(request: Request, customer: UUID, body: NewMerge) -> CustomerCard:
    async with _as_reader(request) as (connection, person):
        kept, gone = await _two(connection, customer, body.other)
        found = {each: await store.stands(connection, each) for each in sorted((kept, gone))}
        if await _two(connection, customer, body.other) != (kept, gone):
            raise AppError("merge_changed", 409)
        if (found[kept][0], found[gone][0]) != (body.version, body.other_version):
            raise AppError("merge_changed", 409)
        gets = taken(found[kept][1], found[gone][1], body.take)
        await store_merges.merge(connection, (kept, found[kept][1]), (gone, found[gone][1]), gets, person.id, body.why)
        for each in (kept, gone):
            await _audit(request, connection, person, "customer_merged", each)
        card = await store.card(connection, kept)
    _announce(request, person, kept)
    return card


@router.post("/{customer}/unmerge", summary="Undo the last merge into this card: both stand again as they stood")
async def unmerge(request: Request, customer: UUID, body: Undoing) -> Apart:
    async with _as_reader(request) as (connection, person):
        kept = await _itself(connection, customer)
        _, stands = await store.stands(connection, kept)
        gone = await store_merges.undo(connection, kept, stands, str(body.merge), body.added_to, person.id)
        for each in (kept, gone):
            await _audit(request, connection, person, "customer_unmerged", each)
        card, other = await store.card(connection, kept), await store.card(connection, gone)
    for each in (kept, gone):
        _announce(request, person, each)
    return Apart(kept=card, other=Named(id=other.id, name=other.name))


async def _two(connection: AsyncConnection, customer: UUID, other: UUID) -> tuple[CustomerId, CustomerId]:
    """Both living and not the same."""
    one, another = await _itself(connection, customer), await _itself(connection, other)
    if one == another:
        raise AppError("merge_itself", 409, field="other")
    return one, another


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


async def _own_fields(
    connection: AsyncConnection, person: Person, stands: Mapping[str, Any], body: CardEdit
) -> dict[str, Any]:
    """Raises `form_invalid` with everything that is wrong."""
    configuration = await tenancy.configuration(connection)
    own = {name.removeprefix(OWN): value for name, value in stands.items() if name.startswith(OWN)}
    right, wrong = checked(configuration, own, body.fields)
    if wrong:
        names = {each.id: each.ru if person.language == "ru" else each.en for each in configuration.customer_fields}
        faults = [
            {"field": OWN + name, "name": names.get(name, name), "reason": each.reason(person.language)}
            for name, each in wrong.items()
        ]
        first = faults[0]
        raise AppError("form_invalid", 400, **first, faults=faults)
    return {OWN + name: value for name, value in right.items()}


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
