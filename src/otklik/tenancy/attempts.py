"""Sign-in attempts: after a few wrong ones each next must wait twice as long. Pure: the clock is passed in.

An attempt counts when it begins, so that many at once do not slip through; a right password takes it back.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

LONGEST_WAIT_SECONDS: Final = 900.0
FORGOTTEN_SECONDS: Final = 1800.0
MOST_KEYS: Final = 20_000
FREE_PER_LOGIN: Final = 5
FREE_PER_ADDRESS: Final = 50
"""A whole office may sit behind one address."""


@dataclass(slots=True)
class _Count:
    failures: int = 0
    open_at: float = 0.0
    last_at: float = 0.0


class Attempts:
    """Counts by (login, address) and by address; forgets after half an hour of quiet."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()

    def begin(self, login: str, address: str, now: float) -> float:
        """Seconds to wait (0: go on). When it says 0 the attempt is counted as failed until `succeeded`."""
        place = network(address)
        counts = [(self._count((login, place), now), FREE_PER_LOGIN), (self._count(("", place), now), FREE_PER_ADDRESS)]
        wait = max(count.open_at - now for count, _ in counts)
        if wait > 0:
            return wait
        for count, free in counts:
            count.failures += 1
            count.last_at = now
            over = count.failures - free
            if over >= 0:
                count.open_at = now + min(2.0 ** min(over, 20), LONGEST_WAIT_SECONDS)
        return 0.0

    def succeeded(self, login: str, address: str) -> None:
        place = network(address)
        self._counts.pop((login, place), None)
        if count := self._counts.get(("", place)):
            count.failures = max(0, count.failures - 1)
            count.open_at = 0.0

    def _count(self, key: tuple[str, str], now: float) -> _Count:
        count = self._counts.get(key)
        if count is None or now - count.last_at > FORGOTTEN_SECONDS:
            count = self._counts[key] = _Count()
        self._counts.move_to_end(key)
        while len(self._counts) > MOST_KEYS:
            self._counts.popitem(last=False)
        return count


def network(address: str) -> str:
    """Whom an address belongs to: one IPv4 address, or the /64 that an IPv6 subscriber gets whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
