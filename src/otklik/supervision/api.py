"""What a supervisor can do from the floor: join a conversation, take it over, end it; set an agent's status, end a shift.

Every one of these is written into the audit with the person, the contact and the address it came from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, StringConstraints

from otklik.contact.assigning import AgentAssigned, AssignmentEnded
from otklik.contact.facts import (
    AlertAcknowledged,
    ContactAnsweredFor,
    ContactStopped,
    ContactTakenOver,
    Fact,
    Joining,
    ShiftEnded,
    StatusChosen,
    SupervisionChanged,
    SupervisionEnded,
    SupervisionStarted,
)
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.contact.notice import NoticePosted, NoticeSeen, NoticeWithdrawn
from otklik.contact.ports import Inbox, Live
from otklik.customer.card import NO_NUL
from otklik.desk import store as desk
from otklik.desk.requests import Nothing, QueueName
from otklik.desk.why import WhyAgent, tell_agent
from otklik.errors import AppError
from otklik.storage.engine import Database
from otklik.supervision import store
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import agent_of, require, signed_in
from otklik.tenancy.password import new_token, token_hash
from otklik.tenancy.person import Person

router = APIRouter(prefix="/api/supervision", tags=["supervision"])
wallboards = APIRouter(prefix="/api/wallboards", tags=["supervision"])
notices = APIRouter(prefix="/api/notices", tags=["supervision"])


NONE: Final[list[UUID]] = []


class Way(BaseModel):
    """How the supervisor takes part."""

    way: Joining


class ForcedStatus(BaseModel):
    status: Literal["ready", "not_ready"]
    reason: Annotated[str | None, Field(max_length=100)] = None


Level = Annotated[int, Field(ge=1, le=10)]


class Assignment(BaseModel):
    """Queues and skills with their levels, in place of those of the set-up."""

    queues: Annotated[dict[QueueName, Level], Field(max_length=1000)]
    skills: Annotated[dict[QueueName, Level], Field(max_length=1000)]


class NewNotice(BaseModel):
    """To the agents of these queues and to these agents; where none are named, to everybody."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=NO_NUL)]
    queues: Annotated[list[QueueName], Field(max_length=1000)] = []
    agents: Annotated[list[UUID], Field(max_length=1000)] = []
    urgent: bool = False
    lasts_seconds: Annotated[int, Field(ge=60, le=7 * 86_400)] = 3600


class WrittenNotice(BaseModel):
    id: str
    text: str
    by: str


