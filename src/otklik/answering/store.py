"""Letters of ours: what we answer, and what we enter for customers. Always in a tenant's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import ContactId
from otklik.correspondence.store import LEFT

Delivery = Literal["kept", "sending", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Of what was written first: to whom an answer goes, and about what."""

    mail: str
    subject: str


async def first(connection: AsyncConnection, contact: ContactId) -> First | None:
    """None: nothing was written on this contact."""
    found = await connection.execute(
        sql("select sender from letter where contact_id = :contact and number = 1"), {"contact": contact}
    )
    row = found.one_or_none()
    return First(mail=row.sender.get("mail", ""), subject=row.sender.get("subject", "")) if row is not None else None


async def answer(connection: AsyncConnection, contact: ContactId, person: str, words: str, *, sending: bool) -> int:
    """The number that it has among the letters of the contact. `sending`: whoever writes it sends it at once, and nobody else."""
    await connection.execute(
        sql("select from letter where contact_id = :contact and number = 1 for update"), {"contact": contact}
    )
    found = await connection.execute(
        sql(
            "insert into letter (tenant_id, contact_id, number, answered_by, text, delivery, claimed_at)"
            " select current_tenant(), :contact, max(number) + 1, :person, :text, cast(:delivery as text),"
            " case when cast(:delivery as text) = 'sending' then now() end from letter"
            " where contact_id = :contact returning number"
        ),
        {"contact": contact, "person": person, "text": words, "delivery": "sending" if sending else "kept"},
    )
    return int(found.scalar_one())


async def claim(connection: AsyncConnection, contact: ContactId, number: int) -> str | None:
    """The words of an answer that has not gone out, now to be sent by whoever asks; None: there is nothing to send, or somebody
    sends it just now."""
    found = await connection.execute(
        sql(
            "update letter set delivery = 'sending', failure = null, claimed_at = now()"
            " where contact_id = :contact and number = :number and answered_by is not null"
            f" and (delivery in ('kept', 'failed') or {LEFT}) returning text"
        ),
        {"contact": contact, "number": number},
    )
    return found.scalar_one_or_none()


async def delivered(
    connection: AsyncConnection, contact: ContactId, number: int, delivery: Delivery, failure: str | None
) -> None:
    await connection.execute(
        sql(
            "update letter set delivery = :delivery, failure = :failure"
            " where contact_id = :contact and number = :number and delivery <> 'sent'"
        ),
        {"contact": contact, "number": number, "delivery": delivery, "failure": failure},
    )


async def enter(
    connection: AsyncConnection, contact: ContactId, person: str, words: str, sender: Mapping[str, str]
) -> None:
    await connection.execute(
        sql(
            "insert into letter (tenant_id, contact_id, number, entered_by, text, sender)"
            " values (current_tenant(), :contact, 1, :person, :text, cast(:sender as jsonb))"
        ),
        {"contact": contact, "person": person, "text": words, "sender": json.dumps(dict(sender), ensure_ascii=False)},
    )


async def forget(connection: AsyncConnection, contact: ContactId) -> None:
    await connection.execute(sql("delete from letter where contact_id = :contact"), {"contact": contact})
