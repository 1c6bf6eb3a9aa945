"""What supervisors want to be shown, and told, of a centre. Decides nothing about contacts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on the floor and the wallboard mark a queue, with a word and a sign beside the colour. 0: never."""

    wait_warning_seconds: float = 30.0
    """Of the one who has waited longest."""
    wait_alarm_seconds: float = 60.0
    waiting_warning: int = 0
    """How many wait."""
    waiting_alarm: int = 0
