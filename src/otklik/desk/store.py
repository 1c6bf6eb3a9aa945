"""Tables of contacts: what the desk shows of the past, and what the agent writes. Always in a tenant's transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeGuard

from msgspec.structs import replace
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.facts import ContactQueued, Fact, ScenarioFinished
from otklik.contact.hearing import put_all, steps_in
from otklik.contact.ids import AgentId, ContactId, TenantId
from otklik.contact.quality import POOR
from otklik.contact.record import ContactRecord
from otklik.contact.showing import ShownAttribute
from otklik.customer.identity import keys
from otklik.customer.search import cursor
from otklik.desk.card import Card, CardCustomer, Draft, EarlierContact
from otklik.desk.history import (
    ContactPage,
    ContactRow,
    LineFigures,
    Named,
    Question,
    RecordingMark,
    TimelineEntry,
    Worded,
)
from otklik.desk.timeline import timeline
from otklik.storage.codec import CLASSES, load, storable, storable_json
from otklik.storage.engine import Database
from otklik.storage.statement import Statement, text_array

EARLIER_ON_CARD = 10
LONGEST_AFTERMATH_DAYS = 2
"""No fact of a contact comes later than this after its end: bounds the log's partitions that a timeline reads."""

# Records: the account of each contact as the engine gives it.

_COLUMNS = (
    "channel, entry_point_id, dnis, leg, arrived_at, queued_at, answered_at, ended_at, outcome, stage, customer_id,"
    " queue_id, agent_id, choices, wait_seconds, talk_seconds, hold_seconds, wrap_up_seconds, disposition,"
    " recording_key, recording_seconds, entry_rule, promised_seconds, callback_seconds, callback_attempts,"
    " callback_promised_seconds, callback_at,"
    " parked_seconds, direction, dialling_seconds, failure, recording_silences,"
    " lines, line_mos, outside_seconds, colleague_id"
)
_SEGMENT_COLUMNS = "kind, started_at, ended_at, queue_id, agent_id, held_seconds, wrap_up_seconds, disposition"


def _excluded(columns: str) -> str:
    return ", ".join(f"excluded.{name.strip()}" for name in columns.split(","))


# One statement, so one round trip and one transaction. What it inserts it does not see itself: hence no delete before.
_SAVE_RECORDS = f"""
with r as materialized (
  select * from jsonb_to_recordset(cast($1 as jsonb)) as r (
         contact uuid, channel text, entry_point text, dnis text, leg text, arrived_at float8, queued_at float8,
         answered_at float8, ended_at float8, outcome text, stage text, customer uuid, queue text, agent uuid,
         choices text[], wait_seconds float8, talk_seconds float8, hold_seconds float8, wrap_up_seconds float8,
         disposition text, recording_key text, recording_seconds float8, entry_rule text,
         promised_seconds float8, callback_seconds float8, callback_attempts integer,
         callback_promised_seconds float8, callback_at float8, parked_seconds float8, direction text,
         dialling_seconds float8, failure text, recording_silences jsonb, lines jsonb, line_mos float8,
         outside_seconds float8, colleague uuid, ani text, segments jsonb)
), saved as (
  insert into contact (tenant_id, id, {_COLUMNS})
    select current_tenant(), r.contact, r.channel, r.entry_point, r.dnis, r.leg, to_timestamp(r.arrived_at),
           to_timestamp(r.queued_at), to_timestamp(r.answered_at), to_timestamp(r.ended_at), r.outcome, r.stage,
           r.customer, r.queue, r.agent, r.choices, r.wait_seconds, r.talk_seconds, r.hold_seconds, r.wrap_up_seconds,
           r.disposition, r.recording_key, r.recording_seconds, r.entry_rule,
           r.promised_seconds, r.callback_seconds, r.callback_attempts, r.callback_promised_seconds,
           to_timestamp(r.callback_at), r.parked_seconds,
           r.direction, r.dialling_seconds, r.failure, r.recording_silences, r.lines, r.line_mos, r.outside_seconds,
           r.colleague
      from r
    on conflict (tenant_id, id) do update set ({_COLUMNS}) = (select {_excluded(_COLUMNS)})
), parties as (
  insert into contact_party (tenant_id, contact_id, ani)
    select current_tenant(), r.contact, r.ani from r where r.ani is not null
    on conflict do nothing
), segments as (
  insert into contact_segment (tenant_id, contact_id, number, {_SEGMENT_COLUMNS})
    select current_tenant(), r.contact, s.number, s.segment ->> 'kind',
           to_timestamp((s.segment ->> 'started_at')::float8), to_timestamp((s.segment ->> 'ended_at')::float8),
           s.segment ->> 'queue', (s.segment ->> 'agent')::uuid, (s.segment ->> 'held_seconds')::float8,
           (s.segment ->> 'wrap_up_seconds')::float8, s.segment ->> 'disposition'
      from r, jsonb_array_elements(r.segments) with ordinality as s (segment, number)
    on conflict (tenant_id, contact_id, number) do update
      set ({_SEGMENT_COLUMNS}) = (select {_excluded(_SEGMENT_COLUMNS)})
), gone as (
  delete from contact_segment s using r where s.contact_id = r.contact and s.number > jsonb_array_length(r.segments)
) select 1
"""


