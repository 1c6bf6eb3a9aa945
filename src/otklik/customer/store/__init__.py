"""Tables of customers. Everything in a tenant's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7

from otklik.contact.ids import CustomerId
from otklik.customer.card import (
    COLUMNS,
    OWN,
    CardChange,
    Colleague,
    CustomerCard,
    CustomerPage,
    CustomerRow,
    Identity,
    IdentityChange,
    Merge,
    Named,
    NewCustomer,
    Source,
)
from otklik.customer.demo import CUSTOMERS
from otklik.customer.identity import Customer, Kind
from otklik.customer.search import Question, cursor
from otklik.errors import AppError

# New ones.


async def add(connection: AsyncConnection, customer: Customer, *, source: Source = "import") -> None:
    """A new customer with all phones and mails; phones must be E.164 already."""
    await connection.execute(
        text(
            "insert into customer (tenant_id, id, name, company, vip, language, about)"
            " values (current_tenant(), :id, :name, :company, :vip, :language, :about)"
        ),
        {
            "id": customer.id,
            "name": customer.name,
            "company": customer.company,
            "vip": customer.vip,
            "language": customer.language,
            "about": customer.about,
        },
    )
    kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (("phone", customer.phones), ("mail", customer.mails))
    for kind, values in kinds:
        for value in values:
            await add_identity(connection, customer.id, kind, value, source=source)


async def add_demo(connection: AsyncConnection) -> None:
    for customer in CUSTOMERS:
        await add(connection, replace(customer, id=CustomerId(str(uuid7()))))


async def create(
    connection: AsyncConnection,
    new: NewCustomer,
    identities: Iterable[tuple[Kind, str, str, Source, bool]],
    person: str,
) -> CustomerId:
    """`identities`: kind, comparable value, label, source, confirmed."""
    identity = CustomerId(str(uuid7()))
    made = Customer(
        id=identity, name=new.name, company=new.company, vip=new.vip, language=new.language, about=new.about
    )
    await add(connection, made)
    await tell(connection, identity, person, 1, "created", "", None, None)
    for kind, value, label, source, confirmed in identities:
        await add_identity(
            connection, identity, kind, value, label=label, source=source, person=person, confirmed=confirmed
        )
    return identity


# One card.


async def living(connection: AsyncConnection, customer: str) -> CustomerId | None:
    """The card that is meant by this one today; None if there never was such a card."""
    found = await connection.execute(text("select living_customer(current_tenant(), :id)"), {"id": customer})
    identity = found.scalar_one()
    return CustomerId(identity) if identity is not None else None


async def card(connection: AsyncConnection, customer: CustomerId) -> CustomerCard:
    """Of a living customer, with the identities of all cards that were merged into it."""
    found = await connection.execute(
        text(
            "select c.*, p.name as manager_name from customer c"
            " left join person p on p.tenant_id = c.tenant_id and p.id = c.manager_id where c.id = :id"
        ),
        {"id": customer},
    )
    row = found.mappings().one()
    return CustomerCard(
        **{name: row[name] for name in _PLAIN},
        manager=Named(id=row["manager_id"], name=row["manager_name"] or row["manager_id"])
        if row["manager_id"]
        else None,
        identities=await identities(connection, customer),
        merges=await merges_of(connection, customer),
    )


_PLAIN = tuple(name for name in CustomerCard.model_fields if name not in ("manager", "identities", "merges"))


async def merges_of(connection: AsyncConnection, customer: CustomerId) -> list[Merge]:
    """What was taken into this card, newest first, the undone ones too."""
    found = await connection.execute(
        text(
            "select m.id, m.gone_id, c.name as gone_name, m.at, p.name as by, m.why, m.undone_at, m.added_to,"
            " m.undone_at is null and m.id = (select l.id from customer_merge l where l.kept_id = m.kept_id"
            "   and l.undone_at is null order by l.at desc, l.id desc limit 1) as undoable"
            " from customer_merge m join customer c on c.tenant_id = m.tenant_id and c.id = m.gone_id"
            " left join person p on p.tenant_id = m.tenant_id and p.id = m.person_id"
            " where m.kept_id = :id order by m.at desc, m.id desc limit 50"
        ),
        {"id": customer},
    )
    return [
        Merge.model_validate({**row, "gone": {"id": row["gone_id"], "name": row["gone_name"]}})
        for row in found.mappings()
    ]


async def identities(connection: AsyncConnection, customer: CustomerId) -> list[Identity]:
    """What two merged cards share is there once, as it stood on the one that lives."""
    found = await connection.execute(
        text(
            "select * from (select distinct on (i.key) i.id, i.kind, i.value, i.label, i.source, i.confirmed_at, i.added_at,"
            " (select count(distinct living_customer(o.tenant_id, o.customer_id)) from customer_identity o"
            "   where o.tenant_id = i.tenant_id and o.key = i.key and not o.customer_id = any(f.ids)) as shared"
            " from (select array(select customer_family(current_tenant(), :id)) as ids) f"
            " join customer_identity i on i.customer_id = any(f.ids)"
            " order by i.key, i.customer_id = :id desc, i.added_at) i"
            " order by array_position(array['phone', 'mail'], i.kind) nulls last, i.kind, i.added_at, i.id"
        ),
        {"id": customer},
    )
    return [Identity.model_validate(dict(row)) for row in found.mappings()]


async def own_fields(connection: AsyncConnection, customer: CustomerId) -> dict[str, Any]:
    """What stands in the tenant's own fields of the card that is meant by this one today."""
    found = await connection.execute(
        text("select fields from customer where id = living_customer(current_tenant(), :id)"), {"id": customer}
    )
    return dict(found.scalar() or {})


