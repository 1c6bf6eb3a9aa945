"""A question that may be answered in words: what customers may say for each key, and how long one waits for them. And the place
that stands for those words wherever they would be logged (docs/adr/0041, 0058).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

SHORTEST_SILENCE_SECONDS: Final = 0.3
LONGEST_UTTERANCE_SECONDS: Final = 20.0
MOST_PHRASES: Final = 300
LONGEST_PHRASE: Final = 120
PLACE: Final = re.compile(r"\{said (\d+)(?: (\w+))?\}")
"""Of the words that this step heard; of a written request of one of its fields."""
REQUEST_STEP: Final = 0
"""No step of a scenario: what a written request has brought stands here."""


class Hearing(Struct, frozen=True, kw_only=True):
    """Beside the keys of an `Ask`. How long the first word is waited for is the question's `timeout_seconds`."""

    language: str
    phrases: dict[str, tuple[str, ...]]
    """Key → what may be said for it; the names of its digits may always be said."""
    longest_seconds: float = 8.0
    """An utterance that goes on for longer is taken as it is by then."""
    silence_seconds: float = 0.8
    """After a word: so much silence, and the customer has said it."""
    free: bool = False
    """Whatever is said is the answer, and how sure it is the recogniser says; `phrases` is empty."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """`confidence`: how sure the recogniser is of the words, 0 to 1; one that does not say so is taken at its word."""

    words: str
    confidence: float = 1.0


def place_of(step: int) -> str:
    return f"{{said {step}}}"


def place_in_request(field: str) -> str:
    return f"{{said {REQUEST_STEP} {field}}}"


def told_in_request(fields: Mapping[str, str]) -> str:
    """As one text, by names that can stand in a place."""
    return one_text({re.sub(r"\W+", "_", name): value for name, value in fields.items()})


def one_text(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False) if fields else ""


def fields_of_request(told: str) -> dict[str, str]:
    try:
        found = json.loads(told) if told else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def steps_in(values: Iterable[str]) -> set[int]:
    """Those whose words have a place in there."""
    return {int(found[1]) for value in values if "{said " in value for found in PLACE.finditer(value)}


def put(text: str, words: Mapping[int, str]) -> str:
    """With the words in their places; erased ones are left out."""
    return PLACE.sub(lambda place: _word(place, words), text) if "{said " in text else text


def _word(place: re.Match[str], words: Mapping[int, str]) -> str:
    found = words.get(int(place[1]), "")
    return found if place[2] is None else fields_of_request(found).get(place[2], "")


def put_all(values: Mapping[str, str], words: Mapping[int, str]) -> Mapping[str, str]:
    if not any("{said " in value for value in values.values()):
        return values
    return {name: put(value, words) for name, value in values.items()}
