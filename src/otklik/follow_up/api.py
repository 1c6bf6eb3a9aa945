"""The result of a contact, what follows from it, and the tasks that one has to do or may take."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from msgspec.structs import replace
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7

from otklik.answering import store as answers
from otklik.calling.number import dialled
from otklik.calling.refusals import FIELDS
from otklik.contact.facts import (
    CallbackAsked,
    CallbackCancelled,
    CallbackMoved,
    Fact,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, CustomerId, QueueId
from otklik.contact.outside import Mail
from otklik.contact.ports import Inbox, Live, Posting
from otklik.correspondence import store as letters
from otklik.customer import store as customers
from otklik.customer.identity import comparable
from otklik.customer.notes import Tasks
from otklik.desk import store as desk
from otklik.desk.card import Draft
from otklik.desk.requests import WrapUp
from otklik.errors import AppError, PeerError
from otklik.follow_up import store
from otklik.follow_up.task import (
    FollowUp,
    Handling,
    PlannedAfter,
    WrittenAfter,
    left_out,
    queues_of,
    required,
    staffed_queues,
    usually_called,
)
from otklik.routing.outcome import Outcomes
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import hand_of, require, signed_in
from otklik.tenancy.asked import submitted
from otklik.tenancy.page import in_hand
from otklik.tenancy.person import Person

router = APIRouter(tags=["desk"])

OWN_SECONDS: Final = 900.0
"""So long the agent who planned a call is tried alone."""


_OF_A_RESULT: Final = {
    "no_such_reason": "reason",
    "no_such_disposition": "disposition",
    "disposition_not_offered": "disposition",
    "disposition_required": "disposition",
}


@router.post("/api/desk/contacts/{contact}/wrap-up", status_code=204, summary="Save the outcome and go on")
async def wrap_up(request: Request, contact: UUID, body: WrapUp) -> None:
    """Also taken shortly after the wrap-up ran out; then `then` has no sense any more and is left alone. What was said to follow and
    does not follow from this result is called off."""
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    inbox: Inbox = request.app.state.inbox
    shown = in_hand(request.app.state.live, person, agent, identity)
    kept = Draft(disposition=body.disposition, note=body.note)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if shown is not None and shown["queue"] is None:
            raise AppError("internal_call", 409)
        if shown is not None:
            configuration = await tenancy.configuration(connection)
            if fault := Outcomes(configuration).fault(shown["queue"]["id"], body.disposition):
                raise AppError(fault, 400 if body.disposition else 409, field="disposition")
            said = await store.said(connection, identity, agent)
            if missing := required(configuration, body.disposition, said):
                raise AppError(f"{missing}_required", 409, field=missing)
            await desk.save_draft(connection, identity, agent, kept)
    if shown is not None:
        await _leave_out(request, person, identity, body.disposition)
    if shown is not None and shown["state"] == "wrap_up":
        chosen = StatusChosen(agent=agent, status=body.then, reason=body.reason)
        await submitted(inbox, person.tenant, chosen, _OF_A_RESULT)
    finished = WrapUpFinished(contact=identity, agent=agent, disposition=body.disposition)
    await submitted(inbox, person.tenant, finished, _OF_A_RESULT)
    if shown is None:
        async with database.transaction(person.tenant) as connection:
            await desk.save_draft(connection, identity, agent, kept)
        await _leave_out(request, person, identity, body.disposition)


async def _leave_out(request: Request, person: Person, contact: ContactId, disposition: str | None) -> None:
    """Of a result that was chosen before this one, where saving failed half way. What has gone out or is being called stays, and
    what a colleague has taken."""
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        configuration = await tenancy.configuration(connection)
        unwanted = left_out(configuration, disposition, await store.said(connection, contact, person.id))
        call = await store.planned(connection, contact, person.id) if "call" in unwanted else None
        if "task" in unwanted:
            await store.forget(connection, contact, person.id)
        if "mail" in unwanted:
            await answers.follow_no_more(connection, contact, person.id)
    if call is None:
        return
    try:
        await _call_off(request, person, contact, call)
    except AppError as error:
        if error.status >= 500:
            raise


# What follows from a contact: a task, a planned call, a mail.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A contact that this agent has in hand, or had."""

    connection: AsyncConnection
    person: Person
    contact: ContactId
    customer: CustomerId | None
    queue: QueueId | None
    number: str | None


