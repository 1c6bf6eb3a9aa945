"""Placing a call, the numbers called lately, and calls that are planned for a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from uuid_utils import uuid7

from otklik.calling import store
from otklik.calling.number import LONGEST, dialled, numbered
from otklik.calling.refusals import FIELDS
from otklik.calling.shown import ForwardShown
from otklik.contact.facts import CallbackAsked, CallbackCancelled, CallbackMoved, CallPlaced, ColleagueCalled, Fact
from otklik.contact.forwarding import AgentForwarded, Forward
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId
from otklik.contact.ports import Live
from otklik.errors import AppError
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import agent_of, require
from otklik.tenancy.asked import submitted
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/desk/calls", tags=["desk"])
forwarding = APIRouter(prefix="/api", tags=["desk"])
planned = APIRouter(prefix="/api/desk/callbacks", tags=["desk"])
callbacks = APIRouter(prefix="/api/callbacks", tags=["contacts"])

RECENT: Final = 10
NO_NUL: Final = r"^[^\x00]*$"


class Call(BaseModel):
    """Whom to call, and in whose name: without a queue in that of the first that calls out, without an entry point by the
    queue's usual number."""

    number: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
    queue: Annotated[str | None, Field(max_length=100, pattern=NO_NUL)] = None
    entry_point: Annotated[str | None, Field(max_length=100, pattern=NO_NUL)] = None


class Placed(BaseModel):
    """The contact that has begun, and the number as it is dialled."""

    contact: str
    number: str


class Called(BaseModel):
    """A number called lately. `outcome` and `failure` as in the journal."""

    contact: str
    number: str
    at: datetime
    customer: str | None
    outcome: str
    failure: str | None
    queue: str | None
    entry_point: str


class Recent(BaseModel):
    calls: list[Called]


class Nothing(BaseModel):
    """An empty object: a POST carries JSON, which no form of another site can send."""


class Forwarding(BaseModel):
    """Where personal calls go while the agent is away: at most one of them; none: nowhere. `number`: outside, as people write it."""

    agent: UUID | None = None
    queue: Annotated[str | None, Field(max_length=100, pattern=NO_NUL)] = None
    number: Annotated[str | None, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)] = None


class BookEntry(BaseModel):
    """`number`: the internal one, empty where there is none. `refused`: the code of the error that a call would meet now; null:
    it would ring."""

    id: str
    name: str
    number: str
    state: str
    reason: str | None
    since: datetime
    refused: str | None
    forward: ForwardShown


class PhoneBook(BaseModel):
    agents: list[BookEntry]


@router.post("", status_code=201, summary="Call a number: one's own telephone first, then the number")
async def place_call(request: Request, body: Call) -> Placed:
    """The page answers its own telephone by itself, and a desk telephone is picked up. An internal number calls the colleague."""
    person, agent = agent_of(request.state.person)
    number = dialled(body.number)
    live: Live = request.app.state.live
    colleague = numbered(live, person.tenant, agent, number)
    if colleague is not None:
        return await _call_colleague(request, person, agent, colleague)
    if number is None:
        raise AppError("number_unreadable", 400, field="number")
    queue, entry_point = _in_whose_name(live.own_state(person.tenant, agent)["calling"]["queues"], body)
    contact = ContactId(str(uuid7()))
    fact = CallPlaced(contact=contact, agent=agent, queue=queue, entry_point=entry_point, number=number)
    await _submit(request, person, fact)
    return Placed(contact=contact, number=number)


@router.get("/colleagues", summary="Whom one may call inside, who is free first")
async def phone_book(request: Request) -> PhoneBook:
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    return PhoneBook(agents=[BookEntry.model_validate(each) for each in live.phone_book(person.tenant, agent)])


@router.post(
    "/colleagues/{colleague}", status_code=201, summary="Call a colleague: one's own telephone first, then theirs"
)
async def call_colleague(request: Request, colleague: UUID, _: Nothing) -> Placed:
    """`number` of the answer is the colleague's internal one; empty where there is none."""
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    book = {each["id"]: each["number"] for each in live.phone_book(person.tenant, agent)}
    called = AgentId(str(colleague))
    return await _call_colleague(request, person, agent, (called, book.get(called, "")))


@forwarding.put("/desk/forward", status_code=204, summary="Where your personal calls go while you are away")
async def forward_own(request: Request, body: Forwarding) -> None:
    """In later shifts, too."""
    person, agent = agent_of(request.state.person)
    await _forward(request, person, AgentForwarded(agent=agent, to=_forward_of(body)))


@forwarding.delete("/desk/forward", status_code=204, summary="Your personal calls go where the set-up says")
async def forward_own_as_usual(request: Request) -> None:
    person, agent = agent_of(request.state.person)
    await _forward(request, person, AgentForwarded(agent=agent))


