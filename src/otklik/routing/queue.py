"""One queue's line: who waits or rings in which order, and who of them has waited longest."""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heapify, heappop, heappush
from typing import Final

from otklik.contact.ids import ContactId, QueueId
from otklik.routing.contact import Key, LiveContact

SPARE: Final = 64


class Line:
    """The contacts of one queue."""

    __slots__ = ("_oldest", "_waiting", "places", "queue")

    def __init__(self, queue: QueueId) -> None:
        self.queue = queue
        self.places: list[Key] = []
        """Waiting and offered contacts, in order."""
        self._waiting: dict[ContactId, float] = {}
        self._oldest: list[tuple[float, ContactId]] = []

    def enter(self, key: Key) -> None:
        insort(self.places, key)

    def leave(self, key: Key) -> None:
        del self.places[bisect_left(self.places, key)]

    def waits(self, contact: LiveContact) -> None:
        at = contact.arrived_at if contact.queued_at is None else contact.queued_at
        self._waiting[contact.id] = at
        heappush(self._oldest, (at, contact.id))

    def waits_no_more(self, contact: LiveContact) -> None:
        del self._waiting[contact.id]
        if len(self._oldest) > 2 * len(self._waiting) + SPARE:
            self._oldest = [(at, waiting) for waiting, at in self._waiting.items()]
            heapify(self._oldest)

    @property
    def waiting(self) -> int:
        """Those at whom nobody rings yet."""
        return len(self._waiting)

    @property
    def longest_since(self) -> float | None:
        while self._oldest and self._oldest[0][1] not in self._waiting:
            heappop(self._oldest)
        return self._oldest[0][0] if self._oldest else None

    def position(self, key: Key) -> int:
        """From 1."""
        return bisect_left(self.places, key) + 1
