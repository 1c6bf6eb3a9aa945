"""What scenarios failed of, and in which versions of the set-up a handler changed. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.decisions import ReportFault
from otklik.contact.ids import ContactId, ScenarioId
from otklik.storage.codec import storable

FAULTS_KEPT: Final = 500
MOST_SHOWN: Final = 20
MOST_VERSIONS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFault:
    at: datetime
    contact: ContactId
    scenario: ScenarioId
    block: str
    reason: str
    traceback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerVersion:
    """A version of the set-up in which the handler is not what it was before; `gone`: it is not there any more."""

    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


async def keep_faults(connection: AsyncConnection, found: Sequence[tuple[float, ReportFault]]) -> None:
    """With the instant of each. The oldest go where there are more than are kept."""
    rows = [
        {
            "at": datetime.fromtimestamp(at, UTC),
            "contact": fault.contact,
            "scenario": storable(fault.scenario),
            "block": storable(fault.block),
            "reason": storable(fault.reason),
            "traceback": storable(fault.traceback),
        }
        for at, fault in found
    ]
    await connection.execute(
        text(
            "insert into scenario_fault (tenant_id, at, contact_id, scenario_id, block, reason, traceback)"
            " values (current_tenant(), :at, :contact, :scenario, :block, :reason, :traceback)"
        ),
        rows,
    )
    await connection.execute(
        text(
            "delete from scenario_fault where id <="
            " (select id from scenario_fault order by id desc offset :kept limit 1)"
        ),
        {"kept": FAULTS_KEPT},
    )


async def faults(connection: AsyncConnection, scenario: ScenarioId | None = None) -> list[ScenarioFault]:
    """Newest first; of all scenarios where none is named."""
    rows = await connection.execute(
        text(
            "select at, contact_id, scenario_id, block, reason, traceback from scenario_fault"
            " where cast(:scenario as text) is null or scenario_id = :scenario order by id desc limit :most"
        ),
        {"scenario": scenario, "most": MOST_SHOWN},
    )
    return [_fault(row) for row in rows]


def _fault(row: Any) -> ScenarioFault:
    return ScenarioFault(
        at=row.at,
        contact=ContactId(str(row.contact_id)),
        scenario=ScenarioId(row.scenario_id),
        block=row.block,
        reason=row.reason,
        traceback=row.traceback,
    )


async def versions(connection: AsyncConnection, handler: ScenarioId) -> list[HandlerVersion]:
    """Newest first."""
    found = await connection.execute(
        text(
            "select v.version, v.made_at, v.comment, p.name, v.handler is null as gone from ("
            " select c.version, c.made_at, c.comment, c.person_id, c.tenant_id, h.handler,"
            "  lag(h.handler) over (order by c.version) as earlier from configuration c left join lateral ("
            "   select each::jsonb as handler from json_array_elements(c.body -> 'handlers') each"
            "   where each ->> 'id' = :handler) h on true) v"
            " left join person p on p.tenant_id = v.tenant_id and p.id = v.person_id"
            " where v.handler is distinct from v.earlier order by v.version desc limit :most"
        ),
        {"handler": handler, "most": MOST_VERSIONS},
    )
    return [
        HandlerVersion(version=row.version, made_at=row.made_at, by=row.name, comment=row.comment, gone=row.gone)
        for row in found
    ]
