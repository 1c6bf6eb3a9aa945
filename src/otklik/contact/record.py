"""The account of one contact, as history and reports see it: what the engine knows, laid flat. Seconds are float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from otklik.contact.configuration import Destination
from otklik.contact.facts import CallFailure
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, QueueId, ScenarioId
from otklik.contact.quality import LineQuality
from otklik.contact.recording import RecordedSilence

Outcome = Literal[
    "open",
    "answered",
    "abandoned",
    "rejected",
    "left",
    "lost",
    "callback_failed",
    "callback_cancelled",
    "callback_merged",
    "served",
    "unreached",
    "voicemail",
    "outside",
]
"""answered: an agent talked to the customer; abandoned: the customer left before; rejected: an entry rule or a limit
turned the customer away; left: by a key of the queue, for what is said to those who press it; lost: technical failure
before; callback_failed: the customer was called back and not reached; callback_cancelled: by a supervisor;
callback_merged: the customer called again, and the new call has the place; served: by a scenario, without an agent;
unreached: an agent called, and nobody answered; voicemail: the customer left a message, which is a contact of its own;
outside: somebody outside talked to the customer, and no agent."""


Direction = Literal["in", "out", "internal"]
"""out: one of us called a customer; internal: a colleague, and there is no customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """How a contact came in: through which entry points, by which rule, where to. Answers "why" about its beginning.

    `rule` is "rule:" and the id of the rule in the last entry point's table, "incident" (the switch), "scenario" (no
    rule held) or "unknown" (nobody's entry point).
    """

    path: tuple[EntryPointId, ...]
    rule: str
    to: Destination


ConsultationEnd = Literal["completed", "cancelled", "nobody", "left", "over"]
"""completed: the customer was passed on; cancelled: the agent went back to the customer; nobody: the one agent sought did not
take it; left: the colleague went; over: the contact itself ended."""

DiversionReason = Literal[
    "full",
    "waited",
    "nobody_logged_in",
    "nobody_ready",
    "overflow_wait",
    "overflow_length",
    "overflow_agents",
    "overflow_ratio",
    "key",
    "forwarded",
]
"""`key`: the customer's own choice; `forwarded`: the agent for whom it was is away, and has said where to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """A contact was sent out of a queue, or chose so. `to` and `scenario` are None for one that was turned away."""

    at: float
    queue: QueueId
    reason: DiversionReason
    to: QueueId | None
    scenario: ScenarioId | None = None
    callback: bool = False
    """Not out of the queue, but off the line: the customer is called back."""
    keep: bool = False
    """Not out of the queue: the agents of `to` help out."""
    outside: bool = False
    """To somebody outside."""


class Segment(Struct, frozen=True, kw_only=True, gc=False):
    """One stretch of a contact; a transfer or a return to the queue begins a new one. `callback`: in a queue without being
    being on the line; `scheduled`: until the time that was chosen for a call; `parked`: put aside by `agent`, in nobody's hands;
    `dialling`: called by `agent`, and not yet answered; `ringing_outside` and `outside`: somebody outside is called, and talks to
    the customer; `internal`: the talk of an agent with a colleague, whose own part lies within it as a consultation does."""

    kind: Literal[
        "scenario",
        "queue",
        "scheduled",
        "callback",
        "agent",
        "consultation",
        "parked",
        "dialling",
        "ringing_outside",
        "outside",
        "internal",
    ]
    """A consultation lies within an agent's part, before it in the list; `agent` is the colleague, None where somebody outside was asked."""
    started_at: float
    ended_at: float | None
    queue: QueueId | None = None
    agent: AgentId | None = None
    held_seconds: float = 0.0
    wrap_up_seconds: float = 0.0
    """Of an agent's part; not between its two instants."""
    disposition: str | None = None
    """What the agent said came of the own part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """One contact. Instants are engine seconds (Unix, UTC)."""

    contact: ContactId
    channel: str
    entry_point: EntryPointId
    dnis: str
    leg: str
    ani: str | None
    arrived_at: float
    queued_at: float | None
    answered_at: float | None
    ended_at: float | None
    """When the customer's line ended; wrap-up goes on after it."""
    outcome: Outcome
    stage: str
    """State of the contact, or where it was when it ended: scenario, waiting, offered, placed, dialling, talking, held,
    rejoining, parked, outside."""
    customer: CustomerId | None
    queue: QueueId | None
    agent: AgentId | None
    """The last agent who talked to the customer; of a call out that reached nobody, whoever placed it."""
    choices: tuple[str, ...]
    wait_seconds: float
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    disposition: str | None
    recording_key: str | None
    recording_seconds: float | None
    segments: tuple[Segment, ...]
    recording_silences: tuple[RecordedSilence, ...] = ()
    entry_rule: str | None = None
    """The rule of `Admission`; None for contacts of earlier versions."""
    parked_seconds: float = 0.0
    """Put aside by an agent: neither waiting nor being worked on."""
    promised_seconds: float | None = None
    """The wait expected when it was first queued, to be held against `wait_seconds`; None where it could not be told."""
    callback_seconds: float | None = None
    """From the end of the customer's own line, or from the chosen time, to the talk or the end; None where no callback was asked for."""
    callback_attempts: int | None = None
    callback_promised_seconds: float | None = None
    """The wait expected when the callback was asked for, or the window of the chosen time, to be held against `callback_seconds`."""
    callback_at: float | None = None
    """The time that was chosen for it."""
    direction: Direction = "in"
    dialling_seconds: float = 0.0
    """From the agent's wish to call to the answer, or to the end."""
    colleague: AgentId | None = None
    """Of an internal call: who was called."""
    failure: CallFailure | None = None
    """Why a call out reached nobody."""
    outside_seconds: float = 0.0
    """Of talks with somebody outside."""
    lines: tuple[LineQuality, ...] = ()
    """How the customer and the agents heard each other."""
    line_mos: float | None = None
    """Of the worst of these lines; None where nothing was measured."""
