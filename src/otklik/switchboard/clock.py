"""The centre's clock: seconds since 1970 as the wall shows them, but it never jumps and never goes back.

A wall clock that is set an hour back would keep every phone ringing for an hour; one set forward would miss every
call that rings. So time is counted from the start by a clock nobody can set, and drawn slowly to the wall's.
"""

from __future__ import annotations

from collections.abc import Callable

SLEW = 0.05
"""At most this much faster or slower than real time: an hour's difference is gone within a day."""


class SteadyClock:
    """Call it. After a fold `go_on_from` the last instant in the log, even if the wall's clock lags behind it."""

    def __init__(self, wall: Callable[[], float], elapsed: Callable[[], float]) -> None:
        """`elapsed`: seconds from anywhere, best those that also pass while the machine sleeps."""
        self._wall = wall
        self._elapsed = elapsed
        self._asked_at = elapsed()
        self._now = wall()

    def __call__(self) -> float:
        asked_at = self._elapsed()
        passed, self._asked_at = max(0.0, asked_at - self._asked_at), asked_at
        ahead = self._wall() - (self._now + passed)
        self._now += passed + min(max(ahead, -SLEW * passed), SLEW * passed)
        return self._now

    def go_on_from(self, instant: float) -> None:
        self._now = max(self._now, instant)
