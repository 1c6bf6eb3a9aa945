"""What a tenant has set up, as the deciding code sees it. Frozen: a change is a new `Configuration` in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from otklik.contact.conditions import CHANNELS as CHANNELS
from otklik.contact.conditions import Channel as Channel
from otklik.contact.conditions import Conditions as Conditions
from otklik.contact.disposition import Disposition as Disposition
from otklik.contact.division import Division
from otklik.contact.flow import Flow, ScenarioTests, Texts
from otklik.contact.form import ChoiceList, CustomerField, FieldGroup
from otklik.contact.forwarding import Forward
from otklik.contact.handler import Handler
from otklik.contact.hours import Calendar, CalendarId
from otklik.contact.ids import AgentId, EntryPointId, NumberListId, QueueId, ScenarioId
from otklik.contact.look_up import DeskLookUp
from otklik.contact.menu import MenuChoice as MenuChoice
from otklik.contact.menu import Scenario as Scenario
from otklik.contact.music import Music as Music
from otklik.contact.outside import Connection, Mail, Service, TextMessages
from otklik.contact.outside_number import OutsideNumber
from otklik.contact.recording import RecordingPolicy
from otklik.contact.showing import ShownAttribute
from otklik.contact.talk_script import CannedReply as CannedReply
from otklik.contact.talk_script import TalkAnswer as TalkAnswer
from otklik.contact.talk_script import TalkBranch as TalkBranch
from otklik.contact.talk_script import TalkScript as TalkScript
from otklik.contact.talk_script import TalkStep as TalkStep
from otklik.contact.voicemail import Mailbox
from otklik.contact.watching import AlertRule, Thresholds

LIVE: Final[frozenset[Channel]] = frozenset({"voice", "video"})
"""Talk that nothing may interrupt."""
UNHEARD: Final[frozenset[Channel]] = frozenset({"web", "voicemail"})
"""Nobody is there any more to whom a scenario could speak: where one stands that is not for written requests, its `otherwise` counts."""
USUAL_CAPACITY: Final[dict[Channel, int]] = {
    "voice": 1,
    "chat": 3,
    "message": 3,
    "email": 5,
    "fax": 5,
    "video": 1,
    "web": 5,
    "device": 1,
    "voicemail": 5,
}
_PATIENT: Final[tuple[Channel, ...]] = ("email", "fax", "web", "voicemail")
"""Written once, answered once: waits well for an hour."""
USUAL_INTERRUPTS: Final[dict[Channel, tuple[Channel, ...]]] = {
    "voice": ("message", *_PATIENT),
    "chat": _PATIENT,
    "message": _PATIENT,
    "email": (),
    "fax": (),
    "video": ("message", *_PATIENT),
    "web": (),
    "voicemail": (),
    "device": ("chat", "message", *_PATIENT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A text to be spoken. `language` is ISO 639-1 ("ru", "en")."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSpeech(Speech):
    """A text that a person has recorded; where the recording is missing, a voice speaks it."""

    recording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A recording that is heard in place of a text, wherever this text is said in this language."""

    language: str
    text: str
    """As it is said: a text with values in it is spoken by a voice."""
    recording: str
    """The SHA-256 of the sound, as it was given when the sound was handed in."""
    prompt_seconds: float = 0.0
    """How long it takes."""


AnyScenario = Scenario | Flow | Handler


def serves(scenario: AnyScenario, channel: Channel) -> bool:
    """Is it run for this contact? Otherwise its queue `otherwise` counts at once."""
    return not scenario.silent and (channel not in UNHEARD or (channel == "web" and scenario.written))


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an entry rule leads: exactly one of scenario, queue, reject, entry_point and outside; out of a queue also `callback` and
    `mailbox`.

    `priority` and `requires` go with the contact into `queue`. An empty `reject` text hangs up without a word.
    """

    scenario: ScenarioId | None = None
    queue: QueueId | None = None
    priority: int = 0
    requires: str = ""
    reject: Speech | None = None
    entry_point: EntryPointId | None = None
    outside: OutsideNumber | None = None
    callback: bool = False
    """The customer hangs up, keeps the place, and is called back."""
    mailbox: Mailbox | None = None


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
    division: str | None = None


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


Strategy = Literal[
    "longest_idle",
    "least_occupied",
    "fewest_handled",
    "round_robin",
    "highest_level",
    "hunt",
    "weighted_random",
    "ring_all",
]
"""Who of several free agents gets the contact; `routing/strategy.py` says what each compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """What agents can do, at levels 1-10."""

    id: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """From `after_seconds` in the queue on, `requires` stands in place of what was asked before."""

    after_seconds: float
    requires: str = ""


