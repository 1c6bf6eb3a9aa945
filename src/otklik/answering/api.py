"""An agent answers what was written, and enters what came on paper or in person."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from uuid_utils import uuid7

from otklik.answering import store
from otklik.contact.answering import AnswerWritten
from otklik.contact.configuration import LIVE, Configuration
from otklik.contact.facts import ContactArrived
from otklik.contact.ids import AgentId, ContactId, EntryPointId
from otklik.contact.ports import Inbox, Posting
from otklik.correspondence.letter import known_to_scenarios
from otklik.customer.identity import e164
from otklik.errors import AppError, PeerError
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import agent_of, hand_of
from otklik.tenancy.page import in_hand
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/desk", tags=["desk"])
log = structlog.get_logger()

LINE = "desk"
"""In place of the name of a line: what an agent enters has none."""
NO_NUL = r"^[^\x00]*$"
_Short = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
_Text = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class Answer(BaseModel):
    """`send`: by mail, where the customer has given one and the tenant has a server; else it is kept here alone."""

    text: _Text
    send: bool = True


class Answered(BaseModel):
    """`delivery`: `kept` here alone, `sent` by mail, or `failed`; `failure`: `secret`, `late`, `unreachable` or `refused`."""

    number: int
    delivery: Literal["kept", "sent", "failed"]
    failure: str | None = None


class Unsent(BaseModel):
    """Which of the letters of the contact."""

    number: Annotated[int, Field(ge=1, le=1_000_000)]


class EnteredRequest(BaseModel):
    """What a customer brought or said. `way`: how it came. `entry_point`: by whose rules it goes on; none: the first of the set-up."""

    way: Literal["paper", "person", "mail", "other"]
    text: _Text
    subject: _Short = ""
    name: _Short = ""
    phone: _Short = ""
    mail: _Short = ""
    entry_point: Annotated[str | None, Field(max_length=200, pattern=NO_NUL)] = None


class Entered(BaseModel):
    contact: str


@router.post("/contacts/{contact}/answers", status_code=201, summary="Answer what was written")
async def write_answer(request: Request, contact: UUID, body: Answer) -> Answered:
    """It is kept with the contact first; that it could not be sent is told, and it may be sent again."""
    person, agent, identity = _in_hand(request, contact)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        asked = await store.first(connection, identity)
        if asked is None:
            raise AppError("no_such_contact", 409)
        configuration = await tenancy.bare_configuration(connection)
        sending = body.send and asked.mail != "" and configuration.mail is not None
        number = await store.answer(connection, identity, person.id, body.text, sending=sending)
    answered = Answered(number=number, delivery="kept")
    if sending:
        answered = await _send(request, person, identity, number, body.text, _answering(asked), configuration)
    await _tell(request, person, agent, identity)
    return answered


@router.post("/contacts/{contact}/answers/send", summary="Send an answer that has not gone out")
async def send_answer(request: Request, contact: UUID, body: Unsent) -> Answered:
    """One that somebody else sends just now is not sent twice. In a call it is what a scenario has written. What follows from a result goes to whom it was written."""
    person, agent, identity = _in_hand(request, contact, calls=True)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        asked, claimed = await store.first(connection, identity), await store.claim(connection, identity, body.number)
        configuration = await tenancy.bare_configuration(connection)
        if asked is None or claimed is None:
            raise AppError("not_found", 404)
        to = claimed.own or _answering(asked)
        if not to.mail or configuration.mail is None:
            raise AppError("mail_not_set_up", 409)
    answered = await _send(request, person, identity, body.number, claimed.words, to, configuration)
    await _tell(request, person, agent, identity)
    return answered


@router.post("/requests", status_code=201, summary="Enter a request that came on paper, in person or by a letter")
async def enter_request(request: Request, body: EnteredRequest) -> Entered:
    """It waits in the queues as a web site's do."""
    person, _ = agent_of(request.state.person)
    database: Database = request.app.state.database
    inbox: Inbox = request.app.state.inbox
    contact = ContactId(str(uuid7()))
    sender = {name: value for name in ("way", "subject", "name", "phone", "mail") if (value := getattr(body, name))}
    async with database.transaction(person.tenant) as connection:
        set_up = await tenancy.bare_configuration(connection)
        numbers = {each.id: each.number for each in set_up.entry_points}
        entry_point = EntryPointId(body.entry_point) if body.entry_point else next(iter(numbers), None)
        if entry_point is None or entry_point not in numbers:
            raise AppError("no_such_entry_point", 400, field="entry_point")
        await store.enter(connection, contact, person.id, body.text, sender)
    arrived = ContactArrived(
        contact=contact,
        channel="web",
        entry_point=entry_point,
        dnis=numbers[entry_point],
        leg=LINE,
        ani=(e164(body.phone) or body.phone or body.mail) or None,
        request=known_to_scenarios(set_up, sender),
    )
    try:
        await inbox.submit(person.tenant, arrived)
    except AppError as error:
        if error.status >= 500:  # it may have come all the same: its text must be there then
            raise
        async with database.transaction(person.tenant) as connection:
            await store.forget(connection, contact)
        raise
    return Entered(contact=contact)


def _in_hand(request: Request, contact: UUID, *, calls: bool = False) -> tuple[Person, AgentId, ContactId]:
    """`calls`: also in one, where nothing is answered in writing. Raises `no_such_contact`, `move_not_allowed`."""
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    shown = in_hand(request.app.state.live, person, agent, identity)
    if shown is None:
        raise AppError("no_such_contact", 409)
    if (shown["channel"] in LIVE and not calls) or shown["state"] != "talking":
        raise AppError("move_not_allowed", 409, state=shown["state"])
    return person, agent, identity


def _answering(asked: store.First) -> store.First:
    return store.First(mail=asked.mail, subject=f"Re: {asked.subject}" if asked.subject else "")


async def _send(
    request: Request,
    person: Person,
    contact: ContactId,
    number: int,
    words: str,
    to: store.First,
    configuration: Configuration,
) -> Answered:
    assert configuration.mail is not None
    posting: Posting = request.app.state.posting
    subject = to.subject or configuration.mail.subject
    key = f"{number}.{contact}.{person.tenant}"
    answered = Answered(number=number, delivery="sent")
    try:
        await posting.post(configuration.mail, to=to.mail, subject=subject, text=words, key=key)
    except PeerError as error:
        answered = Answered(number=number, delivery="failed", failure=error.reason)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await store.delivered(connection, contact, number, answered.delivery, answered.failure)
    return answered


async def _tell(request: Request, person: Person, agent: AgentId, contact: ContactId) -> None:
    """Pages show it. What was written or sent stays so, also where the contact has just left the agent."""
    inbox: Inbox = request.app.state.inbox
    try:
        await inbox.submit(person.tenant, AnswerWritten(contact=contact, agent=agent))
    except AppError as error:
        log.info("answer_not_told", tenant=person.tenant, contact=contact, agent=agent, reason=error.code)
