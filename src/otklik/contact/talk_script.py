"""What agents read to customers, step by step, and words they have ready. Part of `configuration.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from otklik.contact.ids import QueueId

TalkField = Literal["text", "long_text", "number", "date", "phone", "mail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAnswer:
    """One thing that the customer may answer, and the step that follows; none: the script is over."""

    id: str
    text: str
    then: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkBranch:
    """A way on that is taken where its condition holds, whatever was answered."""

    of: str
    """What is looked at: a name as in `say`. Of a `chosen` answer it is the id, of a field of the card with choices the choice's
    id; `vip` is `true` or `false`, `language` is ISO 639-1."""
    test: Literal["is", "is_not", "contains", "more", "less", "known", "unknown"]
    """`more` and `less` compare numbers as numbers, dates by time."""
    value: str = ""
    """With what it is compared. Capitals make no difference."""
    then: str | None = None
    """The step that follows; none: the script is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStep:
    """What the agent reads out, and what is noted of the answer: one of `answers`, a `field`, or both."""

    id: str
    say: str
    """`{customer}`, `{company}`, `{number}`, `{agent}`, `{queue}`, own fields of the card, `{card.city}`, attributes,
    `{contact.order.state}`, and what was answered before, `{chosen.STEP}` and `{written.STEP}`, are filled in."""
    hint: str = ""
    """For the agent alone, not to be read out."""
    answers: tuple[TalkAnswer, ...] = ()
    field: TalkField | None = None
    """What the agent may write down here."""
    label: str = ""
    """Of the field."""
    prefill: str = ""
    """What stands in the field at first: a text as `say`; nothing, if one of its names is not known."""
    required: bool = False
    """The field is not left empty."""
    pattern: str = ""
    """Of text: what the whole must look like, as a regular expression without look-around: `[A-Z]{2}-\\d{4}`."""
    least: float | None = None
    """Of a number: it is not less."""
    most: float | None = None
    """Of a number: it is not more."""
    branches: tuple[TalkBranch, ...] = ()
    """The first that holds leads on; otherwise the answer does, or `then`."""
    then: str | None = None
    """The step that follows where there are no answers to choose; none: the script is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkScript:
    """What an agent reads to the customer; it begins with its first step."""

    id: str
    name: str
    steps: tuple[TalkStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedReply:
    """Words ready to be put into a text. `{customer.name}`, `{customer.company}`, `{customer.number}`, `{agent.name}`,
    `{queue.name}` and attributes, `{contact.order.state}`, are filled in."""

    id: str
    """The shortcut, typed after `/`."""
    ru: str = ""
    en: str = ""
    queues: tuple[QueueId, ...] = ()
    """For contacts of these; none named: of all."""
