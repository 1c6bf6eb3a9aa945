"""The words of scenarios: what one may ask of the line and of the world. Each is frozen and has the number of its step.

`Say` and `Ask` are decisions of `contact`, performed by the channel; `Enqueue` and `Finish` end a scenario. Those here are
answered by the runner: at once (`Choose`, `Look`, `Tries`, `MayCallBack`, `FreeTimes`), or when the time has passed (`Pause`). `LookUp`, `Fetch`, `CallFunction` and `SendMessage` are decisions, too:
the switchboard asks whoever they name. `LeaveVoicemail` is one that is not waited for.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import coroutine
from typing import Final, Protocol

from msgspec import Struct

from otklik.contact.conditions import Conditions
from otklik.contact.configuration import AnyScenario
from otklik.contact.decisions import (
    Ask,
    CallFunction,
    CallHandler,
    Enqueue,
    Fetch,
    Finish,
    LeaveVoicemail,
    LookUp,
    Say,
    SendMessage,
    TakeMessage,
    TransferOutside,
)
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import Case, Comparison, QueueTest
from otklik.contact.handler import HandlerFailed, HandlerStepped
from otklik.contact.ids import QueueId, ScenarioId
from otklik.scenario.understood import plain


class Pause(Struct, frozen=True, kw_only=True):
    """Music for a while."""

    step: int
    seconds: float
    block: str


class Choose(Struct, frozen=True, kw_only=True):
    """Answered with the exit of the first case that holds, else with `otherwise`."""

    step: int
    cases: tuple[Case, ...]
    attributes: dict[str, str]
    language: str
    block: str


class Look(Struct, frozen=True, kw_only=True):
    """How does the queue stand? Answered with a `QueueState`."""

    step: int
    queue: QueueId
    block: str


class Tries(Struct, frozen=True, kw_only=True):
    """May one more entry be tried? Answered with "open" or "locked"."""

    step: int
    counted: tuple[str, ...]
    """As in `LookUp`."""
    wrong: int
    block: str


class MayCallBack(Struct, frozen=True, kw_only=True):
    """Can a customer of this queue be called back? Answered with "open" or "impossible"."""

    step: int
    queue: QueueId
    own: bool
    """At the number that the customer calls from; otherwise at one that is not known yet."""
    block: str


class FreeTimes(Struct, frozen=True, kw_only=True):
    """When may a customer of this queue be called? Answered with instants on the clock of the place, apart by blanks: the first is now."""

    step: int
    queue: QueueId
    since: float | None
    """None: from now on."""
    limit: int
    block: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """A queue at this moment. `wait_seconds`: of whoever came now; None where it cannot be told."""

    waiting: int = 0
    ready: int = 0
    working: int = 0
    wait_seconds: float | None = None


class Known(Struct, frozen=True, kw_only=True):
    """What was answered at once at this step; kept, so that a run told it again goes the same way."""

    step: int
    block: str
    value: str | QueueState


Asking = (
    Say
    | Ask
    | TakeMessage
    | TransferOutside
    | Pause
    | Choose
    | Look
    | Tries
    | MayCallBack
    | FreeTimes
    | LeaveVoicemail
    | LookUp
    | Fetch
    | CallFunction
    | SendMessage
    | CallHandler
)
"""What comes back with an answer."""
Verb = Asking | Enqueue | Finish
Answer = VerbFinished | Answered | Known | HandlerStepped | HandlerFailed
OTHERWISE: Final = "otherwise"
LOCKED: Final = "locked"
OPEN: Final = "open"
IMPOSSIBLE: Final = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whom a scenario has before it, as known when it began."""

    ani: str | None = None
    dnis: str = ""
    channel: str = "voice"
    language: str = ""
    attributes: dict[str, str]
    said: Mapping[int, str] = field(default_factory=dict)
    """The words that have a place in the attributes, by step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An incident that is on: `now` and `repaired_by` on the clock of the place, and its texts by language."""

    now: datetime
    repaired_by: datetime | None
    texts: Mapping[str, str]


