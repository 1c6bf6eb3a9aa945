"""Signing in and out, and one's own preferences. Also how `web` learns who holds a cookie."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from otklik.contact.facts import ShiftEnded
from otklik.errors import AppError, Language, PeerError
from otklik.storage.engine import Database
from otklik.tenancy import store
from otklik.tenancy.access import signed_in
from otklik.tenancy.attempts import Attempts
from otklik.tenancy.password import MOST_CHARACTERS, matches, new_token, token_hash
from otklik.tenancy.person import Permission, Person, Role, Theme

COOKIE = "otklik_session"
COOKIE_SECONDS = 24 * 3600
NO_NUL = r"^[^\x00]*$"
"""PostgreSQL's text takes no NUL."""

log = structlog.get_logger()
router = APIRouter(tags=["session"])


class SignIn(BaseModel):
    login: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    password: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]


class Preferences(BaseModel):
    """What is left out stays as it is."""

    language: Language | None = None
    theme: Theme | None = None


class MePerson(BaseModel):
    id: str
    login: str
    name: str
    role: Role
    language: Language
    theme: Theme


class MeTenant(BaseModel):
    id: str
    name: str


class Me(BaseModel):
    """The signed-in person; `agent_id` is null for people who take no contacts."""

    person: MePerson
    tenant: MeTenant
    permissions: list[Permission]
    agent_id: str | None


async def holder(database: Database, token: str, *, touch: bool) -> tuple[Person, float] | None:
    """Who holds this cookie and for how many seconds more. `touch`: the person did something just now."""
    async with database.lookup() as connection:
        return await store.session_person(connection, token_hash(token), touch=touch)


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
    return _me(held[0])


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
    return _me(signed_in(request.state.person))


@router.delete("/api/session", status_code=204, summary="Sign out; ends the shift and removes the softphone's line")
async def sign_out(request: Request, response: Response) -> None:
    person = signed_in(request.state.person)
    token = token_hash(request.cookies[COOKIE])
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.end_session(connection, token)
        await store.audit(connection, person.id, "signed_out", address=_address(request))
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    if person.agent is not None:
        await _leave_desk(request, person)
    request.app.state.session_ends.end(token)


async def _leave_desk(request: Request, person: Person) -> None:
    """Whatever is down, the person is signed out; what could not be said is written down."""
    assert person.agent is not None
    try:
        request.app.state.inbox.post(person.tenant, ShiftEnded(agent=person.agent))
        await request.app.state.voice.deprovision(person.agent)
    except (AppError, PeerError) as err:
        log.warning("leave_desk_incomplete", tenant=person.tenant, agent=person.agent, reason=str(err))


@router.patch("/api/session/preferences", summary="Change one's language or theme")
async def preferences(request: Request, body: Preferences) -> Me:
    person = signed_in(request.state.person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.set_preferences(connection, person.id, language=body.language, theme=body.theme)
    return _me(
        replace(person, language=body.language or person.language, theme=body.theme or person.theme),
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _me(person: Person) -> Me:
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
    )