class Proposed(BaseModel):
    """Where the customer may be reached: what the card and the contact know."""

    number: str | None
    mails: list[str]


class Planned(BaseModel):
    """`contact`: the call, which is a contact of its own."""

    contact: str
    number: str
    at: datetime


class Sent(BaseModel):
    """`delivery`: `kept` here alone where no mail is set up, `sent`, `sending` by an earlier request, or `failed`; `failure`: `secret`,
    `late`, `unreachable` or `refused`."""

    delivery: Literal["kept", "sending", "sent", "failed"]
    failure: str | None = None


@router.get("/api/desk/contacts/{contact}/follow-up", summary="Where the customer may be called and written to")
async def propose(request: Request, contact: UUID) -> Proposed:
    async with _of_a_contact(request, contact) as part:
        known = await customers.identities(part.connection, part.customer) if part.customer is not None else []
        first = await answers.first(part.connection, part.contact)
    given = [first.mail] if first is not None and first.mail else []
    mails = dict.fromkeys([*given, *(each.value for each in known if each.kind == "mail")])
    return Proposed(number=part.number, mails=list(mails))


@router.put("/api/desk/contacts/{contact}/follow-up", status_code=204, summary="Write down what follows from a contact")
async def write_follow_up(request: Request, contact: UUID, body: FollowUp) -> None:
    """Of each contact an agent writes one task; said again it replaces the one before; after that is done it is another one."""
    async with _of_a_contact(request, contact) as part:
        await _check(part.connection, body)
        await store.write(part.connection, part.contact, part.customer, part.person.id, body)


@router.delete("/api/desk/contacts/{contact}/follow-up", status_code=204, summary="No task follows after all")
async def forget_follow_up(request: Request, contact: UUID) -> None:
    """One that a colleague has taken, or was handed, stays."""
    async with _of_a_contact(request, contact) as part:
        await store.forget(part.connection, part.contact, part.person.id)


@router.put("/api/desk/contacts/{contact}/follow-up/call", summary="Plan a call to the customer as the result")
async def plan_after(request: Request, contact: UUID, body: PlannedAfter) -> Planned:
    """Of each contact an agent plans one: said again it is moved, or another one where the number or the agent is another."""
    live: Live = request.app.state.live
    await live.written(signed_in(request.state.person).tenant)
    async with _of_a_contact(request, contact) as part:
        usual = usually_called(await tenancy.configuration(part.connection), body.disposition)
        since = await store.after(part.connection, usual.call_seconds)
        wanted = _call(live, part, body, since, own=usual.call_own if body.own is None else body.own)
        earlier = await store.planned(part.connection, part.contact, part.person.id)
        standing = _standing(live, part.person, earlier)
        again = earlier is not None and standing is None and not await letters.has_come(part.connection, earlier)
        same = standing is not None and (standing["number"], _agent_of(standing)) == (wanted.number, wanted.agent)
        call = earlier if earlier is not None and (same or again) else wanted.contact
        await store.plan(part.connection, part.contact, part.person.id, call)
    if standing is not None and same:
        await _move(request, part.person, call, standing, wanted)
    else:
        await _ask(request, part, replace(wanted, contact=call), instead_of=earlier if standing is not None else None)
    at = wanted.at or 0.0
    return Planned(contact=call, number=wanted.number or "", at=datetime.fromtimestamp(at, UTC))


@router.delete("/api/desk/contacts/{contact}/follow-up/call", status_code=204, summary="No call follows after all")
async def plan_no_more(request: Request, contact: UUID) -> None:
    async with _of_a_contact(request, contact) as part:
        call = await store.planned(part.connection, part.contact, part.person.id)
    if call is not None:
        await _call_off(request, part.person, part.contact, call)


