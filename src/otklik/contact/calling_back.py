"""Calls at a chosen time: whoever is to be called then; facts like those in `facts.py`, which has them all."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId


class CallbackAsked(Struct, frozen=True, kw_only=True):
    """`number` is to be called at `at`, or as soon as an agent is free: a customer asked for it on a web site, or somebody here
    for one. The contact exists from this moment and waits without a line. Refused where it could not be kept. Twice is once."""

    contact: ContactId
    number: str | None = None
    """E.164; personal data, as `ContactArrived.ani`. None only where the log is read without it."""
    queue: QueueId | None = None
    """None: the one to which the rules of the entry point lead at that time."""
    entry_point: EntryPointId | None = None
    """Whose number the customer sees. None: the queue's usual one."""
    at: float | None = None
    by: str = ""
    """The id of the person who asked; empty: the customer."""
    agent: AgentId | None = None
    """Personal: this one is tried alone for `agent_seconds`, then the queue at large."""
    agent_seconds: float = 900.0


class CallbackMoved(Struct, frozen=True, kw_only=True):
    """Somebody (`by`) chose another time for a callback; refused as `CallbackAsked`, and once the customer is being called."""

    contact: ContactId
    at: float
    by: str = ""