async def stands(connection: AsyncConnection, customer: CustomerId) -> tuple[int, dict[str, Any]]:
    """The card's version and fields; nobody else changes them until the transaction ends."""
    columns = ", ".join(COLUMNS.values())
    found = await connection.execute(
        text(f"select version, fields, {columns} from customer where id = :id for no key update"), {"id": customer}
    )
    row = found.mappings().one()
    own = {OWN + name: value for name, value in row["fields"].items()}
    return row["version"], {field: row[column] for field, column in COLUMNS.items()} | own


async def changes_since(connection: AsyncConnection, customer: CustomerId, version: int) -> list[CardChange]:
    """In order."""
    found = await connection.execute(
        text(
            "select h.field, h.before, h.after, h.at, p.name as by from customer_change h"
            " left join person p on p.tenant_id = h.tenant_id and p.id = h.person_id"
            " where h.customer_id = :id and h.version > :version and h.what = 'changed' order by h.version, h.id"
        ),
        {"id": customer, "version": version},
    )
    return [CardChange.model_validate(dict(row)) for row in found.mappings()]


async def change(
    connection: AsyncConnection,
    customer: CustomerId,
    person: str | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> int:
    """Write these fields, which differ; returns the new version."""
    plain = {field: value for field, value in after.items() if field in COLUMNS}
    own = {field.removeprefix(OWN): value for field, value in after.items() if field not in COLUMNS}
    assigned = "".join(f"{COLUMNS[field]} = :{field}, " for field in plain)
    found = await connection.execute(
        text(
            f"update customer set {assigned}fields = jsonb_strip_nulls(fields || cast(:own as jsonb)), version = version + 1, changed_at = now() where id = :id returning version"
        ),
        {"id": customer, "own": json.dumps(own, ensure_ascii=False), **plain},
    )
    version: int = found.scalar_one()
    for field, value in after.items():
        await tell(connection, customer, person, version, "changed", field, before.get(field), value)
    return version


async def tell(
    connection: AsyncConnection,
    customer: str,
    person: str | None,
    version: int,
    what: str,
    field: str,
    before: Any,
    after: Any,
) -> None:
    await connection.execute(
        text(
            "insert into customer_change (tenant_id, customer_id, person_id, version, what, field, before, after)"
            " values (current_tenant(), :customer, :person, :version, :what, :field, cast(:before as jsonb), cast(:after as jsonb))"
        ),
        {
            "customer": customer,
            "person": person,
            "version": version,
            "what": what,
            "field": field,
            "before": json.dumps(before, ensure_ascii=False),
            "after": json.dumps(after, ensure_ascii=False),
        },
    )


async def is_agent(connection: AsyncConnection, person: str) -> bool:
    found = await connection.execute(
        text("select true from person where id = :id and role = 'agent' and disabled_at is null"), {"id": person}
    )
    return found.one_or_none() is not None


async def is_person(connection: AsyncConnection, person: str) -> bool:
    found = await connection.execute(
        text("select true from person where id = :id and disabled_at is null"), {"id": person}
    )
    return found.one_or_none() is not None


async def people(connection: AsyncConnection) -> list[Colleague]:
    """To whom a task may be given, and who may look after a customer."""
    found = await connection.execute(
        text("select id, name, role = 'agent' as agent from person where disabled_at is null order by name, id")
    )
    return [Colleague(id=row.id, name=row.name, agent=row.agent) for row in found]


# By what one is known.


async def add_identity(
    connection: AsyncConnection,
    customer: CustomerId,
    kind: Kind,
    value: str,
    *,
    label: str = "",
    source: Source = "agent",
    person: str | None = None,
    confirmed: bool = False,
) -> None:
    """`value` must be comparable already. Raises `identity_known` if the card has it."""
    try:
        async with connection.begin_nested():
            await connection.execute(
                text(
                    "insert into customer_identity (tenant_id, customer_id, kind, value, key, label, source, added_by,"
                    " confirmed_at, confirmed_by) values (current_tenant(), :customer, :kind, :value, :key, :label, :source,"
                    " cast(:person as uuid), case when :confirmed then now() end, case when :confirmed then cast(:person as uuid) end)"
                ),
                {
                    "customer": customer,
                    "kind": kind,
                    "value": value,
                    "key": f"{kind}:{value}",
                    "label": label,
                    "source": source,
                    "person": person,
                    "confirmed": confirmed,
                },
            )
    except IntegrityError as err:
        raise AppError("identity_known", 409, field="value", value=value) from err
    if person is not None:
        await touch(connection, customer, person, "identity_added", kind, None, value)


async def change_identity(
    connection: AsyncConnection, customer: CustomerId, identity: str, change: IdentityChange, person: str
) -> None:
    """Raises `not_found`."""
    found = await connection.execute(
        text(
            "update customer_identity set label = coalesce(:label, label),"
            " confirmed_at = case when cast(:confirmed as boolean) is null then confirmed_at when :confirmed then coalesce(confirmed_at, now()) end,"
            " confirmed_by = case when cast(:confirmed as boolean) is null then confirmed_by when :confirmed then coalesce(confirmed_by, cast(:person as uuid)) end"
            " where id = :identity and customer_id in (select customer_family(current_tenant(), :customer))"
            " returning kind, value"
        ),
        {**change.model_dump(), "person": person, "identity": identity, "customer": customer},
    )
    row = found.one_or_none()
    if row is None:
        raise AppError("not_found", 404)
    await touch(
        connection, customer, person, "identity_changed", row.kind, row.value, change.model_dump(exclude_none=True)
    )


async def remove_identity(connection: AsyncConnection, customer: CustomerId, identity: str, person: str) -> None:
    """The same value of a merged card goes, too. Raises `not_found`."""
    found = await connection.execute(
        text(
            "delete from customer_identity where customer_id in (select customer_family(current_tenant(), :customer)) and key ="
            " (select key from customer_identity where id = :identity"
            "   and customer_id in (select customer_family(current_tenant(), :customer))) returning kind, value"
        ),
        {"identity": identity, "customer": customer},
    )
    row = found.first()
    if row is None:
        raise AppError("not_found", 404)
    await touch(connection, customer, person, "identity_removed", row.kind, row.value, None)


async def touch(
    connection: AsyncConnection, customer: CustomerId, person: str, what: str, field: str, before: Any, after: Any
) -> None:
    """Something beside the fields changed: the version stays, since no field can clash with it."""
    found = await connection.execute(
        text("update customer set changed_at = now() where id = :id returning version"), {"id": customer}
    )
    await tell(connection, customer, person, found.scalar_one(), what, field, before, after)


async def known_by(connection: AsyncConnection, customer: CustomerId) -> tuple[set[str], set[str]]:
    """The ids and the keys of a card and of all that were merged into it."""
    found = await connection.execute(
        text(
            "select f.id, i.key from customer_family(current_tenant(), living_customer(current_tenant(), :id)) f (id)"
            " left join customer_identity i on i.tenant_id = current_tenant() and i.customer_id = f.id"
        ),
        {"id": customer},
    )
    rows = found.all()
    return {row.id for row in rows}, {row.key for row in rows if row.key is not None}


# The list.

_ROW = """
select c.id, c.name, c.company, c.vip, c.language, c.changed_at,
       coalesce(array_agg(distinct i.value) filter (where i.kind = 'phone'), '{}') as phones,
       coalesce(array_agg(distinct i.value) filter (where i.kind = 'mail'), '{}') as mails
  from (%s) c
  left join lateral (select i.kind, i.value from customer_family(c.tenant_id, c.id) f (id)
    join customer_identity i on i.tenant_id = c.tenant_id and i.customer_id = f.id) i on true
 group by c.id, c.name, c.company, c.vip, c.language, c.changed_at
 order by c.changed_at desc, c.id desc
"""
_NEWEST = """
select c.* from customer c where c.merged_into is null and (%s) order by c.changed_at desc, c.id desc limit :limit
"""


async def search(connection: AsyncConnection, question: Question) -> CustomerPage:
    """The last changed first; one page."""
    wanted, values = ["true"], dict[str, Any](limit=question.limit + 1)
    if question.before is not None:
        wanted.append("(c.changed_at, c.id) < (:before_at, cast(:before_id as uuid))")
        values["before_at"], values["before_id"] = question.before
    if (found := _found(question)) is not None:
        candidates, words = found
        values |= words
        wanted.append(
            "c.id in (select case when u.merged_into is null then u.id else living_customer(u.tenant_id, u.id) end"
            f" from customer u where u.id in ({candidates}))"
        )
    query = _ROW % (_NEWEST % " and ".join(wanted))
    rows = [CustomerRow.model_validate(dict(row)) for row in (await connection.execute(text(query), values)).mappings()]
    more, rows = len(rows) > question.limit, rows[: question.limit]
    return CustomerPage(customers=rows, next=cursor(rows[-1].changed_at, rows[-1].id) if more else None)


async def rows(connection: AsyncConnection, ids: list[str]) -> list[CustomerRow]:
    """Of these living cards, in no order."""
    query = _ROW % "select * from customer where id = any(cast(:ids as uuid[])) and merged_into is null"
    return [
        CustomerRow.model_validate(dict(row))
        for row in (await connection.execute(text(query), {"ids": ids})).mappings()
    ]


def _found(question: Question) -> tuple[str, dict[str, Any]] | None:
    """What selects the cards (merged ones among them) that answer the words, and its values."""
    if question.keys:
        return (
            "select i.customer_id from customer_identity i where i.tenant_id = current_tenant() and i.key = any(:keys)",
            {"keys": list(question.keys)},
        )
    if question.part is not None:
        return (
            "select i.customer_id from customer_identity i where i.tenant_id = current_tenant() and i.value like :part",
            {"part": f"%{question.part}%"},
        )
    if not question.words:
        return None
    each = [
        f"select w.customer_id from customer_word w where w.tenant_id = current_tenant() and w.word >= :w{n} and w.word < :x{n}"
        for n in range(len(question.words))
    ]
    values = {f"w{n}": word for n, word in enumerate(question.words)}
    values |= {f"x{n}": word + "\U0010ffff" for n, word in enumerate(question.words)}
    return " intersect ".join(each), values
