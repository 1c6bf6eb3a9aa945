"""Something that supervisors were told of by rule."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.watching import AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    id: str
    rule: str
    kind: AlertKind
    subject: str
    queue: str | None
    agent: str | None
    at: float
    over_at: float | None = None
    seen_by: str | None = None
    """The name of whoever has seen to it."""
    seen_at: float | None = None
    percent: int | None = None
    of: int | None = None
