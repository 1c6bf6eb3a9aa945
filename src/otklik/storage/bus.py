"""Messages between the processes of one installation, by PostgreSQL's LISTEN and NOTIFY. Nothing is kept.

Whoever does not listen, or whose connection breaks just then, does not hear; what must not be lost is in the log.
Messages of one process arrive in the order in which they were said. Everybody who can open the database as the program
does can also hear them.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection, sql

from otklik.errors import AppError
from otklik.storage.address import CONNECT_SECONDS, SESSION_OPTIONS, conninfo

log = structlog.get_logger()

PIECE_BYTES = 7_500
"""A payload must be shorter than 8000 bytes (PostgreSQL, NOTIFY)."""
UNSAID_LIMIT = 10_000
SILENCE_SECONDS = 5.0
"""Somebody speaks every second (`switchboard.presence`): who hears nothing for so long has a dead connection."""
SPEAK_SECONDS = 10.0
RETRY_SECONDS = 0.3
# A message is not to wait for the disk: what it must not lose was written before.
_OPTIONS = f"{SESSION_OPTIONS} -c synchronous_commit=off"

Handler = Callable[[str], None]


class Bus:
    """`on` and `when_changed` first, then `run`. `name` is this process's own, and of the channel only it hears."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.connected = False
        self._conninfo = conninfo(url)
        self._handlers: dict[str, Handler] = {}
        self._watchers: list[Callable[[bool], None]] = []
        self._unsaid: deque[tuple[str, str]] = deque()
        self._something = asyncio.Event()
        self._numbers = itertools.count()
        self._pieces: dict[str, list[str]] = {}

    def on(self, channel: str, handler: Handler) -> None:
        """Called with every message on the channel. One that raises is logged, and the others still come."""
        self._handlers[channel] = handler

    def when_changed(self, watcher: Callable[[bool], None]) -> None:
        """Called when the bus has come, and when it has gone: messages may have been missed then."""
        self._watchers.append(watcher)

    def say(self, channel: str, text: str) -> None:
        """Never waits; unheard while the bus is away. Raises `AppError` if the database does not keep up."""
        if not self.connected:
            return
        if len(self._unsaid) >= UNSAID_LIMIT:
            raise AppError("centre_overloaded", 503)
        self._unsaid.extend((channel, piece) for piece in self._cut(text))
        self._something.set()

    async def run(self) -> None:
        """Until cancelled. Comes back by itself when the database does."""
        while True:
            try:
                async with await self._connect() as hearing, await self._connect() as speaking:
                    for channel in self._handlers:
                        await hearing.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                    self._change(True)
                    async with asyncio.TaskGroup() as group:
                        group.create_task(self._hear(hearing), name="bus hears")
                        group.create_task(self._speak(speaking), name="bus speaks")
            except* (psycopg.Error, OSError, TimeoutError) as errors:
                log.warning("bus_away", reason=str(errors.exceptions[0]).strip() or type(errors.exceptions[0]).__name__)
            finally:
                self._change(False)
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> AsyncConnection[Any]:
        return await AsyncConnection.connect(
            self._conninfo, autocommit=True, options=_OPTIONS, connect_timeout=CONNECT_SECONDS
        )

    def _change(self, connected: bool) -> None:
        if connected == self.connected:
            return
        self.connected = connected
        self._unsaid.clear()
        self._pieces.clear()
        for watcher in self._watchers:
            watcher(connected)

    async def _hear(self, connection: AsyncConnection[Any]) -> None:
        while True:
            heard = False
            async for notice in connection.notifies(timeout=SILENCE_SECONDS):
                heard = True
                self._take(notice.channel, notice.payload)
            if not heard:
                raise TimeoutError(f"nothing heard for {SILENCE_SECONDS:g} s")

    async def _speak(self, connection: AsyncConnection[Any]) -> None:
        """What has gathered while the last was said is said together."""
        while True:
            await self._something.wait()
            self._something.clear()
            messages = [self._unsaid.popleft() for _ in range(len(self._unsaid))]
            channels, pieces = [channel for channel, _ in messages], [piece for _, piece in messages]
            async with asyncio.timeout(SPEAK_SECONDS):
                await connection.execute(_SAY, (channels, pieces), prepare=True)

    def _take(self, channel: str, piece: str) -> None:
        try:
            text = self._whole(piece)
            if text is not None:
                self._handlers[channel](text)
        except Exception:  # noqa: BLE001  what one process says must not deafen another
            log.exception("message_not_taken", channel=channel)

    def _cut(self, text: str) -> Iterator[str]:
        """`#id:place:of:` before each piece of a message that is too long for one."""
        size = PIECE_BYTES // 4 if not text.isascii() else PIECE_BYTES
        if len(text) <= size and not text.startswith("#"):
            yield text
            return
        pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
        number = next(self._numbers)
        for place, piece in enumerate(pieces):
            yield f"#{self.name}.{number}:{place}:{len(pieces)}:{piece}"

    def _whole(self, piece: str) -> str | None:
        """The message, if this was all of it or its last piece. Pieces come in order, or not at all."""
        if not piece.startswith("#"):
            return piece
        identity, place, of, text = piece[1:].split(":", 3)
        pieces = self._pieces.setdefault(identity, [])
        if len(pieces) == int(place):
            pieces.append(text)
        if int(place) < int(of) - 1:
            return None
        del self._pieces[identity]
        return "".join(pieces) if len(pieces) == int(of) else None


_SAY = "select pg_notify(m.channel, m.text) from unnest(%s::text[], %s::text[]) with ordinality as m (channel, text, place) order by place"