@router.put("/api/desk/contacts/{contact}/follow-up/mail", summary="Write to the customer as the result")
async def write_after(request: Request, contact: UUID, body: WrittenAfter) -> Sent:
    """Of each contact an agent writes one. It is kept with the contact first, and sent; said again, what has not gone out is replaced
    and sent, and what has stays as it is."""
    hand_of(request.state.person)
    to = comparable("mail", body.to)
    if to is None:
        raise AppError("no_mail", 400, field="to", value=body.to)
    async with _of_a_contact(request, contact) as part:
        mail = (await tenancy.configuration(part.connection)).mail
        sender = {"mail": to} | ({"subject": subject} if (subject := " ".join(body.subject.split())) else {})
        words = body.text.strip()
        kept = await answers.follow(
            part.connection, part.contact, part.person.id, words, sender, sending=mail is not None
        )
    if mail is None or not kept.to_send:
        return Sent(delivery=kept.delivery)
    sent = await _post(request, part, mail, kept.number, to=to, subject=sender.get("subject", ""), words=words)
    database: Database = request.app.state.database
    async with database.transaction(part.person.tenant) as connection:
        await answers.delivered(connection, part.contact, kept.number, sent.delivery, sent.failure)
    return sent


@router.delete("/api/desk/contacts/{contact}/follow-up/mail", status_code=204, summary="No mail follows after all")
async def write_no_more(request: Request, contact: UUID) -> None:
    """What has gone out stays."""
    async with _of_a_contact(request, contact) as part:
        await answers.follow_no_more(part.connection, part.contact, part.person.id)


@asynccontextmanager
async def _of_a_contact(request: Request, contact: UUID) -> AsyncIterator[_Part]:
    """Raises `no_such_contact` for what this agent never had in hand."""
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    live: Live = request.app.state.live
    shown = in_hand(live, person, agent, identity)
    if shown is None:
        await live.written(person.tenant)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if shown is not None:
            card, queue = shown["customer"], shown["queue"]
            customer, number = card["id"] if card else await store.customer_of(connection, identity), shown["ani"]
            of = QueueId(queue["id"]) if queue else None
        else:
            if not await store.took_part(connection, identity, person.id):
                raise AppError("no_such_contact", 409)
            customer = await store.customer_of(connection, identity)
            of, number = await store.queue_of(connection, identity)
        yield _Part(connection=connection, person=person, contact=identity, customer=customer, queue=of, number=number)


def _call(live: Live, part: _Part, body: PlannedAfter, since: float, *, own: bool) -> CallbackAsked:
    """With a new number of its own. Raises `number_unreadable`, `no_such_queue`, `callback_no_times`."""
    number = dialled(body.number if body.number is not None else part.number or "")
    if number is None:
        raise AppError("number_unreadable", 400, field="number")
    if part.queue is None:
        raise AppError("no_such_queue", 409, field="queue")
    alone = part.person.agent if own else None
    at = body.at.timestamp() if body.at is not None else None
    if at is None:
        free = live.callback_times(part.person.tenant, part.queue, None, since, 1, alone=alone is not None)
        if not free:
            raise AppError("callback_no_times", 409, field="at")
        at = free[0]
    return CallbackAsked(
        contact=ContactId(str(uuid7())),
        number=number,
        queue=part.queue,
        at=at,
        by=part.person.id,
        agent=alone,
        agent_seconds=OWN_SECONDS,
    )


def _standing(live: Live, person: Person, call: ContactId | None) -> dict[str, Any] | None:
    return next((each for each in live.planned_calls(person.tenant) if each["id"] == call), None)


def _agent_of(standing: dict[str, Any]) -> str | None:
    """Who is tried alone first."""
    return standing["agent"]["id"] if standing["agent"] else None


async def _move(
    request: Request, person: Person, call: ContactId, standing: dict[str, Any], wanted: CallbackAsked
) -> None:
    at = wanted.at or 0.0
    if abs(datetime.fromisoformat(standing["at"]).timestamp() - at) >= 1:
        await _submit(request, person, CallbackMoved(contact=call, at=at, by=person.id))


async def _ask(request: Request, part: _Part, wanted: CallbackAsked, *, instead_of: ContactId | None) -> None:
    """Whether one that was refused over the network has come nobody knows: its number stays, and the next attempt is the same one."""
    try:
        await _submit(request, part.person, wanted)
    except AppError as error:
        if error.status < 500:
            database: Database = request.app.state.database
            async with database.transaction(part.person.tenant) as connection:
                await store.plan_no_more(connection, part.contact, part.person.id, wanted.contact)
                if instead_of is not None:
                    await store.plan(connection, part.contact, part.person.id, instead_of)
        raise
    if instead_of is not None:
        await _cancel_earlier(request, part, instead_of, wanted.contact)


