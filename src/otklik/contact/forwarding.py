"""Where calls for an agent in person go while the agent is away, or does not take them."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """One of the three at most; without any, calls wait as if there were none."""

    agent: AgentId | None = None
    """A colleague, whose own forwarding counts from there on."""
    queue: QueueId | None = None
    outside: str = ""
    """A number outside: the agent's own of this set-up, a short number, or one that calls out in the agent's name may begin with."""


NOWHERE = Forward()


class AgentForwarded(Struct, frozen=True, kw_only=True):
    """The agent's personal calls go there from now on, in later shifts too, those that wait already among them; refused where
    that cannot be. Twice is once."""

    agent: AgentId
    to: Forward | None = None
    """None: as the set-up says."""
    by: str = ""
    """The supervisor who set it; empty: the agent."""


class Led(Struct, frozen=True, kw_only=True, gc=False):
    """Where a chain ends: at an agent who is there, a queue, or a number; and those who were passed, the first first."""

    to: Forward
    passed: tuple[AgentId, ...]


class Forwarded(Struct, frozen=True, kw_only=True, gc=False):
    """A decision. Nothing is to be done for it: it says that a call for `agent` in person is led on, and where to."""

    contact: ContactId
    agent: AgentId
    to_agent: AgentId | None = None
    to_queue: QueueId | None = None
    outside: bool = False