def records_statement(database: Database, tenant: TenantId) -> Statement:
    """For `write_records`. It waits for no disk, which an append may need: what a crash keeps from being written is written
    again from the log, and a snapshot is durable no sooner than what was written before it."""
    return database.statement(_SAVE_RECORDS.encode(), tenant=tenant, options="-c synchronous_commit=off")


async def write_records(statement: Statement, records: Sequence[ContactRecord]) -> None:
    """Write these accounts over the earlier ones of the same contacts; the same list twice changes nothing."""
    await statement.run(_newest(records).encode())


async def save_records(connection: AsyncConnection, records: Sequence[ContactRecord]) -> None:
    """The same, within a transaction of the tenant."""
    await connection.execute(text(_SAVE_RECORDS.replace("$1", ":rows")), {"rows": _newest(records)})


def _newest(records: Sequence[ContactRecord]) -> str:
    return storable_json(list({record.contact: record for record in records}.values())).decode()


async def set_recording(connection: AsyncConnection, contact: ContactId, key: str, seconds: float) -> None:
    """The recording of a contact whose account is closed long since."""
    await connection.execute(
        text(
            "update contact set recording_key = :key, recording_seconds = :seconds where id = :contact"
            " and coalesce(recording_key, '') <= :key"
        ),
        {"contact": contact, "key": key, "seconds": seconds},
    )


# The card.


CARDS_AT_ONCE = 4


def card_statement(database: Database) -> Statement:
    """For `card`. A ring may wait for it: so it does not stand in line with what pages and records ask."""
    return database.statement(b"select card($1, $2, $3, $4, $5)", at_once=CARDS_AT_ONCE)


async def card(
    statement: Statement, tenant: TenantId, contact: ContactId, ani: str | None, region: str = "RU"
) -> tuple[Card, dict[AgentId, Draft]]:
    """Who it is and what was before: the customer's contacts, or those of the same number when nobody knows whose
    it is. `region` is where a number without a country code belongs to (ISO 3166)."""
    ani = storable(ani)
    answer = await statement.run(
        tenant.encode(),
        contact.encode(),
        ani.encode() if ani is not None else None,
        text_array(keys(ani, region) if ani else []),
        b"%d" % EARLIER_ON_CARD,
    )
    found = json.loads(answer or b"{}")
    customer = found["customer"]
    known = None
    if customer is not None:
        known = CardCustomer(
            id=customer["id"],
            name=customer["name"],
            company=customer["company"] or None,
            vip=customer["vip"],
            language=customer["language"] or None,
            about=customer["about"] or None,
            manager=customer["manager"],
        )
    earlier = tuple(EarlierContact(**one) for one in found["earlier"])
    written = {
        AgentId(one["agent"]): Draft(disposition=one["disposition"], note=one["note"]) for one in found["drafts"]
    }
    return Card(customer=known, earlier=earlier), written


# Drafts and notes: one row per contact and agent, a draft while the agent works on it, the agent's note afterwards.


async def drafts(connection: AsyncConnection, contact: ContactId) -> dict[AgentId, Draft]:
    found = await connection.execute(
        text("select person_id, disposition, note from contact_note where contact_id = :contact"),
        {"contact": contact},
    )
    return {AgentId(row.person_id): Draft(disposition=row.disposition, note=row.note) for row in found}


async def save_draft(connection: AsyncConnection, contact: ContactId, agent: AgentId, draft: Draft) -> None:
    await connection.execute(
        text(
            "insert into contact_note as n (tenant_id, contact_id, person_id, disposition, note)"
            " values (current_tenant(), :contact, :agent, :disposition, :note)"
            " on conflict (tenant_id, contact_id, person_id) do update set"
            " disposition = excluded.disposition, note = excluded.note, saved_at = now()"
        ),
        {"contact": contact, "agent": agent, "disposition": draft.disposition, "note": draft.note},
    )


