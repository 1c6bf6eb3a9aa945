"""The ends of a scenario: the contact waits in a queue, or has been served; facts like those in `facts.py`, which has them all."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId, QueueId


class ContactQueued(Struct, frozen=True, kw_only=True, gc=False):
    """The scenario ended; the contact waits in `queue`. `choices` are the labels of the keys pressed, in order."""

    contact: ContactId
    queue: QueueId
    choices: tuple[str, ...] = ()
    requires: str = ""
    """What this contact asks of an agent beside what its queue asks."""
    priority: int = 0
    adjustment_seconds: float = 0.0
    """Counts as having waited this much longer."""
    agent: AgentId | None = None
    """Asked for by name: tried alone for `agent_seconds`, then the queue at large."""
    agent_seconds: float = 30.0
    language: str = ""
    """What is said from now on is said in this one; empty: as before."""
    vip: bool | None = None
    """None: as before."""
    attributes: dict[str, str] = {}
    """What the scenario has found out; beside those that the contact has already."""
    path: tuple[str, ...] = ()
    """The blocks that it went through."""
    callback: bool = False
    """The place is taken, and the customer is called back; where that cannot be, the customer waits on the line."""
    number: str | None = None
    """At which one, if not the one that the customer calls from; personal, as `ContactArrived.ani`."""
    callback_at: float | None = None
    """The time that the customer chose; None: when the turn comes."""
    unspoken: str = ""
    """A written contact had come to this step, which only a call can have: it goes on to the default queue, and what it would have read
    is not sent."""


class ScenarioFinished(Struct, frozen=True, kw_only=True, gc=False):
    """The scenario has served the customer, and the line is closed. Changes nothing once the contact is in a queue."""

    contact: ContactId
    choices: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    path: tuple[str, ...] = ()
