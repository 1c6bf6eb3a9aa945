"""A contact as the journal shows it: one row, and one contact with its timeline. These are the bodies of the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from otklik.contact.record import Direction, Outcome
from otklik.desk.found import Found


class Named(BaseModel):
    id: str
    name: str


class Worded(BaseModel):
    """A word of the tenant's list in both languages."""

    id: str
    ru: str
    en: str


class SilentStretch(BaseModel):
    """In seconds from the beginning; `paused`: by an agent, else the queue does not record by itself."""

    begins: float
    ends: float | None
    paused: bool


class RecordingMark(BaseModel):
    """`silences`: where nothing was kept."""

    seconds: float
    silences: list[SilentStretch] = []


class LineFigures(BaseModel):
    """How a line was heard: an agent's, or without `agent` the customer's. `mos` is 1 to 4.4, `worst_mos` that of the worst eight
    seconds; `loss` is a share of the packets."""

    agent: Named | None
    mos: float
    worst_mos: float
    loss: float
    jitter_ms: float
    round_trip_ms: float


class ContactRow(BaseModel):
    """One line of the journal. `stage` is where the contact is, or was when it ended."""

    model_config = ConfigDict(frozen=True)

    id: str
    channel: str
    direction: Direction
    arrived_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    stage: str
    ani: str | None
    dnis: str
    customer: Named | None
    queue: Named | None
    agent: Named | None
    colleague: Named | None
    """Of an internal call: who was called."""
    choices: list[str]
    wait_seconds: float
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    disposition: Worded | None
    note: str | None
    recording: RecordingMark | None
    entry_rule: str | None = None
    """By which entry rule it came in: "rule:ID", "incident", "scenario" (none held) or "unknown"."""
    parked_seconds: float = 0.0
    """Put aside by an agent: neither waiting nor being worked on."""
    callback_seconds: float | None = None
    """From the end of the customer's own line to the talk or the end; null where no callback was asked for."""
    callback_attempts: int | None = None
    callback_number: str | None = None
    """The one that the customer has given, where it is not the one that called."""
    promised_seconds: float | None = None
    """The wait expected when it was first queued; null where it could not be told."""
    callback_promised_seconds: float | None = None
    """The wait expected when a callback was asked for, or the window after the chosen time."""
    callback_at: datetime | None = None
    """The time that was chosen for it."""
    dialling_seconds: float = 0.0
    """Of a call out: until the answer, or the end."""
    outside_seconds: float = 0.0
    """Of talks with somebody outside to whom the customer was put through."""
    failure: str | None = None
    """Why a call out reached nobody: busy, no_answer, rejected, unallocated, failed, cancelled, lost, no_line."""
    line_mos: float | None = None
    """How the worst of its lines was heard, 1 to 4.4; null where nothing was measured."""


class ContactPage(BaseModel):
    """`next` is the cursor of the following page; null on the last one."""

    contacts: list[ContactRow]
    next: str | None


class TimelineEntry(BaseModel):
    """`what` is the kind of a fact; `who` the agent's name; `text` what is to be said about it, without a language."""

    at: datetime
    what: str
    who: str | None
    text: str | None
    found: list[Found] = []
    """What the scenario had found out by then."""


class ShownLetter(BaseModel):
    """What the customer wrote; `sender` and `fields` are what else the form gave. With `by` one of us answered: `delivery` is
    kept, sending, sent or failed."""

    at: datetime
    text: str
    sender: dict[str, str]
    fields: dict[str, str]
    number: int
    by: str | None
    delivery: str | None
    failure: str | None


class ContactDetail(ContactRow):
    found: list[Found] = []
    lines: list[LineFigures] = []
    letters: list[ShownLetter] = []
    timeline: list[TimelineEntry]


class Waveform(BaseModel):
    """The loudest moment of each of up to 800 equal parts, 0 to 1; both sides have the same number of parts."""

    seconds: float
    customer: list[float]
    agent: list[float]


class Question(BaseModel):
    """What is asked of the journal. `agent`: only contacts that this agent took part in."""

    agent: str | None = None
    before: tuple[datetime, str] | None = None
    limit: int = 50
    outcome: Outcome | None = None
    queue: str | None = None
    direction: Direction | None = None
    poor_line: bool = False
    q: str | None = None


Scope = Literal["own", "all"]
