"""Supervisors beside conversations, as pages show them: the supervisor's own and the agent's. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from otklik.contact.ids import AgentId
from otklik.routing import Engine, LiveContact
from otklik.routing.supervision import way_now

Json = dict[str, object]


def joined(engine: Engine, supervisor: AgentId) -> Json | None:
    """The conversation that this supervisor is beside. `way` is as wished, `now` as it is: on hold nobody can barge in."""
    found = engine.supervised_by(supervisor)
    if found is None:
        return None
    contact, mine = found
    agent = engine.agent(contact.agent) if contact.agent is not None else None
    return {
        "contact": contact.id,
        "ani": contact.ani,
        "queue": {"id": contact.queue, "name": engine.queue_name(contact.queue)} if contact.queue else None,
        "agent": {"id": agent.id, "name": agent.name} if agent is not None else None,
        "state": contact.state.value,
        "talks_to": contact.talks_to,
        "way": mine.way,
        "now": way_now(contact, mine),
        "line": mine.line,
        "rings": mine.rings,
        "since": _iso(mine.since),
        "others": [each.name for each in contact.supervisors if each.supervisor != supervisor],
    }


def seen_by_agent(engine: Engine, contact: LiveContact) -> list[Json]:
    """Whoever speaks is seen; who only listens, if the tenant wants it so."""
    shown = engine.configuration.listening_shown
    return [
        {"name": each.name, "way": way_now(contact, each)}
        for each in contact.supervisors
        if each.line is not None and (shown or each.way != "listen")
    ]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
