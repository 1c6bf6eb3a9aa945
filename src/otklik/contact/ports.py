"""Where the parts meet: `Inbox` takes facts in, `Voice` performs decisions on a telephone line, `SpeechRenderer` renders text,
`Recogniser` hears words, `Outside` asks databases and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from otklik.contact import configuration
from otklik.contact.decisions import Decision, Fetch, LookUp, SendMessage, VoiceDecision
from otklik.contact.facts import Fact
from otklik.contact.handler import FunctionCall, FunctionCame, Handler, HandlerCall, HandlerFact
from otklik.contact.hearing import Recognised
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, OfferNumber, QueueId, TenantId
from otklik.contact.outside import Mail, Submitted


class Inbox(Protocol):
    """The running centre, as channels and rooms see it."""

    def post(self, tenant: TenantId, fact: Fact) -> None:
        """Take a fact; it is logged before it is acted on. Never blocks; over the limit the fact of a *new* contact
        is refused with `AppError("centre_overloaded")`, all others are taken."""

    async def submit(self, tenant: TenantId, fact: Fact) -> list[Decision]:
        """As `post`, then wait until the fact is committed and handled; returns what was decided.
        Raises `AppError` if the engine refused (`Refuse`)."""
        ...

    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None:
        """Whose number is this? None: nobody's."""

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        """What the customer hears who waits or is on hold now: a recording by its SHA-256, `SILENCE`, or the `USUAL` music."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """What we know of a contact's lines: the customer's, and the agent's if they are talking."""

    contact: ContactId
    leg: str
    agent: AgentId | None = None
    offer: OfferNumber | None = None
    came_from: tuple[ContactId, OfferNumber] | None = None
    """The consultation and the offer that the agent's line was rung for, where it was handed over."""
    beside: tuple[tuple[AgentId, OfferNumber], ...] = ()
    """The lines of supervisors who have joined, those that may still ring included."""
    consults: ContactId | None = None
    """A consultation has no customer's line: it stands beside this contact."""
    attempt: int = 0
    """Of the customer who was called back: the line is that of this attempt, not `leg`."""
    dialling: bool = False
    """The customer has not answered, as far as we know."""
    away: bool = False
    """There should be no line of the customer at all."""
    outside: int = 0
    """The attempt by which somebody outside is called, or talks."""
    outside_beside: ContactId | None = None
    """They are asked by the agent, in the consultation of this name."""

    @property
    def expected(self) -> tuple[tuple[AgentId, OfferNumber], ...]:
        """Whose lines should be there, beside the customer's."""
        talks = ((self.agent, self.offer),) if self.agent is not None and self.offer is not None else ()
        return (*talks, *self.beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTelephone:
    """The SIP account of a telephone on an agent's desk. `digest`: RFC 2617's HA1, of user, `REALM` and password; the password
    itself is kept nowhere."""

    user: str
    digest: str


REALM: Final = "otklik"


class Lines(Protocol):
    """Agents' telephone lines, as the pages ask for them."""

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        """Make a fresh line for the agent's page: (SIP user, random password). The earlier one stops working."""
        ...

    async def deprovision(self, agent: AgentId) -> None:
        """Remove the agent's line; unknown agents are ignored."""

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        """The agent's desk telephone registers by this account from now on; None: by none. Twice is once."""

    def up(self) -> bool:
        """Is the switch connected now?"""
        ...


class Voice(Lines, Protocol):
    """A telephone switch: Asterisk or the simulator. One instance serves all tenants."""

    async def start(self, inbox: Inbox) -> None:
        """Connect, and keep connected until `close`. Returns at once, also when the switch is not there yet."""

    async def close(self) -> None: ...

    async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
        """Do it. Decisions of one contact come in order, one at a time. A line that is gone is no error (the fact
        says so). Raises `PeerError` when the switch does not answer within 5 s or refuses."""

    def calls_out(self) -> bool:
        """Is there a trunk by which customers can be called? Told to each centre at its start."""
        ...

    async def reconcile(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine] = ()) -> None:
        """After a restart of ours: of these open contacts post `CustomerLeft(node_lost)` for each whose line is gone,
        and adopt the others: `OfferAnswered` for each agent's line that is up, `AgentLegEnded` if the one that should
        be is not; what only rings is ended, since its offer is void. Of a customer who was being called back: `CallAnswered`
        or, if there is no such line, `CallFailed("lost")`; every other line to that customer is hung up. Of somebody outside: `OutsideAnswered` or `OutsideEnded("lost")`. Whatever is left
        of those that are `over` is hung up: we may have died between deciding so and doing it. `AgentReachable` is posted
        for each agent of the tenant whose page or telephone is there."""


class Outside(Protocol):
    """Databases and services that the tenants' scenarios ask, and by whom they write."""

    async def ask(
        self,
        tenant: TenantId,
        set_up: configuration.Configuration,
        asked: LookUp | Fetch | SendMessage,
        parameters: Mapping[str, str],
    ) -> dict[str, str] | None:
        """The values of the answer; None: there is no such thing. `parameters`: all of them. Raises `PeerError` with a reason of
        `contact.outside.Failure` within the limit of whoever is asked."""
        ...

    async def close(self) -> None: ...


