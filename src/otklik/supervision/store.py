"""Tables of wallboards' links and of what supervisors wrote. Everything but the look-up needs a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallboard:
    """What a link opens."""

    tenant: TenantId
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWallboard:
    id: str
    name: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The words of a message to agents, and whose they are."""

    id: str
    text: str
    by: str


async def wallboard(lookup: AsyncConnection, token_hash: bytes) -> Wallboard | None:
    found = await lookup.execute(sql("select * from wallboard_of(:hash)"), {"hash": token_hash})
    row = found.one_or_none()
    return Wallboard(tenant=TenantId(row.tenant_id), id=str(row.id), name=row.name) if row is not None else None


async def wallboards(connection: AsyncConnection) -> list[KnownWallboard]:
    found = await connection.execute(sql("select id, name, made_at from wallboard order by made_at, id"))
    return [KnownWallboard(id=str(row.id), name=row.name, made_at=row.made_at) for row in found]


async def add_wallboard(connection: AsyncConnection, *, name: str, token_hash: bytes, by: str) -> str:
    found = await connection.execute(
        sql(
            "insert into wallboard (tenant_id, name, token_hash, made_by)"
            " values (current_tenant(), :name, :hash, :by) returning id"
        ),
        {"name": name, "hash": token_hash, "by": by},
    )
    return str(found.scalar_one())


async def remove_wallboard(connection: AsyncConnection, wallboard: str) -> bool:
    found = await connection.execute(sql("delete from wallboard where id = :id returning id"), {"id": wallboard})
    return found.one_or_none() is not None


async def write_notice(connection: AsyncConnection, *, text: str, by: str, name: str) -> str:
    found = await connection.execute(
        sql(
            "insert into notice (tenant_id, text, by_id, by_name) values (current_tenant(), :text, :by, :name)"
            " returning id"
        ),
        {"text": text, "by": by, "name": name},
    )
    return str(found.scalar_one())


async def forget_notice(connection: AsyncConnection, notice: str) -> None:
    await connection.execute(sql("delete from notice where id = :id"), {"id": notice})


async def notices(connection: AsyncConnection, ids: Sequence[str]) -> list[Written]:
    """Those of these that are known."""
    found = await connection.execute(
        sql("select id, text, by_name from notice where id = any(cast(:ids as uuid[]))"), {"ids": list(ids)}
    )
    return [Written(id=str(row.id), text=row.text, by=row.by_name) for row in found]
