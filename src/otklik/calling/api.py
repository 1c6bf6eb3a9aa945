"""Placing a call, and the numbers called lately."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from uuid_utils import uuid7

from otklik.calling import store
from otklik.calling.number import LONGEST, dialled
from otklik.contact.facts import CallPlaced
from otklik.contact.ids import ContactId, EntryPointId, QueueId
from otklik.contact.ports import Inbox, Live
from otklik.errors import AppError
from otklik.storage.engine import Database
from otklik.tenancy.access import agent_of

router = APIRouter(prefix="/api/desk/calls", tags=["desk"])

RECENT: Final = 10
NO_NUL: Final = r"^[^\x00]*$"
_FIELDS: Final = {
    "number_unreadable": "number",
    "number_not_allowed": "number",
    "short_number_not_allowed": "number",
    "no_such_queue": "queue",
    "not_your_queue": "queue",
    "queue_calls_nobody": "queue",
    "no_such_caller": "entry_point",
}
"""Of a refusal: the field that is to blame."""


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


@router.post("", status_code=201, summary="Call a number: one's own telephone first, then the number")
async def place_call(request: Request, body: Call) -> Placed:
    """The page answers its own telephone by itself, and a desk telephone is picked up."""
    person, agent = agent_of(request.state.person)
    number = dialled(body.number)
    if number is None:
        raise AppError("number_unreadable", 400, field="number")
    live: Live = request.app.state.live
    queue, entry_point = _in_whose_name(live.own_state(person.tenant, agent)["calling"]["queues"], body)
    contact = ContactId(str(uuid7()))
    fact = CallPlaced(contact=contact, agent=agent, queue=queue, entry_point=entry_point, number=number)
    inbox: Inbox = request.app.state.inbox
    try:
        await inbox.submit(person.tenant, fact)
    except AppError as err:
        err.field = err.field or _FIELDS.get(err.code)
        raise
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
