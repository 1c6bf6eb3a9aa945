"""A person's browsers that are told of things while the page is closed."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from otklik.contact.ports import PushAddress, Pushing
from otklik.errors import AppError, PeerError
from otklik.push import store
from otklik.push.limits import Trials
from otklik.push.news import KINDS, Kind, may_have, trial
from otklik.storage.engine import Database
from otklik.tenancy.access import signed_in
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/push", tags=["session"])

_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z][A-Za-z0-9-]{1,62}\.?")
_Endpoint = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[\x21-\x7e]+$")]
_Key = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+={0,2}$")]


class Pushed(BaseModel):
    """`key`: with what a browser subscribes (RFC 8292), null where nothing is sent. `kinds`: of what this person may be told."""

    key: str | None
    kinds: list[Kind]


class Browser(BaseModel):
    endpoint: _Endpoint


class Wanted(BaseModel):
    """Of what this browser is told; null: of nothing."""

    kinds: list[Kind] | None


class Subscription(Browser):
    """As the browser gives it (`PushSubscription`)."""

    p256dh: _Key
    auth: _Key
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=10)]


@router.get("", summary="With what a browser subscribes, and of what one may be told")
async def pushed(request: Request) -> Pushed:
    person = signed_in(request.state.person)
    pushing: Pushing | None = request.app.state.pushing
    return Pushed(
        key=pushing.key() if pushing is not None else None, kinds=[kind for kind in KINDS if may_have(person, kind)]
    )


@router.post("/browser", summary="Of what this browser is told")
async def of_browser(request: Request, body: Browser) -> Wanted:
    person = signed_in(request.state.person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        return Wanted(kinds=await store.kinds(connection, person.id, body.endpoint))


@router.put("/browser", status_code=204, summary="Have this browser told while its page is closed")
async def subscribe(request: Request, body: Subscription) -> None:
    """Whoever saves last in a browser has it."""
    person = signed_in(request.state.person)
    if not may_be_asked(body.endpoint):
        raise AppError("push_not_public", 400, field="endpoint")
    wanted = [kind for kind in KINDS if kind in body.kinds and may_have(person, kind)]
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        address = PushAddress(endpoint=body.endpoint, p256dh=body.p256dh, auth=body.auth)
        await store.keep(connection, person.id, address, wanted)


@router.post("/browser/forget", status_code=204, summary="Tell this browser nothing more")
async def forget(request: Request, body: Browser) -> None:
    person = signed_in(request.state.person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.forget(connection, person.id, body.endpoint)


@router.post("/browser/try", status_code=204, summary="Send this browser a message now")
async def try_out(request: Request, body: Browser) -> None:
    """Raises `push_failed` where its service does not take it, `push_too_often` where it was tried just now."""
    person = signed_in(request.state.person)
    trials: Trials = request.app.state.push_trials
    with trials.of(person.id, request.app.state.clock()):
        await _tried(request, person, body)


async def _tried(request: Request, person: Person, body: Browser) -> None:
    pushing: Pushing | None = request.app.state.pushing
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        address = await store.address(connection, person.id, body.endpoint)
    if address is None or pushing is None:
        raise AppError("push_failed", 409)
    try:
        await pushing.push(address, msgspec.json.encode(trial(person.language)), topic="trial", lasts_seconds=60)
    except PeerError as error:
        if error.reason == "gone":
            async with database.transaction(person.tenant) as connection:
                await store.forget(connection, person.id, body.endpoint)
        raise AppError("push_failed", 502) from error


def may_be_asked(endpoint: str) -> bool:
    """A name of the internet over https. To where the name leads is looked at again whenever something is sent there."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = parts.scheme == "https" and port in (None, 443) and parts.username is None and not parts.fragment
    if not plain or _HOST.fullmatch(host) is None:
        return False
    try:
        ip_address(host.rstrip("."))
    except ValueError:
        return not host.rstrip(".").endswith((".local", ".localhost", ".internal", ".lan"))
    return False
