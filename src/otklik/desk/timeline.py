"""What happened to one contact, told from its facts: late timers and facts about nothing are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from otklik.contact import facts
from otklik.contact.facts import Fact
from otklik.contact.outside_number import (
    ContactSentOutside,
    OutsideAsked,
    OutsideConsulted,
    OutsideEnded,
    OutsideExpired,
)
from otklik.contact.quality import LineMeasured
from otklik.contact.recording import RecordingPaused, RecordingPauseExpired, RecordingResumed
from otklik.contact.showing import ShownAttribute
from otklik.desk.found import found
from otklik.desk.history import TimelineEntry

_SILENT: Final = (
    facts.Configured,
    facts.AnnouncementDue,
    facts.DeclineLapsed,
    facts.RingDue,
    facts.PinExpired,
    facts.LimitDue,
    facts.CallbackDue,
    facts.CallbackExpired,
    OutsideExpired,
)
_RECORDING: Final = (RecordingPaused, RecordingResumed, RecordingPauseExpired)
_UNPARKING: Final = (facts.ContactResumed, facts.ContactReturned, facts.CustomerWrote, facts.ParkingDue)
_END_OF_OFFER: Final = (facts.OfferAnswered, facts.OfferDeclined, facts.OfferExpired, facts.OfferFailed)


def timeline(
    told: Iterable[tuple[float, str, Fact]],
    agents: Mapping[str, str],
    queues: Mapping[str, str],
    shown: Sequence[ShownAttribute] = (),
) -> list[TimelineEntry]:
    """`told`: (instant, kind, fact) in order; `agents` and `queues`: names by id; `shown`: how attributes are shown."""
    entries: list[TimelineEntry] = []
    settled: set[tuple[str, int]] = set()
    wrapped: set[str] = set()
    parked: facts.ContactParked | None = None
    paused = False
    beside: set[str] = set()
    """Supervisors: the end of their line is the end of listening, and their answering goes without saying."""
    for at, name, fact in _without_the_same(told):
        if isinstance(fact, _SILENT) or (isinstance(fact, facts.VerbFinished) and _told_by_the_next(fact)):
            continue
        kind = _beside(fact, beside, name)
        if kind is None:
            continue
        if isinstance(fact, _END_OF_OFFER):
            # A timer or a leg's end that comes after the offer was settled changed nothing.
            if (fact.contact, fact.offer) in settled:
                continue
            settled.add((fact.contact, fact.offer))
        if _void(fact, parked):
            continue
        before, paused = paused, _paused_after(fact, paused)
        if isinstance(fact, _RECORDING) and paused is before:
            continue  # said twice, or a limit of a pause that was over
        parked = _parked_after(fact, parked)
        if isinstance(fact, facts.RejoinExpired) and (fact.contact, fact.offer) in settled:
            continue
        if isinstance(fact, facts.WrapUpExpired) and fact.agent in wrapped:
            continue
        if isinstance(fact, facts.WrapUpFinished | facts.WrapUpExpired):
            wrapped.add(fact.agent)
        if isinstance(fact, facts.ContactQueued | facts.ScenarioFinished):
            entries += _of_scenario(fact, datetime.fromtimestamp(at, UTC), shown)
        agent = getattr(fact, "agent", None) or getattr(fact, "supervisor", None) or getattr(fact, "by", None)
        entries.append(
            TimelineEntry(
                at=datetime.fromtimestamp(at, UTC),
                what=kind,
                who=agents.get(agent) if agent else None,
                text=_chosen(fact) or _text(fact, agents, queues),
            )
        )
    return entries


def _without_the_same(told: Iterable[tuple[float, str, Fact]]) -> Iterator[tuple[float, str, Fact]]:
    """A line is measured at its end at least; it is told of where it became worse or better."""
    now: dict[str | None, str] = {}
    for at, name, fact in told:
        if isinstance(fact, LineMeasured):
            before, now[fact.agent] = now.get(fact.agent, "good"), fact.now
            if before == fact.now:
                continue
        yield at, name, fact


def _of_scenario(
    fact: facts.ContactQueued | facts.ScenarioFinished, at: datetime, shown: Sequence[ShownAttribute]
) -> Iterator[TimelineEntry]:
    """The way it went, and what it found out."""
    if len(fact.path) > 1:
        yield TimelineEntry(at=at, what="scenario_path", who=None, text=" → ".join(fact.path))
    if isinstance(fact, facts.ContactQueued) and fact.unspoken:
        yield TimelineEntry(at=at, what="only_a_call", who=None, text=fact.unspoken)
    if known := found(fact.attributes, shown):
        yield TimelineEntry(at=at, what="attributes_found", who=None, text=None, found=known)


def _void(fact: Fact, parked: facts.ContactParked | None) -> bool:
    """A time that was set for an earlier parking."""
    if not isinstance(fact, facts.ParkingDue):
        return False
    return parked is None or parked.returns_at not in (None, fact.returns_at)


def _paused_after(fact: Fact, paused: bool) -> bool:
    """Is the recording paused? Whoever has the contact next is recorded."""
    if isinstance(fact, RecordingPaused):
        return True
    over = RecordingResumed | RecordingPauseExpired | facts.ContactTransferred | facts.ContactTakenOver
    return paused and not isinstance(fact, over | facts.ConsultationCompleted)


def _parked_after(fact: Fact, parked: facts.ContactParked | None) -> facts.ContactParked | None:
    if isinstance(fact, facts.ContactParked):
        return fact
    return None if isinstance(fact, _UNPARKING) else parked


def _told_by_the_next(fact: facts.VerbFinished) -> bool:
    """A text without a name was spoken to its end."""
    return fact.outcome == "done" and not fact.block


def _beside(fact: Fact, beside: set[str], kind: str) -> str | None:
    """As what this is told; None: not at all. `beside`: the supervisors who are there, who come and go with it."""
    match fact:
        case facts.SupervisionStarted():
            beside.add(fact.supervisor)
        case facts.SupervisionEnded() | facts.ContactTakenOver():
            beside.discard(fact.supervisor)
        case facts.OfferAnswered() if fact.agent in beside:
            return None
        case facts.Answered() if fact.reply:
            return "reply_sent" if fact.outcome == "found" else "reply_not_sent"
        case facts.AgentLegEnded() if fact.agent in beside:
            beside.discard(fact.agent)
            return "supervision_ended"
        case _:
            pass
    return kind


def _of_step(fact: facts.VerbFinished | facts.Answered | OutsideAsked) -> str:
    if isinstance(fact, OutsideAsked):
        return fact.block
    if isinstance(fact, facts.Answered):
        if fact.reply:
            return f"mail_{fact.reason}" if fact.reason else fact.block
        came: str = fact.exit or fact.reason or fact.outcome
    else:
        came = "" if fact.outcome == "done" else fact.digits or fact.outcome
        if fact.outcome == "heard" and fact.confidence:
            came = " · ".join(part for part in (fact.digits, f"{fact.confidence:.0%}") if part)
    return ": ".join(part for part in (fact.block, came) if part)


def _of_a_line(fact: facts.AgentMuted | LineMeasured) -> str:
    if isinstance(fact, facts.AgentMuted):
        return "on" if fact.muted else "off"
    return f"{'customer' if fact.agent is None else 'agent'}_line_{fact.now}"


def _chosen(fact: Fact) -> str | None:
    """The time that was chosen for a call."""
    at = fact.at if isinstance(fact, facts.CallbackAsked | facts.CallbackMoved) else None
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def _to_whom(
    fact: facts.ContactTransferred
    | facts.ConsultationAsked
    | facts.ContactReturned
    | facts.ColleagueCalled
    | ContactSentOutside
    | OutsideConsulted,
    agents: Mapping[str, str],
    queues: Mapping[str, str],
) -> str | None:
    if isinstance(fact, ContactSentOutside | OutsideConsulted):
        return fact.number
    agent = fact.colleague if isinstance(fact, facts.ColleagueCalled) else fact.to_agent
    return agents.get(agent or "") or queues.get(getattr(fact, "to_queue", None) or "")


def _text(fact: Fact, agents: Mapping[str, str], queues: Mapping[str, str]) -> str | None:
    match fact:
        case facts.ContactArrived():
            return fact.dnis
        case facts.VerbFinished() | facts.Answered() | OutsideAsked():
            return _of_step(fact)
        case facts.ContactQueued() | facts.CallPlaced():
            return queues.get(fact.queue, fact.queue)
        case facts.ConsultationTurned():
            return fact.talks_to
        case (
            facts.ContactTransferred()
            | facts.ConsultationAsked()
            | facts.ContactReturned()
            | facts.ColleagueCalled()
            | ContactSentOutside()
            | OutsideConsulted()
        ):
            return _to_whom(fact, agents, queues)
        case facts.SupervisionStarted() | facts.SupervisionChanged():
            return fact.way
        case facts.KeyPressed():
            return fact.key
        case facts.CustomerLeft() | facts.AgentLegEnded() | facts.OfferFailed() | facts.CallFailed() | OutsideEnded():
            return fact.cause
        case facts.ContactParked():
            return fact.reason
        case facts.AgentMuted() | LineMeasured():
            return _of_a_line(fact)
        case facts.WrapUpFinished():
            return fact.disposition
        case _:
            return None
