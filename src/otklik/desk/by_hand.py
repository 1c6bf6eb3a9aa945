"""What people decide themselves: an agent passes a contact on, picks one, asks for time; a supervisor gives one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from otklik.contact.facts import ContactPulled, ContactPushed, ContactTransferred, WrapUpExtended
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.contact.ports import Live
from otklik.desk.api import NO_NUL, Nothing, submit
from otklik.errors import AppError
from otklik.tenancy.access import agent_of, require

router = APIRouter(prefix="/api/desk", tags=["desk"])
giving = APIRouter(prefix="/api/contacts", tags=["contacts"])

QueueName = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]


class Target(BaseModel):
    """Exactly one of them. An agent is tried alone for half a minute, then the contact's queue at large."""

    queue: QueueName | None = None
    agent: UUID | None = None


class Receiver(BaseModel):
    agent: UUID


class Colleague(BaseModel):
    id: str
    name: str
    state: str
    reason: str | None
    since: datetime


class Colleagues(BaseModel):
    agents: list[Colleague]


@router.get("/colleagues", summary="The other agents in shift, those who could take a contact now first")
async def colleagues(request: Request) -> Colleagues:
    person, agent = agent_of(request.state.person)
    live: Live = request.app.state.live
    return Colleagues(agents=[Colleague.model_validate(each) for each in live.colleagues(person.tenant, agent)])


@router.post("/contacts/{contact}/transfer", status_code=204, summary="Pass the contact on without asking first")
async def transfer(request: Request, contact: UUID, body: Target) -> None:
    """Its age, its place and all that is known go along; the agent is free at once."""
    person, agent = agent_of(request.state.person)
    if (body.queue is None) == (body.agent is None):
        raise AppError("one_target", 400, field="queue")
    fact = ContactTransferred(
        contact=ContactId(str(contact)),
        agent=agent,
        to_queue=QueueId(body.queue) if body.queue is not None else None,
        to_agent=AgentId(str(body.agent)) if body.agent is not None else None,
    )
    await submit(request, person, fact)


@router.post("/contacts/{contact}/wrap-up/extend", status_code=204, summary="More time for the wrap-up")
async def extend_wrap_up(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = agent_of(request.state.person)
    await submit(request, person, WrapUpExtended(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/pull", status_code=204, summary="Pick a waiting contact of one's own queues")
async def pull(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = agent_of(request.state.person)
    await submit(request, person, ContactPulled(contact=ContactId(str(contact)), agent=agent))


@giving.post("/{contact}/push", status_code=204, summary="Give a waiting contact to an agent, whatever the skills")
async def push(request: Request, contact: UUID, body: Receiver) -> None:
    person = require(request.state.person, "contacts.give")
    fact = ContactPushed(contact=ContactId(str(contact)), agent=AgentId(str(body.agent)), by=person.id)
    await submit(request, person, fact)