@forwarding.put("/supervision/agents/{agent}/forward", status_code=204, summary="Where an agent's personal calls go")
async def forward_of_agent(request: Request, agent: UUID, body: Forwarding) -> None:
    person = require(request.state.person, "agents.direct")
    fact = AgentForwarded(agent=AgentId(str(agent)), to=_forward_of(body), by=person.id)
    await _forward(request, person, fact, what=f"agent_forwarded {agent}")


@forwarding.delete(
    "/supervision/agents/{agent}/forward", status_code=204, summary="An agent's personal calls go where the set-up says"
)
async def forward_of_agent_as_usual(request: Request, agent: UUID) -> None:
    person = require(request.state.person, "agents.direct")
    fact = AgentForwarded(agent=AgentId(str(agent)), by=person.id)
    await _forward(request, person, fact, what=f"agent_forwarded {agent}")


def _forward_of(body: Forwarding) -> Forward:
    number = dialled(body.number) if body.number is not None else ""
    if number is None:
        raise AppError("number_unreadable", 400, field="number")
    return Forward(
        agent=AgentId(str(body.agent)) if body.agent is not None else None,
        queue=QueueId(body.queue) if body.queue is not None else None,
        outside=number,
    )


async def _forward(request: Request, person: Person, fact: AgentForwarded, *, what: str | None = None) -> None:
    await _submit(request, person, fact)
    if what is None:
        return
    database: Database = request.app.state.database
    address = request.client.host if request.client else ""
    async with database.transaction(person.tenant) as connection:
        await tenancy.audit(connection, person.id, what, address=address)


async def _call_colleague(request: Request, person: Person, agent: AgentId, called: tuple[AgentId, str]) -> Placed:
    colleague, number = called
    contact, side = ContactId(str(uuid7())), ContactId(str(uuid7()))
    fact = ColleagueCalled(contact=contact, agent=agent, colleague=colleague, consultation=side)
    await _submit(request, person, fact)
    return Placed(contact=contact, number=number)


def _in_whose_name(queues: list[dict[str, Any]], body: Call) -> tuple[QueueId, EntryPointId]:
    """What is wished, and the usual for the rest; what nobody offers is left for the engine to refuse."""
    offered = {each["id"]: each["callers"] for each in queues}
    queue = body.queue if body.queue is not None else next(iter(offered), None)
    if queue is None:
        raise AppError("nobody_calls_out", 409)
    usual = [caller["id"] for caller in offered.get(queue, [])]
    return QueueId(queue), EntryPointId(body.entry_point if body.entry_point is not None else next(iter(usual), ""))


@router.get("", summary="The numbers one called lately, each once, the latest first")
async def recent_calls(request: Request) -> Recent:
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    await live.written(person.tenant)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.recent(connection, agent, RECENT)
    return Recent(calls=[Called.model_validate(each, from_attributes=True) for each in found])


# Calls at a chosen time.

TIMES: Final = 100
"""So many times are told at once."""
_Named = Annotated[str | None, Field(max_length=100, pattern=NO_NUL)]
_Alone = Annotated[float, Field(ge=0, le=86_400)]
_OwnAlone = Annotated[float, Field(ge=30, le=86_400)]
"""An own call counts in no window of the queue: it is to be one's own indeed."""


class FreeTimes(BaseModel):
    """The beginnings of the next windows in which somebody may be called."""

    times: list[datetime]


class OwnCallback(BaseModel):
    """`at` none: as soon as an agent is free. `personal`: you are tried alone for `agent_seconds`, then the queue at large."""

    number: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
    queue: _Named = None
    entry_point: _Named = None
    at: AwareDatetime | None = None
    personal: bool = False
    agent_seconds: _OwnAlone = 900.0


class AskedCallback(BaseModel):
    """As `OwnCallback`, by somebody who is no agent; `agent` is tried alone first. Without a queue the rules of the entry point lead
    to one."""

    number: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
    queue: _Named = None
    entry_point: _Named = None
    at: AwareDatetime | None = None
    agent: UUID | None = None
    agent_seconds: _Alone = 900.0


class Moved(BaseModel):
    at: AwareDatetime


class PlannedQueue(BaseModel):
    id: str
    name: str


class PlannedBy(BaseModel):
    """`name` is null for people who are no agents."""

    id: str
    name: str | None


class PlannedCall(BaseModel):
    """`by` null: the customer asked. `agent`: who is tried alone first. `state` as of contacts on the floor."""

    id: str
    number: str
    customer: str | None
    queue: PlannedQueue | None
    at: datetime
    asked_at: datetime
    by: PlannedBy | None
    agent: PlannedBy | None
    state: str
    attempts: int
    failure: str | None


@planned.get("", summary="The calls at chosen times that you have asked for or are to make, the first to come first")
async def own_callbacks(request: Request) -> list[PlannedCall]:
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    found: list[dict[str, Any]] = live.own_state(person.tenant, agent)["callbacks"]
    return [PlannedCall.model_validate(each) for each in found]


