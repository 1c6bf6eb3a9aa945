"""How lines were heard, from the accounts of contacts. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.quality import POOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Of an agent's calls; without `agent` of the customers' lines. `poor`: of so many the figure was poor."""

    agent: str | None
    name: str | None
    calls: int
    mos: float
    poor: int


async def heard(connection: AsyncConnection, days: int) -> Sequence[Heard]:
    """The worst first."""
    found = await connection.execute(
        text(
            "select l.agent, p.name, count(*) as calls, avg(l.mos) as mos, count(*) filter (where l.mos < :poor) as poor"
            " from contact c cross join jsonb_to_recordset(c.lines) as l (agent uuid, mos float8)"
            " left join person p on p.tenant_id = c.tenant_id and p.id = l.agent"
            " where c.line_mos is not null and c.arrived_at > now() - make_interval(days => :days)"
            " group by 1, 2 order by avg(l.mos), p.name"
        ),
        {"days": days, "poor": POOR},
    )
    return [
        Heard(
            agent=str(each.agent) if each.agent else None,
            name=each.name,
            calls=each.calls,
            mos=each.mos,
            poor=each.poor,
        )
        for each in found
    ]
