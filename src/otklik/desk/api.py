"""What an agent can do: the shift, the status, the contact in hand, its outcome. The engine decides; this only asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import obstore
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from obstore.store import ObjectStore
from uuid_utils import uuid7

from otklik.calling.number import numbered
from otklik.contact.decisions import Decision
from otklik.contact.facts import (
    AgentMuted,
    CallbackCancelled,
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
    ContactFinished,
    ContactHeld,
    ContactPulled,
    ContactPushed,
    ContactRetrieved,
    ContactTransferred,
    Fact,
    OfferDeclined,
    ParticipantReleased,
    PhoneChosen,
    RejoinAsked,
    ShiftEnded,
    ShiftStarted,
    StatusChosen,
    WrapUpExtended,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.outside_number import ContactSentOutside, OutsideConsulted
from otklik.contact.ports import Lines, Live
from otklik.contact.record import Direction, Outcome
from otklik.correspondence.store import letters
from otklik.customer.search import place
from otklik.desk import byte_range, store
from otklik.desk import found as attributes
from otklik.desk.card import Draft
from otklik.desk.history import ContactDetail, ContactPage, Question, Scope, ShownLetter, Waveform
from otklik.desk.requests import (
    NO_NUL,
    RECORDING,
    Colleague,
    Colleagues,
    Consultation,
    Decline,
    DraftBody,
    IceServer,
    Mute,
    Nothing,
    Participant,
    Receiver,
    RecordingWish,
    Shift,
    ShiftBegun,
    Softphone,
    SoftphoneAccount,
    StatusChange,
    Target,
    Turn,
    kept_under,
)
from otklik.desk.waveform import NotPlayable, Peaks, read_header
from otklik.desk.why import Inquiry, Why, tell
from otklik.errors import AppError, PeerError
from otklik.routing.outcome import Outcomes
from otklik.routing.rules import Rule
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import agent_of, hand_of, may_play, may_read, require, signed_in
from otklik.tenancy.asked import submitted
from otklik.tenancy.page import in_hand
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/desk", tags=["desk"])


async def _up_to_now(request: Request) -> None:
    """Who has just saved an outcome finds it in the history."""
    person: Person | None = request.state.person
    if person is not None and request.method == "GET":
        live: Live = request.app.state.live
        await live.written(person.tenant)


journal = APIRouter(prefix="/api/contacts", tags=["contacts"], dependencies=[Depends(_up_to_now)])

HEADER_BYTES = 4096
CHUNK_BYTES = 256 * 1024

_FIELDS = {
    "number_unreadable": "number",
    "number_not_allowed": "number",
    "short_number_not_allowed": "number",
    "outside_own_number": "number",
    "outside_lines": "number",
    "no_such_reason": "reason",
    "no_such_queue": "queue",
    "no_such_agent": "agent",
    "agent_cannot_take": "agent",
}


# The shift and the softphone.


@router.post("/shift", summary="Start the shift; twice is once")
async def start_shift(request: Request, body: Shift) -> ShiftBegun:
    person, agent = agent_of(request.state.person)
    await _submit(request, person, PhoneChosen(agent=agent, phone=body.phone))
    made = (await _provision(request, person, agent)).softphone if body.phone == "page" else None
    await _submit(request, person, ShiftStarted(agent=agent))
    return ShiftBegun(softphone=made)


@router.post("/softphone", summary="A fresh softphone account, after the page was loaded again, or to join a call")
async def softphone(request: Request, _: Nothing) -> Softphone:
    person, agent = hand_of(request.state.person)
    return await _provision(request, person, agent)


@router.delete("/shift", status_code=204, summary="End the shift; a contact in hand is finished first")
async def end_shift(request: Request) -> None:
    person, agent = agent_of(request.state.person)
    await _submit(request, person, ShiftEnded(agent=agent))


@router.put("/status", status_code=204, summary="Choose a status; during a contact it applies after it")
async def status(request: Request, body: StatusChange) -> None:
    person, agent = agent_of(request.state.person)
    await _submit(request, person, StatusChosen(agent=agent, status=body.status, reason=body.reason))


# The contact in hand.


@router.post("/contacts/{contact}/decline", status_code=204, summary="Refuse the ring; the contact keeps its place")
async def decline(request: Request, contact: UUID, body: Decline) -> None:
    person, agent = agent_of(request.state.person)
    identity = ContactId(str(contact))
    shown = in_hand(request.app.state.live, person, agent, identity)
    if shown is None or shown["state"] != "offered" or body.offer not in (None, shown["offer"]):
        raise AppError("no_such_contact", 409)
    offer = OfferNumber(shown["offer"])
    await _submit(request, person, OfferDeclined(contact=identity, agent=agent, offer=offer))


@router.post("/contacts/{contact}/hold", status_code=204, summary="Put the customer on hold")
async def hold(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, ContactHeld(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/retrieve", status_code=204, summary="Take the customer back from hold")
async def retrieve(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, ContactRetrieved(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/end", status_code=204, summary="End the conversation; wrap-up begins")
async def end(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, ContactFinished(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/rejoin", status_code=204, summary="The page came back in mid-call: ring it again")
async def rejoin(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, RejoinAsked(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/mute", status_code=204, summary="Switch the microphone")
async def mute(request: Request, contact: UUID, body: Mute) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, AgentMuted(contact=ContactId(str(contact)), agent=agent, muted=body.muted))


@router.post("/contacts/{contact}/recording", status_code=204, summary="Pause, resume or start the recording")
async def record(request: Request, contact: UUID, body: RecordingWish) -> None:
    """A pause ends by itself at the queue's limit; `started` is for queues that record on demand."""
    person, agent = hand_of(request.state.person)
    identity, address = ContactId(str(contact)), request.client.host if request.client else ""
    await _submit(request, person, RECORDING[body.wish](contact=identity, agent=agent))
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await tenancy.audit(connection, person.id, f"recording_{body.wish}", contact=identity, address=address)


