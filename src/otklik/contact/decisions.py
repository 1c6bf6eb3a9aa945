"""What is to be done. Frozen, imperative; the engine and scenarios return these, the switchboard performs them."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.conference import Gather as Gather
from otklik.contact.configuration import Speech
from otklik.contact.facts import Fact, Joining, TalksTo
from otklik.contact.forwarding import Forwarded as Forwarded
from otklik.contact.handler import CallFunction as CallFunction
from otklik.contact.hearing import Hearing
from otklik.contact.ids import AgentId, ContactId, OfferNumber, QueueId, ScenarioId
from otklik.contact.outside import Written
from otklik.contact.outside_number import OutsideNumber
from otklik.contact.phone import Outside, Phone
from otklik.contact.voicemail import Voicemail


class RunScenario(Struct, frozen=True, kw_only=True, gc=False):
    """Start the scenario for this contact. Performed by the switchboard."""

    contact: ContactId
    scenario: ScenarioId
    first_step: int = 0
    """Its steps are numbered from after this."""


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """Answer the line if it is not yet answered, and record it from now to its end, each side on its own channel."""

    contact: ContactId


class SilenceRecording(Struct, frozen=True, kw_only=True, gc=False):
    """What is recorded of the line is silence from now on, or sound again. Said again it changes nothing."""

    contact: ContactId
    silent: bool


class DropRecording(Struct, frozen=True, kw_only=True, gc=False):
    """Nothing of this contact was to be kept: delete what was stored under `key`; no effect if it is gone already."""

    contact: ContactId
    key: str


class Say(Struct, frozen=True, kw_only=True, gc=False):
    """Speak; then `VerbFinished(step, "done")`. A key ends it early and counts for the `Ask` that follows; one that may not
    be interrupted is spoken to its end, and the keys count all the same."""

    contact: ContactId
    step: int
    speech: tuple[Speech, ...]
    interruptible: bool = True
    block: str = ""
    """What the step is called, for `VerbFinished`."""


class Ask(Struct, frozen=True, kw_only=True, gc=False):
    """Speak, stop at the first key, collect up to `max_digits`; the timeout runs from the end of speech."""

    contact: ContactId
    step: int
    speech: tuple[Speech, ...]
    max_digits: int = 1
    timeout_seconds: float = 5.0
    interruptible: bool = True
    """Otherwise the text is spoken to its end, whatever was pressed."""
    terminator: str = "#"
    """Ends several digits early; empty: no key does."""
    masked: bool = False
    """The fact has asterisks in place of the digits, which go beside it in `secret`."""
    keys_of: int = 0
    """The step whose masked digits are read out after the first of the texts: put there by the switchboard, one by one, so that
    neither a log nor a kept sound has them. "failed" where a restart has lost them."""
    hearing: Hearing | None = None
    """Words count, too: "heard", or "deaf" where nobody can listen to them."""
    block: str = ""
    """As in `Say`."""


class TakeMessage(Struct, frozen=True, kw_only=True, gc=False):
    """A tone, then record what the customer says, until one of `keys`, silence, or the time is over; then `VerbFinished`. Of whoever
    hangs up meanwhile it is told before `CustomerLeft`. Done again it begins anew."""

    contact: ContactId
    step: int
    max_seconds: float = 60.0
    silence_seconds: float = 5.0
    """So much silence ends it; 0: none does."""
    keys: str = "#"
    beep: bool = True
    block: str = ""
    """As in `Say`."""


class LeaveVoicemail(Struct, frozen=True, kw_only=True, gc=False):
    """The message waits in the queue from now on: post the `ContactArrived` of it. Performed by the switchboard."""

    contact: ContactId
    """The call in which it was left."""
    step: int
    voicemail: Voicemail
    block: str = ""
    """As in `Say`."""


class TransferOutside(Struct, frozen=True, kw_only=True, gc=False):
    """Put the customer through to somebody outside: post `OutsideAsked`; what came of it is the `VerbFinished` of this step.
    Performed by the switchboard, again after a crash."""

    contact: ContactId
    step: int
    to: OutsideNumber
    written: bool = False
    """As in `OutsideAsked`."""
    block: str = ""
    """As in `Say`."""


class LookUp(Struct, frozen=True, kw_only=True, gc=False):
    """Ask a database of the tenant's by a named statement; then `Answered`. Performed by the switchboard, again after a crash."""

    contact: ContactId
    step: int
    connection: str
    statement: str
    parameters: dict[str, str] = {}
    of_caller: tuple[str, ...] = ()
    """The parameters that are the caller's number. Personal: the switchboard puts it there, so that no log has it."""
    of_keys: dict[str, int] = {}
    """The parameters that are masked keys, and the step that asked for them. Kept in memory alone, and put there likewise."""
    counted: tuple[str, ...] = ()
    """By what it counts as a wrong entry until it has found something; `{ani}` in it is the caller's number."""
    counted_seconds: float = 0.0
    """For how long."""
    block: str = ""
    """As in `Say`."""


