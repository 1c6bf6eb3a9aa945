"""The words of customers in what a scenario says and asks. Decisions are logged, and words stand nowhere but in `contact_said`
(docs/adr/0041): so a decision names the step that heard them, and whoever performs it puts them in. Pure.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from msgspec.structs import replace

from otklik.contact.decisions import Ask, Fetch, LookUp, Say, SendMessage
from otklik.contact.facts import VerbFinished

PLACE: Final = re.compile(r"\{said (\d+)\}")
"""Of the words that this step heard."""
Spoken = TypeVar("Spoken", bound=Say | Ask | LookUp | Fetch | SendMessage)


@dataclass(slots=True)
class Words:
    """By the name they have in texts and conditions. They do not go with the contact."""

    known: dict[str, str] = field(default_factory=dict)
    """To be compared, and nothing else."""
    places: dict[str, str] = field(default_factory=dict)
    """To be written."""

    def keep(self, name: str, words: str, step: int) -> None:
        self.known[name], self.places[name] = words, f"{{said {step}}}"

    def forget(self, name: str) -> None:
        self.known.pop(name, None)
        self.places.pop(name, None)


class Heard(Protocol):
    """A run, that is."""

    replies: list[VerbFinished]


def worded(decision: Spoken, run: Heard | None) -> Spoken:
    """With the words in their places, to be performed and not to be kept. Of a step that heard none, none."""
    replies = run.replies if run is not None else ()
    if isinstance(decision, Say | Ask):
        speech = tuple(dataclasses.replace(part, text=_put(part.text, replies)) for part in decision.speech)
        return replace(decision, speech=speech)
    return replace(decision, parameters={name: _put(value, replies) for name, value in decision.parameters.items()})


def _put(text: str, replies: Sequence[VerbFinished]) -> str:
    def words(place: re.Match[str]) -> str:
        return next((reply.said for reply in replies if reply.step == int(place[1])), "")

    return PLACE.sub(words, text) if "{said " in text else text
