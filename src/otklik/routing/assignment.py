"""Where a supervisor has put an agent for the shift, as the engine remembers it."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """In place of what the set-up says of the agent."""

    queues: dict[QueueId, int]
    skills: dict[str, int]
    by: str
    at: float
