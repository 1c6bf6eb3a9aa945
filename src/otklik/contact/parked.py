"""What happens around contacts that are put aside; facts like those in `facts.py`, which has them all."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId


class ContactParked(Struct, frozen=True, kw_only=True):
    """The agent put what was written aside, for a reason from the tenant's list or none; refused for calls."""

    contact: ContactId
    agent: AgentId
    reason: str | None = None
    returns_at: float | None = None
    """None: when the customer writes, or what the tenant allows at the latest."""


class ContactResumed(Struct, frozen=True, kw_only=True):
    """The agent who parked it took it back; refused without a slot for it."""

    contact: ContactId
    agent: AgentId


class ContactReturned(Struct, frozen=True, kw_only=True):
    """A supervisor (`by`) took a parked contact off its agent: back to its queue, or to this other agent first."""

    contact: ContactId
    by: str
    to_agent: AgentId | None = None


class CustomerWrote(Struct, frozen=True, kw_only=True):
    """The customer wrote more: a parked contact returns. The text is personal and stands in a table of its own."""

    contact: ContactId


class ParkingDue(Struct, frozen=True, kw_only=True):
    """It is time for a parked contact to return. A timer."""

    contact: ContactId
    returns_at: float
