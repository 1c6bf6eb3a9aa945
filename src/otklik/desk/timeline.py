"""What happened to one contact, told from its facts: late timers and facts about nothing are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from otklik.contact import facts
from otklik.contact.facts import Fact
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
)
_UNPARKING: Final = (facts.ContactResumed, facts.ContactReturned, facts.CustomerWrote, facts.ParkingDue)
_END_OF_OFFER: Final = (facts.OfferAnswered, facts.OfferDeclined, facts.OfferExpired, facts.OfferFailed)


def timeline(
    told: Iterable[tuple[float, str, Fact]], agents: Mapping[str, str], queues: Mapping[str, str]
) -> list[TimelineEntry]:
    """`told`: (instant, kind, fact) in order; `agents` and `queues`: names by id."""
    entries: list[TimelineEntry] = []
    settled: set[tuple[str, int]] = set()
    wrapped: set[str] = set()
    parked: facts.ContactParked | None = None
    for at, kind, fact in told:
        if isinstance(fact, _SILENT) or (isinstance(fact, facts.VerbFinished) and _told_by_the_next(fact)):
            continue
        if isinstance(fact, _END_OF_OFFER):
            # A timer or a leg's end that comes after the offer was settled changed nothing.
            if (fact.contact, fact.offer) in settled:
                continue
            settled.add((fact.contact, fact.offer))
        if isinstance(fact, facts.ContactParked):
            parked = fact
        elif isinstance(fact, facts.ParkingDue) and (
            parked is None or parked.returns_at not in (None, fact.returns_at)
        ):
            continue
        elif isinstance(fact, _UNPARKING):
            parked = None
        if isinstance(fact, facts.RejoinExpired) and (fact.contact, fact.offer) in settled:
            continue
        if isinstance(fact, facts.WrapUpExpired) and fact.agent in wrapped:
            continue
        if isinstance(fact, facts.WrapUpFinished | facts.WrapUpExpired):
            wrapped.add(fact.agent)
        if isinstance(fact, facts.ContactQueued | facts.ScenarioFinished) and len(fact.path) > 1:
            way = " → ".join(fact.path)
            entries.append(TimelineEntry(at=datetime.fromtimestamp(at, UTC), what="scenario_path", who=None, text=way))
        agent = getattr(fact, "agent", None)
        entries.append(
            TimelineEntry(
                at=datetime.fromtimestamp(at, UTC),
                what=kind,
                who=agents.get(agent) if agent else None,
                text=_text(fact, agents, queues),
            )
        )
    return entries


def _told_by_the_next(fact: facts.VerbFinished) -> bool:
    """A text without a name was spoken to its end."""
    return fact.outcome == "done" and not fact.block


def _text(fact: Fact, agents: Mapping[str, str], queues: Mapping[str, str]) -> str | None:
    match fact:
        case facts.ContactArrived():
            return fact.dnis
        case facts.VerbFinished():
            came = "" if fact.outcome == "done" else fact.digits or fact.outcome
            return ": ".join(part for part in (fact.block, came) if part)
        case facts.ContactQueued():
            return queues.get(fact.queue, fact.queue)
        case facts.ConsultationTurned():
            return fact.talks_to
        case facts.ContactTransferred() | facts.ConsultationAsked():
            return agents.get(fact.to_agent or "") or queues.get(fact.to_queue or "")
        case facts.KeyPressed():
            return fact.key
        case facts.CustomerLeft() | facts.AgentLegEnded() | facts.OfferFailed() | facts.CallFailed():
            return fact.cause
        case facts.ContactParked():
            return fact.reason
        case facts.ContactReturned():
            return agents.get(fact.to_agent or "")
        case facts.AgentMuted():
            return "on" if fact.muted else "off"
        case facts.WrapUpFinished():
            return fact.disposition
        case _:
            return None
