"""Browsers that want to be told. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ports import PushAddress
from otklik.errors import Language
from otklik.push.news import KINDS, NEEDS, Kind, News
from otklik.tenancy.person import PERMISSIONS

MOST = 10
"""So many browsers of one person; the oldest gives way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    id: str
    person: str
    address: PushAddress
    language: Language


async def keep(connection: AsyncConnection, person: str, address: PushAddress, kinds: Sequence[Kind]) -> None:
    """Whoever saves last in a browser has it."""
    await connection.execute(
        text(
            "insert into push_subscription (tenant_id, person_id, endpoint, p256dh, auth, kinds)"
            " values (current_tenant(), :person, :endpoint, :p256dh, :auth, :kinds)"
            " on conflict (tenant_id, endpoint) do update set person_id = excluded.person_id, p256dh = excluded.p256dh,"
            " auth = excluded.auth, kinds = excluded.kinds, made_at = now()"
        ),
        {
            "person": person,
            "endpoint": address.endpoint,
            "p256dh": address.p256dh,
            "auth": address.auth,
            "kinds": list(kinds),
        },
    )
    await connection.execute(
        text(
            "delete from push_subscription where person_id = :person and id not in"
            " (select id from push_subscription where person_id = :person order by made_at desc, id desc limit :most)"
        ),
        {"person": person, "most": MOST},
    )


async def kinds(connection: AsyncConnection, person: str, endpoint: str) -> list[Kind] | None:
    """None: this browser is not told anything, or belongs to somebody else."""
    found = await connection.execute(
        text("select kinds from push_subscription where person_id = :person and endpoint = :endpoint"),
        {"person": person, "endpoint": endpoint},
    )
    known = found.scalar_one_or_none()
    return [kind for kind in KINDS if kind in known] if known is not None else None


async def address(connection: AsyncConnection, person: str, endpoint: str) -> PushAddress | None:
    """None: this browser is not told anything, or belongs to somebody else."""
    found = await connection.execute(
        text("select p256dh, auth from push_subscription where person_id = :person and endpoint = :endpoint"),
        {"person": person, "endpoint": endpoint},
    )
    row = found.one_or_none()
    return PushAddress(endpoint=endpoint, p256dh=row.p256dh, auth=row.auth) if row is not None else None


async def forget(connection: AsyncConnection, person: str, endpoint: str) -> None:
    await connection.execute(
        text("delete from push_subscription where person_id = :person and endpoint = :endpoint"),
        {"person": person, "endpoint": endpoint},
    )


async def remove(connection: AsyncConnection, subscription: str) -> None:
    """Its push service knows it no more."""
    await connection.execute(text("delete from push_subscription where id = :id"), {"id": subscription})


async def wanting(connection: AsyncConnection, news: Sequence[News]) -> list[tuple[News, Kept]]:
    """Each of the news with each browser that is to be told of it; one question for each kind."""
    found: list[tuple[News, Kept]] = []
    for kind in KINDS:
        if same := [each for each in news if each.kind == kind]:
            people = [each.to for each in same if each.to is not None]
            browsers = await _wanting(connection, kind, people if len(people) == len(same) else None)
            found += [(each, one) for each in same for one in browsers if each.to in (None, one.person)]
    return found


async def _wanting(connection: AsyncConnection, kind: Kind, people: Sequence[str] | None) -> list[Kept]:
    """Browsers of these people, or of all, that want news of this kind; only of people who are here and may have it."""
    roles = [role for role, permissions in PERMISSIONS.items() if NEEDS[kind] in permissions]
    found = await connection.execute(
        text(
            "select s.id, s.person_id, s.endpoint, s.p256dh, s.auth, p.language from push_subscription s"
            " join person p on p.tenant_id = s.tenant_id and p.id = s.person_id and p.disabled_at is null"
            " where :kind = any(s.kinds) and p.role = any(:roles)"
            " and (cast(:people as uuid[]) is null or s.person_id = any(cast(:people as uuid[])))"
        ),
        {"kind": kind, "roles": roles, "people": list(people) if people is not None else None},
    )
    return [
        Kept(
            id=str(row.id),
            person=str(row.person_id),
            address=PushAddress(endpoint=row.endpoint, p256dh=row.p256dh, auth=row.auth),
            language=row.language,
        )
        for row in found
    ]


async def wanted(connection: AsyncConnection) -> set[Kind]:
    """Of what any browser of this tenant wants to be told."""
    found = await connection.execute(text("select distinct unnest(kinds) from push_subscription"))
    known = set(found.scalars())
    return {kind for kind in KINDS if kind in known}


async def due(connection: AsyncConnection, since: float, until: float) -> list[tuple[str, str]]:
    """Tasks that came due in between: whose, and which."""
    found = await connection.execute(
        text(
            "select assignee_id, id from customer_task where done_at is null and assignee_id is not null"
            " and due_at > to_timestamp(:since) and due_at <= to_timestamp(:until) limit 1000"
        ),
        {"since": since, "until": until},
    )
    return [(str(row.assignee_id), str(row.id)) for row in found]
