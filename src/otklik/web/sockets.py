"""What the WebSockets have in common: who may open one, what goes through it, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from otklik.contact.ports import Subscription
from otklik.errors import PeerError
from otklik.tenancy import api as tenancy
from otklik.tenancy.person import Person
from otklik.web.session import CHECK_SECONDS, SessionEnds, same_origin

SESSION_OVER = 4401
SEND_SECONDS = 20.0
"""A page that takes no more for so long is let go."""


async def person_of(socket: WebSocket) -> Person | None:
    """The signed-in person, or None after the socket was closed: refused for a foreign page, 4401 without a session."""
    if not same_origin(socket):
        await socket.close(1008)
        return None
    person: Person | None = socket.state.person
    if person is None:
        await socket.accept(subprotocol=next(iter(socket.scope["subprotocols"]), None))
        await socket.close(SESSION_OVER)
    return person


async def session_over(socket: WebSocket) -> None:
    """Returns when the session was ended, here or elsewhere, or ran out."""
    ends: SessionEnds = socket.app.state.session_ends
    with ends.watch(socket.state.token) as ended:
        while True:
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    await ended.wait()
                return
            except TimeoutError:
                with suppress(PeerError):  # a database that restarts ends no conversation; it is asked again
                    await ends.check(partial(tenancy.standing_sessions, socket.app.state.database))


async def follow(socket: WebSocket, subscription: Subscription) -> None:
    """Sends what comes, until the feed is closed. Raises `TimeoutError` if the other side does not take it."""
    while True:
        message = await subscription.next()
        async with asyncio.timeout(SEND_SECONDS):
            await socket.send_text(message)


async def ping(socket: WebSocket, seconds: float) -> None:
    """Lets the page notice a dead connection, and keeps proxies from closing a quiet one."""
    while True:
        await asyncio.sleep(seconds)
        await socket.send_text('{"type":"ping"}')


async def gone(socket: WebSocket) -> None:
    """Returns when the page goes; it has nothing to say here."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        continue


async def until_first(*works: Coroutine[Any, Any, None]) -> int:
    """Run all until one ends, cancel the others; which one it was. Its exception is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    first = next(number for number, task in enumerate(tasks) if task in done)
    tasks[first].result()
    return first


async def close(socket: WebSocket, code: int = 1000) -> None:
    """Silent if the other side has gone already."""
    try:
        await socket.close(code)
    except (RuntimeError, WebSocketDisconnect, OSError):
        return
