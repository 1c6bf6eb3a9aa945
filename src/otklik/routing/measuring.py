"""How the lines of a contact are heard: kept with it, and nothing follows from it."""

from __future__ import annotations

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Decision, Refuse
from otklik.contact.ids import AgentId
from otklik.contact.quality import LineMeasured, LineQuality
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact


def handle_measured(centre: Centre, fact: LineMeasured) -> list[Decision]:
    """An agent who had no part in the contact is refused; of a consultation beside it nothing is kept."""
    contact = centre.known(fact.contact)
    if contact is not None and (contact.consults is not None or contact.channel not in LIVE):
        return []
    if contact is None or not _took_part(contact, fact.agent):
        return [Refuse(code="no_such_contact")] if fact.agent is not None else []
    before = next((line for line in contact.lines if line.agent == fact.agent), None)
    worst = min(fact.worst_mos, before.worst_mos) if before is not None else fact.worst_mos
    line = LineQuality(
        agent=fact.agent,
        mos=fact.mos,
        worst_mos=worst,
        loss=fact.loss,
        jitter_ms=fact.jitter_ms,
        round_trip_ms=fact.round_trip_ms,
        now=fact.now,
    )
    if line != before:
        contact.lines = (*(each for each in contact.lines if each is not before), line)
        centre.touch_contact(contact)
    return []


def _took_part(contact: LiveContact, agent: AgentId | None) -> bool:
    return agent is None or any(part.agent == agent for part in contact.segments)
