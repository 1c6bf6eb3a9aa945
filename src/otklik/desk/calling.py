"""Calling out, as the desk shows it: in whose name, and how the last attempt ended that reached nobody. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from otklik.contact.ids import AgentId
from otklik.routing import Engine

Json = dict[str, object]


def may_call(engine: Engine, agent: AgentId) -> Json:
    """`trunk`: is there a way out at all? Of each queue the numbers that may be shown, the usual one first."""
    return {
        "trunk": engine.calls_out,
        "queues": [
            {
                "id": queue.id,
                "name": queue.name,
                "callers": [{"id": each.id, "number": each.number, "name": each.name or each.number} for each in shown],
            }
            for queue, shown in engine.callers(agent)
        ],
    }


def unreached(engine: Engine, agent: AgentId) -> Json | None:
    """The last call of the agent's, for some minutes, if it reached nobody and was not the agent's own change of mind."""
    contact = engine.last_placed(agent)
    if contact is None or contact.open or contact.outcome != "unreached" or contact.callback is None:
        return None
    if contact.callback.failure == "cancelled":
        return None
    return {
        "id": contact.id,
        "number": contact.ani,
        "failure": contact.callback.failure,
        "queue": contact.queue,
        "entry_point": contact.entry_point,
        "at": datetime.fromtimestamp(contact.since, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
