"""What a customer has keyed or said, as a scenario learns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict

from otklik.contact.conditions import Channel
from otklik.contact.hours import CalendarId, Hours, Weekday
from otklik.contact.ids import EntryPointId, NumberListId, QueueId

Texts = str | Mapping[str, str]
"""A text, or one by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """`digits` where `outcome` is "digits"; masked ones are asterisks, and can be sent outside by the `step` that asked for them."""

    outcome: Literal["digits", "no_input", "no_match", "failed", "heard", "deaf", "unsure"]
    """heard: spoken, of a menu not judged yet; unsure: it may be meant; deaf: nobody can listen."""
    digits: str = ""
    confidence: float = 0.0
    """Of what was spoken, 0 to 1."""
    said: str = ""
    """The words as they were recognised."""
    masked: bool = False
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a customer has said, where `outcome` is "recorded"; `message` names it, `seconds` is how long it is."""

    outcome: Literal["recorded", "no_input", "failed"]
    message: str = ""
    seconds: float = 0.0
    step: int = 0
    key: str = ""
    """Where it is kept."""


CameOutside = Literal["done", "busy", "no_answer", "failed", "impossible"]


class HowOutside(TypedDict, total=False):
    """How somebody outside is called, as in `OutsideNumber`."""

    rules_of: QueueId
    entry_point: EntryPointId
    shows_customer: bool
    ring_seconds: float
    longest_seconds: float
    music: bool


class Limits(TypedDict, total=False):
    """Of a message: as in `TakeMessage`."""

    max_seconds: float
    silence_seconds: float
    keys: str
    beep: bool


class HowHeard(TypedDict, total=False):
    """Of a phrase, as in `ListenBlock`."""

    keys: Mapping[str, str]
    wrong: Texts
    silence: Texts
    confirm: Texts
    keys_only: Texts
    attempts: int
    timeout_seconds: float
    interruptible: bool
    sure: float
    unsure: float
    longest_seconds: float
    silence_seconds: float


class When(TypedDict, total=False):
    """As in `Conditions`."""

    dialled: tuple[str, ...]
    caller: tuple[str, ...]
    caller_prefix: tuple[str, ...]
    caller_list: tuple[NumberListId, ...]
    hidden: bool
    channel: tuple[Channel, ...]
    open: CalendarId
    closed: CalendarId
    days: tuple[Weekday, ...]
    hours: tuple[Hours, ...]
    incident: bool
