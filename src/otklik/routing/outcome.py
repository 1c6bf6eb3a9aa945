"""Which dispositions may be chosen after a contact of a queue. Made once for a set-up."""

from __future__ import annotations

from collections.abc import Iterable

from otklik.contact.configuration import Configuration, Disposition
from otklik.contact.ids import QueueId


class Outcomes:
    def __init__(self, configuration: Configuration) -> None:
        self._under: dict[str | None, list[str]] = {}
        for each in configuration.dispositions:
            self._under.setdefault(each.under, []).append(each.id)
        self.known = frozenset(each.id for each in configuration.dispositions)
        self._all = self.known.difference(self._under)
        self._of = {queue.id: self._leaves(queue.dispositions) for queue in configuration.queues if queue.dispositions}
        self._offered = {
            queue: [each.id for each in configuration.dispositions if each.id in leaves]
            for queue, leaves in self._of.items()
        }
        self._required: dict[QueueId | None, bool] = {
            queue.id: queue.disposition_required and bool(self.of(queue.id)) for queue in configuration.queues
        }

    def of(self, queue: QueueId | None) -> frozenset[str]:
        """What may be chosen; all of the tenant's for a queue that names none, or is no longer set up."""
        return self._all if queue is None else self._of.get(queue, self._all)

    def offered(self, queue: QueueId | None) -> list[str] | None:
        """The same in the order of the set-up; None: all of the tenant's."""
        return self._offered.get(queue) if queue is not None else None

    def required(self, queue: QueueId | None) -> bool:
        return self._required.get(queue, bool(self._all))

    def fault(self, queue: QueueId | None, disposition: str | None) -> str | None:
        """The code of what is wrong with this choice."""
        if disposition is None:
            return "disposition_required" if self._required.get(queue, bool(self._all)) else None
        if disposition in self.of(queue):
            return None
        return "disposition_not_offered" if disposition in self.known else "no_such_disposition"

    def _leaves(self, headings: Iterable[str]) -> frozenset[str]:
        """Of those that are set up. A circle ends where it closes."""
        found: set[str] = set()
        open_ends = [each for each in headings if each in self.known]
        while open_ends:
            each = open_ends.pop()
            if each not in found:
                found.add(each)
                open_ends += self._under.get(each, ())
        return self._all & found


def full_names(dispositions: tuple[Disposition, ...]) -> dict[str, tuple[str, str]]:
    """Id to the Russian and the English name with the headings before it, as lists and history show it."""
    known = {each.id: each for each in dispositions}
    return {each.id: (_path(known, each, "ru"), _path(known, each, "en")) for each in dispositions}


def _path(known: dict[str, Disposition], disposition: Disposition, language: str) -> str:
    names: list[str] = []
    seen: set[str] = set()
    each: Disposition | None = disposition
    while each is not None and each.id not in seen:
        seen.add(each.id)
        names.append(each.ru if language == "ru" else each.en)
        each = known.get(each.under) if each.under is not None else None
    return " › ".join(reversed(names))
