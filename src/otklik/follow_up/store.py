"""Tasks that follow from contacts, and all that a person may take. Always in a tenant's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import ContactId, CustomerId, QueueId
from otklik.customer.card import Named
from otklik.customer.notes import Tasks
from otklik.customer.store.notes import MOST, counted, selected
from otklik.errors import AppError
from otklik.follow_up.task import FollowUp, Handling, Kind

_NEW = """
insert into customer_task (tenant_id, customer_id, contact_id, person_id, assignee_id, queue_id, due_at, text)
values (current_tenant(), :customer, :contact, :person, :assignee, :queue, :due_at, :text)
"""
_AGAIN = """
update customer_task set customer_id = coalesce(cast(:customer as uuid), customer_id), due_at = :due_at, text = :text,
       assignee_id = case when handed_at is null then cast(:assignee as uuid) else assignee_id end,
       queue_id = case when handed_at is null then :queue else queue_id end
 where id = (select id from customer_task where contact_id = :contact and person_id = :person and done_at is null
              order by at desc, id desc limit 1)
returning id
"""


async def tasks_of(connection: AsyncConnection, person: str, queues: Sequence[QueueId]) -> Tasks:
    """What this person has to do, and what anybody of these queues may take."""
    mine = "(t.assignee_id = :person or (t.assignee_id is null and t.queue_id = any(:queues))) and t.done_at is null"
    return await _listed(connection, mine, {"person": person, "queues": list(queues)})


_NOBODYS = """
t.done_at is null and case when t.assignee_id is null then not t.queue_id = any(:staffed)
  else not exists (select from person o where o.tenant_id = t.tenant_id and o.id = t.assignee_id and o.disabled_at is null) end
"""


async def open_tasks(connection: AsyncConnection, staffed: Sequence[QueueId], *, nobodys: bool) -> Tasks:
    """Of everybody; `nobodys`: of people who are no longer here, and of queues that are none of the `staffed`."""
    which = _NOBODYS if nobodys else "t.done_at is null"
    return await _listed(connection, which, {"staffed": list(staffed)} if nobodys else {})


async def _listed(connection: AsyncConnection, which: str, values: dict[str, Any]) -> Tasks:
    found = await selected(connection, which, values)
    return Tasks(tasks=found, total=len(found) if len(found) < MOST else await counted(connection, which, values))


async def took_part(connection: AsyncConnection, contact: ContactId, person: str) -> bool:
    found = await connection.execute(
        text("select exists (select from contact_segment where contact_id = :contact and agent_id = :person)"),
        {"contact": contact, "person": person},
    )
    return bool(found.scalar_one())


async def customer_of(connection: AsyncConnection, contact: ContactId) -> CustomerId | None:
    found = await connection.execute(text("select customer_id from contact where id = :id"), {"id": contact})
    return found.scalar_one_or_none()


async def said(connection: AsyncConnection, contact: ContactId, person: str) -> set[Kind]:
    """What this agent has said to follow: a task that is still to be done, a call that was planned, a mail that was written."""
    found = await connection.execute(
        text(
            "select 'task' as kind from customer_task where contact_id = :contact and person_id = :person and done_at is null"
            " union select 'call' from planned_after where contact_id = :contact and person_id = :person"
            " union select 'mail' from letter where contact_id = :contact and answered_by = :person and follows"
        ),
        {"contact": contact, "person": person},
    )
    return set(found.scalars())


async def planned(connection: AsyncConnection, contact: ContactId, person: str) -> ContactId | None:
    """The call that this agent has planned as the result of this contact; nobody else plans another one until the transaction ends."""
    await connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:about, 0))"), {"about": f"planned {contact} {person}"}
    )
    found = await connection.execute(
        text("select call_id from planned_after where contact_id = :contact and person_id = :person"),
        {"contact": contact, "person": person},
    )
    call = found.scalar_one_or_none()
    return ContactId(str(call)) if call is not None else None


async def plan(connection: AsyncConnection, contact: ContactId, person: str, call: ContactId) -> None:
    """In place of the one before."""
    await connection.execute(
        text(
            "insert into planned_after (tenant_id, contact_id, person_id, call_id)"
            " values (current_tenant(), :contact, :person, :call)"
            " on conflict (tenant_id, contact_id, person_id) do update set call_id = excluded.call_id"
        ),
        {"contact": contact, "person": person, "call": call},
    )


async def plan_no_more(connection: AsyncConnection, contact: ContactId, person: str, call: ContactId) -> None:
    await connection.execute(
        text("delete from planned_after where contact_id = :contact and person_id = :person and call_id = :call"),
        {"contact": contact, "person": person, "call": call},
    )


async def after(connection: AsyncConnection, seconds: float) -> float:
    """The moment so many seconds from now."""
    found = await connection.execute(text("select extract(epoch from now()) + :seconds"), {"seconds": seconds})
    return float(found.scalar_one())


async def queue_of(connection: AsyncConnection, contact: ContactId) -> tuple[QueueId | None, str | None]:
    """Of a contact that has left the agent: its queue, and the customer's number."""
    found = await connection.execute(
        text(
            "select c.queue_id, y.ani from contact c left join contact_party y on y.tenant_id = c.tenant_id"
            " and y.contact_id = c.id where c.id = :id"
        ),
        {"id": contact},
    )
    row = found.one_or_none()
    return (row.queue_id, row.ani) if row is not None else (None, None)


