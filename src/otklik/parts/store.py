"""Which versions of the set-up changed a part of it. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

MOST_VERSIONS = 100
LOOKED_AT = 300
"""So many of the newest versions: a set-up may have thousands, each of some megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartVersion:
    """A version of the set-up in which the part is not what it was before; `gone`: the one thing asked for is not there."""

    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


async def versions(connection: AsyncConnection, collections: Sequence[str], item: str | None) -> list[PartVersion]:
    """Newest first: of all these lists, or of the one thing with this id in any of them. What the oldest that is looked at
    changed is not known, unless it is the first of all."""
    found = await connection.execute(
        text(
            "select v.version, v.made_at, v.comment, p.name, v.things is null as gone from ("
            " select c.version, c.made_at, c.comment, c.person_id, c.tenant_id, f.things,"
            "  lag(f.things) over (order by c.version) as earlier, lag(c.version) over (order by c.version) as before"
            "  from (select * from configuration order by version desc limit :looked_at) c left join lateral ("
            "   select jsonb_agg(each::jsonb order by name, place) as things from unnest(cast(:names as text[])) name,"
            "    json_array_elements(c.body -> name) with ordinality listed (each, place)"
            "    where cast(:item as text) is null or each ->> 'id' = :item) f on true) v"
            " left join person p on p.tenant_id = v.tenant_id and p.id = v.person_id"
            " where v.things is distinct from v.earlier"
            "  and (v.before is not null or v.version = (select min(version) from configuration))"
            " order by v.version desc limit :most"
        ),
        {"names": list(collections), "item": item, "most": MOST_VERSIONS, "looked_at": LOOKED_AT},
    )
    return [
        PartVersion(version=row.version, made_at=row.made_at, by=row.name, comment=row.comment, gone=row.gone)
        for row in found
    ]
