"""What many pages show alike, as one series of changes: encoded once, and read by each page at its own pace.

A page keeps no queue of it, only how far it has read. Whoever is further behind than what is kept gets the whole once
more and goes on from there; nobody else notices.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Raw, json

KEPT: Final = 100
"""Changes that are kept for those behind: ten seconds and more of a floor where something changes all the time."""


class Board:
    """`add` changes to it; pages ask for what comes `after` the number where they stand."""

    def __init__(self, of: str, whole: Callable[[], Mapping[str, object]]) -> None:
        self.of = of
        self.seq = 0
        self._state = whole
        self._kept: deque[str] = deque(maxlen=KEPT)
        self._whole: Raw | None = None

    def add(self, change: Mapping[str, object]) -> None:
        self.seq += 1
        self._kept.append(_text({"type": "shared", "of": self.of, "seq": self.seq, **change}))
        self._whole = None

    def whole(self) -> Raw:
        """The state after the last change, as JSON; encoded once however many ask."""
        if self._whole is None:
            self._whole = Raw(json.encode(self._state()))
        return self._whole

    def after(self, seq: int) -> tuple[str, int]:
        """The message for a page that stands at `seq` < `self.seq`, and where it stands then."""
        behind = self.seq - seq
        if behind <= len(self._kept):
            return self._kept[-behind], seq + 1
        return _text({"type": "shared", "of": self.of, "seq": self.seq, "whole": self.whole()}), self.seq


def _text(message: Mapping[str, object]) -> str:
    return json.encode(message).decode()