Presence = Literal["always", "logged_in", "ready"]
"""Of whom somebody must be there: nobody; an agent in shift; an agent in shift and not on a pause, busy or not."""
OverflowKind = Literal["wait", "length", "agents", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Another queue helps out, somebody outside, or a mailbox: exactly one. Into another queue the contact goes with its place, and is
    never sent back. With `keep` it keeps waiting here and is offered to the agents of the other queue, too: whoever of either comes free
    first has it. Whom nobody answers outside, and who says nothing to the mailbox, waits on here; neither is tried twice.

    `wait`: after `at` seconds in this queue; `length`: whoever stands behind the place `at`; `agents`: under `at` agents
    in shift; `ratio`: whoever stands behind the place `at` times the agents at work.
    """

    when: OverflowKind
    at: float
    to: QueueId | None = None
    keep: bool = False
    outside: OutsideNumber | None = None
    mailbox: Mailbox | None = None

    @property
    def there(self) -> Destination:
        return Destination(queue=self.to, outside=self.outside, mailbox=self.mailbox)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTimes:
    """For which times calls may be asked for: within `open` of the queue's callbacks, by windows on the clock of that calendar, or
    of the entry point where there is none."""

    window_seconds: float = 1800.0
    """The length of a window; within it after the chosen time the customer is promised to be called."""
    most: int = 10
    """So many at most are called in one window, beside those who wait for one agent; 0: nobody chooses a time."""
    days: float = 14.0
    """How far ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """How customers of a queue are called back: when their turn comes and an agent has accepted, at the number they called
    from. Texts: the one in the customer's language, else the first; without any, words of the program."""

    attempts: int = 3
    retry_seconds: float = 300.0
    """Between two attempts; the place is kept."""
    ring_seconds: float = 30.0
    lifetime_seconds: float = 86_400.0
    """Whoever could not be called back in this time is not any more."""
    open: CalendarId | None = None
    """Customers are called only while it is open; None: at any time."""
    prefixes: tuple[str, ...] = ()
    """With which numbers must begin to be called (in the international form); none named: any number."""
    times: CallbackTimes = field(default_factory=CallbackTimes)
    accepted: tuple[Speech, ...] = ()
    """What is said to whoever will be called back."""
    impossible: tuple[Speech, ...] = ()
    """What is said to a customer whose number is withheld or may not be called, and who goes on waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """How agents call out in the name of a queue. Without `callers` they do not."""

    callers: tuple[EntryPointId, ...] = ()
    """Whose numbers the customer may see, the usual one first; where a call back arrives."""
    ring_seconds: float = 45.0
    prefixes: tuple[str, ...] = ()
    """With which numbers must begin to be called (in the international form); none named: any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A key by which a waiting customer leaves the queue: to another one, a scenario, `reject` with some words, a callback."""

    digit: str
    """One of 0-9, * and #."""
    to: Destination
    announced: tuple[Speech, ...] = ()
    """Names this key, after the place and the wait, to whomever it would help now. By language, else the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Where contacts wait, and how they are offered."""

    id: QueueId
    name: str
    division: str | None = None
    ring_seconds: float = 20.0
    wrap_up_seconds: float = 60.0
    """0: the agent is ready again at once; otherwise the longest wrap-up before the agent becomes ready by itself."""
    wrap_up_manual: bool = False
    """Wrap-up lasts until the agent ends it; `wrap_up_seconds` above 0 only says that there is one."""
    wrap_up_extension_seconds: float = 60.0
    """What the agent gets by asking for more time."""
    wrap_up_limit_seconds: float = 300.0
    """The longest wrap-up that asking can make."""
    announce_every_seconds: float = 30.0
    """The place in the queue is said on entering and then this often; 0: never."""
    announce_wait: bool = False
    """After the place the expected wait is said, once enough is known to tell it."""
    dispositions: tuple[str, ...] = ()
    """The outcomes offered after a contact of this queue, each with all that stands under it. None named: all."""
    talk_script: str | None = None
    """What agents read to customers of this queue."""
    disposition_required: bool = True
    """Whether wrap-up ends only with an outcome, where there is one to choose."""
    decline_pause_seconds: float = 20.0
    """How long a declined contact is not offered to the same agent again."""
    rejoin_seconds: float = 20.0
    """How long a contact waits for its agent's page to come back before it returns to the queue."""
    agent_lost: tuple[Speech, ...] = ()
    """What a customer hears whose agent's line breaks off in mid-call, before the music. By language, else the first; without
    any, words of the program."""
    everyone: bool = False
    """All agents belong to it, as far as `requires` lets them, those named in `Agent.queues` with their level."""
    requires: str = ""
    """What is asked of an agent beside belonging to the queue, as `routing/requirement.py` reads it."""
    rings: tuple[Ring, ...] = ()
    """How the requirement relaxes, in the order of `after_seconds`."""
    strategy: Strategy = "longest_idle"
    hunt: tuple[AgentId, ...] = ()
    """The order of the strategy "hunt"; agents not named come after, by id."""
    ring_all_limit: int = 10
    """How many agents the strategy "ring_all" rings at once at most."""
    priority: int = 0
    """One step is worth `Configuration.priority_seconds` of waiting."""
    adjustment_seconds: float = 0.0
    """Each contact counts as having waited this much longer."""
    target_seconds: float = 20.0
    """The wait to be kept; the order "furthest_behind" serves whoever has waited the largest part of it."""
    last_agent_seconds: float = 0.0
    """How long the agent who last talked to this customer is tried alone; 0: not at all."""
    personal_seconds: float = 0.0
    """How long the customer's own manager is tried alone; 0: not at all."""
    overflow: tuple[Overflow, ...] = ()
    """The first that holds, looked at before the limits below."""
    max_waiting: int = 0
    """How many may wait; whoever comes then goes to `otherwise`. 0: any number."""
    max_wait_seconds: float = 0.0
    """How long one may wait before going to `otherwise`; 0: any time."""
    join_empty: Presence = "always"
    """Who must be there for somebody to come in."""
    leave_empty: Presence = "always"
    """Who must be there for somebody to stay."""
    otherwise: Destination | None = None
    """Where those go who exceed a limit: another queue, a scenario, `reject`, or `callback`. Without it no limit holds."""
    exits: tuple[Exit, ...] = ()
    """Keys that a waiting customer may press at any moment; any other key changes nothing."""
    messages: tuple[Texts, ...] = ()
    """Said in turn, one with each place that is said again. Each by language; the customer's own, else the first."""
    music: Music | None = None
    """What is heard between the words, and on hold; none: the usual music."""
    exits_announced: tuple[Speech, ...] = ()
    """Names together the keys that have no words of their own; said only where each of them would help."""
    recording: RecordingPolicy = "always"
    """What is kept of the sound from when a contact comes to this queue."""
    recording_pause_seconds: float = 120.0
    """How long an agent's pause of the recording lasts at most."""
    callback: Callback = field(default_factory=Callback)
    calling: Calling = field(default_factory=Calling)
    thresholds: Thresholds = field(default_factory=Thresholds)
    """From where on supervisors see it marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who can be offered contacts; `queues` maps a queue to the level (1-10, 10 is best) in it."""

    id: AgentId
    name: str
    division: str | None = None
    queues: dict[QueueId, int] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    """Skill to level (1-10)."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Anything that requirements may ask for by its text: `language`, a city, a team."""
    weight: int = 1
    """The share of the strategy "weighted_random"; 0: only if nobody else is there."""
    capacity: dict[Channel, int] = field(default_factory=dict)
    """How many contacts of a channel at once, where it differs from the tenant's; 0: none of this channel."""
    desk_telephone: bool = False
    """May take calls at a SIP telephone on the desk, with an account of its own."""
    outside_number: str = ""
    """May take calls at this number, E.164, which is dialled through the trunk; empty: at none."""
    internal_number: str = ""
    """Two to six digits by which colleagues call; empty: by name alone."""
    forward: Forward | None = None
    """Where calls for this agent in person go while the agent is away or does not take them, until the agent chooses otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A not-ready reason from the tenant's list."""

    id: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Ready for some channels only: "calls only", "mail only". Agents choose it as they choose to be ready."""

    id: str
    ru: str
    en: str
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parking:
    """Contacts in writing may be put aside by the agent who has them, until the customer writes or a time comes."""

    most: int = 20
    """How many an agent may have parked at once; 0: parking is not allowed."""
    longest_seconds: float = 604_800.0
    """After this a parked contact returns, whatever else was set."""
    returns_to: Literal["agent", "queue"] = "agent"
    """Who is tried first when it returns: the agent who parked it, or its queue at large."""
    agent_seconds: float = 300.0
    """How long that agent is tried alone, if in shift."""
    reasons: tuple[Reason, ...] = ()
    """What agents may say about why; none has to be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All of a tenant's set-up that decisions depend on."""

    queues: tuple[Queue, ...] = ()
    agents: tuple[Agent, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    flows: tuple[Flow, ...] = ()
    """Scenarios, too: what names a scenario may name either."""
    handlers: tuple[Handler, ...] = ()
    scenario_tests: ScenarioTests = "always"
    """A scenario whose tests do not hold cannot count (always), counts with a warning (warn), or its tests are not looked at (never)."""
    connections: tuple[Connection, ...] = ()
    """Databases that flows look things up in."""
    services: tuple[Service, ...] = ()
    """What flows ask over HTTP."""
    look_ups: tuple[DeskLookUp, ...] = ()
    """What agents may ask them about the customer in hand."""
    mail: Mail | None = None
    """None: answers in writing are kept, and go nowhere."""
    sms: TextMessages | None = None
    entry_points: tuple[EntryPoint, ...] = ()
    divisions: tuple[Division, ...] = ()
    reasons: tuple[Reason, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    """A tree, each level in the order of this list."""
    skills: tuple[Skill, ...] = ()
    priority_seconds: float = 60.0
    """What one step of priority is worth in seconds of waiting."""
    conference_most: int = 6
    """So many may talk in one conversation, the customer and the agent who leads among them."""
    vip_priority: int = 5
    """Steps of priority that a VIP has beside those of the queue and the contact."""
    order: Literal["oldest", "furthest_behind"] = "oldest"
    """Which of an agent's queues is served first: the smallest key, or the queue furthest behind its target."""
    calendars: tuple[Calendar, ...] = ()
    number_lists: tuple[NumberList, ...] = ()
    incident_switches: tuple[IncidentSwitch, ...] = ()
    statuses: tuple[Status, ...] = ()
    talk_scripts: tuple[TalkScript, ...] = ()
    canned_replies: tuple[CannedReply, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    """Recordings in place of texts."""
    capacity: dict[Channel, int] = field(default_factory=dict)
    """How many contacts of a channel an agent has at once; channels not named: voice, video and device 1, chat and message
    3, email, fax, web and voicemail 5."""
    interrupts: dict[Channel, tuple[Channel, ...]] = field(default_factory=dict)
    """On top of which other channels one is offered; an empty list: of none. Channels not named: voice and video on top of
    message, email, fax, web and voicemail; device on top of these and of chat; chat and message on top of email, fax, web and voicemail;
    the others of none."""
    parking: Parking = field(default_factory=Parking)
    drain: tuple[Channel, ...] = ("voice", "video")
    """While a contact of one of these waits for an agent whose hands are full of others, the agent is given nothing new of
    what keeps it waiting. In order: an earlier one is not kept waiting by a later one."""
    listening_shown: bool = True
    """Whether an agent sees that a supervisor listens; whoever whispers or talks is seen in any case."""
    short_numbers: tuple[str, ...] = ()
    """Numbers of two to six digits that agents may call beside those of the international form: 112, 101, a colleague's desk."""
    customer_fields: tuple[CustomerField, ...] = ()
    """What the card of a customer asks for beside name, company and numbers. Decides nothing."""
    field_groups: tuple[FieldGroup, ...] = ()
    choice_lists: tuple[ChoiceList, ...] = ()
    attributes: tuple[ShownAttribute, ...] = ()
    """How agents are shown what scenarios have found out."""
    alerts: tuple[AlertRule, ...] = ()
    """What supervisors are told of by themselves. Decides nothing."""
