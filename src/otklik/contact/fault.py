"""What is wrong with a part of the set-up, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from otklik.errors import MESSAGES, Language

Lack = Literal["trunk", "recogniser"]
"""What a set-up may ask for, and an installation not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`place` is a path such as "queues[2].rings[0].requires". A warning does not keep a set-up from being applied."""

    place: str
    code: str
    warning: bool = False
    values: Mapping[str, object] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        return MESSAGES[self.code][language].format(**self.values)


def fault_if(wrong: bool, place: str, code: str, **values: object) -> Iterator[Fault]:
    if wrong:
        yield Fault(place=place, code=code, values=values)


def warning_if(odd: bool, place: str, code: str, **values: object) -> Iterator[Fault]:
    if odd:
        yield Fault(place=place, code=code, warning=True, values=values)


def twice(values: Iterable[str], place: str) -> Iterator[Fault]:
    """`place` has a hole for the number."""
    seen: set[str] = set()
    for number, value in enumerate(values):
        yield from fault_if(value in seen, place.format(number), "config_twice", found=value)
        seen.add(value)
