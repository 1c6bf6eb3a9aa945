"""A customer who waits stands in the bridge of the conversation to come already, alone with the music.

Outside of a bridge Asterisk looks five times a second whether a line has anything for it to do (`stasis_app_exec`), which with
hundreds who wait is dearer than their calls; in a bridge it sleeps until something comes. Who waits for a moment only is not
worth the way there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final, Protocol

import structlog

from otklik.contact.ids import ContactId
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

AFTER_SECONDS: Final = 1.0


class Call(Protocol):
    """Whose customer waits."""

    contact: ContactId
    channel: str
    alive: bool
    bridges: set[ContactId]

    def join(self, bridge: ContactId, *, first: Sequence[str] = ()) -> None: ...
    async def settle(self) -> None: ...
    def spawn(self, work: Coroutine[Any, Any, None]) -> None: ...


class Rest:
    """`inside`: the customer is alone in the bridge. A bridge in which somebody else was is left alone."""

    def __init__(self, call: Call) -> None:
        self.inside = False
        self._call = call
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Music plays from now on."""
        if not self.inside and self._timer is None and self._call.contact not in self._call.bridges:
            self._timer = asyncio.get_running_loop().call_later(AFTER_SECONDS, self._enter)

    def end(self) -> bool:
        """The wait is over, or something else is said. Was the customer in the bridge?"""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        inside, self.inside = self.inside, False
        return inside

    def _enter(self) -> None:
        self._timer = None
        if not self._call.alive or not self._call.channel:
            return
        try:
            self._call.join(self._call.contact, first=[self._call.channel])
        except PeerError:
            self._call.bridges.discard(self._call.contact)
            return
        self.inside = True
        self._call.spawn(self._settle())

    async def _settle(self) -> None:
        try:
            await self._call.settle()
        except PeerError as err:
            log.info("not_at_rest", contact=self._call.contact, reason=str(err))
            if self.inside:  # nobody knows: whoever talks to the customer makes the bridge and puts both there
                self._call.bridges.discard(self._call.contact)
                self.inside = False
