"""What supervisors do with a conversation of others. Facts like those of `facts.py`, where they are part of `Fact`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId

Joining = Literal["listen", "whisper", "barge"]
"""listen: a supervisor hears both and is heard by nobody; whisper: the agent alone hears the supervisor; barge: all three talk."""


class SupervisionStarted(Struct, frozen=True, kw_only=True):
    """A supervisor joins a conversation: the own telephone rings and is answered by its page. Said again by the same
    supervisor it gives a fresh line, after a page was loaded again."""

    contact: ContactId
    supervisor: AgentId
    name: str
    way: Joining


class SupervisionChanged(Struct, frozen=True, kw_only=True):
    """The supervisor goes over to another way of taking part."""

    contact: ContactId
    supervisor: AgentId
    way: Joining


class SupervisionEnded(Struct, frozen=True, kw_only=True):
    """The supervisor leaves; the conversation goes on as it was."""

    contact: ContactId
    supervisor: AgentId


class ContactTakenOver(Struct, frozen=True, kw_only=True):
    """The supervisor who has joined is the contact's agent from now on; the agent's part is wrapped up."""

    contact: ContactId
    supervisor: AgentId


class ContactAnsweredFor(Struct, frozen=True, kw_only=True):
    """A supervisor answers a call that rings at an agent, or waits for one agent alone, in that agent's place. Refused once somebody
    has answered: whichever of the two is told first has it."""

    contact: ContactId
    supervisor: AgentId
    name: str


class ContactStopped(Struct, frozen=True, kw_only=True):
    """A supervisor ended the conversation."""

    contact: ContactId
    by: str
