"""Tables of notes and tasks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import CustomerId
from otklik.customer.card import Named
from otklik.customer.notes import NewTask, Note, NoteChange, Task, TaskChange
from otklik.errors import AppError

MOST = 100
_FAMILY = "(select customer_family(current_tenant(), :customer))"
_TASKS = """
select t.id, t.text, t.at, t.due_at, t.done_at, d.name as done_by, c.id as customer_id, c.name as customer_name, t.contact_id,
       t.queue_id, q.name as queue_name, y.ani,
       t.person_id, coalesce(p.name, '') as person_name, t.assignee_id, coalesce(a.name, '') as assignee_name
  from customer_task t
  left join customer c on c.tenant_id = t.tenant_id and c.id = living_customer(t.tenant_id, t.customer_id)
  left join queue q on q.tenant_id = t.tenant_id and q.id = t.queue_id
  left join contact_party y on y.tenant_id = t.tenant_id and y.contact_id = t.contact_id
  left join person p on p.tenant_id = t.tenant_id and p.id = t.person_id
  left join person a on a.tenant_id = t.tenant_id and a.id = t.assignee_id
  left join person d on d.tenant_id = t.tenant_id and d.id = t.done_by
 where %s
 order by t.done_at desc nulls first, t.due_at nulls last, t.at limit :most
"""


async def notes(connection: AsyncConnection, customer: CustomerId) -> list[Note]:
    found = await connection.execute(
        text(
            "select n.id, n.text, n.at, n.edited_at, n.pinned_at, n.person_id, coalesce(p.name, '') as name from customer_note n"
            " left join person p on p.tenant_id = n.tenant_id and p.id = n.person_id"
            f" where n.customer_id in {_FAMILY} order by n.pinned_at desc nulls last, n.at desc, n.id desc limit :most"
        ),
        {"customer": customer, "most": MOST},
    )
    return [
        Note.model_validate({**row, "by": {"id": row["person_id"], "name": row["name"]}}) for row in found.mappings()
    ]


async def add_note(connection: AsyncConnection, customer: CustomerId, person: str, words: str, *, pinned: bool) -> None:
    await connection.execute(
        text(
            "insert into customer_note (tenant_id, customer_id, person_id, text, pinned_at)"
            " values (current_tenant(), :customer, :person, :text, case when :pinned then now() end)"
        ),
        {"customer": customer, "person": person, "text": words.strip(), "pinned": pinned},
    )


async def change_note(
    connection: AsyncConnection, customer: CustomerId, note: str, person: str, change: NoteChange
) -> None:
    """Raises `not_found`, `not_your_note`."""
    found = await connection.execute(
        text(f"select person_id from customer_note where id = :note and customer_id in {_FAMILY} for no key update"),
        {"note": note, "customer": customer},
    )
    row = found.one_or_none()
    if row is None:
        raise AppError("not_found", 404)
    if change.text is not None and row.person_id != person:
        raise AppError("not_your_note", 403, field="text")
    await connection.execute(
        text(
            "update customer_note set text = coalesce(:text, text),"
            " edited_at = case when cast(:text as text) is null then edited_at else now() end,"
            " pinned_at = case when cast(:pinned as boolean) is null then pinned_at when :pinned then coalesce(pinned_at, now()) end"
            " where id = :note"
        ),
        {"note": note, "text": change.text.strip() if change.text else None, "pinned": change.pinned},
    )


async def tasks(connection: AsyncConnection, customer: CustomerId) -> list[Task]:
    return await selected(connection, f"t.customer_id in {_FAMILY}", {"customer": customer})


async def selected(connection: AsyncConnection, which: str, values: dict[str, Any]) -> list[Task]:
    """Those of `customer_task t` of which this condition holds: the open ones by when they are due, then the done ones."""
    found = await connection.execute(text(_TASKS % which), {**values, "most": MOST})
    return [
        Task(
            **{name: row[name] for name in ("id", "text", "at", "due_at", "done_at", "done_by")},
            customer=_named(row, "customer"),
            contact=row["contact_id"],
            number=row["ani"],
            queue=_named(row, "queue"),
            by=Named(id=row["person_id"], name=row["person_name"]),
            assignee=_named(row, "assignee"),
        )
        for row in found.mappings()
    ]


async def counted(connection: AsyncConnection, which: str, values: dict[str, Any]) -> int:
    """All of which the condition holds, also those beyond the `MOST` that are listed."""
    found = await connection.execute(text(f"select count(*) from customer_task t where {which}"), values)
    return int(found.scalar_one())


def _named(row: RowMapping, what: str) -> Named | None:
    identity = row[f"{what}_id"]
    return Named(id=identity, name=row[f"{what}_name"] or identity) if identity is not None else None


async def add_task(connection: AsyncConnection, customer: CustomerId, person: str, new: NewTask) -> None:
    await connection.execute(
        text(
            "insert into customer_task (tenant_id, customer_id, person_id, assignee_id, due_at, text)"
            " values (current_tenant(), :customer, :person, :assignee, :due_at, :text)"
        ),
        {
            "customer": customer,
            "person": person,
            "assignee": str(new.assignee or person),
            "due_at": new.due_at,
            "text": new.text.strip(),
        },
    )


async def change_task(
    connection: AsyncConnection, customer: CustomerId, task: str, person: str, change: TaskChange
) -> None:
    """Done twice is done once, by the first. Raises `not_found`."""
    said = change.model_fields_set
    values: dict[str, Any] = {"task": task, "customer": customer, "person": person}
    parts: list[str] = []
    if change.text is not None:
        parts.append("text = :text")
        values["text"] = change.text.strip()
    if "due_at" in said:
        parts.append("due_at = :due_at")
        values["due_at"] = change.due_at
    if change.assignee is not None:
        parts.append("assignee_id = :assignee, handed_at = now()")
        values["assignee"] = str(change.assignee)
    if change.done is True:
        parts.append(
            "done_by = case when done_at is null then cast(:person as uuid) else done_by end, done_at = coalesce(done_at, now())"
        )
    if change.done is False:
        parts.append("done_at = null, done_by = null")
    assigned = ", ".join(parts) or "text = text"
    found = await connection.execute(
        text(f"update customer_task set {assigned} where id = :task and customer_id in {_FAMILY} returning true"),
        values,
    )
    if found.one_or_none() is None:
        raise AppError("not_found", 404)
