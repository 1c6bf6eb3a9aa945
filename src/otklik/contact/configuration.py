"""What a tenant has set up, as the deciding code sees it. Frozen: a change is a new `Configuration` in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from otklik.contact.hours import Calendar, CalendarId, Hours, Weekday
from otklik.contact.ids import AgentId, EntryPointId, NumberListId, QueueId, ScenarioId

Channel = Literal["voice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A text to be spoken. `language` is ISO 639-1 ("ru", "en")."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuChoice:
    """One key of a menu and where it leads."""

    digit: str
    label: str
    queue: QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A greeting and a one-key menu. After `attempts` wrong or silent answers the contact goes to `otherwise`."""

    id: ScenarioId
    language: str
    greeting: str
    prompt: str
    choices: tuple[MenuChoice, ...]
    otherwise: QueueId
    wrong_choice: str
    timeout_seconds: float = 5.0
    attempts: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an entry rule leads: exactly one of scenario, queue, reject and entry_point.

    `priority` and `requires` go with the contact into `queue`. An empty `reject` text hangs up without a word.
    """

    scenario: ScenarioId | None = None
    queue: QueueId | None = None
    priority: int = 0
    requires: str = ""
    reject: Speech | None = None
    entry_point: EntryPointId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All that is said must hold; of several values in one field, one is enough, and so it is among the three fields
    about the caller's number. Nothing said: always.

    Numbers are compared by their digits. `days` and `hours` are of the wall clock in the entry point's time zone.
    """

    dialled: tuple[str, ...] = ()
    caller: tuple[str, ...] = ()
    caller_prefix: tuple[str, ...] = ()
    caller_list: tuple[NumberListId, ...] = ()
    hidden: bool | None = None
    """True: only callers without a number; False: only those with one."""
    channel: tuple[Channel, ...] = ()
    open: CalendarId | None = None
    closed: CalendarId | None = None
    days: tuple[Weekday, ...] = ()
    hours: tuple[Hours, ...] = ()
    incident: bool | None = None
    """Whether the incident switch of the tenant or of this entry point is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRule:
    """One row of an entry point's decision table."""

    id: str
    to: Destination
    when: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """A number where contacts arrive. `number` is what the trunk dials (digits, with or without a plus).

    The first rule whose conditions hold decides; where none does, `scenario`.
    """

    id: EntryPointId
    number: str
    scenario: ScenarioId
    name: str = ""
    time_zone: str = "UTC"
    rules: tuple[EntryRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSwitch:
    """What a supervisor may switch on at once: all new contacts of the entry point (None: of the tenant) go to `to`.
    Without `to` only the rules that ask for the incident answer to it."""

    entry_point: EntryPointId | None = None
    to: Destination | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberList:
    """Callers' numbers by a name: regular customers, nuisance callers."""

    id: NumberListId
    name: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Where contacts wait, and how they are offered."""

    id: QueueId
    name: str
    ring_seconds: float = 20.0
    wrap_up_seconds: float = 60.0
    """0: the agent is ready again at once; otherwise the longest wrap-up before the agent becomes ready by itself."""
    announce_every_seconds: float = 30.0
    """The place in the queue is said on entering and then this often; 0: never."""
    decline_pause_seconds: float = 20.0
    """How long a declined contact is not offered to the same agent again."""
    rejoin_seconds: float = 20.0
    """How long a contact waits for its agent's page to come back before it returns to the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who can be offered contacts; `queues` maps a queue to the level (1-10, 10 is best) in it."""

    id: AgentId
    name: str
    queues: dict[QueueId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A not-ready reason or a disposition from the tenant's list."""

    id: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All of a tenant's set-up that decisions depend on."""

    queues: tuple[Queue, ...] = ()
    agents: tuple[Agent, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    reasons: tuple[Reason, ...] = ()
    dispositions: tuple[Reason, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    number_lists: tuple[NumberList, ...] = ()
    incident_switches: tuple[IncidentSwitch, ...] = ()
