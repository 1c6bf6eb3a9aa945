"""More than three in one conversation: who has been added to it, and who hears whom (docs/adr/0064)."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId, OfferNumber


class ParticipantReleased(Struct, frozen=True, kw_only=True, gc=False):
    """The agent who leads takes one of the conference out of it; `consultation` is that by which they were asked. Who is gone already
    is no participant."""

    contact: ContactId
    agent: AgentId
    consultation: ContactId


class Gather(Struct, frozen=True, kw_only=True, gc=False):
    """The participants are where the customer is: with the customer, the agent and each other, or, while the customer is on hold, with
    music. `lines`: the consultation and the offer that each was rung for; `outside`: the attempt of whoever is outside among them, or 0. The
    lines of the customer and of the agent stay as they are. Said again it changes nothing."""

    contact: ContactId
    lines: tuple[tuple[ContactId, OfferNumber], ...]
    held: bool
    outside: int = 0


class Conference(Struct, frozen=True, kw_only=True, gc=False):
    """Who has been added to a conversation, in that order: by the consultations, which are contacts of their own."""

    members: tuple[ContactId, ...] = ()
    outside: int = 0
    """The attempt by which somebody outside was called who is a participant; 0: nobody is."""
    said: Gather | None = None
    """What the switch was told last; None: it is to be told."""


ALONE = Conference()
