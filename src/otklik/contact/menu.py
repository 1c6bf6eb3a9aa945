"""The plainest scenario: a greeting and a menu of one key. Flows and handlers do all else."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.contact.ids import QueueId, ScenarioId


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuChoice:
    """One key of a menu and where it leads."""

    digit: str
    label: str
    queue: QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A greeting and a one-key menu. After `attempts` wrong or silent answers the contact goes to `otherwise`."""

    id: ScenarioId
    language: str
    greeting: str
    prompt: str
    choices: tuple[MenuChoice, ...]
    otherwise: QueueId
    wrong_choice: str
    timeout_seconds: float = 5.0
    attempts: int = 3

    @property
    def written(self) -> bool:
        """It is for calls alone."""
        return False

    @property
    def silent(self) -> bool:
        """Says and asks nothing: it leads straight to the queue `otherwise`."""
        return not self.greeting and (not self.choices or self.attempts < 1)
