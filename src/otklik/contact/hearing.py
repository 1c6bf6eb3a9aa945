"""A question that may be answered in words: what customers may say for each key, and how long one waits for them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

SHORTEST_SILENCE_SECONDS: Final = 0.3
LONGEST_UTTERANCE_SECONDS: Final = 20.0
MOST_PHRASES: Final = 300
LONGEST_PHRASE: Final = 120


class Hearing(Struct, frozen=True, kw_only=True):
    """Beside the keys of an `Ask`. How long the first word is waited for is the question's `timeout_seconds`."""

    language: str
    phrases: dict[str, tuple[str, ...]]
    """Key → what may be said for it; the names of its digits may always be said."""
    longest_seconds: float = 8.0
    """An utterance that goes on for longer is taken as it is by then."""
    silence_seconds: float = 0.8
    """After a word: so much silence, and the customer has said it."""
