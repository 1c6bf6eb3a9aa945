"""What agents read to customers, step by step. Part of `configuration.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAnswer:
    """One thing that the customer may answer, and the step that follows; none: the script is over."""

    id: str
    text: str
    then: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStep:
    """What the agent reads out, and what is noted of the answer: one of `answers`, a `field`, or both."""

    id: str
    say: str
    """`{customer}`, `{company}`, `{number}`, `{agent}`, `{queue}` and attributes, `{contact.order.state}`, are filled in."""
    answers: tuple[TalkAnswer, ...] = ()
    field: Literal["text", "number", "date"] | None = None
    """What the agent may write down here."""
    label: str = ""
    """Of the field."""
    then: str | None = None
    """The step that follows where there are no answers to choose; none: the script is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkScript:
    """What an agent reads to the customer; it begins with its first step."""

    id: str
    name: str
    steps: tuple[TalkStep, ...] = ()
