"""A small Asterisk Manager Interface client: actions and their responses, for what ARI cannot do (MixMonitor)."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Final

import structlog

from otklik.channels.voice.measures import COMMANDS, CONNECTIONS, UP
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

ACTION_SECONDS: Final = 5.0
KEEPALIVE_SECONDS: Final = 10.0
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 2.0
SETTLED_SECONDS: Final = 5.0

Block = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiAddress:
    """Loopback only: whoever may start MixMonitor may run programs on the machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)


async def ask_once(address: AmiAddress, name: str, **fields: str) -> Block:
    """The response to one action, over a connection of its own. Raises `PeerError`."""
    try:
        async with asyncio.timeout(ACTION_SECONDS):
            reader, writer = await asyncio.open_connection(address.host, address.port)
    except (OSError, TimeoutError) as err:
        raise PeerError("asterisk manager", str(err) or "no answer", retryable=True) from err
    ami = Ami(address)
    reading = asyncio.create_task(ami._read(reader), name="ami in, once")
    try:
        await ami._ask(writer, "Login", {"Username": address.user, "Secret": address.password, "Events": "off"})
        return await ami._ask(writer, name, fields)
    finally:
        reading.cancel()
        writer.close()
        await asyncio.gather(reading, return_exceptions=True)


class Ami:
    """Logged in and kept so by `run`; `action` may be called at any time and from many tasks."""

    def __init__(self, address: AmiAddress) -> None:
        self._address = address
        self._writer: asyncio.StreamWriter | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Block]] = {}

    def up(self) -> bool:
        return self._writer is not None

    async def action(self, name: str, **fields: str) -> Block:
        """The response to one action. Raises `PeerError` if it failed, timed out or there is no connection."""
        if self._writer is None:
            raise PeerError("asterisk manager", "not connected", retryable=True)
        return await self._ask(self._writer, name, fields)

    async def run(self) -> None:
        """Connect and stay connected until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            connected_at = time.monotonic()
            try:
                await self._serve_connection()
            except* (OSError, TimeoutError, EOFError, PeerError, ValueError) as group:
                log.warning("ami_connection_lost", reason=str(group.exceptions[0]))
            finally:
                self._disconnected()
            if time.monotonic() - connected_at > SETTLED_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 1.7)

    async def _serve_connection(self) -> None:
        async with asyncio.timeout(ACTION_SECONDS):
            reader, writer = await asyncio.open_connection(self._address.host, self._address.port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(reader), name="ami in")
                login = {"Username": self._address.user, "Secret": self._address.password, "Events": "off"}
                await self._ask(writer, "Login", login)
                self._writer = writer
                UP.labels("ami").set(1)
                CONNECTIONS.labels("ami").inc()
                while True:
                    await asyncio.sleep(KEEPALIVE_SECONDS)
                    await self._ask(writer, "Ping", {})
        finally:
            writer.close()

    async def _ask(self, writer: asyncio.StreamWriter, name: str, fields: dict[str, str]) -> Block:
        number = str(next(self._numbers))
        lines = {"Action": name, "ActionID": number, **fields}
        for value in lines.values():
            if "\r" in value or "\n" in value:
                raise ValueError("a line break in a manager action would start another action")
        future: asyncio.Future[Block] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        sent_at = time.monotonic()
        try:
            async with asyncio.timeout(ACTION_SECONDS):
                writer.write("".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode() + b"\r\n")
                await writer.drain()
                block = await future
        except (TimeoutError, OSError) as err:
            raise PeerError("asterisk manager", f"{name}: no reply", retryable=True) from err
        finally:
            self._waiting.pop(number, None)
        COMMANDS.labels("ami").observe(time.monotonic() - sent_at)
        if block.get("Response") != "Success":
            raise PeerError("asterisk manager", f"{name}: {block.get('Message', block)}", retryable=False)
        return block

    async def _read(self, reader: asyncio.StreamReader) -> None:
        await reader.readline()  # the banner
        block: Block = {}
        while True:
            line = (await reader.readuntil(b"\n")).decode(errors="replace").rstrip("\r\n")
            if line:
                key, _, value = line.partition(":")
                block[key] = value.strip()
                continue
            future = self._waiting.get(block.get("ActionID", ""))
            if future is not None and not future.done():
                future.set_result(block)
            block = {}

    def _disconnected(self) -> None:
        self._writer = None
        UP.labels("ami").set(0)
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(PeerError("asterisk manager", "the connection was lost", retryable=True))
                future.exception()
