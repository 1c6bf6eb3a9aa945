"""A customer who waits stands in the bridge of the conversation to come already, alone with the music.

Outside of a bridge Asterisk looks five times a second whether a line has anything for it to do (`stasis_app_exec`), which with
hundreds who wait is dearer than their calls; in a bridge it sleeps until something comes. Who waits for a moment only is not
worth the way there, nor can who is told something go: what plays outside of a bridge holds the line's thread, and Asterisk answers no
command of ours until the line has done what the one before is about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final, Protocol

import structlog

from otklik.channels.voice.ari import Reply
from otklik.channels.voice.dialogue import Dialogue
from otklik.contact.ids import ContactId
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

AFTER_SECONDS: Final = 1.0
ENABLED = False
"""Off: twice in 26 journeys with browsers on a busy machine an agent heard nothing of the customer, and that it is not this
has not been proven. Tests switch it on."""


class Wire(Protocol):
    """To the switch (`Ari`)."""

    def send(
        self, method: str, path: str, body: Mapping[str, object] | None = None, **query: str
    ) -> asyncio.Future[Reply]: ...
    async def reply(self, future: asyncio.Future[Reply]) -> Reply: ...


class Call(Protocol):
    """Whose customer waits."""

    contact: ContactId
    channel: str
    alive: bool
    joined: bool
    bridges: set[ContactId]

    @property
    def dialogue(self) -> Dialogue: ...
    def join(self, bridge: ContactId, *, first: Sequence[str] = ()) -> None: ...
    def command(self, method: str, path: str, **query: str) -> None: ...
    async def settle(self) -> None: ...
    def spawn(self, work: Coroutine[Any, Any, None]) -> None: ...


class Rest:
    """`inside`: the customer is alone in the bridge. A bridge in which somebody else was is left alone."""

    def __init__(self, call: Call, wire: Wire) -> None:
        self.inside = False
        self._call = call
        self._wire = wire
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Music plays from now on."""
        if ENABLED and not self.inside and self._timer is None and self._call.contact not in self._call.bridges:
            self._wait()

    def end(self) -> bool:
        """The wait is over, or something else is said. Was the customer in the bridge?"""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        inside, self.inside = self.inside, False
        return inside

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(AFTER_SECONDS, self._enter)

    def _enter(self) -> None:
        self._timer = None
        call, bridge = self._call, self._call.contact
        if not call.alive or not call.channel or bridge in call.bridges:
            return
        if call.dialogue.speech is not None:
            self._wait()
            return
        try:
            sent = [
                self._wire.send("POST", f"bridges/{bridge}", type="mixing"),
                self._wire.send("POST", f"bridges/{bridge}/addChannel", channel=call.channel),
            ]
        except PeerError:
            return
        call.bridges.add(bridge)
        self.inside = True
        call.spawn(self._entered(sent))

    async def _entered(self, sent: list[asyncio.Future[Reply]]) -> None:
        """These replies are waited for here and by nobody else: who settles the call's other commands would lose them."""
        try:
            replies = [await self._wire.reply(each) for each in sent]
            if all(reply.ok for reply in replies):
                return
            reason = " ".join(str(reply.status) for reply in replies)
        except PeerError as err:
            reason = str(err)
        log.info("not_at_rest", contact=self._call.contact, reason=reason)
        await self._not_inside()

    async def _not_inside(self) -> None:
        """Or nobody knows. Whoever talks to the customer makes the bridge and puts both there; who was put there meanwhile, in
        the belief that the customer was inside, is not left alone."""
        call, bridge = self._call, self._call.contact
        self.inside = False
        call.bridges.discard(bridge)
        if not call.alive:
            return
        if call.joined:
            call.join(bridge, first=[call.channel])
        else:
            call.command("POST", f"bridges/{bridge}/removeChannel", channel=call.channel)
        await call.settle()
