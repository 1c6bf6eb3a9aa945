"""What an agent asks for and is answered: the bodies of the desk's HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from otklik.calling.number import LONGEST, dialled
from otklik.calling.shown import ForwardShown
from otklik.contact.facts import TalksTo
from otklik.contact.ids import AgentId, QueueId
from otklik.contact.phone import Phone
from otklik.contact.recording import RecordingAsked, RecordingPaused, RecordingResumed
from otklik.errors import AppError

NO_NUL = r"^[^\x00]*$"
"""PostgreSQL's text takes no NUL."""
Status = Literal["ready", "not_ready"]
QueueName = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]
Note = Annotated[str, Field(max_length=10_000, pattern=NO_NUL)]


class IceServer(BaseModel):
    urls: list[str]
    username: str | None = None
    credential: str | None = None


class SoftphoneAccount(BaseModel):
    """How the page registers its telephone; good until the session ends or the next account is made."""

    uri: str
    user: str
    password: str
    path: str
    ice_servers: list[IceServer]


class Softphone(BaseModel):
    softphone: SoftphoneAccount


class Shift(BaseModel):
    """Where the agent takes calls in it."""

    phone: Phone = "page"


class ShiftBegun(BaseModel):
    """`softphone` is null where calls do not ring in the page."""

    softphone: SoftphoneAccount | None


class Nothing(BaseModel):
    """An empty object: a POST carries JSON, which no form of another site can send."""


class StatusChange(BaseModel):
    status: Status
    reason: str | None = None


class Decline(BaseModel):
    """`offer`: the number shown with the ring; without it the offer that rings now is meant."""

    offer: int | None = None


class Mute(BaseModel):
    muted: bool


RECORDING: dict[str, type[RecordingPaused | RecordingResumed | RecordingAsked]] = {
    "paused": RecordingPaused,
    "resumed": RecordingResumed,
    "started": RecordingAsked,
}


class RecordingWish(BaseModel):
    wish: Literal["paused", "resumed", "started"]


class DraftBody(BaseModel):
    disposition: str | None = None
    note: Note = ""


class WrapUp(BaseModel):
    """The outcome, and what the agent does next."""

    disposition: str | None = None
    note: Note = ""
    then: Status = "ready"
    reason: str | None = None


class Target(BaseModel):
    """Exactly one of them. An agent is tried alone for half a minute, then the contact's queue at large. `number`: outside, as people
    write it; short numbers are those of the set-up."""

    queue: QueueName | None = None
    agent: UUID | None = None
    number: Annotated[str | None, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)] = None

    def number_outside(self) -> str:
        if self.number is None or self.queue is not None or self.agent is not None:
            raise AppError("one_target", 400, field="number")
        if (number := dialled(self.number)) is None:
            raise AppError("number_unreadable", 400, field="number")
        return number

    def chosen(self) -> tuple[QueueId | None, AgentId | None]:
        if (self.queue is None) == (self.agent is None):
            raise AppError("one_target", 400, field="queue")
        if self.queue is not None:
            return QueueId(self.queue), None
        return None, AgentId(str(self.agent))


def kept_under(made: int) -> int:
    """Where the number stands beside the log, no two of a contact in the same place: below 0, since a scenario counts its steps from 0."""
    return -1 - made % 2**30


class Turn(BaseModel):
    """Whoever is left out hears music."""

    talks_to: TalksTo


class Participant(BaseModel):
    """Of a conference: by which consultation they were asked."""

    consultation: UUID


class Consultation(BaseModel):
    """The contact that the colleague is offered."""

    consultation: str


class Receiver(BaseModel):
    agent: UUID


class Colleague(BaseModel):
    id: str
    name: str
    state: str
    reason: str | None
    since: datetime
    forward: ForwardShown


class Colleagues(BaseModel):
    agents: list[Colleague]
