"""Working time over HTTP: a table of agents and days for supervisors, one day with its stretches, and an agent's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from otklik.contact.configuration import Channel
from otklik.contact.ids import AgentId
from otklik.contact.ports import Live
from otklik.errors import AppError
from otklik.routing.hours import known_zone, zone
from otklik.storage.engine import Database
from otklik.tenancy.access import agent_of, require
from otklik.tenancy.person import Person
from otklik.workforce import store
from otklik.workforce.day import MOST_DAYS, Day, days

router = APIRouter(prefix="/api/working-time", tags=["workforce"])
desk = APIRouter(prefix="/api/desk", tags=["desk"])

Zone = Annotated[str, Query(max_length=100)]
State = Literal["not_ready", "ready", "offered", "dialling", "talking", "held", "rejoining", "wrap_up"]


class SpentIn(BaseModel):
    """`reason`: of a status, as in the tenant's lists; "missed" and "shift" are ours."""

    state: State
    reason: str | None
    milliseconds: int


class WorkedDay(BaseModel):
    """One agent's day. `milliseconds` is the time in shift, and the sum of `spent`. `ended_at` is null where the shift
    goes on."""

    agent: str
    name: str
    day: date
    began_at: datetime
    ended_at: datetime | None
    milliseconds: int
    spent: list[SpentIn]


class WorkingTime(BaseModel):
    days: list[WorkedDay]


class DayStretch(BaseModel):
    """While nothing of this changed. `state`: what was done with the most pressing of the contacts in hand, else the status;
    `status` and `reason`: what the agent had chosen meanwhile. `ended_at` is null for what goes on."""

    began_at: datetime
    ended_at: datetime | None
    state: State
    status: Literal["not_ready", "ready"]
    reason: str | None
    contact: str | None
    channel: Channel | None


class DayTold(BaseModel):
    """`worked` is null where there was no shift on that day."""

    agent: str
    name: str
    day: date
    worked: WorkedDay | None
    stretches: list[DayStretch]


@router.get("", summary="How agents' shifts were spent, by agent and day")
async def working_time(
    request: Request,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    time_zone: Zone = "UTC",
) -> WorkingTime:
    """Days are those of `time_zone`; at most a month in one question."""
    person = require(request.state.person, "agents.direct")
    if not 0 <= (last - first).days < MOST_DAYS:
        raise AppError("too_many_days", 400, field="to", days=MOST_DAYS)
    asked = list(_days(first, last, time_zone))
    await _written(request, person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.sums(connection, asked)
    return WorkingTime(days=_worked(found))


@router.get("/{agent}", summary="One agent's day, stretch by stretch")
async def agents_day(request: Request, agent: UUID, day: date, time_zone: Zone = "UTC") -> DayTold:
    person = require(request.state.person, "agents.direct")
    return await _told(request, person, AgentId(str(agent)), day, time_zone)


@desk.get("/working-time", summary="The own day, stretch by stretch")
async def own_day(request: Request, day: date, time_zone: Zone = "UTC") -> DayTold:
    person, agent = agent_of(request.state.person)
    return await _told(request, person, agent, day, time_zone)


async def _told(request: Request, person: Person, agent: AgentId, day: date, time_zone: str) -> DayTold:
    (asked,) = _days(day, day, time_zone)
    await _written(request, person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        name = await store.name(connection, agent)
        if name is None:
            raise AppError("not_found", 404)
        worked = _worked(await store.sums(connection, [asked], agent))
        stretches = await store.stretches(connection, asked, agent)
    return DayTold(
        agent=agent,
        name=name,
        day=day,
        worked=worked[0] if worked else None,
        stretches=[_stretch(s) for s in stretches],
    )


async def _written(request: Request, person: Person) -> None:
    """What the page shows already is to be in the answer."""
    live: Live = request.app.state.live
    await live.written(person.tenant)


def _days(first: date, last: date, time_zone: str) -> Iterable[Day]:
    if not known_zone(time_zone):
        raise AppError("no_such_time_zone", 400, field="time_zone", found=time_zone)
    return days(first, last, zone(time_zone))


def _worked(sums: Iterable[store.Sum]) -> list[WorkedDay]:
    """By name and day. Who was there for no time at all was not there."""
    in_order = sorted(sums, key=lambda each: (each.name.casefold(), each.agent, each.day))
    found: list[WorkedDay] = []
    for (agent, name, day), of_it in groupby(in_order, key=lambda each: (each.agent, each.name, each.day)):
        parts = sorted(of_it, key=lambda each: (-each.milliseconds, each.state, each.reason or ""))
        spent = [
            SpentIn(state=_state(each.state), reason=each.reason, milliseconds=each.milliseconds) for each in parts
        ]
        on_shift = any(each.on_shift for each in parts)
        found.append(
            WorkedDay(
                agent=agent,
                name=name,
                day=day,
                began_at=min(each.began_at for each in parts),
                ended_at=None if on_shift else max(each.ended_at for each in parts),
                milliseconds=sum(each.milliseconds for each in parts),
                spent=[each for each in spent if each.milliseconds or on_shift],
            )
        )
    return [each for each in found if each.milliseconds or each.ended_at is None]


def _stretch(told: store.Told) -> DayStretch:
    return DayStretch.model_validate(
        {
            "began_at": told.began_at,
            "ended_at": told.ended_at,
            "state": told.activity or told.status,
            "status": told.status,
            "reason": told.reason,
            "contact": told.contact,
            "channel": told.channel,
        }
    )


def _state(name: str) -> State:
    return SpentIn.model_validate({"state": name, "reason": None, "milliseconds": 0}).state