# What the agent decides alone.


@router.get("/colleagues", summary="The other agents in shift, those who could take a contact now first")
async def colleagues(request: Request) -> Colleagues:
    person, agent = hand_of(request.state.person)
    live: Live = request.app.state.live
    return Colleagues(agents=[Colleague.model_validate(each) for each in live.colleagues(person.tenant, agent)])


def _inside(request: Request, person: Person, agent: AgentId, body: Target) -> Target:
    if body.number is None:
        return body
    live: Live = request.app.state.live
    colleague = numbered(live, person.tenant, agent, body.number_outside())
    return Target(agent=UUID(colleague[0])) if colleague is not None else body


@router.post("/contacts/{contact}/transfer", status_code=204, summary="Pass the contact on without asking first")
async def transfer(request: Request, contact: UUID, body: Target) -> None:
    """Its age, its place and all that is known go along; the agent's own part is wrapped up. With a number outside the customer is put
    through there, and comes back to you if nobody answers; an internal number is the colleague whose it is."""
    person, agent = hand_of(request.state.person)
    body = _inside(request, person, agent, body)
    if body.number is not None:
        sent = ContactSentOutside(
            contact=ContactId(str(contact)), agent=agent, kept=kept_under(uuid7().int), number=body.number_outside()
        )
        await _submit(request, person, sent)
        return
    to_queue, to_agent = body.chosen()
    fact = ContactTransferred(contact=ContactId(str(contact)), agent=agent, to_queue=to_queue, to_agent=to_agent)
    await _submit(request, person, fact)


@router.post("/contacts/{contact}/consult", summary="Ask a colleague before passing the contact on")
async def consult(request: Request, contact: UUID, body: Target) -> Consultation:
    """The customer hears music meanwhile; an agent is asked alone for half a minute, a queue until you go back, a number outside for as
    long as your queue lets calls out ring. Whoever was asked before and is in the conversation stays in it."""
    person, agent = hand_of(request.state.person)
    body, consultation = _inside(request, person, agent, body), ContactId(str(uuid7()))
    about = ContactId(str(contact))
    mine: dict[str, Any] = {"contact": about, "agent": agent, "consultation": consultation, "conference": True}
    if body.number is not None:
        await _submit(
            request, person, OutsideConsulted(**mine, kept=kept_under(uuid7().int), number=body.number_outside())
        )
    else:
        to_queue, to_agent = body.chosen()
        await _submit(request, person, ConsultationAsked(**mine, to_queue=to_queue, to_agent=to_agent))
    return Consultation(consultation=consultation)


@router.post(
    "/contacts/{contact}/consult/turn", status_code=204, summary="Talk to the customer, the colleague, or both"
)
async def turn(request: Request, contact: UUID, body: Turn) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(
        request, person, ConsultationTurned(contact=ContactId(str(contact)), agent=agent, talks_to=body.talks_to)
    )


@router.post("/contacts/{contact}/consult/complete", status_code=204, summary="Pass the customer on to the colleague")
async def complete(request: Request, contact: UUID, _: Nothing) -> None:
    """If nobody has answered yet, the customer waits for an agent where the colleague was sought."""
    person, agent = hand_of(request.state.person)
    await _submit(request, person, ConsultationCompleted(contact=ContactId(str(contact)), agent=agent))


