"""The connection to Asterisk as packets: what it says may come in any pieces, and in what order we speak."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from otklik.channels.voice.ari import Ari, AriAddress, Event

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
TEXT, CONT, PING = 1, 0, 9


def frame(payload: bytes, opcode: int = TEXT, *, last: bool = True) -> bytes:
    size = len(payload)
    length = (
        bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2) if size < 1 << 16 else b"\x7f" + size.to_bytes(8)
    )
    return bytes([opcode | (0x80 if last else 0)]) + length + payload


class Switch:
    """Asterisk's side, with everything in our hands. It answers every command by 204."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.commands = asyncio.Queue[str]()

    async def greet(self, together: bytes = b"") -> None:
        head = await self._reader.readuntil(b"\r\n\r\n")
        key = next(
            line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
        )
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())  # noqa: S324  RFC 6455 asks for it
        words = (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        )
        await self.say(words + accept + b"\r\n\r\n" + together)

    async def say(self, data: bytes, *, at_once: int = 0) -> None:
        """In pieces of so many bytes, each a packet of its own."""
        size = at_once or len(data)
        for begin in range(0, len(data), size):
            self._writer.write(data[begin : begin + size])
            await self._writer.drain()
            await asyncio.sleep(0)

    async def listen(self) -> None:
        while True:
            first, second = await self._reader.readexactly(2)
            length = second & 0x7F
            if length == 126:
                length = int.from_bytes(await self._reader.readexactly(2))
            mask = await self._reader.readexactly(4)
            masked = await self._reader.readexactly(length)
            payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))
            if first & 0xF == TEXT:
                command = json.loads(payload)
                self.commands.put_nowait(f"{command['method']} {command['uri']}")
                answer = {"type": "RESTResponse", "request_id": command["request_id"], "status_code": 204}
                await self.say(
                    frame(json.dumps(answer | {"reason_phrase": "No Content", "message_body": None}).encode())
                )


Serve = Callable[[Switch], Awaitable[None]]


@asynccontextmanager
async def connected(serve: Serve) -> AsyncIterator[tuple[Ari, asyncio.Queue[Event]]]:
    heard = asyncio.Queue[Event]()

    async def nothing() -> None:
        pass

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(Switch(reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        address = AriAddress(url=f"http://127.0.0.1:{port}", user="otklik", password="secret")
        ari = Ari(address, "app", on_event=heard.put_nowait, on_connect=nothing, events=("Told",))
        running = asyncio.create_task(ari.run())
        try:
            yield ari, heard
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def told(number: int, size: int = 0) -> bytes:
    return json.dumps({"type": "Told", "number": number, "filling": "x" * size}).encode()


@pytest.mark.parametrize("at_once", [1, 7, 0], ids=["byte by byte", "in sevens", "all together"])
async def test_what_is_told_is_heard_in_order_however_it_is_cut(at_once: int) -> None:
    async def serve(switch: Switch) -> None:
        await switch.greet(frame(told(1)) + frame(told(2, 300))[:100])
        await switch.say(frame(told(2, 300))[100:], at_once=at_once)
        half = told(3)
        parts = frame(half[:5], last=False) + frame(b"alive?", PING) + frame(half[5:9], CONT, last=False)
        await switch.say(parts + frame(half[9:], CONT), at_once=at_once)
        await switch.say(frame(told(4, 70_000)) + frame(told(5)), at_once=at_once and 9_999)
        await switch.listen()

    async with asyncio.timeout(10), connected(serve) as (ari, heard):
        assert [(await heard.get())["number"] for _ in range(5)] == [1, 2, 3, 4, 5]
        await ari.ready()


async def test_what_is_told_twice_is_heard_once() -> None:
    async def serve(switch: Switch) -> None:
        await switch.greet()
        await switch.say(frame(told(1)) + frame(told(1)) + frame(told(2)))
        await switch.listen()

    async with asyncio.timeout(10), connected(serve) as (_, heard):
        assert [(await heard.get())["number"] for _ in range(2)] == [1, 2]


async def test_commands_go_out_in_the_order_in_which_they_were_given() -> None:
    commands = asyncio.Queue[str]()

    async def serve(switch: Switch) -> None:
        switch.commands = commands
        await switch.greet()
        await switch.listen()

    async with asyncio.timeout(10), connected(serve) as (ari, _):
        await ari.ready()
        sent = [ari.send("POST", f"bridges/{number}") for number in range(3)]
        assert [(await ari.reply(each)).status for each in sent] == [204] * 3
        assert [await commands.get() for _ in range(4)][1:] == [f"POST bridges/{number}" for number in range(3)]