@planned.get("/times", summary="When a customer of this queue may be called")
async def own_times(
    request: Request, queue: QueueId, since: AwareDatetime | None = None, personal: bool = False
) -> FreeTimes:
    person, _ = agent_of(request.state.person)
    return free_times(request, person, queue=queue, since=since, alone=personal)


@planned.post("", status_code=201, summary="Have a customer called at a time, by the queue or by yourself")
async def plan_call(request: Request, body: OwnCallback) -> Placed:
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    queue, entry_point = body.queue, body.entry_point
    if queue is None:
        queue, entry_point = _in_whose_name(
            live.own_state(person.tenant, agent)["calling"]["queues"],
            Call(number=body.number, entry_point=entry_point),
        )
    alone = agent if body.personal else None
    fact = _asked(body, person, queue=queue, entry_point=entry_point, agent=alone)
    await _submit(request, person, fact)
    return Placed(contact=fact.contact, number=fact.number or "")


@planned.post("/{contact}/move", status_code=204, summary="Another time for a call that is yours")
async def move_own(request: Request, contact: UUID, body: Moved) -> None:
    person = _own(request, contact)
    await _submit(request, person, _moved(contact, body, person))


@planned.post("/{contact}/cancel", status_code=204, summary="A call that is yours is not made after all")
async def cancel_own(request: Request, contact: UUID, _: Nothing) -> None:
    person = _own(request, contact)
    await _submit(request, person, CallbackCancelled(contact=ContactId(str(contact)), by=person.id))


@callbacks.get("", summary="All calls at chosen times, the first to come first")
async def all_callbacks(request: Request) -> list[PlannedCall]:
    person = require(request.state.person, "contacts.read_all")
    live: Live = request.app.state.live
    return [PlannedCall.model_validate(each) for each in live.planned_calls(person.tenant)]


@callbacks.get("/times", summary="When a customer may be called")
async def callback_times(
    request: Request,
    queue: QueueId | None = None,
    entry_point: EntryPointId | None = None,
    since: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=TIMES)] = TIMES,
) -> FreeTimes:
    person = require(request.state.person, "contacts.give")
    return free_times(request, person, queue=queue, entry_point=entry_point, since=since, limit=limit)


@callbacks.post("", status_code=201, summary="Have a number called, at a time or as soon as an agent is free")
async def ask_for_call(request: Request, body: AskedCallback) -> Placed:
    person = require(request.state.person, "contacts.give")
    agent = AgentId(str(body.agent)) if body.agent is not None else None
    fact = _asked(body, person, queue=body.queue, entry_point=body.entry_point, agent=agent)
    await _submit(request, person, fact)
    return Placed(contact=fact.contact, number=fact.number or "")


@callbacks.post("/{contact}/move", status_code=204, summary="Another time for a call")
async def move_callback(request: Request, contact: UUID, body: Moved) -> None:
    """Of one whose turn is waited for, too: it is to be made at this time then."""
    person = require(request.state.person, "contacts.give")
    await _submit(request, person, _moved(contact, body, person))


def free_times(
    request: Request,
    person: Person,
    *,
    queue: QueueId | None,
    entry_point: EntryPointId | None = None,
    since: datetime | None = None,
    limit: int = TIMES,
    alone: bool = False,
) -> FreeTimes:
    live: Live = request.app.state.live
    from_then = since.timestamp() if since is not None else 0.0
    found = live.callback_times(person.tenant, queue, entry_point, from_then, limit, alone=alone)
    return FreeTimes(times=[datetime.fromtimestamp(each, UTC) for each in found])


def _own(request: Request, contact: UUID) -> Person:
    """Raises `not_found` for what is on somebody else's desk."""
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    if str(contact) not in {each["id"] for each in live.own_state(person.tenant, agent)["callbacks"]}:
        raise AppError("not_found", 404)
    return person


def _moved(contact: UUID, body: Moved, person: Person) -> CallbackMoved:
    return CallbackMoved(contact=ContactId(str(contact)), at=body.at.timestamp(), by=person.id)


def _asked(
    body: OwnCallback | AskedCallback,
    person: Person,
    *,
    queue: str | None,
    entry_point: str | None,
    agent: AgentId | None,
) -> CallbackAsked:
    number = dialled(body.number)
    if number is None:
        raise AppError("number_unreadable", 400, field="number")
    return CallbackAsked(
        contact=ContactId(str(uuid7())),
        number=number,
        queue=QueueId(queue) if queue is not None else None,
        entry_point=EntryPointId(entry_point) if entry_point is not None else None,
        at=body.at.timestamp() if body.at is not None else None,
        by=person.id,
        agent=agent,
        agent_seconds=body.agent_seconds,
    )


async def _submit(request: Request, person: Person, fact: Fact) -> None:
    await submitted(request.app.state.inbox, person.tenant, fact, FIELDS)
