"""Signing in and out, one's own preferences, the tenant's set-up. Also how `web` learns who holds a cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.configuration import Configuration
from otklik.contact.facts import IncidentSwitched, ShiftEnded
from otklik.contact.ids import EntryPointId
from otklik.contact.ports import Inbox
from otklik.errors import AppError, Language, PeerError
from otklik.scenario.handler_rehearsal import Rehearsals
from otklik.storage.engine import Database
from otklik.tenancy import keys, store
from otklik.tenancy.access import require, signed_in
from otklik.tenancy.attempts import Attempts
from otklik.tenancy.document import Accounts
from otklik.tenancy.password import MOST_CHARACTERS, matches, new_token, token_hash
from otklik.tenancy.person import Permission, Person, Role, Theme
from otklik.tenancy.revision import LONGEST_TEXT, Revision, back_to, beside, revise, text_of
from otklik.tenancy.versioned import if_match

COOKIE = "otklik_session"
COOKIE_SECONDS = 24 * 3600
NO_NUL = r"^[^\x00]*$"
"""PostgreSQL's text takes no NUL."""

log = structlog.get_logger()
router = APIRouter(tags=["session"])
_Action = Annotated[str, Field(max_length=keys.MOST_CHARACTERS, pattern=NO_NUL)]
_Key = Annotated[str, Field(max_length=keys.MOST_CHARACTERS, pattern=NO_NUL)]


class SignIn(BaseModel):
    login: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    password: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]


class Preferences(BaseModel):
    """What is left out stays as it is. `keys`: all the keys of one's own, by action; {} is everybody's again, "" is no key.
    `single_keys`: may a key do something without Ctrl or Alt (WCAG 2.1.4)?"""

    language: Language | None = None
    theme: Theme | None = None
    keys: Annotated[dict[_Action, _Key], Field(max_length=100)] | None = None
    single_keys: bool | None = None


class MePerson(BaseModel):
    id: str
    login: str
    name: str
    role: Role
    language: Language
    theme: Theme


class MeKey(BaseModel):
    """What does `action` for this person, and for whoever has chosen nothing; "" is no key."""

    action: str
    key: str
    usual: str


class MeTenant(BaseModel):
    id: str
    name: str


class Me(BaseModel):
    """The signed-in person; `agent_id` is null for people who take no contacts."""

    person: MePerson
    tenant: MeTenant
    permissions: list[Permission]
    agent_id: str | None
    keys: list[MeKey]
    single_keys: bool


async def holder(database: Database, token: str, *, touch: bool) -> tuple[Person, float] | None:
    """Who holds this cookie and for how many seconds more. `touch`: the person did something just now."""
    async with database.lookup() as connection:
        return await store.session_person(connection, token_hash(token), touch=touch)


async def standing_sessions(database: Database, tokens: Sequence[bytes]) -> set[bytes]:
    """Which of these, told by their hashes, have not ended. Nobody did anything just now."""
    async with database.lookup() as connection:
        return await store.standing_sessions(connection, tokens)


@router.post("/api/session", summary="Sign in")
async def sign_in(request: Request, response: Response, body: SignIn) -> Me:
    login, address = body.login.strip().lower(), _address(request)
    attempts: Attempts = request.app.state.attempts
    wait = attempts.begin(login, address, request.app.state.clock())
    if wait > 0:
        raise AppError("too_many_attempts", 429, seconds=int(wait) + 1)
    known = await _checked(request, login, body.password)
    if known is None:
        log.info("sign_in_refused", address=address)
        raise AppError("wrong_login", 401)
    attempts.succeeded(login, address)
    token = new_token()
    database: Database = request.app.state.database
    async with database.transaction(known.tenant) as connection:
        await store.open_session(connection, known.person, token_hash(token), address)
        await store.audit(connection, known.person, "signed_in", address=address)
        own, single = await store.own_keys(connection, known.person)
    held = await holder(database, token, touch=False)
    if held is None:
        raise AppError("wrong_login", 401)
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.app.state.cookie_secure or request.url.scheme == "https",
    )
    return _me(held[0], own, single)


async def _checked(request: Request, login: str, password: str) -> store.KnownLogin | None:
    """Takes as long for an unknown login as for a wrong password. Few at once: each takes 64 MiB and a core."""
    database: Database = request.app.state.database
    async with database.lookup() as connection:
        known = await store.known_login(connection, login)
    hashing: asyncio.Semaphore = request.app.state.hashing
    async with hashing:
        right = await asyncio.to_thread(matches, known.password_hash if known else None, password)
    return known if right else None


