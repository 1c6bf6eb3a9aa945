"""Timers: facts that arrive later. They follow from the log, so a restart finds them again by folding it."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections.abc import Callable, Iterable
from itertools import count

from otklik.contact.facts import (
    AnnouncementDue,
    CallbackDue,
    CallbackExpired,
    DeclineLapsed,
    Fact,
    IdentificationExpired,
    LimitDue,
    OfferExpired,
    ParkingDue,
    PinExpired,
    RejoinExpired,
    RingDue,
    VerbFinished,
    WrapUpExpired,
)
from otklik.contact.outside_number import OutsideExpired
from otklik.contact.recording import RecordingPauseExpired

TIMERS = (
    AnnouncementDue
    | CallbackDue
    | CallbackExpired
    | DeclineLapsed
    | IdentificationExpired
    | LimitDue
    | OfferExpired
    | OutsideExpired
    | ParkingDue
    | PinExpired
    | RecordingPauseExpired
    | RejoinExpired
    | RingDue
    | VerbFinished
    | WrapUpExpired
)
"""Whatever `SetTimer` may carry: one that is missing here would fire again after each restart."""

LONGEST_SLEEP_SECONDS = 1.0
"""The clock is asked again at least this often: a machine that slept, or whose clock was set, is not slept through."""


class Timers:
    """Holds facts until they are due, then posts them. `clock` and the due times are engine seconds (Unix)."""

    def __init__(self, clock: Callable[[], float], post: Callable[[Fact], None]) -> None:
        self._clock = clock
        self._post = post
        self._heap: list[tuple[float, int, Fact]] = []
        self._order = count()
        self._fired: dict[Fact, float] = {}
        self._changed = asyncio.Event()

    def set(self, at: float, fact: Fact) -> None:
        heapq.heappush(self._heap, (at, next(self._order), fact))
        if self._heap[0][2] is fact:
            self._changed.set()

    def settle(self, fact: Fact, at: float) -> None:
        """While folding a log: this timer fired at this instant; do not fire it again. Takes effect with `compact`. The same
        fact may be set once more for later: a wrap-up that is extended, or the second one of an agent."""
        if isinstance(fact, TIMERS):
            self._fired[fact] = at

    def compact(self, matters: Callable[[Fact], bool]) -> None:
        """After the fold: forget what has fired, and what has lost its sense."""
        fired, never = self._fired, -math.inf
        self._heap = [entry for entry in self._heap if entry[0] > fired.get(entry[2], never) and matters(entry[2])]
        heapq.heapify(self._heap)
        self._fired.clear()

    def entries(self) -> list[tuple[float, int, Fact]]:
        """When, the place among those due at once, and the fact; in no order."""
        return list(self._heap)

    def pending(self) -> list[tuple[float, Fact]]:
        return [(at, fact) for at, _, fact in sorted(self._heap, key=lambda entry: entry[:2])]

    def restore(self, pending: Iterable[tuple[float, Fact]]) -> None:
        for at, fact in pending:
            self.set(at, fact)

    def fire_due(self) -> float | None:
        """Post what is due now; seconds until the next, None without any."""
        now = self._clock()
        while self._heap and self._heap[0][0] <= now:
            self._post(heapq.heappop(self._heap)[2])
        return self._heap[0][0] - now if self._heap else None

    async def run(self) -> None:
        while True:
            self._changed.clear()
            wait = self.fire_due()
            try:
                async with asyncio.timeout(None if wait is None else min(wait, LONGEST_SLEEP_SECONDS)):
                    await self._changed.wait()
            except TimeoutError:
                pass
