"""Flows over HTTP: the list, drafts, test calls, publishing, earlier versions. All for people with `configuration.edit`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import Expected, FlowTest
from otklik.contact.ids import EntryPointId, ScenarioId
from otklik.errors import AppError, Language
from otklik.flows import store
from otklik.flows.bodies import (
    NO_NUL,
    Back,
    Change,
    Choices,
    Course,
    Difference,
    DraftBody,
    DraftHead,
    DraftSent,
    Exit,
    FlowList,
    FlowRow,
    FlowSent,
    FlowTemplate,
    FlowTemplates,
    FlowVersion,
    FlowVersions,
    Kept,
    Named,
    Number,
    Opened,
    Problem,
    Problems,
    Publication,
    Published,
    Testing,
    Trial,
    TrialAsked,
    Version,
)
from otklik.flows.course import course, course_of_code
from otklik.flows.drawing import Checked, check, difference, leads_to, plain_of, read, run_by, without_flow
from otklik.flows.templates import templates
from otklik.flows.trial import trial_of
from otklik.scenario.audit_handler import functions_of
from otklik.scenario.handler_rehearsal import Rehearsals
from otklik.scenario.rehearsal import HANGS_UP
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import require
from otklik.tenancy.document import Accounts, Plain, faults
from otklik.tenancy.person import Person
from otklik.tenancy.versioned import if_match

FlowId = Annotated[str, Path(min_length=1, max_length=100, pattern=NO_NUL)]

router = APIRouter(tags=["flows"])


@router.get("/api/flows", summary="All flows, published or drafted")
async def list_flows(request: Request) -> FlowList:
    person = require(request.state.person, "configuration.edit")
    async with _database(request).transaction(person.tenant) as connection:
        version, current, _ = await _set_up(connection)
        drafts = {each.flow: each for each in await store.drafts(connection)}
    names = {flow.id: flow.name for flow in current.flows}
    names |= {id: str(draft.body.get("name", "")) for id, draft in drafts.items()}
    published = {flow.id for flow in current.flows}
    rows = [
        FlowRow(
            id=id,
            name=name,
            published=id in published,
            draft=DraftHead.model_validate(drafts[id]) if id in drafts else None,
            numbers=[entry.number for entry in leads_to(current, id)],
        )
        for id, name in names.items()
    ]
    return FlowList(
        version=version,
        scenario_tests=current.scenario_tests,
        flows=rows,
        queues=[Named(id=each.id, name=each.name) for each in current.queues],
        plain=[Named(id=each.id, name=each.id) for each in current.scenarios],
    )


@router.put(
    "/api/flows/tests",
    summary="What tests that do not hold keep from counting; If-Match names the version of the set-up",
)
async def set_testing(request: Request, body: Testing) -> Published:
    """Of all scenarios. Told in the set-up's versions and in the audit, as every change of it."""
    person, version = require(request.state.person, "configuration.edit"), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, _ = await _set_up(connection, version)
    wanted = replace(current, scenario_tests=body.scenario_tests)
    rehearsals: Rehearsals = request.app.state.rehearsals
    found = [*await asyncio.to_thread(faults, wanted), *await rehearsals.failing(person.tenant, wanted, current)]
    wrong = [each for each in found if not each.warning]
    if wrong:
        raise AppError("flow_not_fit", 409, place=wrong[0].place, reason=_said(wrong[0], person))
    comment = f"{current.scenario_tests} → {body.scenario_tests}"
    return Published(version=await _apply(request, person, version, wanted, comment))


@router.get("/api/flow-templates", summary="Flows to begin with, with their tests; usually in the person's language")
async def flow_templates(request: Request, language: Language | None = None) -> FlowTemplates:
    person = require(request.state.person, "configuration.edit")
    async with _database(request).transaction(person.tenant) as connection:
        _, current, _ = await _set_up(connection)
    language = language or person.language
    found = [
        FlowTemplate(
            id=each.id,
            name=each.name[language],
            help=each.help[language],
            flow=each.flow(current, language, ScenarioId(each.id)),
        )
        for each in await asyncio.to_thread(templates)
    ]
    return FlowTemplates(templates=found)