async def _cancel_earlier(request: Request, part: _Part, earlier: ContactId, instead: ContactId) -> None:
    """If nobody knows whether it is cancelled it is the planned one again, so that the next attempt does away with it."""
    try:
        await _submit(request, part.person, CallbackCancelled(contact=earlier, by=part.person.id))
    except AppError as error:
        if error.status < 500:  # it is being called just now, or over
            return
        database: Database = request.app.state.database
        async with database.transaction(part.person.tenant) as connection:
            await store.plan(connection, part.contact, part.person.id, earlier)
        with suppress(AppError):
            await _submit(request, part.person, CallbackCancelled(contact=instead, by=part.person.id))
        raise


async def _call_off(request: Request, person: Person, contact: ContactId, call: ContactId) -> None:
    """It is forgotten only once it is cancelled. Raises what refuses that; one that is being called just now is forgotten all the same."""
    try:
        if _standing(request.app.state.live, person, call) is not None:
            await _submit(request, person, CallbackCancelled(contact=call, by=person.id))
    except AppError as error:
        if error.status < 500:
            await _forget_call(request, person, contact, call)
        raise
    await _forget_call(request, person, contact, call)


async def _forget_call(request: Request, person: Person, contact: ContactId, call: ContactId) -> None:
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.plan_no_more(connection, contact, person.id, call)


async def _post(request: Request, part: _Part, mail: Mail, number: int, *, to: str, subject: str, words: str) -> Sent:
    posting: Posting = request.app.state.posting
    key = f"{number}.{part.contact}.{part.person.tenant}"
    try:
        await posting.post(mail, to=to, subject=subject or mail.subject, text=words, key=key)
    except PeerError as error:
        return Sent(delivery="failed", failure=error.reason)
    return Sent(delivery="sent")


async def _submit(request: Request, person: Person, fact: Fact) -> None:
    await submitted(request.app.state.inbox, person.tenant, fact, FIELDS)


# Tasks.


@router.get("/api/tasks", summary="What one has to do, and what anybody of one's queues may take, by when it is due")
async def my_tasks(request: Request, of: Literal["own", "all", "nobody"] = "own") -> Tasks:
    """For supervisors: of `all`, and of `nobody`: of people who are no longer here, or of a queue to which no agent belongs."""
    person = require(request.state.person, "customers.edit" if of == "own" else "contacts.read_all")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if of == "own":
            return await _mine(connection, person)
        staffed = staffed_queues(await tenancy.configuration(connection))
        return await store.open_tasks(connection, staffed, nobodys=of == "nobody")


@router.patch("/api/tasks/{task}", summary="Tick a task off, postpone it, take it, hand it on")
async def handle_task(request: Request, task: UUID, body: Handling) -> Tasks:
    person = require(request.state.person, "customers.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await _check(connection, body)
        if body.take:
            await store.take(connection, str(task), person.id)
        await store.handle(connection, str(task), person.id, body)
        return await _mine(connection, person)


async def _mine(connection: AsyncConnection, person: Person) -> Tasks:
    queues = queues_of(await tenancy.configuration(connection), AgentId(person.agent) if person.agent else None)
    return await store.tasks_of(connection, person.id, queues)


async def _check(connection: AsyncConnection, wanted: FollowUp | Handling) -> None:
    """Raises `one_target`, `no_such_person`, `no_such_queue`."""
    taking = isinstance(wanted, Handling) and wanted.take
    if (wanted.assignee is not None) + (wanted.queue is not None) + taking > 1:
        raise AppError("one_target", 400, field="queue")
    if wanted.assignee is not None and not await customers.is_person(connection, str(wanted.assignee)):
        raise AppError("no_such_person", 409, field="assignee")
    if wanted.queue is not None:
        known = {queue.id for queue in (await tenancy.configuration(connection)).queues}
        if wanted.queue not in known:
            raise AppError("no_such_queue", 409, field="queue")
