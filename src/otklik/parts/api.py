"""Parts of the set-up over HTTP: read, checked, published, their versions. All for people with `configuration.edit`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.configuration import Configuration
from otklik.customer.form import Form, form_of
from otklik.errors import AppError
from otklik.parts import store
from otklik.parts.part import Part, names, of_agents, of_queues, part_named, revised, value, whole
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import require
from otklik.tenancy.document import Accounts
from otklik.tenancy.person import Person
from otklik.tenancy.revision import Revision
from otklik.tenancy.versioned import if_match

NO_NUL = r"^[^\x00]*$"
Value = list[Any] | dict[str, list[Any]]
OfPath = Annotated[str, Path(max_length=64, pattern=NO_NUL)]
OfThings = dict[str, dict[str, Any]]

router = APIRouter(tags=["parts of the set-up"])


class Attribute(BaseModel):
    """What scenarios may have found out, by the name that texts use after `contact.`."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    ru: str
    en: str


class PartThing(BaseModel):
    """What may be referred to, and what it is called."""

    id: str
    ru: str
    en: str


class PartOpened(BaseModel):
    """`value`: a list as in the file, with all values; of a part that has several, each by its name. `queues` and `agents`: what
    is set of them beside it. `names`: what there is to refer to, by the lists it stands in. `form` and `attributes`: what texts
    and conditions may name."""

    version: int
    value: Value
    queues: list[dict[str, Any]]
    agents: list[dict[str, Any]]
    names: dict[str, list[PartThing]]
    form: Form
    attributes: list[Attribute]


class PartSent(BaseModel):
    """Lists that are left out stay as they are, and so do queues and agents."""

    value: Value
    queues: OfThings = {}
    agents: OfThings = {}


class PartWanted(PartSent):
    """What is to stand from now on, and why."""

    comment: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = ""


class PartFault(BaseModel):
    """`place` within the whole set-up: `talk_scripts[0].steps[2].say`."""

    model_config = ConfigDict(from_attributes=True)

    place: str
    code: str
    warning: bool
    message: str


class PartChange(BaseModel):
    """`kind`: + added, - taken away, ~ changed. `place` names things by their ids."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    place: str
    before: Any
    after: Any


class PartChecked(BaseModel):
    """From version `version` on. Nothing can be published while a fault is no warning."""

    version: int
    changes: list[PartChange]
    faults: list[PartFault]


class PartVersion(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


class PartVersions(BaseModel):
    versions: list[PartVersion]


@router.get("/api/configuration/parts/{part}", summary="A part of the set-up: the newest version, or the one asked for")
async def open_part(
    request: Request, part: OfPath, version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> PartOpened:
    person = require(request.state.person, "configuration.edit")
    of = part_named(part)
    async with _database(request).transaction(person.tenant) as connection:
        number, found = await _version(connection, version)
        accounts = await tenancy.accounts(connection)
    document = whole(found, accounts)
    return PartOpened(
        version=number,
        value=value(document, of),
        queues=of_queues(document, of),
        agents=of_agents(document, of),
        names={
            kind: [PartThing.model_validate(each) for each in each_of]
            for kind, each_of in names(document, accounts).items()
        },
        form=form_of(found),
        attributes=[Attribute.model_validate(each) for each in found.attributes],
    )


@router.post(
    "/api/configuration/parts/{part}/check",
    summary="What is wrong with a part, and what it would change; changes nothing",
)
async def check_part(request: Request, part: OfPath, body: PartSent) -> PartChecked:
    person = require(request.state.person, "configuration.edit")
    of = part_named(part)
    async with _database(request).transaction(person.tenant) as connection:
        version, current = await tenancy.set_up(connection)
        accounts = await tenancy.accounts(connection)
    return _checked(version, await _revised(request, person, of, body, current, accounts))


@router.put(
    "/api/configuration/parts/{part}", summary="Publish a part; If-Match names the set-up's version that it changes"
)
async def publish_part(request: Request, part: OfPath, body: PartWanted) -> PartChecked:
    person, version = require(request.state.person, "configuration.edit"), if_match(request)
    of = part_named(part)
    async with _database(request).transaction(person.tenant) as connection:
        _, current = await tenancy.set_up(connection, version)
        accounts = await tenancy.accounts(connection)
    revision = await _revised(request, person, of, body, current, accounts)
    wanted = revision.fit()
    if not revision.changes:
        return _checked(version, revision)
    address = request.client.host if request.client else ""
    async with _database(request).transaction(person.tenant) as connection:
        made = await tenancy.change_configuration(
            connection,
            request.app.state.inbox,
            person,
            wanted,
            version=version,
            comment=body.comment,
            address=address,
        )
    return _checked(made, revision)


@router.get(
    "/api/configuration/parts/{part}/versions", summary="The versions in which a part, or one thing in it, changed"
)
async def part_versions(
    request: Request, part: OfPath, item: Annotated[str | None, Query(max_length=64, pattern=NO_NUL)] = None
) -> PartVersions:
    """Newest first."""
    person = require(request.state.person, "configuration.edit")
    of = part_named(part)
    async with _database(request).transaction(person.tenant) as connection:
        found = await store.versions(connection, of.collections, item)
    return PartVersions(versions=[PartVersion.model_validate(each) for each in found])


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _version(connection: AsyncConnection, version: int | None) -> tuple[int, Configuration]:
    if version is None:
        return await tenancy.set_up(connection)
    found = await tenancy.configuration_version(connection, version)
    if found is None:
        raise AppError("config_no_version", 404, version=version)
    return found[0].number, found[1]


async def _revised(
    request: Request, person: Person, part: Part, body: PartSent, current: Configuration, accounts: Accounts
) -> Revision:
    lacks = request.app.state.lacks
    return await asyncio.to_thread(
        revised,
        part,
        body.value,
        body.queues,
        current,
        accounts,
        person.language,
        agents=body.agents,
        lacks=lacks,
    )


def _checked(version: int, revision: Revision) -> PartChecked:
    return PartChecked(
        version=version,
        changes=[PartChange.model_validate(each) for each in revision.changes],
        faults=[PartFault.model_validate(each) for each in revision.told],
    )
