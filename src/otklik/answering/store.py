"""Letters of ours: what we answer, and what we enter for customers. Always in a tenant's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import ContactId
from otklik.correspondence.store import LEFT

Delivery = Literal["kept", "sending", "sent", "failed"]
Unsent = Literal["no_address", "no_server"]
"""Why nobody tries to send it."""
MOST_A_DAY: Final = 5
"""Mails of scenarios to one address within 24 hours: whoever fills in a site's form may write somebody else's."""


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
    return _first(row.sender) if row is not None else None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What is to be sent. `own`: to whom and about what it is, where it follows from a result or a scenario has written it."""

    words: str
    own: First | None


async def claim(connection: AsyncConnection, contact: ContactId, number: int) -> Claimed | None:
    """What we wrote and has not gone out, now to be sent by whoever asks; None: there is nothing to send, or somebody sends it
    just now."""
    found = await connection.execute(
        sql(
            "update letter set delivery = 'sending', failure = null, claimed_at = now()"
            " where contact_id = :contact and number = :number and (answered_by is not null or sender ? 'scenario')"
            f" and (delivery in ('kept', 'failed') or {LEFT}) returning text, follows or sender ? 'scenario' as apart, sender"
        ),
        {"contact": contact, "number": number},
    )
    row = found.one_or_none()
    return Claimed(words=row.text, own=_first(row.sender) if row.apart else None) if row is not None else None


def _first(sender: Mapping[str, str]) -> First:
    return First(mail=sender.get("mail", ""), subject=sender.get("subject", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a scenario writes as a contact leaves it. `new`: to be sent now, for the first time."""

    number: int
    delivery: Delivery = "sending"
    failure: str | None = None
    new: bool = True


async def _alone(connection: AsyncConnection, contact: ContactId) -> None:
    """Until the transaction ends nobody else writes a letter of this contact."""
    await connection.execute(
        sql("select pg_advisory_xact_lock(hashtextextended(:about, 0))"), {"about": f"letter {contact}"}
    )
    await connection.execute(
        sql("select from letter where contact_id = :contact and number = 1 for update"), {"contact": contact}
    )


async def reply(
    connection: AsyncConnection,
    contact: ContactId,
    words: str,
    sender: Mapping[str, str],
    *,
    unsent: Unsent | None = None,
) -> Reply:
    """`sender`: to whom and about what it is, and which `step` of which `scenario` writes it: said again it is the same letter. With
    a `mailbox` it fails with `too_many` where that has had `MOST_A_DAY`. `unsent`: it is kept as one that has failed so."""
    await _alone(connection, contact)
    earlier = await connection.execute(
        sql(
            "select number, delivery, failure from letter where contact_id = :contact"
            " and sender ? 'scenario' and sender ->> 'step' = :step"
        ),
        {"contact": contact, "step": sender["step"]},
    )
    if (row := earlier.one_or_none()) is not None:
        return Reply(number=row.number, delivery=row.delivery, failure=row.failure, new=False)
    failure: str | None = unsent
    if failure is None and await _too_many(connection, sender.get("mailbox", "")):
        failure = "too_many"
    delivery: Delivery = "sending" if failure is None else "failed"
    values = {
        "contact": contact,
        "text": words,
        "sender": json.dumps(dict(sender), ensure_ascii=False),
        "delivery": delivery,
        "failure": failure,
    }
    number: int = (await connection.execute(sql(_REPLY), values)).scalar_one()
    return Reply(number=number, delivery=delivery, failure=failure, new=failure is None)


async def _too_many(connection: AsyncConnection, mailbox: str) -> bool:
    """Those that nobody has tried to send do not count. One after another for each address, to the end of the transaction."""
    if not mailbox:
        return False
    lock = "select pg_advisory_xact_lock(hashtextextended(cast(current_tenant() as text) || cast(:about as text), 0))"
    await connection.execute(sql(lock), {"about": f" letters to {mailbox}"})
    found = await connection.execute(sql(_SENT_TO), {"mailbox": mailbox})
    return int(found.scalar_one()) >= MOST_A_DAY


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A letter that follows from a result. `to_send`: by whoever asked for it, at once."""

    number: int
    delivery: Delivery
    failure: str | None = None
    to_send: bool = False


async def follow(
    connection: AsyncConnection,
    contact: ContactId,
    person: str,
    words: str,
    sender: Mapping[str, str],
    *,
    sending: bool,
) -> Following:
    """What this agent writes to the customer as the result: one letter of each agent. Said again it replaces what has not gone out;
    what was sent, or is on its way, stays as it is."""
    values = {
        "contact": contact,
        "person": person,
        "text": words,
        "sender": json.dumps(dict(sender), ensure_ascii=False),
    }
    values["delivery"] = "sending" if sending else "kept"
    await _alone(connection, contact)
    earlier = await connection.execute(
        sql(
            "select number, delivery, delivery = 'sent' or (delivery = 'sending' and not"
            f" {LEFT}) as gone from letter where contact_id = :contact and answered_by = :person and follows"
        ),
        {"contact": contact, "person": person},
    )
    row = earlier.one_or_none()
    if row is not None and row.gone:
        return Following(number=row.number, delivery=row.delivery)
    query = _FOLLOWS_AGAIN if row is not None else _FOLLOWS
    number: int = (await connection.execute(sql(query), values)).scalar_one()
    return Following(number=number, delivery="kept", to_send=sending)


async def follow_no_more(connection: AsyncConnection, contact: ContactId, person: str) -> None:
    """What has not gone out."""
    await connection.execute(
        sql(
            "delete from letter where contact_id = :contact and answered_by = :person and follows"
            f" and (delivery in ('kept', 'failed') or {LEFT})"
        ),
        {"contact": contact, "person": person},
    )


_REPLY = """
insert into letter (tenant_id, contact_id, number, text, sender, delivery, failure, claimed_at)
select current_tenant(), :contact, coalesce(max(number), 0) + 1, :text, cast(:sender as jsonb), cast(:delivery as text),
       cast(:failure as text), now()
  from letter where contact_id = :contact returning number
"""
_SENT_TO = """
select count(*) from letter where written_at > now() - interval '24 hours' and sender ? 'mailbox'
   and sender ->> 'mailbox' = :mailbox and coalesce(failure, '') not in ('too_many', 'no_server')
"""
_CLAIMED = "case when cast(:delivery as text) = 'sending' then now() end"
_FOLLOWS = f"""
insert into letter (tenant_id, contact_id, number, answered_by, follows, text, sender, delivery, claimed_at)
select current_tenant(), :contact, coalesce(max(number), 0) + 1, :person, true, :text, cast(:sender as jsonb),
       cast(:delivery as text), {_CLAIMED} from letter where contact_id = :contact returning number
"""
_FOLLOWS_AGAIN = f"""
update letter set text = :text, sender = cast(:sender as jsonb), delivery = cast(:delivery as text), failure = null,
       claimed_at = {_CLAIMED}, written_at = now()
 where contact_id = :contact and answered_by = :person and follows returning number
"""
