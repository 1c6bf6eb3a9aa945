"""Accounts of desk telephones. Always in a tenant's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import AgentId
from otklik.contact.ports import DeskTelephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An account, and since when it is this one."""

    telephone: DeskTelephone
    made_at: datetime


async def telephones(connection: AsyncConnection) -> dict[AgentId, Kept]:
    rows = await connection.execute(text("select agent_id, sip_user, digest, made_at from telephone"))
    return {
        AgentId(str(row.agent_id)): Kept(
            telephone=DeskTelephone(user=row.sip_user, digest=row.digest), made_at=row.made_at
        )
        for row in rows
    }


async def keep(connection: AsyncConnection, agent: AgentId, telephone: DeskTelephone, by: str) -> bool:
    """In place of the earlier one. False: another telephone has this user name."""
    await remove(connection, agent)
    made = await connection.execute(
        text(
            "insert into telephone (tenant_id, agent_id, sip_user, digest, made_by)"
            " values (current_tenant(), :agent, :user, :digest, :by) on conflict (sip_user) do nothing returning true"
        ),
        {"agent": agent, "user": telephone.user, "digest": telephone.digest, "by": by},
    )
    return made.one_or_none() is not None


async def remove(connection: AsyncConnection, agent: AgentId) -> bool:
    gone = await connection.execute(
        text("delete from telephone where agent_id = :agent returning true"), {"agent": agent}
    )
    return gone.one_or_none() is not None
