"""Whom an agent called lately. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import AgentId

LOOKED_AT = 100
"""So many of the latest calls are looked through for different numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A number with the latest call to it."""

    contact: str
    number: str
    at: datetime
    customer: str | None
    outcome: str
    failure: str | None
    queue: str | None
    entry_point: str


async def recent(connection: AsyncConnection, agent: AgentId, limit: int) -> Sequence[Called]:
    """The latest first, each number once."""
    found = await connection.execute(
        text(
            "with latest as (select c.id, y.ani, c.arrived_at, c.customer_id, c.outcome, c.failure, c.queue_id, c.entry_point_id"
            " from contact c join contact_party y on y.tenant_id = c.tenant_id and y.contact_id = c.id"
            " where c.direction = 'out' and exists (select from contact_segment s where s.tenant_id = c.tenant_id"
            " and s.contact_id = c.id and s.kind = 'dialling' and s.agent_id = :agent)"
            " order by c.arrived_at desc limit :looked_at),"
            " once as (select distinct on (ani) * from latest order by ani, arrived_at desc)"
            " select o.*, u.name as customer from once o left join customer u on u.id = o.customer_id"
            " order by arrived_at desc limit :limit"
        ),
        {"agent": agent, "limit": limit, "looked_at": LOOKED_AT},
    )
    return [
        Called(
            contact=str(each.id),
            number=each.ani,
            at=each.arrived_at,
            customer=each.customer,
            outcome=each.outcome,
            failure=each.failure,
            queue=each.queue_id,
            entry_point=each.entry_point_id,
        )
        for each in found
    ]