class Fetch(Struct, frozen=True, kw_only=True, gc=False):
    """Ask a service of the tenant's over HTTP by a named request; then `Answered`. As `LookUp`."""

    contact: ContactId
    step: int
    service: str
    request: str
    parameters: dict[str, str] = {}
    of_caller: tuple[str, ...] = ()
    of_keys: dict[str, int] = {}
    counted: tuple[str, ...] = ()
    counted_seconds: float = 0.0
    """All as in `LookUp`."""
    block: str = ""
    """As in `Say`."""


class SendMessage(Struct, frozen=True, kw_only=True, gc=False):
    """Write to somebody by mail or SMS; then `Answered`: found, it has been handed over. Performed by the switchboard, again after a
    crash: a message that goes twice can be known by its `Message-ID` or `Idempotency-Key`."""

    contact: ContactId
    step: int
    by: Written
    parameters: dict[str, str] = {}
    """`to` and `text`, and of a mail `subject`."""
    of_caller: tuple[str, ...] = ()
    """As in `LookUp`."""
    reply: bool = False
    """To whoever wrote the request, as its scenario leaves it: a letter of the contact, and sent once at most, also after a crash."""
    block: str = ""
    """As in `Say`; of a reply what the scenario is called."""


class CallHandler(Struct, frozen=True, kw_only=True, gc=False):
    """Ask the process of a Python handler what it wants after this step; then `HandlerStepped` or `HandlerFailed`. Performed by the
    switchboard, again after a crash: a process that does not know the contact is told all that was answered."""

    contact: ContactId
    scenario: ScenarioId
    step: int


class Enqueue(Struct, frozen=True, kw_only=True, gc=False):
    """The scenario is over: post `ContactQueued`, which has the same fields. Performed by the switchboard, which makes the number
    to be called of the masked digits of `number_step`; where a restart has lost them the customer is not called back but waits."""

    contact: ContactId
    queue: QueueId
    choices: tuple[str, ...]
    requires: str = ""
    priority: int = 0
    agent: AgentId | None = None
    agent_seconds: float = 30.0
    language: str = ""
    vip: bool | None = None
    attributes: dict[str, str] = {}
    path: tuple[str, ...] = ()
    callback: bool = False
    number_step: int = 0
    """0: the number that the customer calls from."""
    callback_at: float | None = None
    unspoken: str = ""


class Finish(Struct, frozen=True, kw_only=True, gc=False):
    """The scenario has served the customer: post `ScenarioFinished`, which has the same fields. Performed by the switchboard."""

    contact: ContactId
    choices: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    path: tuple[str, ...] = ()


class ReportFault(Struct, frozen=True, kw_only=True, gc=False):
    """The scenario failed at this place, and the contact goes to a queue instead: tell whoever looks after scenarios."""

    contact: ContactId
    scenario: ScenarioId
    block: str
    reason: str
    traceback: str = ""


class PlayMusic(Struct, frozen=True, kw_only=True, gc=False):
    """Music to the customer, alone, until something else is performed. Said again, other music where it is to be another."""

    contact: ContactId


class Announce(Struct, frozen=True, kw_only=True, gc=False):
    """Speak to a waiting customer, then music again. Dropped if an agent is connected meanwhile."""

    contact: ContactId
    speech: tuple[Speech, ...]


class Offer(Struct, frozen=True, kw_only=True, gc=False):
    """Ring the agent's line for at most `ring_seconds` (the engine's own timer decides; the adapter adds a margin)."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    ring_seconds: float
    away: bool = False
    """The customer is not on the line, and is called once the agent has answered."""
    placed: bool = False
    """The agent has asked for this call: the line is to answer by itself where it can."""
    number: str = ""
    """Of a customer who is away. Personal: the switchboard fills it in on the way to the telephone, so that no log has it."""
    phone: Phone = "page"
    """Where it rings."""
    outside: Outside | None = None
    """With the phone "outside"."""


class Dial(Struct, frozen=True, kw_only=True, gc=False):
    """The agent of this line has accepted: call the customer, who is away; then `CallAnswered`, or else `CallFailed`."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    attempt: int
    """No two of a contact have the same number: whatever is done twice makes one line."""
    ring_seconds: float
    number: str = ""
    """As in `Offer`."""
    caller: str = ""
    """The number that the customer sees: that of the entry point. Filled in like `number`."""


class CallOutside(Struct, frozen=True, kw_only=True, gc=False):
    """Call somebody outside; the customer hears ringing or music, and them once they have answered: `OutsideAnswered`. When there
    is no line to them any more, or none could be made: `OutsideEnded`."""

    contact: ContactId
    attempt: int
    """No two of a contact have the same number: whatever is done twice makes one line."""
    ring_seconds: float
    music: bool = False
    number: str = ""
    """As in `Offer`."""
    caller: str = ""
    """The number that is shown there. Filled in like `number`."""
    beside: ContactId | None = None
    """An agent asks them, in the consultation of this name: `Consult` says who hears whom, and the customer nothing of it."""


