"""Wrong entries of PINs and codes, by whom or by what they are counted. Pure; folded from the log like everything that decides.

An entry counts from the moment it is sent until it turns out to be right: who tries many at once, or hangs up before the answer,
gains nothing by it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

Entries = Mapping[str, Sequence[float]]
"""Until when each counts, by key."""


class LockOuts:
    def __init__(self, entries: Entries | None = None) -> None:
        self._entries: OrderedDict[str, list[float]] = OrderedDict(
            (key, list(each)) for key, each in (entries or {}).items()
        )

    def entries(self) -> Entries:
        """Those that may still count, the longest untouched first."""
        return self._entries

    def locked(self, keys: Iterable[str], wrong: int, now: float) -> bool:
        return any(sum(until > now for until in self._entries.get(key, ())) >= wrong for key in keys)

    def count(self, keys: Iterable[str], seconds: float, now: float) -> None:
        for key in keys:
            self._entries.setdefault(key, []).append(now + seconds)
            self._entries.move_to_end(key)
        self._forget(now)

    def right(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._entries.pop(key, None)

    def unanswered(self, keys: Iterable[str]) -> None:
        """It was neither right nor wrong."""
        for key in keys:
            if entries := self._entries.get(key):
                entries.pop()
                if not entries:
                    del self._entries[key]

    def _forget(self, now: float) -> None:
        while self._entries:
            key, entries = next(iter(self._entries.items()))
            if max(entries) > now:
                return
            del self._entries[key]
