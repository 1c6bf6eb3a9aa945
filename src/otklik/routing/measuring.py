"""How the lines of a contact are heard: kept with it, and nothing follows from it."""

from __future__ import annotations

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Decision
from otklik.contact.quality import LineMeasured, LineQuality
from otklik.routing.centre import Centre


def handle_measured(centre: Centre, fact: LineMeasured) -> list[Decision]:
    """Of whoever had no part in the contact, and of a consultation beside it, nothing is kept."""
    contact = centre.known(fact.contact)
    if contact is None or contact.consults is not None or contact.channel not in LIVE:
        return []
    if fact.agent is not None and all(part.agent != fact.agent for part in contact.segments):
        return []
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
