"""What is wrong with a part of the set-up, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from otklik.errors import MESSAGES, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`place` is a path such as "queues[2].rings[0].requires". A warning does not keep a set-up from being applied."""

    place: str
    code: str
    warning: bool = False
    values: Mapping[str, object] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        return MESSAGES[self.code][language].format(**self.values)
