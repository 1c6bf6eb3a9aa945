"""A customer who waits stands in a holding bridge with some others who wait: nobody hears anybody there, each hears their music.

Outside of a bridge Asterisk looks five times a second whether a line has anything for it to do (`stasis_app_exec`), which with
hundreds who wait is dearer than their calls; in a bridge it sleeps until something comes. Who waits for a moment only is not
worth the way there, nor can who is told something go: what plays outside of a bridge holds the line's thread, and Asterisk answers no
command of ours until the line has done what the one before is about.

There are many such rooms: each coming and going is an event that names all who stand there, so with hundreds in one room the rest
costs more than it saves.

The customer is taken out before the music is ended: in a bridge it is made by one thread and ended, by our command, in another, and
the end is lost when it comes while a piece is being made (`ast_read_generator_actions` hides the generator meanwhile; seen once in
200 calls on a busy machine: the customer heard music in place of the agent). Outside, one thread does both.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Coroutine, Mapping
from typing import Any, Final, Protocol

import structlog

from otklik.channels.voice.ari import Reply
from otklik.channels.voice.dialogue import Dialogue
from otklik.contact.ids import ContactId
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

AFTER_SECONDS: Final = 1.0
ROOMS: Final = tuple(f"otklik-waiting-{number}" for number in range(64))


def room_of(contact: ContactId) -> str:
    """Always the same, so that nobody has to remember it."""
    return ROOMS[zlib.crc32(contact.encode()) % len(ROOMS)]


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

    @property
    def dialogue(self) -> Dialogue: ...
    def command(self, method: str, path: str, **query: str) -> None: ...
    async def settle(self) -> None: ...
    def spawn(self, work: Coroutine[Any, Any, None]) -> None: ...


class Rest:
    """`inside`: the customer is in their room. Who is put into another bridge leaves it by that."""

    def __init__(self, call: Call, wire: Wire) -> None:
        self.inside = False
        self._call = call
        self._room = room_of(call.contact)
        self._wire = wire
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Music plays from now on."""
        if not self.inside and self._timer is None:
            self._wait()

    def leave(self) -> None:
        """Something else is to be heard: out, before the music is ended."""
        if self.inside:
            self._call.command("POST", f"bridges/{self._room}/removeChannel", channel=self._call.channel)
        self.end()

    def pause(self) -> None:
        """For an announcement: out, and in again some time after it."""
        if self.inside:
            self.leave()
            self.begin()

    def end(self) -> None:
        """The wait is over."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.inside = False

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(AFTER_SECONDS, self._enter)

    def _enter(self) -> None:
        self._timer = None
        call = self._call
        if not call.alive or not call.channel or call.joined:
            return
        if call.dialogue.speech is not None:
            self._wait()
            return
        try:
            sent = self._wire.send("POST", f"bridges/{self._room}/addChannel", channel=call.channel)
        except PeerError:
            return
        self.inside = True
        call.spawn(self._entered(sent))

    async def _entered(self, sent: asyncio.Future[Reply]) -> None:
        """The reply is waited for here and by nobody else: who settles the call's other commands would lose it."""
        try:
            reply = await self._wire.reply(sent)
            if reply.ok:
                return
            reason = str(reply.status)
        except PeerError as err:
            reason = str(err)
        log.info("not_at_rest", contact=self._call.contact, reason=reason)
        await self._not_inside()

    async def _not_inside(self) -> None:
        """Or nobody knows: then out, unless the customer is in a conversation already, or was taken out by what came next. Without a
        connection the customer counts as inside, and is taken out by what comes next."""
        if self.inside and self._call.alive:
            self.leave()
            await self._call.settle()