class PutThrough(Struct, frozen=True, kw_only=True):
    """The line to the outside that an agent has asked beside the contact is the customer's from now on: talked to, or, while it rings,
    heard ringing. The consultation is over. Said again it changes nothing."""

    contact: ContactId
    attempt: int
    consultation: ContactId


class EndOutside(Struct, frozen=True, kw_only=True, gc=False):
    """Hang up the line to the outside; no effect if it is gone already."""

    contact: ContactId
    attempt: int


class Withdraw(Struct, frozen=True, kw_only=True, gc=False):
    """Stop ringing the agent's line; no effect if it is gone already."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class Connect(Struct, frozen=True, kw_only=True, gc=False):
    """Let customer and agent hear each other; ends music and announcements."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """The customer hears music, the agent silence."""

    contact: ContactId


class Retrieve(Struct, frozen=True, kw_only=True, gc=False):
    """Undo `Hold`."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class Mute(Struct, frozen=True, kw_only=True, gc=False):
    """The customer does not hear (or hears again) the agent."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    muted: bool


class Rejoin(Struct, frozen=True, kw_only=True, gc=False):
    """Ring the agent's line again under a new offer number and replace the old line; the page answers by itself."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    replaces: OfferNumber
    phone: Phone = "page"
    outside: Outside | None = None
    """Both as in `Offer`."""


class Release(Struct, frozen=True, kw_only=True, gc=False):
    """Hang up the agent's line of this offer; no effect if it is gone already."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber


class End(Struct, frozen=True, kw_only=True, gc=False):
    """Hang up the customer's line; no effect if it is gone already."""

    contact: ContactId


class Consult(Struct, frozen=True, kw_only=True, gc=False):
    """Who hears whom while an agent asks a colleague: the agent's line `offer` talks to the customer, to the colleague or to
    both, and whoever is left out hears music. `line` is the colleague's, rung for `consultation`; None until somebody has
    answered. Said again it changes nothing."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    consultation: ContactId
    line: OfferNumber | None
    talks_to: TalksTo
    inside: bool = False
    """There is no customer: two agents call each other. Whoever waits for the other's answer hears it ring."""
    holds: bool = False
    """Inside: the agent of line `offer` has put the call on hold, or has lost the line: the colleague hears music."""
    colleague_holds: bool = False
    """The same of the colleague."""
    outside: int = 0
    """In place of a colleague somebody outside is asked: the attempt of `CallOutside`. The agent hears it ring until they answer."""


class EndConsultation(Struct, frozen=True, kw_only=True, gc=False):
    """The colleague's line, or what rings, is hung up; the agent's line hears nothing until something else is performed."""

    contact: ContactId
    consultation: ContactId


class HandOver(Struct, frozen=True, kw_only=True, gc=False):
    """The colleague's line `line` of the consultation becomes line `offer` of the contact, and talks to the customer."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    consultation: ContactId
    line: OfferNumber


class Join(Struct, frozen=True, kw_only=True, gc=False):
    """Ring the line of a supervisor, whose page answers by itself; `replaces`: the one there was before a reload."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    replaces: OfferNumber | None = None


class Supervise(Struct, frozen=True, kw_only=True, gc=False):
    """Who hears whom beside the conversation: the supervisor's line `offer` hears what the agent's line `beside` says and
    hears, and is heard by nobody, by the agent, or by all. Said again it changes nothing."""

    contact: ContactId
    agent: AgentId
    """The supervisor."""
    offer: OfferNumber
    beside: OfferNumber
    way: Joining


class EndSupervision(Struct, frozen=True, kw_only=True, gc=False):
    """The supervisor's line `offer` hears nothing any more, and can be heard again; it is hung up by `Release`."""

    contact: ContactId
    offer: OfferNumber


class SetTimer(Struct, frozen=True, kw_only=True, gc=False):
    """Post `fact` at `at` (engine seconds). Never cancelled: a timer that has lost its sense changes nothing."""

    at: float
    fact: Fact


class Refuse(Struct, frozen=True, kw_only=True, gc=False):
    """The fact is not possible now; `code` is an `AppError` code. Nothing was changed."""

    code: str
    state: str = ""
    nearest: float | None = None
    """Of a time that cannot be: the nearest after it that can."""


VoiceDecision = (
    Record
    | SilenceRecording
    | DropRecording
    | Say
    | Ask
    | TakeMessage
    | PlayMusic
    | Announce
    | Offer
    | Dial
    | CallOutside
    | EndOutside
    | PutThrough
    | Withdraw
    | Connect
    | Hold
    | Retrieve
    | Mute
    | Rejoin
    | Release
    | End
    | Consult
    | EndConsultation
    | HandOver
    | Gather
    | Join
    | Supervise
    | EndSupervision
)
Decision = (
    VoiceDecision
    | RunScenario
    | LeaveVoicemail
    | TransferOutside
    | CallFunction
    | CallHandler
    | LookUp
    | Fetch
    | SendMessage
    | Enqueue
    | Finish
    | ReportFault
    | SetTimer
    | Forwarded
    | Refuse
)