class NewWallboard(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class MadeWallboard(BaseModel):
    """`path` holds the secret after `#`; it is shown once and kept nowhere."""

    id: str
    path: str


class ShownWallboard(BaseModel):
    id: str
    name: str
    made_at: datetime


# A conversation.


@router.post("/contacts/{contact}/join", status_code=204, summary="Join a conversation; the own telephone rings")
async def join_call(request: Request, contact: UUID, body: Way) -> None:
    """Where another conversation is joined, that one is left. Said again it rings anew, after a page was loaded again."""
    person = require(request.state.person, "calls.join")
    identity = ContactId(str(contact))
    fact = SupervisionStarted(contact=identity, supervisor=AgentId(person.id), name=person.name, way=body.way)
    await _submit(request, person, fact, what=f"call_{body.way}", contact=identity)


@router.put("/contacts/{contact}/join", status_code=204, summary="Go over to listening, whispering or talking")
async def change_way(request: Request, contact: UUID, body: Way) -> None:
    person = require(request.state.person, "calls.join")
    identity = ContactId(str(contact))
    fact = SupervisionChanged(contact=identity, supervisor=AgentId(person.id), way=body.way)
    await _submit(request, person, fact, what=f"call_{body.way}", contact=identity)


@router.delete("/contacts/{contact}/join", status_code=204, summary="Leave the conversation, which goes on")
async def leave_call(request: Request, contact: UUID) -> None:
    person = require(request.state.person, "calls.join")
    identity = ContactId(str(contact))
    if not _is_beside(request, person, identity):
        raise AppError("not_joined", 409)
    await _submit(request, person, SupervisionEnded(contact=identity, supervisor=AgentId(person.id)))


@router.post("/contacts/{contact}/take-over", status_code=204, summary="Become the agent of a joined conversation")
async def take_call_over(request: Request, contact: UUID, _: Nothing) -> None:
    """The agent so far wraps up. From now on what the desk can do with a contact is for the supervisor to do."""
    person = require(request.state.person, "calls.join")
    identity = ContactId(str(contact))
    fact = ContactTakenOver(contact=identity, supervisor=AgentId(person.id))
    await _submit(request, person, fact, what="call_taken_over", contact=identity)


@router.post(
    "/contacts/{contact}/answer", status_code=204, summary="Answer a call that rings at an agent, in the agent's place"
)
async def answer_for(request: Request, contact: UUID, _: Nothing) -> None:
    """The own telephone rings, and its page answers. From then on it is the supervisor's, as one that was taken over."""
    person = require(request.state.person, "calls.join")
    identity = ContactId(str(contact))
    fact = ContactAnsweredFor(contact=identity, supervisor=AgentId(person.id), name=person.name)
    await _submit(request, person, fact, what="call_answered_for", contact=identity)


@router.post("/contacts/{contact}/end", status_code=204, summary="End a conversation; its agent wraps up")
async def end_call(request: Request, contact: UUID, _: Nothing) -> None:
    person = require(request.state.person, "calls.join")
    identity = ContactId(str(contact))
    fact = ContactStopped(contact=identity, by=person.id)
    await _submit(request, person, fact, what="call_ended", contact=identity)


def _is_beside(request: Request, person: Person, contact: ContactId) -> bool:
    """As the supervisor's page shows it now."""
    live: Live = request.app.state.live
    joined: dict[str, Any] | None = live.own_state(person.tenant, AgentId(person.id))["supervision"]
    return joined is not None and joined["contact"] == contact


# Queues.


class PromisesKept(BaseModel):
    """Of the last customers who were promised a wait: the share who did not wait longer, by how much longer on average
    (negative: shorter), and how far off the promise was in either direction."""

    count: int
    within: float
    error_seconds: float
    off_seconds: float


class ServedQueue(BaseModel):
    """Of its last answers, 50 at most. `of_target`: the average wait over the target, null before the first answer."""

    id: str
    name: str
    answers: int
    waited_seconds: float | None
    target_seconds: float
    of_target: float | None
    promises: PromisesKept | None
    callbacks: PromisesKept | None


class QueueFigures(BaseModel):
    order: Literal["oldest", "furthest_behind"]
    queues: list[ServedQueue]


@router.get("/queues/figures", summary="Waits beside targets, and promises beside what happened")
async def queue_figures(request: Request) -> QueueFigures:
    person = require(request.state.person, "contacts.read_all")
    live: Live = request.app.state.live
    return QueueFigures.model_validate(live.queue_figures(person.tenant))


# An agent.


@router.get("/agents/{agent}/why", summary="What an agent has in hand, what comes next, and the rule against the rest")
async def why_agent(request: Request, agent: UUID) -> WhyAgent:
    """Told by the code that decides, as of now."""
    person = require(request.state.person, "contacts.read_all")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        names, queues = await desk.names(connection)
    if str(agent) not in names:
        raise AppError("not_found", 404)
    live: Live = request.app.state.live
    return tell_agent(str(agent), live.before(person.tenant, AgentId(str(agent))), names, queues)


@router.put("/agents/{agent}/status", status_code=204, summary="Set an agent's status")
async def set_status(request: Request, agent: UUID, body: ForcedStatus) -> None:
    """With a contact in hand it counts after it, as one that the agent chose."""
    person = require(request.state.person, "agents.direct")
    fact = StatusChosen(agent=AgentId(str(agent)), status=body.status, reason=body.reason, by=person.id)
    await _submit(request, person, fact, what=f"status_set {agent} {body.status} {body.reason or ''}".strip())


@router.delete("/agents/{agent}/shift", status_code=204, summary="End an agent's shift; a contact in hand is finished")
async def end_shift_of(request: Request, agent: UUID) -> None:
    person = require(request.state.person, "agents.direct")
    fact = ShiftEnded(agent=AgentId(str(agent)), by=person.id)
    await _submit(request, person, fact, what=f"shift_ended {agent}")


@router.put("/agents/{agent}/assignment", status_code=204, summary="Move an agent between queues for this shift")
async def assign(request: Request, agent: UUID, body: Assignment) -> None:
    """The set-up stays as it is; when the shift ends, the agent is where it says again."""
    person = require(request.state.person, "agents.direct")
    queues = {QueueId(queue): level for queue, level in body.queues.items()}
    fact = AgentAssigned(agent=AgentId(str(agent)), by=person.id, queues=queues, skills=body.skills)
    await _submit(request, person, fact, what=f"agent_assigned {agent}")


@router.delete("/agents/{agent}/assignment", status_code=204, summary="Back to the queues of the set-up")
async def end_assignment(request: Request, agent: UUID) -> None:
    person = require(request.state.person, "agents.direct")
    fact = AssignmentEnded(agent=AgentId(str(agent)), by=person.id)
    await _submit(request, person, fact, what=f"assignment_ended {agent}")


async def _submit(
    request: Request, person: Person, fact: Fact, *, what: str | None = None, contact: ContactId | None = None
) -> None:
    inbox: Inbox = request.app.state.inbox
    try:
        await inbox.submit(person.tenant, fact)
    except AppError as err:
        if err.code == "not_in_shift":
            raise AppError("no_such_agent", 409, field="agent") from err
        if err.code in ("no_such_reason", "no_such_status"):
            err.field = "reason"
        raise
    if what is None:
        return
    database: Database = request.app.state.database
    address = request.client.host if request.client else ""
    async with database.transaction(person.tenant) as connection:
        await tenancy.audit(connection, person.id, what, contact=contact, address=address)


# Alerts.


@router.post("/alerts/{alert}/acknowledge", status_code=204, summary="You have seen to an alert; the first counts")
async def acknowledge(request: Request, alert: UUID, _: Nothing) -> None:
    person = require(request.state.person, "agents.direct")
    await _submit(request, person, AlertAcknowledged(alert=str(alert), by=person.id, name=person.name))


# Messages to agents.


@notices.post("", status_code=201, summary="Write to agents; it is on their desks at once")
async def post_notice(request: Request, body: NewNotice) -> WrittenNotice:
    """The words are written first: no desk is told of a message that cannot be read."""
    person = require(request.state.person, "agents.direct")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        made = await store.write_notice(connection, text=body.text, by=person.id, name=person.name)
    fact = NoticePosted(
        notice=made,
        by=person.id,
        lasts_seconds=body.lasts_seconds,
        queues=tuple(QueueId(each) for each in body.queues),
        agents=tuple(AgentId(str(each)) for each in body.agents),
        urgent=body.urgent,
    )
    try:
        await _submit(request, person, fact, what=f"notice_posted {made}")
    except AppError:
        async with database.transaction(person.tenant) as connection:
            await store.forget_notice(connection, made)
        raise
    return WrittenNotice(id=made, text=body.text, by=person.name)


@notices.get("", summary="The words of messages: of all to those who write them, else of those on the own desk")
async def read_notices(
    request: Request, ids: Annotated[list[UUID], Query(max_length=100)] = NONE
) -> list[WrittenNotice]:
    person = signed_in(request.state.person)
    asked = {str(each) for each in ids}
    if "agents.direct" not in person.permissions:
        asked &= _on_the_desk(request, person)
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.notices(connection, sorted(asked))
    return [WrittenNotice(id=each.id, text=each.text, by=each.by) for each in found]


def _on_the_desk(request: Request, person: Person) -> set[str]:
    if person.agent is None:
        return set()
    live: Live = request.app.state.live
    shown: list[dict[str, Any]] = live.own_state(person.tenant, person.agent)["notices"]
    return {each["id"] for each in shown}


@notices.post("/{notice}/seen", status_code=204, summary="Put a message away; who wrote it sees that you have")
async def see_notice(request: Request, notice: UUID, _: Nothing) -> None:
    person, agent = agent_of(request.state.person)
    await _submit(request, person, NoticeSeen(notice=str(notice), agent=agent))


@notices.delete("/{notice}", status_code=204, summary="Withdraw a message; it goes from all desks")
async def withdraw_notice(request: Request, notice: UUID) -> None:
    person = require(request.state.person, "agents.direct")
    fact = NoticeWithdrawn(notice=str(notice), by=person.id)
    await _submit(request, person, fact, what=f"notice_withdrawn {notice}")


# Screens on the wall.


async def opened_by(database: Database, token: str) -> store.Wallboard | None:
    """What a link with this secret opens; for `web`, which serves the screens. Raises `PeerError`."""
    async with database.lookup() as connection:
        return await store.wallboard(connection, token_hash(token))


@wallboards.get("", summary="The links of wallboards, without their secrets")
async def links(request: Request) -> list[ShownWallboard]:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await store.wallboards(connection)
    return [ShownWallboard(id=each.id, name=each.name, made_at=each.made_at) for each in found]


@wallboards.post("", status_code=201, summary="A link for a screen on the wall; it is shown once")
async def make_link(request: Request, body: NewWallboard) -> MadeWallboard:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    token = new_token()
    async with database.transaction(person.tenant) as connection:
        made = await store.add_wallboard(connection, name=body.name, token_hash=token_hash(token), by=person.id)
        await tenancy.audit(connection, person.id, "wallboard_made")
    return MadeWallboard(id=made, path=f"/wall#{token}")


@wallboards.delete("/{wallboard}", status_code=204, summary="The link opens nothing any more, open screens go dark")
async def revoke_link(request: Request, wallboard: UUID) -> None:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if not await store.remove_wallboard(connection, str(wallboard)):
            raise AppError("not_found", 404)
        await tenancy.audit(connection, person.id, "wallboard_revoked")
