"""What an address that a browser gave may cost: whoever is signed in may give any, also one that never answers. Pure."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from otklik.errors import AppError

TRIALS: Final = 5
WITHIN_SECONDS: Final = 60.0
AT_ONCE: Final = 4
"""So many people may try at the same time."""
FREE_FAILURES: Final = 2
REST_SECONDS: Final = 60.0
LONGEST_REST_SECONDS: Final = 3_600.0
MOST_KEPT: Final = 10_000


class Trials:
    """A person tries one browser at a time, and a few in a minute."""

    def __init__(self) -> None:
        self._begun: OrderedDict[str, deque[float]] = OrderedDict()
        self._running: set[str] = set()

    @contextmanager
    def of(self, person: str, now: float) -> Iterator[None]:
        """Raises `push_too_often`."""
        begun = self._begun.setdefault(person, deque())
        self._begun.move_to_end(person)
        while begun and now - begun[0] >= WITHIN_SECONDS:
            begun.popleft()
        if person in self._running or len(self._running) >= AT_ONCE or len(begun) >= TRIALS:
            wait = WITHIN_SECONDS - (now - begun[0]) if len(begun) >= TRIALS else 10.0
            raise AppError("push_too_often", 429, seconds=int(wait) + 1)
        begun.append(now)
        while len(self._begun) > MOST_KEPT:
            self._begun.popitem(last=False)
        self._running.add(person)
        try:
            yield
        finally:
            self._running.discard(person)


class Rests:
    """An address that did not answer again and again is left alone: each time for twice as long."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """How often running, and until when it rests."""

    def rests(self, endpoint: str, now: float) -> bool:
        return now < self._failures.get(endpoint, (0, 0.0))[1]

    def answered(self, endpoint: str) -> None:
        self._failures.pop(endpoint, None)

    def failed(self, endpoint: str, now: float) -> None:
        count = self._failures.pop(endpoint, (0, 0.0))[0] + 1
        over = count - FREE_FAILURES
        rest = min(REST_SECONDS * 2.0 ** min(over, 20), LONGEST_REST_SECONDS) if over >= 0 else 0.0
        self._failures[endpoint] = (count, now + rest)
        while len(self._failures) > MOST_KEPT:
            self._failures.popitem(last=False)