@router.post(
    "/contacts/{contact}/consult/cancel", status_code=204, summary="Back to the customer, without the colleague"
)
async def cancel(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, ConsultationCancelled(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/consult/release", status_code=204, summary="Take one out of the conference")
async def release(request: Request, contact: UUID, body: Participant) -> None:
    person, agent = hand_of(request.state.person)
    consultation = ContactId(str(body.consultation))
    fact = ParticipantReleased(contact=ContactId(str(contact)), agent=agent, consultation=consultation)
    await _submit(request, person, fact)


@router.post("/contacts/{contact}/wrap-up/extend", status_code=204, summary="More time for the wrap-up")
async def extend_wrap_up(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = hand_of(request.state.person)
    await _submit(request, person, WrapUpExtended(contact=ContactId(str(contact)), agent=agent))


@router.post("/contacts/{contact}/pull", status_code=204, summary="Pick a waiting contact of one's own queues")
async def pull(request: Request, contact: UUID, _: Nothing) -> None:
    person, agent = agent_of(request.state.person)
    await _submit(request, person, ContactPulled(contact=ContactId(str(contact)), agent=agent))


# The outcome.


@router.put("/contacts/{contact}/draft", status_code=204, summary="Keep the outcome as it is typed")
async def draft(request: Request, contact: UUID, body: DraftBody) -> None:
    person, agent = hand_of(request.state.person)
    identity = ContactId(str(contact))
    mine = in_hand(request.app.state.live, person, agent, identity) is not None
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if not mine and not await store.awaits_outcome(connection, identity, agent):
            raise AppError("no_such_contact", 409)
        known = Outcomes(await tenancy.configuration(connection)).known
        if body.disposition is not None and body.disposition not in known:
            raise AppError("no_such_disposition", 400, field="disposition")
        kept = Draft(disposition=body.disposition, note=body.note)
        await store.save_draft(connection, identity, agent, kept)
    live: Live = request.app.state.live
    live.refresh(person.tenant, agent)


async def _provision(request: Request, person: Person, agent: AgentId) -> Softphone:
    lines: Lines = request.app.state.lines
    if not lines.up():
        raise PeerError("telephony", "down", retryable=True)
    user, password = await lines.provision(person.tenant, agent)
    servers = [IceServer.model_validate(each) for each in request.app.state.ice_servers]
    account = SoftphoneAccount(uri=f"sip:{user}@otklik", user=user, password=password, path="/sip", ice_servers=servers)
    return Softphone(softphone=account)


async def _submit(request: Request, person: Person, fact: Fact) -> list[Decision]:
    """Wait until the fact is committed and handled."""
    return await submitted(request.app.state.inbox, person.tenant, fact, _FIELDS)


# The journal of contacts.


@journal.get("", summary="The journal: one's own contacts or all of the tenant's, newest first")
async def contacts(
    request: Request,
    scope: Scope = "own",
    before: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    outcome: Outcome | None = None,
    queue: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
    direction: Direction | None = None,
    poor_line: bool = False,
    q: Annotated[str | None, Query(max_length=200, pattern=NO_NUL)] = None,
) -> ContactPage:
    person = signed_in(request.state.person)
    if scope == "all":
        require(person, "contacts.read_all")
    question = Question(
        agent=person.id if scope == "own" else None,
        before=place(before) if before else None,
        limit=limit,
        outcome=outcome,
        queue=queue,
        direction=direction,
        poor_line=poor_line,
        q=q,
    )
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        return await store.journal(connection, question)


@journal.get("/{contact}", summary="One contact with its timeline")
async def one_contact(request: Request, contact: UUID) -> ContactDetail:
    person = signed_in(request.state.person)
    if "contacts.read_all" in person.permissions:  # who watches the floor opens what has come a moment ago
        await request.app.state.live.written(person.tenant)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.contact(connection, ContactId(str(contact)), person.id)
        if found is None or not may_read(person, found.involved):
            raise AppError("not_found", 404)
        listed = (await tenancy.configuration(connection)).attributes
        told = await store.story(connection, found.row, listed)
        written = await letters(connection, [ContactId(str(contact))])
    shown = [ShownLetter(**asdict(each)) for each in written.get(ContactId(str(contact)), ())]
    known = attributes.found({each.name: each.value for entry in told for each in entry.found}, listed)
    return ContactDetail(**found.row.model_dump(), timeline=told, letters=shown, found=known, lines=found.lines)


@journal.get("/{contact}/why", summary="Each step of a contact, and why each agent was chosen or excluded")
async def why(request: Request, contact: UUID, at: Annotated[int | None, Query(ge=1, le=2**62)] = None) -> Why:
    """Told from the log by the code that decided it; `at`: only up to this number in the log."""
    person = require(request.state.person, "contacts.read_all")
    inquiry: Inquiry | None = request.app.state.inquiry
    if inquiry is None:
        raise AppError("centre_stopping", 503)
    steps = await inquiry(person.tenant, ContactId(str(contact)), at)
    if not steps:
        raise AppError("not_found", 404)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        names = await store.names(connection)
    live: Live = request.app.state.live
    now = live.beside(person.tenant, ContactId(str(contact))) if at is None else []
    return tell(str(contact), steps, *names, now=[each for each in now if each.rule != Rule.CONTACT_NOT_WAITING])


@journal.post("/{contact}/push", status_code=204, summary="Give a waiting contact to an agent, whatever the skills")
async def push(request: Request, contact: UUID, body: Receiver) -> None:
    person = require(request.state.person, "contacts.give")
    fact = ContactPushed(contact=ContactId(str(contact)), agent=AgentId(str(body.agent)), by=person.id)
    await _submit(request, person, fact)


@journal.post("/{contact}/callback/cancel", status_code=204, summary="The customer is not called back after all")
async def cancel_callback(request: Request, contact: UUID, _: Nothing) -> None:
    person = require(request.state.person, "contacts.give")
    await _submit(request, person, CallbackCancelled(contact=ContactId(str(contact)), by=person.id))


@journal.get(
    "/{contact}/recording",
    summary="The recording: the customer on the left, the agent on the right",
    response_class=StreamingResponse,
    responses={200: {"content": {"audio/wav": {}}}, 206: {"content": {"audio/wav": {}}}},
)
async def recording(request: Request, contact: UUID) -> StreamingResponse:
    person, key = await _playable(request, contact)
    objects: ObjectStore = request.app.state.objects
    size = await _size(objects, key)
    part = byte_range.asked(request.headers.get("range"), size)
    begin, end = part or (0, size)
    await _audit_playing(request, person, contact, from_start=begin == 0)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(end - begin),
        "Content-Disposition": f'inline; filename="{contact}.wav"',
        "Cache-Control": "private, no-store",
    }
    if part:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    return StreamingResponse(
        _bytes(objects, key, begin, end), 206 if part else 200, headers=headers, media_type="audio/wav"
    )


@journal.get("/{contact}/waveform", summary="The shape of the recording's sound")
async def waveform(request: Request, contact: UUID) -> Waveform:
    _, key = await _playable(request, contact)
    objects: ObjectStore = request.app.state.objects
    size = await _size(objects, key)
    head = b"".join([piece async for piece in _bytes(objects, key, 0, min(HEADER_BYTES, size))])
    try:
        form = read_header(head, size)
    except NotPlayable as err:
        raise AppError("not_found", 404) from err
    peaks = Peaks(form)
    async for piece in _bytes(objects, key, form.begin, form.begin + form.size):
        peaks.feed(piece)
    return peaks.waveform()


async def _playable(request: Request, contact: UUID) -> tuple[Person, str]:
    """The person and the recording's key. A contact one may not even see is not found, not forbidden."""
    person = signed_in(request.state.person)
    live: Live = request.app.state.live
    identity = ContactId(str(contact))
    if person.line is not None and in_hand(live, person, person.line, identity) is not None:
        await live.written(person.tenant)  # who has just taken a message hears it at once
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.contact(connection, identity, person.id)
    if found is None or not may_read(person, found.involved) or found.recording_key is None:
        raise AppError("not_found", 404)
    if not may_play(person, found.involved):
        raise AppError("not_permitted", 403)
    return person, found.recording_key


async def _audit_playing(request: Request, person: Person, contact: UUID, *, from_start: bool) -> None:
    """A player asks for many parts of one file; what follows the first within an hour is the same listening."""
    database: Database = request.app.state.database
    identity, address = ContactId(str(contact)), request.client.host if request.client else ""
    async with database.transaction(person.tenant) as connection:
        if from_start or not await tenancy.audited_within_hour(connection, person.id, "recording_played", identity):
            await tenancy.audit(connection, person.id, "recording_played", contact=identity, address=address)


async def _size(objects: ObjectStore, key: str) -> int:
    try:
        return (await obstore.head_async(objects, key))["size"]
    except FileNotFoundError as err:
        raise AppError("not_found", 404) from err


async def _bytes(objects: ObjectStore, key: str, begin: int, end: int) -> AsyncIterator[bytes]:
    while begin < end:
        piece = await obstore.get_range_async(objects, key, start=begin, end=min(begin + CHUNK_BYTES, end))
        begin += len(piece)
        yield bytes(piece)
