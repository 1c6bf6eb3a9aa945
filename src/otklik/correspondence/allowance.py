"""How much a web site may ask of us: so much each second, and a little beforehand. Pure: the clock is passed in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

PER_SECOND: Final = 50.0
AT_ONCE: Final = 200.0
"""What a site that was quiet may ask in a row."""
TIMES_COST: Final = 10.0
"""Of the free times, which are reckoned anew for each question: as so many others."""
MOST_KEYS: Final = 10_000


@dataclass(slots=True)
class _Left:
    allowed: float
    at: float


class Allowances:
    """By key, in this process. Those unused for the longest are forgotten; they would be full again."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, _Left] = OrderedDict()

    def take(self, key: str, now: float, cost: float = 1.0) -> float:
        """Seconds to wait (0: go on); who has to wait has taken nothing."""
        left = self._left.setdefault(key, _Left(AT_ONCE, now))
        self._left.move_to_end(key)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        left.allowed = min(AT_ONCE, left.allowed + max(0.0, now - left.at) * PER_SECOND)
        left.at = now
        if left.allowed < cost:
            return (cost - left.allowed) / PER_SECOND
        left.allowed -= cost
        return 0.0
