"""Drafts of flows, and which versions of the set-up changed a flow. Always in a tenant's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import EntryPointId, ScenarioId
from otklik.errors import AppError
from otklik.flows.course import Answer, Trace
from otklik.tenancy.document import Plain

MOST_VERSIONS = 100
MOST_TRACES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`base`: the version of the set-up that it was begun from. `by`: the name of whoever kept it last."""

    flow: ScenarioId
    revision: int
    base: int
    body: Plain
    saved_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowVersion:
    """A version of the set-up in which the flow is not what it was before; `gone`: it is not there any more."""

    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


_DRAFT = (
    "select d.flow_id, d.revision, d.base, d.body, d.saved_at, p.name from flow_draft d"
    " left join person p on p.tenant_id = d.tenant_id and p.id = d.person_id"
)


def _draft(row: Any) -> Draft:
    return Draft(
        flow=ScenarioId(row.flow_id),
        revision=row.revision,
        base=row.base,
        body=row.body,
        saved_at=row.saved_at,
        by=row.name,
    )


async def drafts(connection: AsyncConnection) -> list[Draft]:
    return [_draft(row) for row in await connection.execute(text(f"{_DRAFT} order by d.flow_id"))]


async def draft(connection: AsyncConnection, flow: ScenarioId) -> Draft | None:
    row = (await connection.execute(text(f"{_DRAFT} where d.flow_id = :flow"), {"flow": flow})).one_or_none()
    return _draft(row) if row is not None else None


async def save_draft(
    connection: AsyncConnection, flow: ScenarioId, revision: int, base: int, body: Plain, person: str
) -> int:
    """Over the draft of this revision (0: there is none yet); the new one. Raises `flow_draft_conflict`."""
    values = {
        "flow": flow,
        "revision": revision,
        "base": base,
        "body": json.dumps(body, ensure_ascii=False),
        "person": person,
    }
    if revision == 0:
        statement = (
            "insert into flow_draft (tenant_id, flow_id, revision, base, body, person_id)"
            " values (current_tenant(), :flow, 1, :base, cast(:body as json), :person)"
            " on conflict do nothing returning revision"
        )
    else:
        statement = (
            "update flow_draft set revision = revision + 1, base = :base, body = cast(:body as json),"
            " person_id = :person, saved_at = now() where flow_id = :flow and revision = :revision returning revision"
        )
    made = (await connection.execute(text(statement), values)).scalar()
    if made is None:
        raise await _conflict(connection, flow)
    return int(made)


async def drop_draft(connection: AsyncConnection, flow: ScenarioId, revision: int) -> None:
    """Raises `flow_draft_conflict` if it is another by now."""
    gone = await connection.execute(
        text("delete from flow_draft where flow_id = :flow and revision = :revision returning true"),
        {"flow": flow, "revision": revision},
    )
    if gone.scalar() is None:
        raise await _conflict(connection, flow)


async def forget_draft(connection: AsyncConnection, flow: ScenarioId) -> None:
    """Whatever revision it is."""
    await connection.execute(text("delete from flow_draft where flow_id = :flow"), {"flow": flow})


async def _conflict(connection: AsyncConnection, flow: ScenarioId) -> AppError:
    found = await draft(connection, flow)
    if found is None:
        return AppError("flow_no_draft", 412, revision=0)
    return AppError("flow_draft_conflict", 412, revision=found.revision, by=found.by or "–")


async def versions(connection: AsyncConnection, flow: ScenarioId) -> list[FlowVersion]:
    """Newest first."""
    found = await connection.execute(
        text(
            "select v.version, v.made_at, v.comment, p.name, v.flow is null as gone from ("
            " select c.version, c.made_at, c.comment, c.person_id, c.tenant_id, f.flow,"
            "  lag(f.flow) over (order by c.version) as earlier from configuration c left join lateral ("
            "   select each::jsonb as flow from json_array_elements(c.body -> 'flows') each where each ->> 'id' = :flow"
            "  ) f on true) v"
            " left join person p on p.tenant_id = v.tenant_id and p.id = v.person_id"
            " where v.flow is distinct from v.earlier order by v.version desc limit :most"
        ),
        {"flow": flow, "most": MOST_VERSIONS},
    )
    return [
        FlowVersion(version=row.version, made_at=row.made_at, by=row.name, comment=row.comment, gone=row.gone)
        for row in found
    ]


_TRACES = """
select c.stage, c.ended_at is null as open, e.kind, coalesce(e.body -> 'path', '[]') as path,
       case when e.kind is null then (
         select f.body -> 'verb' ->> 'block' from fact f
          where f.contact_id = c.id and f.kind = 'handler_stepped' and f.at >= :since order by f.seq desc limit 1) end as stands,
       case when e.kind is null then (
         select coalesce(jsonb_agg(jsonb_build_array(v.body ->> 'block', v.body ->> 'outcome', v.body ->> 'digits', v.body ->> 'confidence')
                                   order by v.seq), '[]')
           from fact v where v.contact_id = c.id and v.kind = 'verb_finished' and v.at >= :since) end as answers
  from contact c
  left join lateral (
    select f.kind, f.body from fact f
     where f.contact_id = c.id and f.kind in ('contact_queued', 'scenario_finished') and f.at >= :since
     order by f.seq limit 1) e on true
 where c.entry_point_id = any(:entries) and c.arrived_at >= :since
 order by c.arrived_at desc limit :most"""


async def traces(connection: AsyncConnection, entries: Sequence[EntryPointId], hours: int) -> list[Trace]:
    """What the log says of the contacts that arrived by these entry points in so many hours, at most the newest 5,000."""
    since: datetime = (await connection.execute(text("select clock_timestamp()"))).scalar_one() - timedelta(hours=hours)
    found = await connection.execute(text(_TRACES), {"entries": list(entries), "since": since, "most": MOST_TRACES})
    return [trace for row in found if (trace := _trace(row)) is not None]


def _trace(row: Any) -> Trace | None:
    """None: the contact is further than any flow."""
    path = tuple(row.path)
    if row.kind is not None:
        return Trace(end="queued" if row.kind == "contact_queued" else "served", path=path)
    if row.open and row.stage != "scenario":
        return None
    answers = tuple(
        Answer(block=each[0] or "", outcome=each[1] or "", digits=each[2] or "", confidence=float(each[3] or 0))
        for each in row.answers
    )
    return Trace(end="under_way" if row.open else "left", answers=answers, stands=row.stands)
