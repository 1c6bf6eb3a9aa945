"""Tables of merges: what speaks for one, how it is written down, how it is undone."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import CustomerId
from otklik.customer import store
from otklik.customer.merge import Duplicate, Fields, Reason, Side, taken_apart
from otklik.errors import AppError

ALIKE = 0.5
"""Names whose trigrams agree less are not told as alike."""
MOST = 10
_DUPLICATES = """
with mine as (select id from customer_family(current_tenant(), :id) f (id)),
shared as (
  select case when c.merged_into is null then c.id else living_customer(c.tenant_id, c.id) end as id, i.key
    from (select k.key from customer_identity k where k.customer_id in (select id from mine)) k
    join customer_identity i on i.tenant_id = current_tenant() and i.key = k.key and i.customer_id not in (select id from mine)
    join customer c on c.tenant_id = i.tenant_id and c.id = i.customer_id),
near as (
  select c.id, similarity(lower(c.name), lower(me.name)) as likeness
    from customer me
    join lateral (
      select distinct w.customer_id
        from customer_word m
        join customer_word w on w.tenant_id = current_tenant() and w.word >= left(m.word, 3) and w.word < left(m.word, 3) || chr(1114111)
       where m.customer_id = me.id and length(m.word) >= 3) w on w.customer_id <> me.id
    join customer c on c.tenant_id = current_tenant() and c.id = w.customer_id and c.merged_into is null
   where me.id = :id
   order by likeness desc, c.id limit 50),
found as (
  select id, 'identity' as kind, key as value, 1.0::real as likeness from shared
  union select n.id, 'name', c.name, n.likeness from near n join customer c on c.id = n.id where n.likeness >= :alike)
select b.id, jsonb_agg(jsonb_build_object('kind', b.kind, 'value', b.value, 'likeness', round(b.likeness::numeric, 2))
                       order by b.kind, b.value) as reasons
  from found b
 where b.id not in (select id from mine) and (cast(:other as uuid) is null or b.id = :other)
   and (cast(:other as uuid) is not null or not exists (select from customer_distinct d where d.tenant_id = current_tenant()
         and d.one = least(b.id, cast(:id as uuid)) and d.other = greatest(b.id, cast(:id as uuid))))
 group by b.id
 order by count(*) filter (where b.kind = 'identity') desc, max(b.likeness) filter (where b.kind = 'name') desc nulls last, b.id
 limit :most
"""
_SNAPSHOT = """
select jsonb_build_object('fields', cast(:fields as jsonb), 'identities', (select coalesce(jsonb_agg(to_jsonb(i) order by i.id), '[]')
  from customer_identity i where i.customer_id in (select customer_family(current_tenant(), :id))))
