"""A web site hands in what its visitors wrote, each request a contact that waits in the queues as calls do; an agent takes it
without a telephone, and may park it while the customer is silent.

The site's own server asks, with its key; the key is never shown to visitors.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from uuid_utils import uuid7

from otklik.contact.configuration import LIVE
from otklik.contact.facts import (
    CallbackAsked,
    CallbackCancelled,
    CallbackMoved,
    ContactArrived,
    ContactParked,
    ContactResumed,
    ContactReturned,
    CustomerWrote,
    Fact,
    OfferAnswered,
)
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber
from otklik.contact.ports import Inbox, Live
from otklik.correspondence import store
from otklik.correspondence.allowance import TIMES_COST, Allowances
from otklik.correspondence.letter import WebKey, contact_of, known_to_scenarios
from otklik.customer.identity import e164
from otklik.errors import AppError
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import agent_of, require
from otklik.tenancy.asked import submitted
from otklik.tenancy.password import new_token, token_hash
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/requests", tags=["requests"])
keys_router = APIRouter(prefix="/api/web-keys", tags=["requests"])
desk = APIRouter(prefix="/api/desk", tags=["desk"])
journal = APIRouter(prefix="/api/contacts", tags=["contacts"])

LINE = "web"
"""In place of the name of a line: a request has none."""
NO_NUL = r"^[^\x00]*$"
REFUSED = 409
TIMES = 100
"""So many times are told at once."""
_Short = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
_Text = Annotated[str, Field(min_length=1, max_length=10_000, pattern=NO_NUL)]


class WebRequest(BaseModel):
    """What a visitor wrote. `id`: the site's own number of it; sent twice with the same number, it is one request."""

    text: _Text
    name: _Short = ""
    phone: _Short = ""
    mail: _Short = ""
    fields: Annotated[dict[_Short, _Short], Field(max_length=30)] = {}
    id: Annotated[str, Field(max_length=200, pattern=NO_NUL)] | None = None


class More(BaseModel):
    text: _Text


class Taken(BaseModel):
    """`contact` names the request from now on."""

    contact: str


class CallRequest(BaseModel):
    """A visitor wants to be called: at `at`, or as soon as an agent is free. `id`: the site's own number of it; sent twice with the
    same number, it is one call, and by it the call is moved or cancelled."""

    phone: Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL)]
    at: AwareDatetime | None = None
    name: _Short = ""
    text: Annotated[str, Field(max_length=10_000, pattern=NO_NUL)] = ""
    fields: Annotated[dict[_Short, _Short], Field(max_length=30)] = {}
    id: Annotated[str, Field(max_length=200, pattern=NO_NUL)] | None = None


class CallTimes(BaseModel):
    """The beginnings of the next windows in which a visitor may be called."""

    times: list[datetime]


class OtherTime(BaseModel):
    at: AwareDatetime