async def awaits_outcome(connection: AsyncConnection, contact: ContactId, agent: AgentId) -> bool:
    """Did this agent talk on this contact, and is the outcome of that part not yet said?"""
    found = await connection.execute(
        text(
            "select exists (select from contact c join contact_segment s on s.tenant_id = c.tenant_id and s.contact_id = c.id"
            " where c.id = :contact and s.kind = 'agent' and s.agent_id = :agent and s.ended_at is not null"
            " and s.disposition is null and (c.agent_id <> :agent or c.disposition is null))"
        ),
        {"contact": contact, "agent": agent},
    )
    return bool(found.scalar_one())


# The journal.

_ROWS = """
select c.id, c.channel, c.direction, c.arrived_at, c.ended_at, c.outcome, c.stage, y.ani, c.dnis, c.customer_id,
       u.name as customer_name, c.queue_id, q.name as queue_name, c.agent_id, p.name as agent_name,
       c.colleague_id, e.name as colleague_name, c.choices,
       c.wait_seconds, c.talk_seconds, c.hold_seconds, c.wrap_up_seconds, c.disposition, d.ru, d.en, n.note,
       c.recording_seconds, c.recording_key, c.entry_rule,
       c.callback_seconds, c.callback_attempts, c.parked_seconds, c.dialling_seconds, c.failure, c.recording_silences,
       c.outside_seconds,
       y.callback_number, c.promised_seconds, c.callback_promised_seconds, c.callback_at, c.line_mos, c.lines
  from contact c
  left join contact_party y on y.tenant_id = c.tenant_id and y.contact_id = c.id
  left join lateral (select string_agg(nullif(o.note, ''), E'\\n' order by o.saved_at) as note from contact_note o
                      where o.tenant_id = c.tenant_id and o.contact_id = c.id) n on true
  left join customer u on u.tenant_id = c.tenant_id and u.id = c.customer_id
  left join queue q on q.tenant_id = c.tenant_id and q.id = c.queue_id
  left join person p on p.tenant_id = c.tenant_id and p.id = c.agent_id
  left join person e on e.tenant_id = c.tenant_id and e.id = c.colleague_id
  left join disposition d on d.tenant_id = c.tenant_id and d.id = c.disposition
"""
_TOOK_PART = """
(:agent in (c.agent_id, c.colleague_id) or exists (select from contact_segment s where s.tenant_id = c.tenant_id
   and s.contact_id = c.id and s.agent_id = :agent))
"""
_SPEAKS_OF = """
(y.ani like :number or c.dnis like :number or u.name ilike :like or u.company ilike :like or n.note ilike :like)
"""


async def journal(connection: AsyncConnection, question: Question) -> ContactPage:
    """Newest first; one page."""
    wanted, values = ["true"], dict[str, object](limit=question.limit + 1)
    if question.agent is not None:
        wanted.append(_TOOK_PART)
        values["agent"] = question.agent
    if question.before is not None:
        wanted.append("(c.arrived_at, c.id) < (:before_at, cast(:before_id as uuid))")
        values["before_at"], values["before_id"] = question.before
    for column, value in (
        ("outcome", question.outcome),
        ("queue_id", question.queue),
        ("direction", question.direction),
    ):
        if value:
            wanted.append(f"c.{column} = :{column}")
            values[column] = value
    if question.poor_line:
        wanted.append(f"c.line_mos < {POOR}")
    if question.q and question.q.strip():
        wanted.append(_SPEAKS_OF)
        values["like"] = f"%{_literal(question.q.strip())}%"
        values["number"] = f"%{_number(question.q) or _literal(question.q.strip())}%"
    query = f"{_ROWS} where {' and '.join(wanted)} order by c.arrived_at desc, c.id desc limit :limit"
    rows = [_row(found) for found in (await connection.execute(text(query), values)).mappings()]
    more, rows = len(rows) > question.limit, rows[: question.limit]
    return ContactPage(contacts=rows, next=cursor(rows[-1].arrived_at, rows[-1].id) if more else None)


@dataclass(frozen=True, slots=True)
class Found:
    """A contact, whether the asking person took part in it, and where its recording lies."""

    row: ContactRow
    involved: bool
    recording_key: str | None
    lines: list[LineFigures]


