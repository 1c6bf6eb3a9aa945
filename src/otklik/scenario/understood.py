"""Which of a few phrases a recogniser's words are nearest to. Pure, and asked before anything is recorded: what was understood
stands in the fact, so that nobody asks again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from otklik.contact.hearing import Hearing, Recognised

MARGIN: Final = 0.15
"""What is nearly as near to another key is taken for less sure by what is missing of this distance."""
WITHIN: Final = 0.95
"""Of a phrase that stands among other words."""
_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = {
    "ru": {
        "0": ("ноль", "нуль"),
        "1": ("один", "первый", "первое", "единица"),
        "2": ("два", "второй", "второе", "двойка"),
        "3": ("три", "третий", "третье", "тройка"),
        "4": ("четыре", "четвёртый", "четвёртое"),
        "5": ("пять", "пятый", "пятое"),
        "6": ("шесть", "шестой", "шестое"),
        "7": ("семь", "седьмой", "седьмое"),
        "8": ("восемь", "восьмой", "восьмое"),
        "9": ("девять", "девятый", "девятое"),
        "*": ("звёздочка",),
        "#": ("решётка",),
    },
    "en": {
        "0": ("zero", "oh"),
        "1": ("one", "first"),
        "2": ("two", "second"),
        "3": ("three", "third"),
        "4": ("four", "fourth"),
        "5": ("five", "fifth"),
        "6": ("six", "sixth"),
        "7": ("seven", "seventh"),
        "8": ("eight", "eighth"),
        "9": ("nine", "ninth"),
        "*": ("star",),
        "#": ("hash", "pound"),
    },
}
YES, NO = "1", "2"
_YES_NO: Final = {
    "ru": {YES: ("да", "верно", "правильно", "конечно", "ага", "угу"), NO: ("нет", "неверно", "неправильно", "не")},
    "en": {YES: ("yes", "yeah", "yep", "right", "correct", "sure"), NO: ("no", "nope", "wrong", "not that")},
}


@dataclass(frozen=True, slots=True)
class Understood:
    """`key` empty: nothing was said that could be a choice. `confidence`: 0 to 1."""

    key: str = ""
    confidence: float = 0.0


def yes_or_no(language: str) -> Hearing:
    """Said or keyed: 1 is yes, 2 is no."""
    phrases = _YES_NO["ru" if language == "ru" else "en"]
    return Hearing(language=language, phrases=phrases, longest_seconds=4.0)


def judged(came: Recognised, hearing: Hearing) -> Understood:
    """Of what may be anything, how sure the recogniser was; a noise is nothing."""
    if not hearing.free:
        return understood(came.words, hearing)
    return Understood(confidence=round(min(1.0, max(0.0, came.confidence)), 2) if plain(came.words) else 0.0)


def understood(words: str, hearing: Hearing) -> Understood:
    said = plain(words)
    if not said:
        return Understood()
    scores = sorted(
        ((max(_likeness(said, phrase) for phrase in _phrases(key, hearing)), key) for key in hearing.phrases),
        reverse=True,
    )
    if not scores or scores[0][0] <= 0:
        return Understood()
    best, key = scores[0]
    second = scores[1][0] if len(scores) > 1 else 0.0
    return Understood(key, round(max(0.0, best - max(0.0, MARGIN - (best - second))), 2))


def plain(words: str) -> str:
    """Small letters and single blanks; nothing but words is left."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", words).casefold().replace("ё", "е")))


def _phrases(key: str, hearing: Hearing) -> Iterator[str]:
    """Those of the set-up, then the names of the key's own digits."""
    yield from (plain(phrase) for phrase in hearing.phrases[key])
    names = _DIGITS.get(hearing.language, {})
    if len(key) == 1:
        yield from (plain(name) for name in names.get(key, ()))
    else:
        yield " ".join(plain(names[digit][0]) for digit in key if digit in names)
        yield " ".join(key)
    yield key


def _likeness(said: str, phrase: str) -> float:
    if not phrase:
        return 0.0
    whole = fuzz.ratio(said, phrase) / 100
    words, wanted = said.split(), len(phrase.split())
    if len(words) <= wanted:
        return whole
    parts = (" ".join(words[at : at + wanted]) for at in range(len(words) - wanted + 1))
    return max(whole, WITHIN * max(fuzz.ratio(part, phrase) for part in parts) / 100)
