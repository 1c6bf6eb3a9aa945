"""Who a customer is. Facts like those of `facts.py`, where they are part of `Fact`."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId, CustomerId


class CustomerIdentified(Struct, frozen=True, kw_only=True):
    """We know who it is. May come at any time before the end, or never."""

    contact: ContactId
    customer: CustomerId
    vip: bool = False
    manager: AgentId | None = None
    """The agent who looks after this customer."""


class CustomerNotFound(Struct, frozen=True, kw_only=True):
    """Nobody is known by the number or address of the contact. Told only where it was promised to be said."""

    contact: ContactId


class IdentificationExpired(Struct, frozen=True, kw_only=True):
    """It has not been said in time who the customer is: go on without. A timer; changes nothing once that is known."""

    contact: ContactId