"""


async def duplicates(connection: AsyncConnection, customer: CustomerId) -> list[Duplicate]:
    found = await connection.execute(text(_DUPLICATES), {"id": customer, "other": None, "alike": ALIKE, "most": MOST})
    reasons = {row.id: [Reason.model_validate(each) for each in row.reasons] for row in found}
    rows = {row.id: row for row in await store.rows(connection, list(reasons))}
    return [Duplicate(customer=rows[each], reasons=told) for each, told in reasons.items() if each in rows]


async def reasons(connection: AsyncConnection, customer: CustomerId, other: CustomerId) -> list[Reason]:
    found = await connection.execute(text(_DUPLICATES), {"id": customer, "other": other, "alike": ALIKE, "most": 1})
    row = found.one_or_none()
    return [Reason.model_validate(each) for each in row.reasons] if row is not None else []


async def contacts(connection: AsyncConnection, customer: CustomerId) -> int:
    found = await connection.execute(
        text(
            "select count(*) from customer_family(current_tenant(), :id) f (id)"
            " join contact c on c.tenant_id = current_tenant() and c.customer_id = f.id"
        ),
        {"id": customer},
    )
    return int(found.scalar_one())


async def say_distinct(connection: AsyncConnection, one: CustomerId, other: CustomerId, person: str) -> None:
    await connection.execute(
        text(
            "insert into customer_distinct (tenant_id, one, other, person_id) values (current_tenant(),"
            " least(cast(:one as uuid), cast(:other as uuid)), greatest(cast(:one as uuid), cast(:other as uuid)), :person)"
            " on conflict do nothing"
        ),
        {"one": one, "other": other, "person": person},
    )


async def merge(
    connection: AsyncConnection,
    kept: tuple[CustomerId, Fields],
    gone: tuple[CustomerId, Fields],
    gets: Fields,
    person: str,
    why: str,
) -> None:
    """Both cards are locked. `gets`: what the kept card takes over."""
    told = await reasons(connection, kept[0], gone[0])
    row = {
        "kept": kept[0],
        "gone": gone[0],
        "person": person,
        "why": why,
        "reasons": json.dumps([each.model_dump() for each in told], ensure_ascii=False),
        "kept_before": await _snapshot(connection, *kept),
        "gone_before": await _snapshot(connection, *gone),
        "after": json.dumps({**kept[1], **gets}, ensure_ascii=False),
    }
    await connection.execute(
        text(
            "insert into customer_merge (tenant_id, kept_id, gone_id, person_id, why, reasons, kept_before, gone_before, after)"
            " values (current_tenant(), :kept, :gone, :person, :why, cast(:reasons as jsonb), cast(:kept_before as jsonb),"
            " cast(:gone_before as jsonb), cast(:after as jsonb))"
        ),
        row,
    )
    if gets:
        await store.change(connection, kept[0], person, kept[1], gets)
    await connection.execute(
        text("update customer set merged_into = :kept, changed_at = now() where id = :gone"),
        {"kept": kept[0], "gone": gone[0]},
    )
    await connection.execute(
        text(
            "delete from customer_distinct where one = least(cast(:kept as uuid), cast(:gone as uuid))"
            " and other = greatest(cast(:kept as uuid), cast(:gone as uuid))"
        ),
        {"kept": kept[0], "gone": gone[0]},
    )
    await store.touch(connection, kept[0], person, "merged", "", None, {"id": gone[0], "name": gone[1]["name"]})


async def _snapshot(connection: AsyncConnection, customer: CustomerId, fields: Fields) -> str:
    found = await connection.execute(
        text(_SNAPSHOT), {"id": customer, "fields": json.dumps(dict(fields), ensure_ascii=False)}
    )
    return json.dumps(found.scalar_one(), ensure_ascii=False)


async def undo(
    connection: AsyncConnection, kept: CustomerId, now: Fields, merge: str, added_to: Side, person: str
) -> CustomerId:
    """The kept card is locked; returns the other one. Raises `not_found`, `merge_undone`, `merge_not_last`."""
    row = await _last(connection, kept, merge)
    gone = CustomerId(row["gone_id"])
    await connection.execute(text("update customer set merged_into = null where id = :gone"), {"gone": gone})
    _, gone_stands = await store.stands(connection, gone)
    for_kept, for_other = taken_apart(row["kept_before"]["fields"], row["after"], now, added_to)
    await _give_back(connection, row, kept, gone, added_to)
    for customer, stands, gets in ((kept, now, for_kept), (gone, gone_stands, for_other)):
        if gets:
            await store.change(connection, customer, person, stands, gets)
        other = gone if customer == kept else kept
        await store.touch(connection, customer, person, "unmerged", "", None, {"id": other})
    await connection.execute(
        text("update customer_merge set undone_at = now(), undone_by = :person, added_to = :side where id = :merge"),
        {"person": person, "side": added_to, "merge": merge},
    )
    await say_distinct(connection, kept, gone, person)
    return gone


async def _last(connection: AsyncConnection, kept: CustomerId, merge: str) -> dict[str, Any]:
    found = await connection.execute(
        text(
            "select m.*, exists (select from customer_merge l where l.kept_id = m.kept_id and l.undone_at is null"
            " and (l.at, l.id) > (m.at, m.id)) as earlier from customer_merge m where m.id = :merge and m.kept_id = :kept for update"
        ),
        {"merge": merge, "kept": kept},
    )
    row = found.mappings().one_or_none()
    if row is None:
        raise AppError("not_found", 404)
    if row["undone_at"] is not None:
        raise AppError("merge_undone", 409)
    if row["earlier"]:
        raise AppError("merge_not_last", 409)
    return dict(row)


async def _give_back(
    connection: AsyncConnection, row: dict[str, Any], kept: CustomerId, gone: CustomerId, added_to: Side
) -> None:
    """Identities stand again as they stood, also those that were taken away since; what was added goes to its side."""
    stood = row["kept_before"]["identities"] + row["gone_before"]["identities"]
    ids = [each["id"] for each in stood]
    if added_to == "other":
        for table, at in (("customer_identity", "added_at"), ("customer_note", "at"), ("customer_task", "at")):
            already = (
                " and not exists (select from customer_identity h where h.customer_id = :gone and h.key = t.key)"
                if table == "customer_identity"
                else ""
            )
            await connection.execute(
                text(
                    f"update {table} t set customer_id = :gone where t.customer_id = :kept and t.{at} >= :since"
                    f" and not t.id = any(cast(:ids as uuid[])){already}"
                ),
                {"gone": gone, "kept": kept, "since": row["at"], "ids": ids},
            )
    statement = text(
        "insert into customer_identity select i.* from jsonb_populate_recordset(null::customer_identity, cast(:stood as jsonb)) i"
        " on conflict (tenant_id, id) do update set label = excluded.label, confirmed_at = excluded.confirmed_at,"
        " confirmed_by = excluded.confirmed_by"
    )
    added = text(
        "delete from customer_identity a using jsonb_populate_recordset(null::customer_identity, cast(:stood as jsonb)) i"
        " where a.customer_id = i.customer_id and a.key = i.key and a.id <> i.id"
    )
    await connection.execute(added, {"stood": json.dumps(stood, ensure_ascii=False)})
    await connection.execute(statement, {"stood": json.dumps(stood, ensure_ascii=False)})
