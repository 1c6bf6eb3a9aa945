"""A supervisor moves an agent between queues and skills while the shift lasts; the set-up stays as it is."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, QueueId


class AgentAssigned(Struct, frozen=True, kw_only=True):
    """In place of the set-up's, and of an earlier one, these are the agent's queues and skills with their levels (1-10) until the
    shift ends. What is in hand is finished as it is. Refused out of a shift."""

    agent: AgentId
    by: str
    """The id of the person."""
    queues: dict[QueueId, int]
    skills: dict[str, int]


class AssignmentEnded(Struct, frozen=True, kw_only=True):
    """The agent is where the set-up says again. Late or twice it changes nothing."""

    agent: AgentId
    by: str


AssigningFact = AgentAssigned | AssignmentEnded