class World(Protocol):
    """What a scenario may know beside what it is told by the customer. Asked at one instant, answered by the centre as it is then."""

    def visitor(self) -> Visitor: ...
    def meets(self, when: Conditions) -> bool: ...
    def vip(self) -> bool: ...
    def queue(self, queue: QueueId) -> QueueState: ...
    def has_queue(self, queue: QueueId) -> bool: ...
    def choose(self, verb: Choose) -> str:
        """As `chosen` does."""
        ...

    def locked(self, verb: Tries) -> bool: ...
    def may_call_back(self, verb: MayCallBack) -> bool: ...
    def free_times(self, verb: FreeTimes) -> str: ...
    def trouble(self) -> Trouble | None:
        """The incident that this customer is told of."""
        ...

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None: ...


class Nowhere:
    """A world about which nothing is known."""

    def visitor(self) -> Visitor:
        return Visitor(attributes={})

    def meets(self, when: Conditions) -> bool:
        return when == Conditions()

    def vip(self) -> bool:
        return False

    def queue(self, queue: QueueId) -> QueueState:
        return QueueState()

    def has_queue(self, queue: QueueId) -> bool:
        return True

    def choose(self, verb: Choose) -> str:
        return chosen(verb, self)

    def locked(self, verb: Tries) -> bool:
        return False

    def may_call_back(self, verb: MayCallBack) -> bool:
        return True

    def free_times(self, verb: FreeTimes) -> str:
        return ""

    def trouble(self) -> Trouble | None:
        return None

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None:
        return None


def chosen(verb: Choose, world: World) -> str:
    return next((case.exit for case in verb.cases if _holds(case, verb, world)), OTHERWISE)


def _holds(case: Case, verb: Choose, world: World) -> bool:
    if case.language and verb.language not in case.language:
        return False
    if not all(_compares(each, verb.attributes) for each in case.attributes):
        return False
    if case.vip is not None and case.vip != world.vip():
        return False
    return world.meets(case.when) and all(_stands(each, world.queue(each.queue)) for each in case.state)


def _compares(test: Comparison, attributes: dict[str, str]) -> bool:
    value = attributes.get(test.attribute)
    if value is None or (test.one_of and value not in test.one_of and not _said_one_of(test, value, attributes)):
        return False
    if test.at_least is None and test.at_most is None:
        return True
    return _within(_figure(value), test.at_least, test.at_most)


def _said_one_of(test: Comparison, value: str, attributes: dict[str, str]) -> bool:
    """Recognisers write as they like: "The lift is stuck." Words alone are compared, of what has a confidence beside it."""
    spoken = f"{test.attribute.removesuffix('.said')}.confidence" in attributes
    return spoken and plain(value) in map(plain, test.one_of)


def _figure(value: str) -> float | None:
    """Also with a decimal comma. None: no figure, or none that can be compared."""
    try:
        found = float(value.replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _stands(test: QueueTest, state: QueueState) -> bool:
    return (
        _within(state.waiting, test.waiting_at_least, test.waiting_at_most)
        and _within(state.ready, test.ready_at_least, test.ready_at_most)
        and _within(state.working, test.working_at_least, test.working_at_most)
        and _within(state.wait_seconds, test.wait_at_least, test.wait_at_most)
    )


def _within(figure: float | None, least: float | None, most: float | None) -> bool:
    if least is None and most is None:
        return True
    if figure is None:
        return False
    return (least is None or figure >= least) and (most is None or figure <= most)


@coroutine
def perform(verb: Verb) -> Generator[Verb, Answer, Answer]:
    return (yield verb)


async def heard(verb: Say | Ask | TakeMessage | TransferOutside | Pause) -> VerbFinished:
    answer = await perform(verb)
    assert isinstance(answer, VerbFinished)
    return answer