async def write(
    connection: AsyncConnection, contact: ContactId, customer: CustomerId | None, person: str, follow_up: FollowUp
) -> None:
    """In place of the open task that this agent wrote about the same contact before; one that is done stays as it is. Whoever
    has taken it or was handed it keeps it."""
    nobody = follow_up.assignee is None and follow_up.queue is None
    values = {
        "customer": customer,
        "contact": contact,
        "person": person,
        "assignee": person if nobody else str(follow_up.assignee) if follow_up.assignee else None,
        "queue": follow_up.queue if follow_up.assignee is None else None,
        "due_at": follow_up.due_at,
        "text": follow_up.text.strip(),
    }
    await connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:about, 0))"), {"about": f"follow_up {contact} {person}"}
    )
    found = await connection.execute(text(_AGAIN), values)
    if found.one_or_none() is None:
        await connection.execute(text(_NEW), values)


async def forget(connection: AsyncConnection, contact: ContactId, person: str) -> None:
    await connection.execute(
        text(
            "delete from customer_task where contact_id = :contact and person_id = :person and done_at is null"
            " and handed_at is null"
        ),
        {"contact": contact, "person": person},
    )


async def take(connection: AsyncConnection, task: str, person: str) -> None:
    """Off its queue, by whoever is first; twice is once. Raises `not_found`, `task_taken`."""
    taken = await connection.execute(
        text(
            "update customer_task set assignee_id = :person, queue_id = null, handed_at = now()"
            " where id = :task and assignee_id is null and done_at is null returning true"
        ),
        {"task": task, "person": person},
    )
    if taken.one_or_none() is None and (by := await _whose(connection, task)).id != person:
        raise AppError("task_taken", 409, by=by.name)


async def _whose(connection: AsyncConnection, task: str) -> Named:
    """Who has it, or has done it; or the queue that has it. Raises `not_found`."""
    found = await connection.execute(
        text(
            "select coalesce(t.assignee_id::text, '') as id, coalesce(d.name, a.name, q.name, t.queue_id, '') as name"
            " from customer_task t left join queue q on q.tenant_id = t.tenant_id and q.id = t.queue_id"
            " left join person a on a.tenant_id = t.tenant_id and a.id = t.assignee_id"
            " left join person d on d.tenant_id = t.tenant_id and d.id = t.done_by where t.id = :task"
        ),
        {"task": task},
    )
    row = found.one_or_none()
    if row is None:
        raise AppError("not_found", 404)
    return Named(id=row.id, name=row.name)


async def handle(connection: AsyncConnection, task: str, person: str, change: Handling) -> None:
    """Done twice is done once, by the first. Raises `not_found`, `task_taken`."""
    values: dict[str, Any] = {"task": task, "person": person}
    parts, still, already = list[str](), "", ""
    if "due_at" in change.model_fields_set:
        parts.append("due_at = :due_at")
        values["due_at"] = change.due_at
    if change.assignee is not None:
        parts.append("assignee_id = :assignee, queue_id = null, handed_at = now()")
        values["assignee"] = str(change.assignee)
        already = "assignee_id = :assignee"
    elif change.queue is not None:
        parts.append("assignee_id = null, queue_id = :queue, handed_at = now()")
        values["queue"] = change.queue
        already = "assignee_id is null and queue_id = :queue"
    if already and "seen" in change.model_fields_set:
        still = f" and (assignee_id is not distinct from cast(:seen as uuid) and done_at is null or {already})"
        values["seen"] = str(change.seen) if change.seen else None
    if change.done is True:
        parts.append(
            "done_by = case when done_at is null then cast(:person as uuid) else done_by end, done_at = coalesce(done_at, now())"
        )
    if change.done is False:
        parts.append("done_at = null, done_by = null")
    what = ", ".join(parts) or "text = text"
    found = await connection.execute(
        text(f"update customer_task set {what} where id = :task{still} returning true"), values
    )
    if found.one_or_none() is None:
        raise AppError("task_taken", 409, by=(await _whose(connection, task)).name)
