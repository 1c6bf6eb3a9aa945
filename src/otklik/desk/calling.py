"""Calling out, as the desk shows it: in whose name, and how the last attempt ended that reached nobody. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from otklik.contact.ids import AgentId
from otklik.routing import Engine, LiveAgent, LiveContact

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
        "colleague": _person(engine, contact.colleague or ""),
        "failure": contact.callback.failure,
        "queue": contact.queue,
        "entry_point": contact.entry_point,
        "at": _iso(contact.since),
    }


def forward_of(engine: Engine, agent: LiveAgent, *, own: bool = False) -> Json:
    """Where this agent's personal calls go while the agent is away. The number is shown to the agent alone; `chosen`: not by the
    set-up."""
    to = agent.forwards
    kind = "agent" if to.agent is not None else "queue" if to.queue is not None else "outside" if to.outside else None
    return {
        "to": kind or "nowhere",
        "agent": _person(engine, to.agent or ""),
        "queue": {"id": to.queue, "name": engine.queue_name(to.queue)} if to.queue is not None else None,
        "number": to.outside if own and to.outside else None,
        "chosen": agent.forward is not None,
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def planned(engine: Engine, contact: LiveContact) -> Json:
    """A call that is to be made at a chosen time, or was to be by now."""
    callback = contact.callback
    assert callback is not None and callback.chosen_at is not None
    return {
        "id": contact.id,
        "number": contact.called_number,
        "customer": contact.customer,
        "queue": {"id": contact.queue, "name": engine.queue_name(contact.queue)} if contact.queue else None,
        "at": _iso(callback.chosen_at),
        "asked_at": _iso(callback.asked_at),
        "by": _person(engine, callback.by),
        "agent": _person(engine, callback.agent or ""),
        "state": contact.state.value,
        "attempts": callback.attempts,
        "failure": callback.failure,
    }


def planned_calls(engine: Engine) -> list[Json]:
    """All of a centre, the first to come first."""
    found = [each for each in engine.contacts() if each.to_be_called]
    chosen = [(each.callback.chosen_at, each.id, each) for each in found if each.callback and each.callback.chosen_at]
    return [planned(engine, contact) for _, _, contact in sorted(chosen, key=lambda each: each[:2])]


def _person(engine: Engine, person: str) -> Json | None:
    """Of somebody who is no agent the name is not known here."""
    if not person:
        return None
    found = engine.agent(AgentId(person))
    return {"id": person, "name": found.name if found is not None else None}


def phone_book(engine: Engine, agent: AgentId) -> list[dict[str, Any]]:
    """Whom this agent may call inside: who would be rung at once first, who is not there last. `refused`: why not now."""
    others = [
        one for one in engine.agents() if one.id != agent and not (one.removed or engine.agents_apart(agent, one.id))
    ]
    numbers = {each.id: each.internal_number for each in engine.configuration.agents}
    book = [
        {
            "id": one.id,
            "name": one.name,
            "number": numbers.get(one.id, ""),
            "state": one.state.value,
            "reason": one.shown_reason,
            "since": _iso(one.since),
            "refused": engine.colleague_refused(agent, one.id),
            "forward": forward_of(engine, one),
        }
        for one in others
    ]
    return sorted(book, key=lambda one: (one["refused"] is not None, one["state"] == "offline", one["name"]))
