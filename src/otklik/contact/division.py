"""Independent centres within one tenant: what belongs to one of them never mixes with what belongs to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A centre of its own within the tenant. Entry points, queues and agents name the one they belong to; those that name
    none are shared by all."""

    id: str
    name: str


def apart(one: str | None, other: str | None) -> bool:
    """Do these belong to two centres that must not mix?"""
    return one is not None and other is not None and one != other
