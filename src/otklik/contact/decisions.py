"""What is to be done. Frozen, imperative; the engine and scenarios return these, the switchboard performs them."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.configuration import Speech
from otklik.contact.facts import Fact
from otklik.contact.ids import AgentId, ContactId, OfferNumber, QueueId, ScenarioId


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScenario:
    """Start the scenario for this contact. Performed by the switchboard."""

    contact: ContactId
    scenario: ScenarioId
    first_step: int = 0
    """Its steps are numbered from after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Answer the line if it is not yet answered, and record it from now to its end, each side on its own channel."""

    contact: ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak; then `VerbFinished(step, "done")`. A key ends it early and counts for the `Ask` that follows."""

    contact: ContactId
    step: int
    speech: tuple[Speech, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Speak, stop at the first key, collect up to `max_digits`; the timeout runs from the end of speech."""

    contact: ContactId
    step: int
    speech: tuple[Speech, ...]
    max_digits: int = 1
    timeout_seconds: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """The scenario is over: post `ContactQueued`. Performed by the switchboard."""

    contact: ContactId
    queue: QueueId
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayMusic:
    """Hold music to the customer, alone, until something else is performed."""

    contact: ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Speak to a waiting customer, then music again. Dropped if an agent is connected meanwhile."""

    contact: ContactId
    speech: tuple[Speech, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Ring the agent's line for at most `ring_seconds` (the engine's own timer decides; the adapter adds a margin)."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    ring_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Stop ringing the agent's line; no effect if it is gone already."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Let customer and agent hear each other; ends music and announcements."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The customer hears music, the agent silence."""

    contact: ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieve:
    """Undo `Hold`."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """The customer does not hear (or hears again) the agent."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejoin:
    """Ring the agent's line again under a new offer number and replace the old line; the page answers by itself."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    replaces: OfferNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Hang up the agent's line of this offer; no effect if it is gone already."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Hang up the customer's line; no effect if it is gone already."""

    contact: ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Post `fact` at `at` (engine seconds). Never cancelled: a timer that has lost its sense changes nothing."""

    at: float
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """The fact is not possible now; `code` is an `AppError` code. Nothing was changed."""

    code: str
    state: str = ""


VoiceDecision = (
    Record
    | Say
    | Ask
    | PlayMusic
    | Announce
    | Offer
    | Withdraw
    | Connect
    | Hold
    | Retrieve
    | Mute
    | Rejoin
    | Release
    | End
)
Decision = VoiceDecision | RunScenario | Enqueue | SetTimer | Refuse