async def contact(connection: AsyncConnection, contact: ContactId, asking: str) -> Found | None:
    """`asking`: the id of the person who wants to see it."""
    query = _ROWS.replace("select c.id,", f"select {_TOOK_PART} as involved, c.id,", 1) + " where c.id = :contact"
    found = (await connection.execute(text(query), {"contact": contact, "agent": asking})).mappings().one_or_none()
    if found is None:
        return None
    people = (await names(connection))[0] if found["lines"] else {}
    lines = [
        LineFigures.model_validate({**line, "agent": _whose(line.get("agent"), people)}) for line in found["lines"]
    ]
    return Found(_row(found), found["involved"], found["recording_key"], lines)


def _whose(agent: str | None, people: dict[str, str]) -> Named | None:
    return Named(id=agent, name=people.get(agent, agent)) if agent else None


async def story(
    connection: AsyncConnection, row: ContactRow, shown: Sequence[ShownAttribute] = ()
) -> list[TimelineEntry]:
    """The contact's timeline from the log, with what was asked about it meanwhile."""
    found = await connection.execute(
        text(
            "with around as (select seq, instant, kind, body, contact_id from fact where at >= :begin"
            " and at < coalesce(cast(:ended as timestamptz), now()) + make_interval(days => :days))"
            " select instant, kind, body, case when kind in ('contact_sent_outside', 'outside_consulted') then"
            " (select s.said from contact_said s where s.contact_id = around.contact_id"
            " and s.step = cast(body ->> 'kept' as integer)) end as outside from around where contact_id = :contact or contact_id in"
            " (select cast(body ->> 'consultation' as uuid) from around"
            " where contact_id = :contact and kind in ('consultation_asked', 'colleague_called')) order by seq"
        ),
        {
            "contact": row.id,
            "begin": row.arrived_at - timedelta(minutes=1),
            "ended": row.ended_at,
            "days": LONGEST_AFTERMATH_DAYS,
        },
    )
    told = [
        (each.instant, each.kind, load(each.kind, each.body, each.outside)) for each in found if each.kind in CLASSES
    ]
    return timeline(await _worded(connection, row.id, told), *await names(connection), shown)


_Told = tuple[float, str, Fact]


async def _worded(connection: AsyncConnection, contact: str, told: list[_Told]) -> list[_Told]:
    """With the words of the customer for which attributes have places, as far as they have not been erased."""
    if not any(_places(fact) for _, _, fact in told):
        return told
    found = await connection.execute(
        text("select step, said from contact_said where contact_id = :contact"), {"contact": contact}
    )
    words = {each.step: each.said for each in found}
    return [
        (at, kind, replace(fact, attributes=dict(put_all(fact.attributes, words))) if _places(fact) else fact)
        for at, kind, fact in told
    ]


def _places(fact: Fact) -> TypeGuard[ContactQueued | ScenarioFinished]:
    return isinstance(fact, ContactQueued | ScenarioFinished) and bool(steps_in(fact.attributes.values()))


async def names(connection: AsyncConnection) -> tuple[dict[str, str], dict[str, str]]:
    """Of people and of queues, by id."""
    people = await connection.execute(text("select id, name from person"))
    queues = await connection.execute(text("select id, name from queue"))
    return {each.id: each.name for each in people}, {each.id: each.name for each in queues}


def _number(words: str) -> str | None:
    """What of a typed number is the same however it is written: "8 (916) 123-45-67" -> "9161234567"."""
    if not re.fullmatch(r"[\d\s()+.-]+", words):
        return None
    digits = re.sub(r"\D", "", words)
    return digits[-10:] if len(digits) > 10 else digits


def _literal(words: str) -> str:
    """For LIKE: a person's % and _ mean themselves."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(found: RowMapping) -> ContactRow:
    def named(what: str) -> Named | None:
        identity = found[f"{what}_id"]
        return Named(id=identity, name=found[f"{what}_name"] or identity) if identity else None

    disposition, seconds = found["disposition"], found["recording_seconds"]
    return ContactRow(
        **{name: found[name] for name in _PLAIN},
        customer=named("customer"),
        queue=named("queue"),
        agent=named("agent"),
        colleague=named("colleague"),
        disposition=Worded(id=disposition, ru=found["ru"] or disposition, en=found["en"] or disposition)
        if disposition
        else None,
        recording=_mark(seconds or 0.0, found["recording_silences"]) if found["recording_key"] else None,
    )


def _mark(seconds: float, silences: list[dict[str, object]]) -> RecordingMark:
    told = [
        {"begins": each["begins_seconds"], "ends": each.get("ends_seconds"), "paused": each.get("agent") is not None}
        for each in silences
    ]
    return RecordingMark.model_validate({"seconds": seconds, "silences": told})


_PLAIN = tuple(
    name
    for name in ContactRow.model_fields
    if name not in ("customer", "queue", "agent", "colleague", "disposition", "recording")
)
