"""Drawn flows: scenarios as a document of blocks, each with exits that lead to the next. Frozen; what a block does is in
`scenario/drawn.py`, what can be wrong with a flow in `scenario/audit.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from otklik.contact.conditions import Conditions
from otklik.contact.ids import AgentId, QueueId, ScenarioId
from otklik.contact.outside_number import OutsideNumber

Texts = dict[str, str]
"""A text by language (ISO 639-1). `{name}` in it is the attribute of this name, `{name|form}` the same as a person says it
(`money:RUB`, `date`, `count:day,days`). Who speaks another language hears the flow's first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayBlock:
    """Speak. Exits: `done`; `failed` if it could not be spoken."""

    text: Texts
    interruptible: bool = True
    """A key ends it, and counts for the question that follows. Otherwise the key waits until the text is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BySpeech:
    """A menu that may be answered in words, too. Whoever cannot be understood, or listened to, is asked for keys."""

    phrases: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Key → language → what customers may say for it. The name of its digit may always be said."""
    confirm: Texts = field(default_factory=dict)
    """Asks for yes (or 1) or no (or 2) where it is not sure; `{heard}` is what was understood. Without it the exit is `unsure`."""
    keys_only: Texts = field(default_factory=dict)
    """Said in place of the menu's text once only keys are asked for."""
    attempts: int = 3
    """So often words are asked for; then keys."""
    sure: float = 0.85
    """From this confidence on (0 to 1) it counts at once."""
    unsure: float = 0.6
    """From this on it may be meant; below it nothing was understood."""
    longest_seconds: float = 8.0
    """Of what one says."""
    silence_seconds: float = 0.8
    """After it; then it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBlock:
    """A menu. Exits: each of `keys`; after all attempts `no_input` or `no_match`, by the last of them; `failed`; `unsure` where it
    may be spoken to and has no `confirm`."""

    text: Texts
    keys: dict[str, str]
    """Key (or several keys in a row) to its label, which goes with the contact as a choice."""
    opening: Texts = field(default_factory=dict)
    """Said before the text the first time."""
    wrong: Texts = field(default_factory=dict)
    """Said before the text after a key that is not there."""
    silence: Texts = field(default_factory=dict)
    """Said before the text after no key."""
    attempts: int = 3
    timeout_seconds: float = 5.0
    """From the end of the text, and from one key to the next."""
    interruptible: bool = True
    into: str = ""
    """The attribute that keeps the keys. Of what was spoken `{name.confidence}` is 0 to 100, and `{name.said}` the words
    themselves, which do not go with the contact."""
    speech: BySpeech | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenBlock:
    """A question that is answered in a few words of one's own, which are kept. Exits: `done`; each of `keys`; `unsure` where there
    is no `confirm`; after all attempts `no_input` or `no_match`, by the last of them; `deaf`: nobody can listen; `failed`."""

    text: Texts
    into: str
    """The attribute that keeps the words; `{name.confidence}` is how sure the recogniser was, 0 to 100. Both go with the contact; the
    log has only a place for the words."""
    keys: dict[str, str] = field(default_factory=dict)
    """May be pressed in place of words, as in a menu; each is an exit. Whoever is not understood is asked for them alone."""
    wrong: Texts = field(default_factory=dict)
    """Said before the text after what was not understood."""
    silence: Texts = field(default_factory=dict)
    """Said before the text after no word."""
    confirm: Texts = field(default_factory=dict)
    """Asks for yes (or 1) or no (or 2) where it is not sure; `{heard}` is what was understood. Without it the exit is `unsure`."""
    keys_only: Texts = field(default_factory=dict)
    """Said in place of the text once only keys are asked for."""
    attempts: int = 3
    timeout_seconds: float = 5.0
    """From the end of the text to the first word."""
    interruptible: bool = True
    """A word or a key ends the text."""
    sure: float = 0.6
    """From this confidence on (0 to 1) the words count at once."""
    unsure: float = 0.3
    """From this on they may be meant; below it nothing was understood."""
    longest_seconds: float = 12.0
    silence_seconds: float = 1.0
    """Both as with words for a menu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectBlock:
    """Some digits: a number, a code. Exits: `done`; after all attempts `no_input` or `no_match`; `failed`."""

    text: Texts
    into: str
    """The attribute that keeps the digits."""
    min_digits: int = 1
    max_digits: int = 20
    terminator: str = "#"
    """The key that ends them early; empty: none does."""
    masked: bool = False
    """A card's number or a PIN: neither the log nor the attribute has the digits, only as many asterisks."""
    wrong: Texts = field(default_factory=dict)
    silence: Texts = field(default_factory=dict)
    attempts: int = 3
    timeout_seconds: float = 5.0
    interruptible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBlock:
    """What goes with the contact to its queue. What is left out stays as it is. Exit: `done`."""

    attributes: dict[str, str] = field(default_factory=dict)
    """`{name}` in a value is the attribute of this name."""
    priority: int | None = None
    requires: str | None = None
    """What is asked of an agent beside what the queue asks."""
    language: str | None = None
    """Of what is said from here on, in the queue too."""
    vip: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Of an attribute. All that is said must hold; an attribute that is not there holds none of it."""

    attribute: str
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    """Of a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTest:
    """How a queue stands now. All that is said must hold; a wait that cannot be told holds no limit."""

    queue: QueueId
    waiting_at_least: int | None = None
    waiting_at_most: int | None = None
    wait_at_least: float | None = None
    wait_at_most: float | None = None
    """Seconds that whoever came now would be expected to wait."""
    ready_at_least: int | None = None
    ready_at_most: int | None = None
    """Agents who could take a contact at once."""
    working_at_least: int | None = None
    working_at_most: int | None = None
    """Agents in shift and not on a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is said must hold. Nothing said: always."""

    exit: str
    when: Conditions = field(default_factory=Conditions)
    vip: bool | None = None
    language: tuple[str, ...] = ()
    attributes: tuple[Comparison, ...] = ()
    state: tuple[QueueTest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchBlock:
    """The exit of the first case that holds, else `otherwise`."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOut:
    """So many wrong entries (`not_found`) of one caller or one account, and nobody is asked any more for a while: exit `locked`.
    One that is right forgets those before it. Calls at the same time count together."""

    by: tuple[str, ...]
    """Each is counted by itself: `{ani}` is the caller's number, `{account}` the attribute of this name. A number that is withheld
    is not counted."""
    wrong: int = 3
    lock_seconds: float = 900.0
    """How long a wrong entry counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpBlock:
    """Asks a database. Exits: `found`, with the first row as attributes; `not_found`; `failed`, also when it took too long;
    `locked` where there is a `lock_out`; `forgotten` (else `failed`) if masked digits were to be sent and a restart has lost them."""

    connection: str
    statement: str
    parameters: dict[str, str] = field(default_factory=dict)
    """Each of the statement's. `{name}` in a value is the attribute of this name; `{ani}` alone is the caller's number,
    and the name of masked digits alone is what was keyed, which stands nowhere else."""
    into: str = ""
    """The first part of the attributes' names: with `order` a column `state` is `{order.state}`. Empty: `{state}`."""
    lock_out: LockOut | None = None
    """For PINs and codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchBlock:
    """Asks a service over HTTP. The exits are those of a database."""

    service: str
    request: str
    parameters: dict[str, str] = field(default_factory=dict)
    """Each of the request's, as with a database."""
    into: str = ""
    lock_out: LockOut | None = None
    """Both as with a database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionBlock:
    """Calls a function of Python code of the set-up, which only computes. Exits: each of `branches`, or `done` where there is none;
    `fault`: it failed, or gave back what it may not (else `otherwise`)."""

    code: ScenarioId
    """The scenario in Python whose code has it."""
    function: str
    parameters: dict[str, str] = field(default_factory=dict)
    """Each of the function's. `{name}` in a value is the attribute of this name; `{ani}` alone is the caller's number."""
    into: str = ""
    """As with a database, of the values that it gives back."""
    branches: tuple[str, ...] = ()
    """What the function may call its exit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBlock:
    """Writes a mail, by the server of the set-up. Exits: `done`, it has been handed over; `failed`."""

    recipient: str
    """One address, or `{name}`, the attribute that is one."""
    subject: Texts
    text: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsBlock:
    """Sends an SMS, by the service of the set-up. Exits: `done`, it has been handed over; `failed`."""

    text: Texts
    recipient: str = "{ani}"
    """A number, or `{name}`, the attribute that is one. `{ani}` is the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlock:
    """The customer says something, which is kept. Exits: `done`; `no_input` if nothing was said: then nothing is kept; `failed`."""

    text: Texts = field(default_factory=dict)
    """Said first."""
    into: str = ""
    """The attribute that keeps the message's name."""
    max_seconds: float = 60.0
    silence_seconds: float = 5.0
    """So much silence ends it; 0: none does."""
    keys: str = "#"
    """Each of them ends it."""
    beep: bool = True
    """A tone says when to begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailBlock:
    """The customer leaves a message, which waits in the queue as a contact of its own; whoever hangs up after speaking has left
    one, too. Exits: as with `record`."""

    queue: QueueId
    text: Texts = field(default_factory=dict)
    max_seconds: float = 120.0
    silence_seconds: float = 5.0
    keys: str = "#"
    beep: bool = True
    """All as with `record`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueBlock:
    """The flow is over: the contact waits in the queue."""

    queue: QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentBlock:
    """The flow is over: this agent is tried alone for `agent_seconds`, then the queue at large."""

    agent: AgentId
    queue: QueueId
    agent_seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackBlock:
    """The flow is over: the customer hangs up, keeps the place in the queue and is called back, by the rules of that queue. Exits:
    `impossible`, if it cannot be done; and of a number that is keyed or a time that is chosen `no_input`, `no_match` and `failed`."""

    queue: QueueId
    ask_number: bool = False
    """At a number that is keyed and read back; otherwise at the one that the customer calls from."""
    text: Texts = field(default_factory=dict)
    """Asks for the number. Digits that were keyed stand in no log."""
    entered: Texts = field(default_factory=dict)
    """Said before they are read back."""
    right: Texts = field(default_factory=dict)
    """Said after: 1 is right, any other key begins anew."""
    ask_time: bool = False
    """At a time that the customer chooses of the next free ones, which are read out with their keys; 9: others, 0: another day."""
    time: Texts = field(default_factory=dict)
    """Said before the times."""
    times: int = 3
    """So many are read out at once."""
    attempts: int = 3
    timeout_seconds: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitBlock:
    """Music for a while. Exit: `done`."""

    wait_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpBlock:
    """The flow is over, and so is the call: the customer was served by the scenario. Any text is said first."""

    text: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubFlowBlock:
    """Another flow, then on here. Exits: whatever its `back` blocks are called."""

    flow: ScenarioId


@dataclass(frozen=True, slots=True, kw_only=True)
class BackBlock:
    """In a flow that is run by another: on there, by this exit. In one that is run by none: to its queue `otherwise`."""

    exit: str = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One step, exactly one of `say` to `back`. `exits` leads from what comes of it to the next block; what is not named
    there goes by the exit `otherwise`, and without it to the flow's queue `otherwise`."""

    id: str
    name: str = ""
    """As timelines and accounts call it."""
    note: str = ""
    at: tuple[int, int] | None = None
    """Where it stands on the editor's canvas, from the left and from the top; left out, the editor finds a place."""
    say: SayBlock | None = None
    ask: AskBlock | None = None
    collect: CollectBlock | None = None
    listen: ListenBlock | None = None
    set: SetBlock | None = None
    branch: BranchBlock | None = None
    look_up: LookUpBlock | None = None
    fetch: FetchBlock | None = None
    function: FunctionBlock | None = None
    mail: MailBlock | None = None
    sms: SmsBlock | None = None
    record: RecordBlock | None = None
    voicemail: VoicemailBlock | None = None
    queue: QueueBlock | None = None
    agent: AgentBlock | None = None
    callback: CallbackBlock | None = None
    outside: OutsideNumber | None = None
    wait: WaitBlock | None = None
    hang_up: HangUpBlock | None = None
    flow: SubFlowBlock | None = None
    back: BackBlock | None = None
    exits: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must come of a test. What is left out may be anything."""

    queue: QueueId | None = None
    served: bool | None = None
    """Hung up by the flow, and not in a queue."""
    callback: bool | None = None
    """In the queue, to be called back."""
    choices: tuple[str, ...] | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    voicemail: QueueId | None = None
    """Where a message was left."""
    outside: str | None = None
    """The number that the caller was put through to."""
    written: str | None = None
    """A part of what was written, or to whom: `+79161234567: Your order`."""
    said: tuple[str, ...] = ()
    """Words that are heard in this order, whatever else is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What a database or a service answers in a test: nobody is asked."""

    outcome: Literal["found", "not_found", "failed", "forgotten"] = "found"
    """forgotten: failed, since masked digits were to be sent and a restart has lost them."""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTest:
    """The flow is played by a fake caller on a virtual clock. A set-up of which a test does not hold is refused."""

    name: str
    presses: tuple[str, ...] = ()
    """The keys at each question in turn, or `says: some words` (`says 40: …` of a
    phrase that is recognised at 40 %), or the words where a message is taken. Empty: silence, as after the
    last. `hang_up`, and `failed`: nothing could be spoken; `deaf`: nobody could listen to words."""
    expect: Expected
    ani: str = ""
    language: str = ""
    vip: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    request: dict[str, str] | None = None
    """In place of a call a written request, with these fields: `mail`, `name`, `phone`, `subject` and those of its form. What is sent is
    what was `written`."""
    branches: dict[str, str] = field(default_factory=dict)
    """Which exit the branch of this block takes: hours and queues are as the test says. Conditions on the caller, the language
    and attributes are looked at by themselves. Of a `function` the exit that it names. `locked` is that of a question with a `lock_out`, `impossible` that of a callback; of `outside` any."""
    answers: dict[str, tuple[GivenAnswer, ...]] = field(default_factory=dict)
    """What the `look_up`, `fetch` or `function` of this block is answered, each time in turn; the last again and again. None: `failed`."""


ScenarioTests = Literal["always", "warn", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A scenario drawn as blocks; it begins at the first. Contacts under way keep the version that they began with."""

    id: ScenarioId
    name: str = ""
    languages: tuple[str, ...]
    """All texts are there in each; the first is the customer's until another is set."""
    otherwise: QueueId
    """Where a contact goes whom no exit leads anywhere, or whose flow failed."""
    blocks: tuple[Block, ...]
    written: bool = False
    """Also for written requests: what would be said is sent in one mail as it comes to its end. What only a call can do, as a question,
    leads them to `otherwise`, and nothing is sent. Otherwise they go there at once."""
    tests: tuple[FlowTest, ...] = ()
    schema: int = 1
    """Of this document; grows when an earlier flow can no longer be read as it is."""

    @property
    def language(self) -> str:
        return self.languages[0] if self.languages else ""

    @property
    def silent(self) -> bool:
        """Without a block it leads straight to its queue."""
        return not self.blocks