@router.get("/api/session", summary="Who is signed in")
async def session(request: Request) -> Me:
    person = signed_in(request.state.person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        own, single = await store.own_keys(connection, person.id)
    return _me(person, own, single)


@router.delete("/api/session", status_code=204, summary="Sign out; ends the shift and removes the softphone's line")
async def sign_out(request: Request, response: Response) -> None:
    person = signed_in(request.state.person)
    token = token_hash(request.cookies[COOKIE])
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.end_session(connection, token)
        await store.audit(connection, person.id, "signed_out", address=_address(request))
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    if person.line is not None:
        await _leave_desk(request, person)
    request.app.state.session_ends.end(token)


async def _leave_desk(request: Request, person: Person) -> None:
    """Whatever is down, the person is signed out; what could not be said is written down."""
    assert person.line is not None
    try:
        request.app.state.inbox.post(person.tenant, ShiftEnded(agent=person.line))
        await request.app.state.lines.deprovision(person.line)
    except (AppError, PeerError) as err:
        log.warning("leave_desk_incomplete", tenant=person.tenant, agent=person.line, reason=str(err))


@router.patch("/api/session/preferences", summary="Change one's language, theme or keys")
async def preferences(request: Request, body: Preferences) -> Me:
    person = signed_in(request.state.person)
    wanted = keys.chosen(body.keys) if body.keys is not None else None
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.set_preferences(connection, person.id, language=body.language, theme=body.theme)
        await store.set_keys(connection, person.id, wanted, single=body.single_keys)
        own, single = await store.own_keys(connection, person.id)
    changed = replace(person, language=body.language or person.language, theme=body.theme or person.theme)
    return _me(changed, own, single)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _me(person: Person, own: Mapping[str, str], single_keys: bool) -> Me:
    return Me(
        person=MePerson(
            id=person.id,
            login=person.login,
            name=person.name,
            role=person.role,
            language=person.language,
            theme=person.theme,
        ),
        tenant=MeTenant(id=person.tenant, name=person.tenant_name),
        permissions=sorted(person.permissions),
        agent_id=person.agent,
        keys=[MeKey(action=name, key=key, usual=keys.ACTIONS[name].key) for name, key in keys.keys_of(own).items()],
        single_keys=single_keys,
    )


# The set-up.

configuration = APIRouter(tags=["configuration"])


class VersionBody(BaseModel):
    """One version of the set-up; `by` is null for what the installation itself made."""

    model_config = ConfigDict(from_attributes=True)

    version: Annotated[int, Field(validation_alias=AliasChoices("number", "version"))]
    made_at: datetime
    by: str | None
    comment: str


class ConfigurationText(VersionBody):
    """The set-up as YAML."""

    text: str


class Versions(BaseModel):
    versions: list[VersionBody]


class ConfigurationFault(BaseModel):
    """`line` is null where the text has no place for it."""

    model_config = ConfigDict(from_attributes=True)

    place: str
    line: int | None
    code: str
    warning: bool
    message: str


class ConfigurationChange(BaseModel):
    """`kind`: + added, - taken away, ~ changed. `place` names things by their ids."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["+", "-", "~"]
    place: str
    before: Any
    after: Any


class Plan(BaseModel):
    """What would change from version `version`. Nothing can be applied while a fault is no warning."""

    version: int
    changes: list[ConfigurationChange]
    faults: list[ConfigurationFault]


class PlanAsked(BaseModel):
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]


class Comment(BaseModel):
    comment: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = ""


class NewConfiguration(PlanAsked, Comment):
    """The whole set-up as YAML, and why it is changed."""


class Rollback(Comment):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class IncidentChoice(BaseModel):
    """`entry_point` null: the switch of the whole tenant. `repaired_by`: when it is expected to be over; `texts`: what callers are told
    beside it, by language."""

    on: bool
    entry_point: Annotated[str, Field(max_length=200, pattern=NO_NUL)] | None = None
    repaired_by: AwareDatetime | None = None
    texts: dict[Language, Annotated[str, Field(max_length=500, pattern=NO_NUL)]] = {}


@configuration.get("/api/configuration", summary="The set-up as YAML: the newest version, or the one asked for")
async def get_configuration(
    request: Request, version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
) -> ConfigurationText:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.configuration_version(connection, version)
        accounts = await store.accounts(connection)
    if found is None:
        raise AppError("config_no_version", 404, version=version or 1)
    shown = await asyncio.to_thread(text_of, found[1], accounts)
    return ConfigurationText(**VersionBody.model_validate(found[0]).model_dump(), text=shown)


@configuration.get("/api/configuration/versions", summary="All versions of the set-up, newest first")
async def get_versions(request: Request) -> Versions:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.configuration_versions(connection)
    return Versions(versions=[VersionBody.model_validate(each) for each in found])


@configuration.post("/api/configuration/plan", summary="What a new set-up would change, and what is wrong with it")
async def plan(request: Request, body: PlanAsked) -> Plan:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.configuration_version(connection)
        accounts = await store.accounts(connection)
    version, current = (found[0].number, found[1]) if found else (0, Configuration())
    revision = await _revised(request, body.text, current, accounts)
    return _plan(version, await _tested(request, current, revision))


@configuration.put("/api/configuration", summary="Apply a new set-up; If-Match names the version that it changes")
async def put_configuration(request: Request, body: NewConfiguration) -> Plan:
    person, version = require(request.state.person, "configuration.edit"), if_match(request)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        current, accounts = await _current(connection, version)
    revision = await _tested(request, current, await _revised(request, body.text, current, accounts))
    return await _apply(request, person, version, revision, body.comment)


@configuration.post("/api/configuration/rollback", summary="Apply an earlier version again, as a new version")
async def rollback(request: Request, body: Rollback) -> Plan:
    person, version = require(request.state.person, "configuration.edit"), if_match(request)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        current, accounts = await _current(connection, version)
        earlier = await store.configuration_version(connection, body.version)
    if earlier is None:
        raise AppError("config_no_version", 404, version=body.version)
    revision = back_to(earlier[1], current, accounts, person.language, lacks=request.app.state.lacks)
    revision = await _tested(request, current, revision)
    return await _apply(request, person, version, revision, body.comment or f"← {body.version}")


async def _current(connection: AsyncConnection, version: int) -> tuple[Configuration, Accounts]:
    """Raises `config_conflict` if that is not the newest version."""
    found = await store.configuration_version(connection)
    number, current = (found[0].number, found[1]) if found else (0, Configuration())
    if number != version:
        raise AppError("config_conflict", 412, version=number)
    return current, await store.accounts(connection)


async def _apply(request: Request, person: Person, version: int, revision: Revision, comment: str) -> Plan:
    wanted = revision.fit()
    if not revision.changes:
        return _plan(version, revision)
    database: Database = request.app.state.database
    inbox: Inbox = request.app.state.inbox
    async with database.transaction(person.tenant) as connection:
        made = await store.change_configuration(
            connection, inbox, person, wanted, version=version, comment=comment, address=_address(request)
        )
    return _plan(made, revision)


async def _revised(request: Request, wanted: str, current: Configuration, accounts: Accounts) -> Revision:
    language, lacks = request.state.person.language, request.app.state.lacks
    return await asyncio.to_thread(revise, wanted, current, accounts, language, lacks=lacks)


async def _tested(request: Request, current: Configuration, revision: Revision) -> Revision:
    """With those tests of scenarios in Python that do not hold: their code runs apart, and that takes a while."""
    person: Person = request.state.person
    rehearsals: Rehearsals = request.app.state.rehearsals
    if revision.wanted is None:
        return revision
    failing = await rehearsals.failing(person.tenant, revision.wanted, current)
    return beside(revision, failing, person.language)


def _plan(version: int, revision: Revision) -> Plan:
    return Plan(
        version=version,
        changes=[ConfigurationChange.model_validate(each) for each in revision.changes],
        faults=[ConfigurationFault.model_validate(each) for each in revision.told],
    )


@configuration.put("/api/incidents", status_code=204, summary="Switch an incident on or off, at once")
async def switch_incident(request: Request, body: IncidentChoice) -> None:
    person = require(request.state.person, "incident.switch")
    entry_point = EntryPointId(body.entry_point) if body.entry_point is not None else None
    texts: dict[str, str] = {language: text.strip() for language, text in body.texts.items() if text.strip()}
    repaired_by = body.repaired_by if body.on else None
    fact = IncidentSwitched(
        on=body.on,
        entry_point=entry_point,
        by=person.id,
        repaired_by=repaired_by.timestamp() if repaired_by is not None else None,
        texts=texts if body.on else {},
    )
    await request.app.state.inbox.submit(person.tenant, fact)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        what = "incident_on" if body.on else "incident_off"
        await store.audit(connection, person.id, what, address=_address(request))
