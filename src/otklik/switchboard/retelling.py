"""The past, told again by the production code: a day re-decided and compared, and why a contact went where it went.

Reads the log only: no lease is taken, nothing is written, nothing is performed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import structlog

from otklik.contact.decisions import Decision, Offer, SetTimer
from otklik.contact.facts import ConsultationAsked, Fact
from otklik.contact.ids import ContactId
from otklik.errors import AppError
from otklik.routing import Candidate, ContactState
from otklik.routing.engine import Touched
from otklik.storage import codec
from otklik.storage.log import EventLog
from otklik.switchboard import snapshot as snapshots
from otklik.switchboard.decided import Told, told, unpack
from otklik.switchboard.deciding import Deciding
from otklik.switchboard.recovery import restore

log = structlog.get_logger()

FACTS_BETWEEN_BREATHS = 25
"""Within a running program: about a millisecond, then calls go first."""
_LEFT_WAITING = ("ContactQueued", "ConsultationAsked", "OfferDeclined", "OfferExpired", "OfferFailed")
FARTHEST = 200_000
"""Facts that may lie between a snapshot and the contact that is asked about while calls go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    seq: int
    at: float
    fact: Fact
    decided: list[Told]
    decides_now: list[Told]


@dataclass(slots=True, kw_only=True)
class Replay:
    """`unknown`: facts whose decisions a crash kept from being written down."""

    from_snapshot: int
    facts: int = 0
    compared: int = 0
    unknown: int = 0
    different: int = 0
    first: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`considered`: every agent beside the contact just before somebody was offered because of this fact."""

    seq: int
    at: float
    fact: Fact
    decisions: list[Decision]
    considered: list[Candidate] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return codec.KINDS[type(self.fact)]


async def stand_before(event_log: EventLog, seq: int) -> tuple[Deciding, int]:
    """The state before fact `seq` or some way earlier, and the number of the last fact it knows. Raises
    `AppError("log_begins_later")` if what came between was dropped."""
    before: int | None = seq
    deciding, known = Deciding(), 0
    while (found := await event_log.last_snapshot(before)) is not None:
        loaded = snapshots.load(*found, event_log.tenant)
        if loaded is not None:
            restore(deciding, await snapshots.worded(event_log, loaded))
            known = found[0]
            break
        before = found[0]
    if (first := await event_log.begins()) > known + 1:
        raise AppError("log_begins_later", 409, first=first)
    return deciding, known


def decide(deciding: Deciding, fact: Fact, at: float, before_match: Callable[[], None] | None = None) -> list[Decision]:
    """What raised when it happened raises again, and decided nothing then."""
    return _decided(deciding, fact, at, before_match)[0]


def fold(deciding: Deciding, fact: Fact, at: float) -> Touched:
    """As `decide`, for whoever asks what has changed by it."""
    return _decided(deciding, fact, at)[1]


def _decided(
    deciding: Deciding, fact: Fact, at: float, before_match: Callable[[], None] | None = None
) -> tuple[list[Decision], Touched]:
    decisions: list[Decision] = []
    try:
        decisions = deciding.decide(fact, at, before_match)
    except Exception:  # noqa: BLE001  the running centre went on after it, and so must its retelling
        log.exception("retelling_failed", fact=type(fact).__name__)
    return decisions, deciding.engine.take_touched()


async def replay(event_log: EventLog, first: int, last: int) -> Replay:
    """Decide the facts from `first` to `last` again and compare with what is written of them."""
    deciding, seq = await stand_before(event_log, first)
    found = Replay(from_snapshot=seq)
    witness = _Witness(event_log, first, last)
    async for number, at, fact in event_log.read(seq):
        if number > last:
            break
        decisions = decide(deciding, fact, at)
        if number < first:
            continue
        found.facts += 1
        written = await witness.of(number)
        if written is None:
            found.unknown += 1
            continue
        found.compared += 1
        now = [told(decision) for decision in decisions]
        if not same(written, now):
            found.different += 1
            found.first = found.first or Difference(seq=number, at=at, fact=fact, decided=written, decides_now=now)
    await witness.close()
    return found


def same(written: list[Told], now: list[Told]) -> bool:
    """A field that only one of two versions of the program knows makes no difference."""
    if len(written) != len(now):
        return False
    return all(
        one[name] == other[name] for one, other in zip(written, now, strict=True) for name in one.keys() & other.keys()
    )


class _Witness:
    """What is written of each fact, asked for in the order of facts."""

    def __init__(self, event_log: EventLog, first: int, last: int) -> None:
        self._rows: AsyncGenerator[tuple[int, int, bytes], None] = event_log.decided(first, last)
        self._first = 0
        self._lines: list[list[Told]] = []

    async def of(self, seq: int) -> list[Told] | None:
        while seq >= self._first + len(self._lines):
            row = await anext(self._rows, None)
            if row is None:
                self._first, self._lines = seq + 1, []
                return None
            self._first, self._lines = row[0], unpack(row[2])
        return self._lines[seq - self._first] if seq >= self._first else None

    async def close(self) -> None:
        await self._rows.aclose()


async def why(
    event_log: EventLog, contact: ContactId, *, until: int | None = None, farthest: int | None = None
) -> list[Step]:
    """Every step of the contact and of what was asked about it, up to fact `until`. Empty for an unknown one. With `farthest` breath is given to a
    running program, and `AppError("too_far_back")` raised rather than folding more facts than that."""
    span = await event_log.facts_of(contact)
    if span is None:
        return []
    deciding, seq = await stand_before(event_log, span[0])
    last = min(span[1], until) if until is not None else span[1]
    if farthest is not None and last - seq > farthest:
        raise AppError("too_far_back", 409, contact=contact)
    steps: list[Step] = []
    told = {contact}
    async for number, at, fact in event_log.read(seq):
        if number > last:
            break
        if isinstance(fact, ConsultationAsked) and fact.contact == contact:
            told.add(fact.consultation)
        step = _step(deciding, told, number, at, fact)
        if step is not None:
            steps.append(step)
        if farthest is not None and number % FACTS_BETWEEN_BREATHS == 0:
            await asyncio.sleep(0)
    return steps


def _step(deciding: Deciding, told: set[ContactId], seq: int, at: float, fact: Fact) -> Step | None:
    """`told`: the contact, and the consultations about it so far, of which one at a time waits for an agent."""
    considered: list[Candidate] = []

    def look() -> None:
        for contact in told:
            found = deciding.engine.contact(contact)
            if found is not None and found.state is ContactState.WAITING:
                considered.extend(deciding.engine.explain(contact, at))

    # Only while the contact is there: explaining looks at every agent.
    named = getattr(fact, "contact", None) in told
    known = named or any(deciding.engine.contact(contact) is not None for contact in told)
    decisions = [each for each in decide(deciding, fact, at, look if known else None) if _names(each, told)]
    if not named and not decisions:
        return None
    offered = any(isinstance(each, Offer) for each in decisions)
    waits = not offered and type(fact).__name__ in _LEFT_WAITING
    return Step(seq=seq, at=at, fact=fact, decisions=decisions, considered=considered if offered or waits else [])


def _names(decision: Decision, told: set[ContactId]) -> bool:
    if isinstance(decision, SetTimer):
        return False
    return getattr(decision, "contact", None) in told
