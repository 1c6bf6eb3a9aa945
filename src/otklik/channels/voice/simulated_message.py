"""A message in the simulator: nothing sounds, only how long the customer has talked is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from otklik.contact.decisions import TakeMessage


class SimulatedMessage:
    """Begins at once. `over` is called with the seconds talked, once; never after `cancel`."""

    def __init__(self, take: TakeMessage, *, talking: bool, over: Callable[[float], None]) -> None:
        self._take = take
        self._over = over
        self._loop = asyncio.get_running_loop()
        self._talked = 0.0
        self._since: float | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = self._loop.call_later(take.max_seconds, self.end)
        self.talk(talking)

    def talk(self, on: bool) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        if self._since is not None:
            self._talked += self._loop.time() - self._since
        self._since = self._loop.time() if on else None
        if not on and self._take.silence_seconds:
            self._silence = self._loop.call_later(self._take.silence_seconds, self.end)

    def end(self) -> None:
        if self._end is not None:
            self.talk(False)
            self.cancel()
            self._over(self._talked)

    def cancel(self) -> None:
        for timer in (self._end, self._silence):
            if timer is not None:
                timer.cancel()
        self._end = self._silence = None
