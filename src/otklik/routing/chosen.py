"""An index of the callbacks whose time was chosen: by queue in the order of their times, and by whose desk shows them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing.contact import LiveContact


class Chosen:
    """Follows each contact whose callback changes; the same contact twice changes nothing."""

    def __init__(self) -> None:
        self._times: dict[QueueId | None, list[tuple[float, ContactId]]] = {}
        self._known: dict[ContactId, tuple[QueueId | None, float, bool, tuple[str, ...]]] = {}
        self._desks: dict[str, dict[ContactId, None]] = {}

    def follow(self, contact: LiveContact) -> Iterable[str]:
        """The people on whose desks something is different now."""
        before = self._forget(contact.id)
        callback = contact.callback
        if callback is None or callback.chosen_at is None or not contact.to_be_called:
            return before
        desks = tuple({each for each in (callback.agent, callback.by) if each})
        common = callback.agent is None
        self._known[contact.id] = (callback.queue, callback.chosen_at, common, desks)
        if common:
            insort(self._times.setdefault(callback.queue, []), (callback.chosen_at, contact.id))
        for person in desks:
            self._desks.setdefault(person, {})[contact.id] = None
        return {*before, *desks}

    def _forget(self, contact: ContactId) -> tuple[str, ...]:
        if (known := self._known.pop(contact, None)) is None:
            return ()
        queue, at, common, desks = known
        if common:
            times = self._times[queue]
            del times[bisect_left(times, (at, contact))]
            if not times:
                del self._times[queue]
        for person in desks:
            of_person = self._desks[person]
            of_person.pop(contact, None)
            if not of_person:
                del self._desks[person]
        return desks

    def count(self, queue: QueueId, start: float, end: float) -> int:
        """Of those that are for the queue at large, from `start` on and before `end`."""
        times = self._times.get(queue, [])
        return bisect_left(times, (end, ContactId(""))) - bisect_left(times, (start, ContactId("")))

    def of(self, person: AgentId) -> list[ContactId]:
        """Those that this person has asked for, or is to carry out."""
        return list(self._desks.get(person, ()))
