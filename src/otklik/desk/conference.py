"""Who is in a conversation of more than three: for the agent who leads it, and for those who were added."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from otklik.contact.ids import AgentId
from otklik.routing import ContactState, Engine, LiveContact
from otklik.routing.conferring import apart, outside_takes_part

Json = dict[str, Any]


def participants(engine: Engine, contact: LiveContact) -> list[Json]:
    """In the order in which they were added, whoever is outside last; not the one who is asked now."""
    found = []
    for each in contact.conference.members:
        asked = engine.contact(each)
        if asked is not None:
            connected = asked.state is ContactState.TALKING
            found.append(_participant(each, asked.answered_at, agent=_named(engine, asked.agent), connected=connected))
    outside = contact.outside
    if outside_takes_part(contact) and outside is not None and outside.beside is not None:
        found.append(_participant(outside.beside, outside.answered_at, number=outside.number))
    return found


def _participant(
    consultation: str,
    since: float | None,
    *,
    agent: Json | None = None,
    number: str | None = None,
    connected: bool = True,
) -> Json:
    at = datetime.fromtimestamp(since or 0.0, UTC).isoformat().replace("+00:00", "Z")
    return {"consultation": consultation, "agent": agent, "number": number, "since": at, "connected": connected}


def talks_to(contact: LiveContact, about: LiveContact) -> str:
    """To whom the agent talks, as whoever was asked in `contact` hears it: participants are wherever the customer is."""
    if contact.id in about.conference.members:
        return "customer" if apart(about) else "both"
    return about.talks_to


def company(engine: Engine, contact: LiveContact, about: LiveContact) -> list[Json]:
    """Which other agents are in the conversation, beside the one who leads it; nobody while one is asked apart."""
    if talks_to(contact, about) != "both":
        return []
    there = list(about.conference.members)
    if about.consultation is not None and about.talks_to == "both":
        there.append(about.consultation)
    others = (engine.contact(each) for each in there if each != contact.id)
    return [named for each in others if each is not None and (named := _named(engine, each.agent)) is not None]


def _named(engine: Engine, agent: AgentId | None) -> Json | None:
    found = engine.agent(agent) if agent is not None else None
    return {"id": found.id, "name": found.name} if found is not None else None
