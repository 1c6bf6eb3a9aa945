"""Handlers over HTTP: the list, the code, test calls and tests, saving it into the set-up, versions, and what went wrong. All for
people with `configuration.edit`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from otklik.contact.configuration import Configuration, EntryPoint
from otklik.contact.flow import Expected, FlowTest
from otklik.contact.handler import Handler
from otklik.contact.ids import QueueId, ScenarioId
from otklik.errors import AppError
from otklik.handlers import store
from otklik.handlers.bodies import (
    NO_NUL,
    HandlerBody,
    HandlerList,
    HandlerRow,
    HandlerSent,
    HandlerTestsAsked,
    HandlerTrial,
    HandlerTrialAsked,
    HandlerTried,
    HandlerVerdict,
    HandlerVerdicts,
    HandlerVersion,
    NamedQueue,
    Number,
    OpenedHandler,
    SavedHandler,
    ShownFault,
)
from otklik.handlers.trial import trial_of
from otklik.scenario.handler_rehearsal import Rehearsals
from otklik.scenario.rehearsal import HANGS_UP
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import require
from otklik.tenancy.document import faults
from otklik.tenancy.person import Person
from otklik.tenancy.versioned import if_match

HandlerId = Annotated[str, Path(min_length=1, max_length=64, pattern=NO_NUL)]
Version = Annotated[int, Query(ge=1, le=2**31 - 1)]

router = APIRouter(tags=["handlers"])


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


@router.post(
    "/api/handlers/trial", summary="A test call: the code as sent, confined, with a fake caller; changes nothing"
)
async def try_handler(request: Request, body: HandlerTrialAsked) -> HandlerTrial:
    person = require(request.state.person, "configuration.edit")
    call = FlowTest(
        name="",
        presses=tuple(body.presses),
        expect=Expected(),
        ani=body.ani,
        language=body.caller_language,
        vip=body.vip,
        attributes=body.attributes,
        request=body.request,
        branches=body.branches,
        answers=body.answers,
    )
    made, queues = _tried(body), await _queues(request, person)
    found = await _rehearsals(request).play(person.tenant, made, call, queues, after=HANGS_UP)
    return HandlerTrial.model_validate(trial_of(found))


@router.post("/api/handlers/tests", summary="The tests as sent, of the code as sent; changes nothing")
async def test_handler(request: Request, body: HandlerTestsAsked) -> HandlerVerdicts:
    person = require(request.state.person, "configuration.edit")
    made, queues = replace(_tried(body), tests=body.tests), await _queues(request, person)
    verdicts = await _rehearsals(request).judge(person.tenant, made, queues)
    return HandlerVerdicts(verdicts=[HandlerVerdict(name=each.test.name, wrong=list(each.wrong)) for each in verdicts])


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
    before = _find(current, id)
    made = Handler(
        id=id,
        name=body.name.strip(),
        language=body.language,
        otherwise=QueueId(body.otherwise),
        code=body.code.replace("\r\n", "\n"),
        written=body.written if body.written is not None else before is not None and before.written,
        tests=body.tests if body.tests is not None else before.tests if before is not None else (),
    )
    wanted = _led(_with(current, made), id, body.entry_points)
    return await _apply(request, person, version, wanted, body.comment, before=current)


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
    return HandlerBody(
        name=handler.name,
        language=handler.language,
        otherwise=handler.otherwise,
        code=handler.code,
        written=handler.written,
        tests=handler.tests,
    )


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


async def _apply(
    request: Request,
    person: Person,
    version: int,
    wanted: Configuration,
    comment: str,
    *,
    before: Configuration | None = None,
) -> SavedHandler:
    """`before`: what is not as it was there is tested first."""
    found = await asyncio.to_thread(faults, wanted)
    wrong = [each for each in found if not each.warning]
    failing = []
    if before is not None and not wrong:
        failing = await _rehearsals(request).failing(person.tenant, wanted, before)
    for each in (*wrong, *(each for each in failing if not each.warning)):
        raise AppError("handler_not_fit", 400, place=each.place, reason=each.message(person.language))
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
    return SavedHandler(version=made, warnings=[each.message(person.language) for each in failing])


def _tried(body: HandlerTried) -> Handler:
    """With the queues as they are; one that is not there shows as it would in a real call."""
    return Handler(
        id=ScenarioId(body.id),
        language=body.language,
        otherwise=QueueId(body.otherwise),
        code=body.code.replace("\r\n", "\n"),
        written=body.written,
    )


async def _queues(request: Request, person: Person) -> list[QueueId]:
    async with _database(request).transaction(person.tenant) as connection:
        _, current = await tenancy.set_up(connection)
    return [each.id for each in current.queues]


def _rehearsals(request: Request) -> Rehearsals:
    rehearsals: Rehearsals = request.app.state.rehearsals
    return rehearsals


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