@router.get("/api/flows/{flow}", summary="A flow with its draft, its problems, and what its blocks may name")
async def open_flow(request: Request, flow: FlowId) -> Opened:
    person, id = require(request.state.person, "configuration.edit"), ScenarioId(flow)
    async with _database(request).transaction(person.tenant) as connection:
        version, current, accounts = await _set_up(connection)
        draft = await store.draft(connection, id)
    published = plain_of(current, id, accounts)
    shown = draft.body if draft is not None else published
    if shown is None:
        raise AppError("no_such_flow", 404)
    checked = await _checked(request, current, shown, accounts)
    return Opened(
        id=id,
        version=version,
        published=published,
        draft=DraftBody.model_validate(draft) if draft is not None else None,
        run_by=[Named(id=each.id, name=each.name) for each in run_by(current, id)],
        choices=_choices(current, accounts, id),
        **_problems(checked).model_dump(),
    )


@router.put(
    "/api/flows/{flow}/draft", summary="Keep a draft; If-Match names the revision it goes over, 0 for a new one"
)
async def keep_draft(request: Request, flow: FlowId, body: DraftSent) -> Kept:
    person, id, revision = require(request.state.person, "configuration.edit"), ScenarioId(flow), if_match(request)
    read(body.flow, id)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, accounts = await _set_up(connection)
        made = await store.save_draft(connection, id, revision, body.base, body.flow, person.id)
    checked = await _checked(request, current, body.flow, accounts)
    return Kept(revision=made, **_problems(checked).model_dump())


@router.delete("/api/flows/{flow}/draft", status_code=204, summary="Throw a draft away; If-Match names its revision")
async def throw_draft_away(request: Request, flow: FlowId) -> None:
    person, revision = require(request.state.person, "configuration.edit"), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        await store.drop_draft(connection, ScenarioId(flow), revision)


@router.post("/api/flows/check", summary="What is wrong with a flow; changes nothing")
async def check_flow(request: Request, body: FlowSent) -> Problems:
    person = require(request.state.person, "configuration.edit")
    read(body.flow)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, accounts = await _set_up(connection)
    return _problems(await _checked(request, current, body.flow, accounts))


@router.post("/api/flows/trial", summary="A test call: the flow as sent, with a fake caller; changes nothing")
async def try_flow(request: Request, body: TrialAsked) -> Trial:
    person = require(request.state.person, "configuration.edit")
    wanted = read(body.flow)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, _ = await _set_up(connection)
    call = FlowTest(
        name="",
        presses=tuple(body.presses),
        expect=Expected(),
        ani=body.ani,
        language=body.language,
        vip=body.vip,
        attributes=body.attributes,
        request=body.request,
        branches=body.branches,
        answers=body.answers,
    )
    rehearsals: Rehearsals = request.app.state.rehearsals
    found = await rehearsals.play_flow(person.tenant, wanted, current, call, after=HANGS_UP)
    return Trial.model_validate(trial_of(wanted, found, call))


@router.post("/api/flows/{flow}/publish", summary="Let the draft count; If-Match names its revision")
async def publish_flow(request: Request, flow: FlowId, body: Publication) -> Published:
    person, id, revision = require(request.state.person, "configuration.edit"), ScenarioId(flow), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        version, current, accounts = await _set_up(connection)
        draft = await store.draft(connection, id)
        if draft is None:
            raise AppError("flow_no_draft", 412, revision=0)
        begun = await tenancy.configuration_version(connection, draft.base)
    if (plain_of(begun[1], id, accounts) if begun else None) != plain_of(current, id, accounts):
        raise AppError("flow_changed_meanwhile", 409, version=version)
    leading = _entry_points(current, body.entry_points)
    found = await _checked(request, current, draft.body, accounts, leading)
    made = await _apply(request, person, version, _fit(found), body.comment, draft=(id, revision))
    return Published(version=made)


