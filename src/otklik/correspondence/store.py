"""Tables of letters and of web sites' keys. Everything but the look-up needs a tenant's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import ContactId, EntryPointId, TenantId
from otklik.correspondence.letter import Letter, WebKey

LEFT = "(delivery = 'sending' and claimed_at < now() - interval '3 minutes')"
"""Of an answer: whoever sent it came to an end before he knew what became of it. A mail server has 15 s for each of its answers."""


async def web_key(lookup: AsyncConnection, token_hash: bytes) -> WebKey | None:
    found = await lookup.execute(sql("select * from web_key_of(:hash)"), {"hash": token_hash})
    row = found.one_or_none()
    if row is None:
        return None
    return WebKey(tenant=TenantId(row.tenant_id), id=str(row.id), entry_point=EntryPointId(row.entry_point_id))


async def save_first(
    connection: AsyncConnection,
    contact: ContactId,
    key: WebKey,
    *,
    text: str,
    sender: Mapping[str, str],
    fields: Mapping[str, str],
) -> bool:
    """False: it is there already."""
    values = {"contact": contact, "key": key.id, "text": text, "sender": _json(sender), "fields": _json(fields)}
    query = (
        "insert into letter (tenant_id, contact_id, number, key_id, text, sender, fields)"
        " values (current_tenant(), :contact, 1, :key, :text, cast(:sender as jsonb), cast(:fields as jsonb))"
        " on conflict do nothing returning number"
    )
    return (await connection.execute(sql(query), values)).one_or_none() is not None


async def save_next(connection: AsyncConnection, contact: ContactId, key: WebKey, words: str) -> bool:
    """False: this site has handed in no such contact."""
    query = (
        "insert into letter (tenant_id, contact_id, number, key_id, text)"
        " select current_tenant(), contact_id, (select max(number) + 1 from letter where contact_id = :contact), key_id,"
        " :text from (select * from letter where contact_id = :contact and number = 1 and key_id = :key for update) l"
        " returning number"
    )
    found = await connection.execute(sql(query), {"contact": contact, "key": key.id, "text": words})
    return found.one_or_none() is not None


async def forget(connection: AsyncConnection, contact: ContactId) -> None:
    """What was written about a call that was refused."""
    await connection.execute(sql("delete from letter where contact_id = :contact"), {"contact": contact})


async def number_of(connection: AsyncConnection, contact: ContactId) -> str | None:
    """With which it was handed in; None of one that is not known, or no longer."""
    found = await connection.execute(
        sql("select ani from contact_party where contact_id = :contact"), {"contact": contact}
    )
    known: str | None = found.scalar()
    return known


async def has_come(connection: AsyncConnection, contact: ContactId) -> bool:
    """Is there an account of it? Half a second behind."""
    found = await connection.execute(
        sql("select exists (select from contact where id = :contact)"), {"contact": contact}
    )
    return bool(found.scalar_one())


async def letters(connection: AsyncConnection, contacts: Sequence[ContactId]) -> dict[ContactId, list[Letter]]:
    """Of each contact the first one first; nothing of those on which nothing was written."""
    rows = await connection.execute(
        sql(
            "select l.contact_id, l.written_at, l.text, l.sender - 'scenario' - 'step' - 'mailbox' as sender, l.fields, l.number,"
            f" case when {LEFT} then 'failed' else l.delivery end as delivery,"
            f" case when {LEFT} then 'unknown' else l.failure end as failure,"
            " case when l.answered_by is not null then coalesce(p.name, '') else l.sender ->> 'scenario' end as by from letter l"
            " left join person p on p.tenant_id = l.tenant_id and p.id = l.answered_by"
            " where l.contact_id = any(cast(:contacts as uuid[])) order by l.contact_id, l.number"
        ),
        {"contacts": list(contacts)},
    )
    found: dict[ContactId, list[Letter]] = {}
    for row in rows:
        letter = Letter(
            at=row.written_at,
            text=row.text,
            sender=row.sender,
            fields=row.fields,
            number=row.number,
            by=row.by,
            delivery=row.delivery,
            failure=row.failure,
        )
        found.setdefault(ContactId(str(row.contact_id)), []).append(letter)
    return found


def _json(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False)


# Keys.


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    id: str
    name: str
    entry_point: str
    made_at: datetime


async def keys(connection: AsyncConnection) -> list[KnownKey]:
    found = await connection.execute(sql("select id, name, entry_point_id, made_at from web_key order by made_at, id"))
    return [
        KnownKey(id=str(row.id), name=row.name, entry_point=row.entry_point_id, made_at=row.made_at) for row in found
    ]


async def add_key(
    connection: AsyncConnection, *, name: str, entry_point: EntryPointId, token_hash: bytes, by: str
) -> str:
    found = await connection.execute(
        sql(
            "insert into web_key (tenant_id, name, entry_point_id, token_hash, made_by)"
            " values (current_tenant(), :name, :entry_point, :hash, :by) returning id"
        ),
        {"name": name, "entry_point": entry_point, "hash": token_hash, "by": by},
    )
    return str(found.scalar_one())


async def remove_key(connection: AsyncConnection, key: str) -> bool:
    found = await connection.execute(sql("delete from web_key where id = :id returning id"), {"id": key})
    return found.one_or_none() is not None
