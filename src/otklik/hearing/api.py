"""What an agent's page measures of its own line, and how well agents and customers were heard."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from otklik.contact.ids import ContactId
from otklik.contact.ports import Inbox, Live
from otklik.contact.quality import Hearing, LineMeasured, mos
from otklik.hearing import store
from otklik.storage.engine import Database
from otklik.tenancy.access import hand_of, require

router = APIRouter(tags=["desk"])

_Milliseconds = Annotated[float, Field(ge=0, le=60_000)]


class LineReport(BaseModel):
    """Of the whole line by now: `loss` is a share of the packets, of the direction that is worse; `now` and `worst_mos` of eight
    seconds."""

    loss: Annotated[float, Field(ge=0, le=1)]
    jitter_ms: _Milliseconds
    round_trip_ms: _Milliseconds
    worst_mos: Annotated[float, Field(ge=1, le=4.5)]
    now: Hearing = "good"


class HeardAgent(BaseModel):
    """`mos`: on average, 1 to 4.4; `poor`: in so many calls it was under 3.6."""

    id: str
    name: str
    calls: int
    mos: float
    poor: int


class HeardCustomers(BaseModel):
    calls: int
    mos: float
    poor: int


class HeardLines(BaseModel):
    """`agents`: the worst first; `customers`: null where no line of theirs was measured."""

    agents: list[HeardAgent]
    customers: HeardCustomers | None


@router.put("/api/desk/contacts/{contact}/line", status_code=204, summary="How the own line of a call is heard")
async def report_line(request: Request, contact: UUID, body: LineReport) -> None:
    """Told by the page when its line becomes better or worse, and at its end. Refused where one has no part in the contact."""
    person, agent = hand_of(request.state.person)
    inbox: Inbox = request.app.state.inbox
    fact = LineMeasured(
        contact=ContactId(str(contact)),
        agent=agent,
        mos=mos(body.loss, body.jitter_ms, body.round_trip_ms),
        worst_mos=body.worst_mos,
        loss=round(body.loss, 4),
        jitter_ms=round(body.jitter_ms, 1),
        round_trip_ms=round(body.round_trip_ms, 1),
        now=body.now,
    )
    await inbox.submit(person.tenant, fact)


@router.get("/api/supervision/lines", summary="How well agents and customers were heard")
async def heard_lines(request: Request, days: Annotated[int, Query(ge=1, le=92)] = 7) -> HeardLines:
    person = require(request.state.person, "contacts.read_all")
    live: Live = request.app.state.live
    await live.written(person.tenant)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.heard(connection, days)
    agents = [
        HeardAgent(
            id=each.agent, name=each.name or each.agent, calls=each.calls, mos=round(each.mos, 2), poor=each.poor
        )
        for each in found
        if each.agent is not None
    ]
    theirs = next((each for each in found if each.agent is None), None)
    customers = (
        HeardCustomers(calls=theirs.calls, mos=round(theirs.mos, 2), poor=theirs.poor) if theirs is not None else None
    )
    return HeardLines(agents=agents, customers=customers)