@router.delete(
    "/api/flows/{flow}", summary="Take a flow out of the set-up, and its draft; If-Match names the set-up's version"
)
async def delete_flow(request: Request, flow: FlowId) -> Published:
    """Contacts under way go on in the version they have."""
    person, id, version = require(request.state.person, "configuration.edit"), ScenarioId(flow), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, accounts = await _set_up(connection, version)
        draft = await store.draft(connection, id)
        if plain_of(current, id, accounts) is None:
            if draft is None:
                raise AppError("no_such_flow", 404)
            await store.forget_draft(connection, id)
            return Published(version=version)
    users = [each.name or each.number for each in leads_to(current, id)]
    users += [each.name or each.id for each in run_by(current, id)]
    if users:
        raise AppError("flow_in_use", 409, names=", ".join(users))
    wanted = without_flow(current, id)
    wrong = [each for each in faults(wanted) if not each.warning]
    if wrong:
        raise AppError("flow_not_fit", 409, place=wrong[0].place, reason=_said(wrong[0], person))
    return Published(version=await _apply(request, person, version, wanted, f"– {id}", draft=(id, None)))


@router.get("/api/flows/{flow}/versions", summary="The versions of the set-up in which this flow changed, newest first")
async def flow_versions(request: Request, flow: FlowId) -> FlowVersions:
    person = require(request.state.person, "configuration.edit")
    async with _database(request).transaction(person.tenant) as connection:
        found = await store.versions(connection, ScenarioId(flow))
    return FlowVersions(versions=[FlowVersion.model_validate(each) for each in found])


@router.get(
    "/api/flows/{flow}/compare", summary="What changed from one version of the set-up to another, or to the draft"
)
async def compare_flow(request: Request, flow: FlowId, before: Version = 0, after: Version | None = None) -> Difference:
    """Version 0: before there was any. `after` left out: the draft."""
    person, id = require(request.state.person, "configuration.edit"), ScenarioId(flow)
    async with _database(request).transaction(person.tenant) as connection:
        one = await _flow_of(connection, id, before)
        if after is None:
            draft = await store.draft(connection, id)
            if draft is None:
                raise AppError("flow_no_draft", 404, revision=0)
            other: Plain | None = draft.body
        else:
            other = await _flow_of(connection, id, after)
    changes = await asyncio.to_thread(difference, one, other)
    return Difference(before=one, after=other, changes=[Change.model_validate(each) for each in changes])


@router.get(
    "/api/flows/{flow}/course", summary="Where contacts of the published flow went lately, and where they are now"
)
async def flow_course(request: Request, flow: FlowId, hours: Annotated[int, Query(ge=1, le=168)] = 24) -> Course:
    person, id = require(request.state.person, "configuration.edit"), ScenarioId(flow)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, _ = await _set_up(connection)
        found = next((each for each in current.flows if each.id == id), None)
        if found is None:
            raise AppError("no_such_flow", 404)
        named = [id, *(each.id for each in run_by(current, id))]
        entries = {entry.id for each in named for entry in leads_to(current, each)}
        traces = await store.traces(connection, sorted(entries), hours)
    return Course.model_validate(await asyncio.to_thread(course, found, traces))


@router.get(
    "/api/handlers/{handler}/course",
    summary="Where contacts of a scenario in Python went lately, and where they are now",
)
async def handler_course(request: Request, handler: FlowId, hours: Annotated[int, Query(ge=1, le=168)] = 24) -> Course:
    """By the names of its steps, in all the versions that there were."""
    person, id = require(request.state.person, "configuration.edit"), ScenarioId(handler)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, _ = await _set_up(connection)
        if all(each.id != id for each in current.handlers):
            raise AppError("no_such_handler", 404)
        traces = await store.traces(connection, sorted(entry.id for entry in leads_to(current, id)), hours)
    return Course.model_validate(await asyncio.to_thread(course_of_code, traces))


@router.post(
    "/api/flows/{flow}/rollback", summary="Publish an earlier version of a flow; If-Match names the set-up's version"
)
async def roll_back_flow(request: Request, flow: FlowId, body: Back) -> Published:
    """Everything else in the set-up stays as it is, and so does a draft."""
    person, id, version = require(request.state.person, "configuration.edit"), ScenarioId(flow), if_match(request)
    async with _database(request).transaction(person.tenant) as connection:
        _, current, accounts = await _set_up(connection, version)
        earlier = await _flow_of(connection, id, body.version)
    if earlier is None:
        raise AppError("flow_no_version", 404, version=body.version)
    found = await _checked(request, current, earlier, accounts)
    made = await _apply(request, person, version, _fit(found), body.comment or f"← {body.version}")
    return Published(version=made)


