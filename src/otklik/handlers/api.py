"""Handlers over HTTP: the list, the code, saving it into the set-up, versions, and what went wrong. All for people with
`configuration.edit`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from otklik.contact.configuration import Configuration, EntryPoint
from otklik.contact.handler import CODE_LIMIT, Handler
from otklik.contact.ids import QueueId, ScenarioId
from otklik.errors import AppError
from otklik.handlers import store
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import require
from otklik.tenancy.document import faults
from otklik.tenancy.person import Person
from otklik.tenancy.versioned import if_match

NO_NUL = r"^[^\x00]*$"
HandlerId = Annotated[str, Path(min_length=1, max_length=64, pattern=NO_NUL)]
Version = Annotated[int, Query(ge=1, le=2**31 - 1)]

router = APIRouter(tags=["handlers"])


class FromCode(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class NamedQueue(FromCode):
    id: str
    name: str


class Number(FromCode):
    """An entry point. `scenario`: what it leads to now."""

    id: str
    name: str
    number: str
    scenario: str


class ShownFault(FromCode):
    """The contact has gone to the queue of last resort; `traceback` is of the code, from its first line on."""

    at: datetime
    contact: str
    scenario: str
    block: str
    reason: str
    traceback: str


class HandlerRow(BaseModel):
    """`numbers`: the entry points that lead to it. `last_fault`: null where none is known."""

    id: str
    name: str
    numbers: list[str]
    last_fault: datetime | None


class HandlerList(BaseModel):
    """`version` is that of the set-up. `faults`: the newest of all scenarios, drawn ones among them."""

    version: int
    handlers: list[HandlerRow]
    taken: list[str]
    """Names that a new one cannot have."""
    queues: list[NamedQueue]
    faults: list[ShownFault]


class HandlerBody(BaseModel):
    name: str
    language: str
    otherwise: str
    code: str


class HandlerVersion(FromCode):
    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


class OpenedHandler(HandlerBody):
    id: str
    version: int
    queues: list[NamedQueue]
    entry_points: list[Number]
    versions: list[HandlerVersion]
    faults: list[ShownFault]


class HandlerSent(BaseModel):
    """`entry_points`: those that shall lead to it from now on, beside those that do."""

    name: str = Field(default="", max_length=100, pattern=NO_NUL)
    language: str = Field(min_length=2, max_length=10, pattern=NO_NUL)
    otherwise: str = Field(min_length=1, max_length=100, pattern=NO_NUL)
    code: str = Field(max_length=CODE_LIMIT, pattern=NO_NUL)
    comment: str = Field(default="", max_length=500, pattern=NO_NUL)
    entry_points: list[str] = Field(default_factory=list, max_length=1_000)


class SavedHandler(BaseModel):
    version: int


@router.get("/api/handlers", summary="All scenarios in Python, and the newest faults of all scenarios")
async def list_handlers(request: Request) -> HandlerList:
    person = require(request.state.person, "configuration.edit")
    async with _database(request).transaction(person.tenant) as connection:
        version, current = await tenancy.set_up(connection)
        found = await store.faults(connection)
    last: dict[str, datetime] = {}
    for each in found:
        last.setdefault(each.scenario, each.at)
    return HandlerList(
        version=version,
        handlers=[
            HandlerRow(
                id=each.id,
                name=each.name,
                numbers=[entry.number for entry in _leading(current, each.id)],
                last_fault=last.get(each.id),
            )
            for each in current.handlers
        ],
        taken=[each.id for kind in (current.scenarios, current.flows, current.handlers) for each in kind],
        queues=[NamedQueue.model_validate(each) for each in current.queues],
        faults=[ShownFault.model_validate(each) for each in found],
    )


@router.get("/api/handlers/{handler}", summary="A scenario in Python: its code, versions and faults")
async def open_handler(request: Request, handler: HandlerId) -> OpenedHandler:
    person, id = require(request.state.person, "configuration.edit"), ScenarioId(handler)
    async with _database(request).transaction(person.tenant) as connection:
        version, current = await tenancy.set_up(connection)
        found = _find(current, id)
        versions = await store.versions(connection, id)
        wrong = await store.faults(connection, id)
    if found is None:
        raise AppError("no_such_handler", 404)
    return OpenedHandler(
        id=id,
        version=version,
        queues=[NamedQueue.model_validate(each) for each in current.queues],
        entry_points=[Number.model_validate(each) for each in current.entry_points],
        versions=[HandlerVersion.model_validate(each) for each in versions],
        faults=[ShownFault.model_validate(each) for each in wrong],
        **_body(found).model_dump(),
    )


@router.get("/api/handlers/{handler}/code", summary="The scenario as it was in a version of the set-up")
async def handler_of_version(request: Request, handler: HandlerId, version: Version) -> HandlerBody:
    person = require(request.state.person, "configuration.edit")
    async with _database(request).transaction(person.tenant) as connection:
        made = await tenancy.configuration_version(connection, version)
    found = _find(made[1], ScenarioId(handler)) if made is not None else None
    if found is None:
        raise AppError("no_such_handler", 404)
    return _body(found)


@router.put("/api/handlers/{handler}", summary="Save a scenario in Python; If-Match names the version of the set-up")
async def save_handler(request: Request, handler: HandlerId, body: HandlerSent) -> SavedHandler:
    """Counts for contacts that come from now on. Contacts under way go on in the version they have."""
    person, id, version = require(request.state.person, "configuration.edit"), ScenarioId(handler), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        _, current = await tenancy.set_up(connection, version)
    made = Handler(
        id=id,
        name=body.name.strip(),
        language=body.language,
        otherwise=QueueId(body.otherwise),
        code=body.code.replace("\r\n", "\n"),
    )
    wanted = _led(_with(current, made), id, body.entry_points)
    return await _apply(request, person, version, wanted, body.comment)


@router.delete(
    "/api/handlers/{handler}", summary="Take a scenario in Python out of the set-up; If-Match names its version"
)
async def delete_handler(request: Request, handler: HandlerId) -> SavedHandler:
    """Contacts under way go on in the version they have."""
    person, id, version = require(request.state.person, "configuration.edit"), ScenarioId(handler), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        _, current = await tenancy.set_up(connection, version)
    if _find(current, id) is None:
        raise AppError("no_such_handler", 404)
    if users := [each.name or each.number for each in _leading(current, id)]:
        raise AppError("handler_in_use", 409, names=", ".join(users))
    wanted = replace(current, handlers=tuple(each for each in current.handlers if each.id != id))
    return await _apply(request, person, version, wanted, f"– {id}")


def _find(current: Configuration, id: ScenarioId) -> Handler | None:
    return next((each for each in current.handlers if each.id == id), None)


def _body(handler: Handler) -> HandlerBody:
    return HandlerBody(name=handler.name, language=handler.language, otherwise=handler.otherwise, code=handler.code)


def _with(current: Configuration, made: Handler) -> Configuration:
    """In its place, or at the end."""
    if _find(current, made.id) is None:
        return replace(current, handlers=(*current.handlers, made))
    return replace(current, handlers=tuple(made if each.id == made.id else each for each in current.handlers))


def _leading(current: Configuration, id: ScenarioId) -> list[EntryPoint]:
    return [
        entry
        for entry in current.entry_points
        if entry.scenario == id or any(rule.to.scenario == id for rule in entry.rules)
    ]


def _led(current: Configuration, id: ScenarioId, wanted: list[str]) -> Configuration:
    known = {entry.id for entry in current.entry_points}
    for each in wanted:
        if each not in known:
            raise AppError("no_such_entry_point", 400, field="entry_points")
    led = tuple(replace(each, scenario=id) if each.id in wanted else each for each in current.entry_points)
    return replace(current, entry_points=led)


async def _apply(request: Request, person: Person, version: int, wanted: Configuration, comment: str) -> SavedHandler:
    wrong = [each for each in faults(wanted) if not each.warning]
    if wrong:
        raise AppError("handler_not_fit", 400, place=wrong[0].place, reason=wrong[0].message(person.language))
    address = request.client.host if request.client else ""
    async with _database(request).transaction(person.tenant) as connection:
        made = await tenancy.change_configuration(
            connection,
            request.app.state.inbox,
            person,
            wanted,
            version=version,
            comment=comment,
            address=address,
        )
    return SavedHandler(version=made)


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
