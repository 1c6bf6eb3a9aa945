"""One queue's line: who waits or rings in which order, and who of them has waited longest."""

from __future__ import annotations

from bisect import bisect_left, insort

from otklik.contact.ids import ContactId, QueueId
from otklik.routing.contact import Key, LiveContact


class Line:
    """The contacts of one queue."""

    __slots__ = ("_waiting", "places", "queue")

    def __init__(self, queue: QueueId) -> None:
        self.queue = queue
        self.places: list[Key] = []
        """Waiting and offered contacts, in order."""
        self._waiting: dict[ContactId, float] = {}

    def enter(self, key: Key) -> None:
        insort(self.places, key)

    def leave(self, key: Key) -> None:
        del self.places[bisect_left(self.places, key)]

    def waits(self, contact: LiveContact) -> None:
        if contact.consults is None:
            self._waiting[contact.id] = contact.arrived_at if contact.queued_at is None else contact.queued_at

    def waits_no_more(self, contact: ContactId) -> None:
        self._waiting.pop(contact, None)

    @property
    def waiting(self) -> int:
        """Customers at whom nobody rings yet; consultations have a place in the line, and are not counted."""
        return len(self._waiting)

    @property
    def longest_since(self) -> float | None:
        """Not by the key: priorities do not make anybody's wait shorter."""
        return min(self._waiting.values(), default=None)

    def position(self, key: Key) -> int:
        """From 1."""
        return bisect_left(self.places, key) + 1