# How it is done.


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _set_up(connection: AsyncConnection, version: int | None = None) -> tuple[int, Configuration, Accounts]:
    return *(await tenancy.set_up(connection, version)), await tenancy.accounts(connection)


async def _flow_of(connection: AsyncConnection, flow: ScenarioId, version: int) -> Plain | None:
    if version == 0:
        return None
    found = await tenancy.configuration_version(connection, version)
    if found is None:
        raise AppError("config_no_version", 404, version=version)
    return plain_of(found[1], flow, await tenancy.accounts(connection))


async def _checked(
    request: Request, current: Configuration, flow: Plain, accounts: Accounts, leading: list[EntryPointId] | None = None
) -> Checked:
    language, lacks = request.state.person.language, request.app.state.lacks
    return await asyncio.to_thread(check, current, flow, accounts, language, leading or (), lacks)


def _problems(found: Checked) -> Problems:
    return Problems(
        problems=[Problem.model_validate(each) for each in found.problems],
        uncovered=[Exit(block=block, exit=exit_) for block, exit_ in found.uncovered],
    )


def _fit(found: Checked) -> Configuration:
    if found.wanted is None:
        wrong = next(each for each in found.problems if not each.warning)
        told = [Problem.model_validate(each).model_dump() for each in found.problems]
        raise AppError("flow_not_fit", 400, place=wrong.place or "–", reason=wrong.message, problems=told)
    return found.wanted


def _said(fault: Fault, person: Person) -> str:
    return fault.message(person.language)


def _entry_points(current: Configuration, wanted: list[str]) -> list[EntryPointId]:
    known = {entry.id for entry in current.entry_points}
    for each in wanted:
        if each not in known:
            raise AppError("no_such_entry_point", 400, field="entry_points")
    return [EntryPointId(each) for each in wanted]


async def _apply(
    request: Request,
    person: Person,
    version: int,
    wanted: Configuration,
    comment: str,
    *,
    draft: tuple[ScenarioId, int | None] | None = None,
) -> int:
    """The new version; `draft` goes in the same transaction: that of this revision, or whatever there is."""
    address = request.client.host if request.client else ""
    async with _database(request).transaction(person.tenant) as connection:
        if draft is not None and draft[1] is not None:
            await store.drop_draft(connection, draft[0], draft[1])
        elif draft is not None:
            await store.forget_draft(connection, draft[0])
        return await tenancy.change_configuration(
            connection,
            request.app.state.inbox,
            person,
            wanted,
            version=version,
            comment=comment,
            address=address,
        )


def _choices(current: Configuration, accounts: Accounts, flow: ScenarioId) -> Choices:
    return Choices(
        queues=[Named(id=each.id, name=each.name) for each in current.queues],
        agents=[Named(id=each.login, name=each.name) for each in accounts.values()],
        flows=[Named(id=each.id, name=each.name) for each in current.flows if each.id != flow],
        calendars=[Named(id=each.id, name=each.name) for each in current.calendars],
        number_lists=[Named(id=each.id, name=each.name) for each in current.number_lists],
        connections=[Named(id=each.id, name=each.id) for each in current.connections],
        statements=[_part(each.id, name) for each in current.connections for name in each.statements],
        services=[Named(id=each.id, name=each.id) for each in current.services],
        requests=[_part(each.id, name) for each in current.services for name in each.requests],
        codes=[Named(id=each.id, name=each.name or each.id) for each in current.handlers if functions_of(each.code)],
        functions=[
            _part(f"{code.name or code.id}: {', '.join(each.parameters)}".removesuffix(": "), each.name)
            for code in current.handlers
            for each in functions_of(code.code)
        ],
        entry_points=[Number.model_validate(each) for each in current.entry_points],
    )


def _part(whole: str, name: str) -> Named:
    """A statement of a connection, a request of a service, a function of a code."""
    return Named(id=name, name=f"{name} ({whole})")
