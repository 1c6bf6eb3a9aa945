"""The timeline: each source gives its newest by an index, the newest of all are shown. A page costs the same at any depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import CustomerId
from otklik.customer.search import Place, cursor
from otklik.customer.timeline import ItemKind, TimelineItem, TimelinePage

_CONTACTS: Final = """
select c.id, 'contact' as kind, c.arrived_at as at, f.id as card, c.outcome as what, p.name as by, coalesce(n.note, '') as text,
       c.channel, c.direction, y.ani as number, q.name as queue, case when d.id is not null
         then jsonb_build_object('id', d.id, 'ru', d.ru, 'en', d.en) end as disposition, c.talk_seconds,
       c.recording_key is not null as recorded, null::timestamptz as due_at, null as field, null::jsonb as before, null::jsonb as after
  from %s c
  left join contact_party y on y.tenant_id = c.tenant_id and y.contact_id = c.id
  left join queue q on q.tenant_id = c.tenant_id and q.id = c.queue_id
  left join person p on p.tenant_id = c.tenant_id and p.id = c.agent_id
  left join disposition d on d.tenant_id = c.tenant_id and d.id = c.disposition
  left join lateral (select string_agg(nullif(o.note, ''), E'\\n' order by o.saved_at) as note from contact_note o
                      where o.tenant_id = c.tenant_id and o.contact_id = c.id) n on true
"""
_BY_NUMBER: Final = f"""{_CONTACTS % "(select cast(:id as uuid) as id) f cross join contact"}
 where c.tenant_id = current_tenant() and c.customer_id is null and c.id in (
   select y.contact_id from contact_party y where y.tenant_id = current_tenant() and y.ani in (
     select i.value from customer_identity i join family f on f.id = i.customer_id where i.tenant_id = current_tenant()))
   and %(place)s and %(words)s
 order by c.arrived_at desc, c.id desc limit :limit
"""
_NOTES: Final = """
select n.id, 'note', n.at, f.id, 'written', p.name, n.text, null, null, null, null, null::jsonb, null::float8, false, null::timestamptz,
       null, null::jsonb, null::jsonb
  from family f cross join lateral (select * from customer_note n where n.tenant_id = current_tenant() and n.customer_id = f.id
    and %(place)s and %(words)s order by n.at desc, n.id desc limit :limit) n
  left join person p on p.tenant_id = n.tenant_id and p.id = n.person_id
"""
_TASKS: Final = """
select t.id, 'task', t.at, f.id, case when t.done_at is null then 'open' else 'done' end, p.name, t.text, null, null, null, null,
       null::jsonb, null::float8, false, t.due_at, null, null::jsonb, null::jsonb
  from family f cross join lateral (select * from customer_task t where t.tenant_id = current_tenant() and t.customer_id = f.id
    and %(place)s and %(words)s order by t.at desc, t.id desc limit :limit) t
  left join person p on p.tenant_id = t.tenant_id and p.id = t.assignee_id
"""
_CHANGES: Final = """
select h.id, 'change', h.at, f.id, h.what, p.name, '', null, null, null, null, null::jsonb, null::float8, false, null::timestamptz,
       h.field, h.before, h.after
  from family f cross join lateral (select * from customer_change h where h.tenant_id = current_tenant() and h.customer_id = f.id
    and %(place)s and %(words)s order by h.at desc, h.id desc limit :limit) h
  left join person p on p.tenant_id = h.tenant_id and p.id = h.person_id
"""
_OF_A_CONTACT: Final = """
(exists (select from contact_note o where o.tenant_id = {c}.tenant_id and o.contact_id = {c}.id and o.note ilike :like)
 or exists (select from contact_party o where o.tenant_id = {c}.tenant_id and o.contact_id = {c}.id and o.ani like :like)
 or exists (select from queue o where o.tenant_id = {c}.tenant_id and o.id = {c}.queue_id and o.name ilike :like)
 or exists (select from person o where o.tenant_id = {c}.tenant_id and o.id = {c}.agent_id and o.name ilike :like)
 or exists (select from disposition o where o.tenant_id = {c}.tenant_id and o.id = {c}.disposition
              and (o.ru ilike :like or o.en ilike :like)))
"""


async def timeline(
    connection: AsyncConnection,
    customer: CustomerId,
    kinds: Sequence[ItemKind],
    *,
    before: Place | None = None,
    q: str | None = None,
    limit: int = 50,
) -> TimelinePage:
    """Of a living card and all that were merged into it, and of its numbers before anybody knew whose they are."""
    query, values = statement(kinds, before=before, q=q)
    values |= {"id": customer, "limit": limit + 1}
    found = [
        TimelineItem.model_validate(dict(row)) for row in (await connection.execute(text(query), values)).mappings()
    ]
    more, items = len(found) > limit, found[:limit]
    return TimelinePage(items=items, next=cursor(items[-1].at, items[-1].id) if more else None)


def statement(kinds: Sequence[ItemKind], *, before: Place | None, q: str | None) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {}
    if before is not None:
        values |= {"before_at": before[0], "before_id": before[1]}
    words = q.strip() if q else ""
    if words:
        values["like"] = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"

    def part(template: str, table: str, at: str, said: str) -> str:
        where = f"({table}.{at}, {table}.id) < (:before_at, cast(:before_id as uuid))" if before is not None else "true"
        return template % {"place": where, "words": said if words else "true"}

    parts: list[str] = []
    if "contact" in kinds:
        parts += [
            part(_of_family(), "c", "arrived_at", _OF_A_CONTACT.format(c="c")),
            part(_BY_NUMBER, "c", "arrived_at", _OF_A_CONTACT.format(c="c")),
        ]
    if "note" in kinds:
        parts.append(part(_NOTES, "n", "at", "n.text ilike :like"))
    if "task" in kinds:
        parts.append(part(_TASKS, "t", "at", "t.text ilike :like"))
    if "change" in kinds:
        parts.append(part(_CHANGES, "h", "at", "(h.before::text ilike :like or h.after::text ilike :like)"))
    union = " union all ".join(f"({each})" for each in parts)
    family = "with family (id) as materialized (select customer_family(current_tenant(), :id))"
    return f"{family} select * from ({union}) item order by at desc, id desc limit :limit", values


def _of_family() -> str:
    newest = (
        "lateral (select * from contact c where c.tenant_id = current_tenant() and c.customer_id = f.id"
        " and %(place)s and %(words)s order by c.arrived_at desc, c.id desc limit :limit)"
    )
    return (_CONTACTS % "family f cross join @").replace("@", newest)