class NewKey(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    entry_point: Annotated[str, Field(max_length=200, pattern=NO_NUL)]


class MadeKey(BaseModel):
    """`key` is shown once and kept nowhere."""

    id: str
    key: str


class ShownKey(BaseModel):
    id: str
    name: str
    entry_point: str
    made_at: datetime


class Accept(BaseModel):
    """`offer`: the number shown with the offer; without it the offer that is there now is meant."""

    offer: int | None = None


class Park(BaseModel):
    """`returns_at`: None waits for the customer. `reason`: from the tenant's list, or none."""

    reason: str | None = None
    returns_at: AwareDatetime | None = None


class Resume(BaseModel):
    """An empty object: a POST carries JSON, which no form of another site can send."""


class Return(BaseModel):
    """`agent` is tried alone first; without one it is the queue's at once."""

    agent: UUID | None = None


class ParkedBy(BaseModel):
    id: str
    name: str


class Parked(BaseModel):
    """`until_written`: the agent chose no time; it returns when the customer writes, at the latest at `returns_at`."""

    agent: ParkedBy | None
    at: datetime
    reason: str | None
    returns_at: datetime
    until_written: bool


class ParkedContact(BaseModel):
    """`since`: when it came to its first queue."""

    id: str
    channel: str
    ani: str | None
    name: str | None
    vip: bool
    queue: ParkedBy | None
    since: datetime
    parked: Parked


async def _site(request: Request, cost: float = 1.0) -> WebKey:
    """Whose key it is. `cost`: of what it asks. Raises `bad_key` and `site_too_fast`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    database: Database = request.app.state.database
    found = None
    if scheme.lower() == "bearer" and token:
        async with database.lookup() as connection:
            found = await store.web_key(connection, token_hash(token.strip()))
    if found is None:
        raise AppError("bad_key", 401)
    allowances: Allowances = request.app.state.allowances
    if (wait := allowances.take(str(found.id), request.app.state.clock(), cost)) > 0:
        raise AppError("site_too_fast", 429, seconds=int(wait) + 1)
    return found


@router.post(
    "", status_code=201, summary="Hand in a request; it waits for an agent by the rules of the key's entry point"
)
async def hand_in(request: Request, body: WebRequest) -> Taken:
    key = await _site(request)
    database: Database = request.app.state.database
    inbox: Inbox = request.app.state.inbox
    contact = contact_of(key.id, body.id) if body.id else ContactId(str(uuid7()))
    sender = {name: value for name in ("name", "phone", "mail") if (value := getattr(body, name))}
    async with database.transaction(key.tenant) as connection:
        new = await store.save_first(connection, contact, key, text=body.text, sender=sender, fields=body.fields)
        come = not new and await store.has_come(connection, contact)
        set_up = await tenancy.bare_configuration(connection)
        numbers = {each.id: each.number for each in set_up.entry_points}
    if come:
        return Taken(contact=contact)
    arrived = ContactArrived(
        contact=contact,
        channel="web",
        entry_point=key.entry_point,
        dnis=numbers.get(key.entry_point, ""),
        leg=LINE,
        ani=(e164(body.phone) or body.phone or body.mail) or None,
        request=known_to_scenarios(set_up, {**body.fields, **sender}),
    )
    # Refused or not known to be taken: what was written is kept, and sent again with its `id` it arrives then.
    await inbox.submit(key.tenant, arrived)
    return Taken(contact=contact)


@router.post("/{contact}/letters", status_code=204, summary="The visitor wrote more; a parked request returns")
async def add(request: Request, contact: UUID, body: More) -> None:
    """Also taken when the request is over: it is kept with it, and nobody is told."""
    key = await _site(request)
    database: Database = request.app.state.database
    inbox: Inbox = request.app.state.inbox
    identity = ContactId(str(contact))
    async with database.transaction(key.tenant) as connection:
        if not await store.save_next(connection, identity, key, body.text):
            raise AppError("not_found", 404)
    await inbox.submit(key.tenant, CustomerWrote(contact=identity))


# Calls.


@router.get("/calls/times", summary="When visitors may be called, by the rules of the key's entry point")
async def call_times(
    request: Request, since: AwareDatetime | None = None, limit: Annotated[int, Query(ge=1, le=TIMES)] = TIMES
) -> CallTimes:
    key = await _site(request, TIMES_COST)
    live: Live = request.app.state.live
    from_then = since.timestamp() if since is not None else 0.0
    found = live.callback_times(key.tenant, None, key.entry_point, from_then, limit)
    return CallTimes(times=[datetime.fromtimestamp(each, UTC) for each in found])


@router.post("/calls", status_code=201, summary="Call a visitor: at a time, or as soon as an agent is free")
async def hand_in_call(request: Request, body: CallRequest) -> Taken:
    """Refused, it is not kept: of a time that cannot be had, `nearest` says the next one that can."""
    key = await _site(request)
    contact = _call_of(key, body.id) if body.id else ContactId(str(uuid7()))
    number = e164(body.phone)
    if number is None:
        raise AppError("number_unreadable", 400, field="phone")
    database: Database = request.app.state.database
    sender = {"phone": body.phone} | ({"name": body.name} if body.name else {})
    async with database.transaction(key.tenant) as connection:
        if await store.number_of(connection, contact) not in (None, number):
            raise AppError("call_number_differs", 409, field="id")
        if await store.has_come(connection, contact):
            return Taken(contact=contact)
        if body.text or body.fields:
            await store.save_first(connection, contact, key, text=body.text, sender=sender, fields=body.fields)
    at = body.at.timestamp() if body.at is not None else None
    fact = CallbackAsked(contact=contact, number=number, entry_point=key.entry_point, at=at)
    try:
        await _submit(request, key, fact)
    except AppError as err:
        if err.status != REFUSED:
            raise  # not known to be taken, and perhaps it is
        async with database.transaction(key.tenant) as connection:
            await store.forget(connection, contact)
        raise
    return Taken(contact=contact)


@router.put("/calls/{number}", status_code=204, summary="Another time for a call; `number` is the site's own of it")
async def move_call(request: Request, number: str, body: OtherTime) -> None:
    key = await _site(request)
    await _submit(request, key, CallbackMoved(contact=_call_of(key, number), at=body.at.timestamp()))


@router.delete("/calls/{number}", status_code=204, summary="The visitor is not called after all")
async def cancel_call(request: Request, number: str) -> None:
    key = await _site(request)
    await _submit(request, key, CallbackCancelled(contact=_call_of(key, number), by=""))


def _call_of(key: WebKey, number: str) -> ContactId:
    """Apart from what the site has handed in under the same number."""
    return contact_of(key.id, f"call {number}")


# Keys.


@keys_router.get("", summary="The keys of web sites")
async def web_keys(request: Request) -> list[ShownKey]:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.keys(connection)
    return [ShownKey(id=each.id, name=each.name, entry_point=each.entry_point, made_at=each.made_at) for each in found]


@keys_router.post("", status_code=201, summary="A key for a web site; it is shown once")
async def make_key(request: Request, body: NewKey) -> MadeKey:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    token = new_token()
    async with database.transaction(person.tenant) as connection:
        known = {each.id for each in (await tenancy.configuration(connection)).entry_points}
        if body.entry_point not in known:
            raise AppError("no_such_entry_point", 400, field="entry_point")
        made = await store.add_key(
            connection,
            name=body.name,
            entry_point=EntryPointId(body.entry_point),
            token_hash=token_hash(token),
            by=person.id,
        )
        await tenancy.audit(connection, person.id, "web_key_made")
    return MadeKey(id=made, key=token)


@keys_router.delete("/{key}", status_code=204, summary="The key opens nothing any more")
async def drop_key(request: Request, key: UUID) -> None:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if not await store.remove_key(connection, str(key)):
            raise AppError("not_found", 404)
        await tenancy.audit(connection, person.id, "web_key_dropped")


# At the desk.


@desk.post("/contacts/{contact}/accept", status_code=204, summary="Take what was written; a call is taken by telephone")
async def accept(request: Request, contact: UUID, body: Accept) -> None:
    person, agent = agent_of(request.state.person)
    identity = ContactId(str(contact))
    state = request.app.state.live.own_state(person.tenant, agent)
    shown = next((each for each in state["contacts"] if each["id"] == identity), None)
    if shown is None or shown["state"] != "offered" or body.offer not in (None, shown["offer"]):
        raise AppError("no_such_contact", 409)
    if shown["channel"] in LIVE:
        raise AppError("move_not_allowed", 409, state=shown["state"])
    await _submit(request, person, OfferAnswered(contact=identity, agent=agent, offer=OfferNumber(shown["offer"])))


@desk.post("/contacts/{contact}/park", status_code=204, summary="Put what was written aside; the slot is free")
async def park(request: Request, contact: UUID, body: Park) -> None:
    """It comes back when the customer writes, at `returns_at`, or by hand; to you, if you are there and have a slot."""
    person, agent = agent_of(request.state.person)
    at = body.returns_at.timestamp() if body.returns_at is not None else None
    fact = ContactParked(contact=ContactId(str(contact)), agent=agent, reason=body.reason, returns_at=at)
    await _submit(request, person, fact)


@desk.get("/parked", summary="What you have put aside, the first to return first")
async def parked(request: Request) -> list[ParkedContact]:
    person, agent = agent_of(request.state.person)
    state = request.app.state.live.own_state(person.tenant, agent)
    return [ParkedContact.model_validate(each) for each in state["parked"]]


@desk.post("/contacts/{contact}/resume", status_code=204, summary="Take back what you parked")
async def resume(request: Request, contact: UUID, _: Resume) -> None:
    person, agent = agent_of(request.state.person)
    await _submit(request, person, ContactResumed(contact=ContactId(str(contact)), agent=agent))


@journal.post("/{contact}/return", status_code=204, summary="Take a parked contact off its agent")
async def give_back(request: Request, contact: UUID, body: Return) -> None:
    """Back to its queue with its age; with `agent`, this one is tried alone first."""
    person = require(request.state.person, "contacts.give")
    to = AgentId(str(body.agent)) if body.agent is not None else None
    await _submit(request, person, ContactReturned(contact=ContactId(str(contact)), by=person.id, to_agent=to))


_FIELDS = {
    **dict.fromkeys(("callback_no_number", "callback_not_allowed"), "phone"),
    **dict.fromkeys(
        ("callback_no_times", "callback_time_past", "callback_too_far", "callback_closed", "callback_full"), "at"
    ),
    "no_such_reason": "reason",
    "parked_too_long": "returns_at",
    "no_such_agent": "agent",
}


async def _submit(request: Request, asker: Person | WebKey, fact: Fact) -> None:
    await submitted(request.app.state.inbox, asker.tenant, fact, _FIELDS)
