"""Tables of contacts: what the desk shows of the past, and what the agent writes. Always in a tenant's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import AgentId, ContactId, CustomerId
from otklik.contact.record import ContactRecord
from otklik.customer import store as customers
from otklik.desk.card import Card, CardCustomer, Draft, EarlierContact
from otklik.storage.codec import storable

EARLIER_ON_CARD = 10

# Records: the account of each contact as the engine gives it.

_COLUMNS = (
    "channel, entry_point_id, dnis, leg, arrived_at, queued_at, answered_at, ended_at, outcome, stage, customer_id,"
    " queue_id, agent_id, choices, wait_seconds, talk_seconds, hold_seconds, wrap_up_seconds, disposition,"
    " recording_key, recording_seconds"
)
_SAVE_CONTACTS = f"""
insert into contact (tenant_id, id, {_COLUMNS})
  select current_tenant(), r.contact, r.channel, r.entry_point, r.dnis, r.leg, to_timestamp(r.arrived_at),
         to_timestamp(r.queued_at), to_timestamp(r.answered_at), to_timestamp(r.ended_at), r.outcome, r.stage,
         r.customer, r.queue, r.agent, r.choices, r.wait_seconds, r.talk_seconds, r.hold_seconds, r.wrap_up_seconds,
         r.disposition, r.recording_key, r.recording_seconds
    from jsonb_to_recordset(cast(:rows as jsonb)) as r (
         contact uuid, channel text, entry_point text, dnis text, leg text, arrived_at float8, queued_at float8,
         answered_at float8, ended_at float8, outcome text, stage text, customer uuid, queue text, agent uuid,
         choices text[], wait_seconds float8, talk_seconds float8, hold_seconds float8, wrap_up_seconds float8,
         disposition text, recording_key text, recording_seconds float8)
  on conflict (tenant_id, id) do update
    set ({_COLUMNS}) = (select {", ".join(f"excluded.{name.strip()}" for name in _COLUMNS.split(","))})
"""
_SAVE_PARTIES = """
insert into contact_party (tenant_id, contact_id, ani)
  select current_tenant(), r.contact, r.ani from jsonb_to_recordset(cast(:rows as jsonb)) as r (contact uuid, ani text)
   where r.ani is not null
  on conflict do nothing
"""
_DROP_SEGMENTS = "delete from contact_segment where contact_id = any(cast(:contacts as uuid[]))"
_SAVE_SEGMENTS = """
insert into contact_segment (tenant_id, contact_id, number, kind, started_at, ended_at, queue_id, agent_id, held_seconds)
  select current_tenant(), r.contact, s.number, s.segment ->> 'kind', to_timestamp((s.segment ->> 'started_at')::float8),
         to_timestamp((s.segment ->> 'ended_at')::float8), s.segment ->> 'queue', (s.segment ->> 'agent')::uuid,
         (s.segment ->> 'held_seconds')::float8
    from jsonb_to_recordset(cast(:rows as jsonb)) as r (contact uuid, segments jsonb),
         jsonb_array_elements(r.segments) with ordinality as s (segment, number)
"""


async def save_records(connection: AsyncConnection, records: Sequence[ContactRecord]) -> None:
    """Write these accounts over the earlier ones of the same contacts; the same list twice changes nothing."""
    newest = {record.contact: record for record in records}
    rows = {"rows": json.dumps(storable([asdict(record) for record in newest.values()]))}
    await connection.execute(text(_SAVE_CONTACTS), rows)
    await connection.execute(text(_SAVE_PARTIES), rows)
    await connection.execute(text(_DROP_SEGMENTS), {"contacts": list(newest)})
    await connection.execute(text(_SAVE_SEGMENTS), rows)


# The card.

_EARLIER = """
select c.id, extract(epoch from c.arrived_at)::float8 as at, q.name as queue, p.name as agent, c.outcome,
       c.disposition, coalesce(n.note, '') as note, c.talk_seconds
  from contact c
  left join queue q on q.tenant_id = c.tenant_id and q.id = c.queue_id
  left join person p on p.tenant_id = c.tenant_id and p.id = c.agent_id
  left join contact_note n on n.tenant_id = c.tenant_id and n.contact_id = c.id
 where c.id <> :contact and {whose}
 order by c.arrived_at desc
 limit :limit
"""
_OF_CUSTOMER = "c.customer_id = :customer"
_OF_NUMBER = "c.id in (select y.contact_id from contact_party y where y.tenant_id = c.tenant_id and y.ani = :ani)"


async def card(connection: AsyncConnection, contact: ContactId, customer: CustomerId | None, ani: str | None) -> Card:
    """Who it is and what was before: the customer's contacts, or those of the same number when nobody knows whose
    it is."""
    known = await customers.by_id(connection, customer) if customer else None
    if known is None and not ani:
        return Card()
    whose = _OF_CUSTOMER if known else _OF_NUMBER
    found = await connection.execute(
        text(_EARLIER.format(whose=whose)),
        {"contact": contact, "limit": EARLIER_ON_CARD} | ({"customer": customer} if known else {"ani": ani}),
    )
    earlier = tuple(EarlierContact(**row) for row in found.mappings())
    if known is None:
        return Card(earlier=earlier)
    return Card(
        customer=CardCustomer(
            id=known.id,
            name=known.name,
            company=known.company or None,
            vip=known.vip,
            language=known.language or None,
            about=known.about or None,
        ),
        earlier=earlier,
    )


# Drafts and notes: one row per contact, a draft while the agent works on it, the contact's note afterwards.


async def drafts(connection: AsyncConnection, contacts: Sequence[ContactId]) -> dict[ContactId, Draft]:
    found = await connection.execute(
        text(
            "select contact_id, disposition, note from contact_note where contact_id = any(cast(:contacts as uuid[]))"
        ),
        {"contacts": list(contacts)},
    )
    return {ContactId(row.contact_id): Draft(disposition=row.disposition, note=row.note) for row in found}


async def save_draft(connection: AsyncConnection, contact: ContactId, agent: AgentId, draft: Draft) -> None:
    await connection.execute(
        text(
            "insert into contact_note as n (tenant_id, contact_id, person_id, disposition, note)"
            " values (current_tenant(), :contact, :agent, :disposition, :note)"
            " on conflict (tenant_id, contact_id) do update set person_id = excluded.person_id,"
            " disposition = excluded.disposition, note = excluded.note, saved_at = now()"
        ),
        {"contact": contact, "agent": agent, "disposition": draft.disposition, "note": draft.note},
    )
