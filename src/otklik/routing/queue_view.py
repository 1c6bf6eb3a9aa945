"""A queue as pages and scenarios see it."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue now. `waiting` counts contacts in the state waiting, not those that ring at an agent."""

    id: QueueId
    name: str
    waiting: int
    longest_since: float | None
    agents_ready: int
    expected_wait_seconds: float | None = None
    """Of whoever came now; None where it cannot be told."""
    agents_working: int = 0
    """In shift and not on a pause."""