class Posting(Protocol):
    """Mail going out."""

    async def post(self, mail: Mail, *, to: str, subject: str, text: str, key: str, submitted: Submitted = "") -> None:
        """Hand it over to the server. `submitted`: nobody of us has written it, and it says so. `key`: the same message sent twice has the same, and is known by it. Raises `PeerError` with `secret`, `late`, `unreachable` or `refused`; then it has not gone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAddress:
    """Where a browser is told of things (RFC 8030), and its keys (RFC 8291), in base64url as it gives them."""

    endpoint: str
    p256dh: str
    auth: str


class Pushing(Protocol):
    """Messages to browsers whose page is closed."""

    def key(self) -> str:
        """The public key of this installation, with which browsers subscribe (RFC 8292)."""
        ...

    async def push(self, address: PushAddress, message: bytes, *, topic: str, lasts_seconds: int = 600) -> None:
        """Hand it over to the service of the browser's maker; a later one of the same topic takes the place of one that still waits
        there. Raises `PeerError` with `gone` (no such browser any more), `late`, `unreachable` or `refused`."""
        ...

    async def close(self) -> None: ...


class Handlers(Protocol):
    """The processes of handlers in Python."""

    async def go_on(self, call: HandlerCall) -> HandlerFact:
        """What the handler wants next. Whatever the code does, the answer is here within some seconds, and nothing is raised."""
        ...

    async def call(self, call: FunctionCall) -> FunctionCame:
        """What the function gives back, likewise."""
        ...

    def expect(self, tenant: TenantId, handlers: Iterable[Handler]) -> None:
        """These count from now on, and no others: who calls first is not to wait until a process is there."""

    def forget(self, tenant: TenantId, contact: ContactId) -> None:
        """The contact has left its scenario, however."""

    async def close(self) -> None: ...


class SpeechRenderer(Protocol):
    """Text to speech. Rendered once, then cached by text, language and voice."""

    async def render(self, speech: configuration.Speech) -> Path:
        """An 8 kHz, 16-bit, mono WAV file. Raises `PeerError` if no voice is installed."""
        ...


class Recogniser(Protocol):
    """Speech to text: one short utterance."""

    def ready(self) -> bool:
        """Is there any sense in asking a customer to speak now?"""
        ...

    async def recognise(self, sound: bytes, language: str) -> Recognised:
        """The words, empty if there are none. `sound`: 8 kHz, 16 bit, mono. Raises `PeerError`
        when there are too many who wait, or it fails; whoever waits no longer cancels."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who looks at the live state: an agent's own desk, the whole floor, or both; or a screen on the wall."""

    person: str
    agent: AgentId | None = None
    floor: bool = False
    wall: bool = False
    """A screen on the wall: the figures of the centre, and nothing else."""


class FeedClosed(Exception):
    """The feed ended: the centre stops, or the watcher fell too far behind; a new subscription starts afresh."""


class Subscription(Protocol):
    """One page's feed: first a snapshot message, then numbered changes."""

    async def next(self) -> str:
        """The next message, as JSON. Raises `FeedClosed`."""
        ...

    def close(self) -> None: ...


class Live(Protocol):
    """Where pages subscribe to the live state."""

    def subscribe(self, tenant: TenantId, watcher: Watcher) -> Subscription: ...

    def own_state(self, tenant: TenantId, agent: AgentId) -> dict[str, Any]:
        """What this agent's page alone shows now: the contacts in hand, what was put aside, the conversation joined."""
        ...

    def refresh(self, tenant: TenantId, agent: AgentId) -> None:
        """Something outside the engine changed that this desk shows (a draft, a preference)."""
        ...

    def customer_changed(self, tenant: TenantId, customer: CustomerId) -> None:
        """A card changed: desks that have this customer show it, and routing learns of it."""
        ...

    def phone_book(self, tenant: TenantId, agent: AgentId) -> list[dict[str, Any]]:
        """Whom this agent may call inside, and whether they are free; as the API shows it."""
        ...

    def colleagues(self, tenant: TenantId, agent: AgentId) -> list[dict[str, object]]:
        """The other agents in shift with their states, those who could take a contact now first."""
        ...

    def queue_figures(self, tenant: TenantId) -> dict[str, object]:
        """How each queue has served its last customers, beside its target and what was promised; counted when asked."""
        ...

    def beside(self, tenant: TenantId, contact: ContactId) -> list[Any]:
        """Every agent beside this contact now, best first (`routing.Candidate`); empty if it is over or unknown."""
        ...

    def before(self, tenant: TenantId, agent: AgentId) -> list[Any]:
        """The contacts in this agent's hands and those that wait, with the rule against each (`routing.Candidate`)."""
        ...

    def planned_calls(self, tenant: TenantId) -> list[dict[str, object]]:
        """Calls that are to be made at chosen times, the first to come first."""
        ...

    def callback_times(
        self,
        tenant: TenantId,
        queue: QueueId | None,
        entry_point: EntryPointId | None,
        since: float,
        limit: int,
        *,
        alone: bool = False,
    ) -> list[float]:
        """The next times from `since` on, and from now on, for which a call may be asked; `alone`: of one agent. Without a queue, of the one to which the entry point's
        rules lead."""
        ...

    async def written(self, tenant: TenantId) -> None:
        """Wait until history knows all that has happened by now; it is else half a second behind. Raises `PeerError`."""
        ...
