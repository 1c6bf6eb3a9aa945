"""The words of customers in what a scenario says and asks. Decisions are logged, and words stand nowhere but in `contact_said`
(docs/adr/0041): so a decision names the step that heard them, and whoever performs it puts them in. Pure.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from msgspec.structs import replace

from otklik.contact.decisions import Ask, Fetch, LookUp, Say, SendMessage
from otklik.contact.facts import VerbFinished
from otklik.contact.handler import HandlerFact, HandlerStepped

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


class Stepped(Protocol):
    """A run of a handler."""

    replies: list[VerbFinished]
    stepped: list[HandlerFact]


LEAST_LETTERS: Final = 4
"""Fewer say little of anybody, and would be found in anything."""


def places_of(run: Stepped) -> dict[str, str]:
    """What the code of a handler was told that must not be written, and the place that stands for it."""
    asked = {went.verb.get("step"): went.verb for went in run.stepped if isinstance(went, HandlerStepped)}
    return {
        reply.said: f"{{said {reply.step}}}"
        for reply in run.replies
        if len(reply.said) >= LEAST_LETTERS and reply.said.casefold() not in _listened_for(asked.get(reply.step))
    }


def _listened_for(verb: dict[str, Any] | None) -> set[str]:
    """Judged already, when the step was performed."""
    phrases: dict[str, list[str]] = ((verb or {}).get("hearing") or {}).get("phrases") or {}
    return {phrase.casefold() for each in phrases.values() for phrase in each}


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
