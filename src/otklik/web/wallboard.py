"""`/api/wallboard`: figures for a screen on the wall. Opened by a link's secret, which comes as the first message and so
stands in no log of addresses; a wrong one costs waiting, as a wrong password does."""

from __future__ import annotations

import asyncio
import json

from starlette.websockets import WebSocket, WebSocketDisconnect

from otklik.contact.ports import FeedClosed, Live, Watcher
from otklik.errors import AppError, PeerError
from otklik.supervision import api as supervision
from otklik.tenancy.attempts import Attempts
from otklik.web import sockets
from otklik.web.session import same_origin

NO_SUCH_LINK = 4404
TOO_MANY = 4429
TRY_LATER = 1013
ASK_SECONDS = 10.0
"""For the secret to come."""
PING_SECONDS = 5.0
"""The screen says that it is stale after three of them."""
CHECK_SECONDS = 5.0
"""A link that was revoked shows nothing any more after so long."""
LONGEST = 200
"""Characters of the first message."""


async def wallboard(socket: WebSocket) -> None:
    if not same_origin(socket):
        await socket.close(1008)
        return
    await socket.accept()
    try:
        await _serve(socket)
    except FeedClosed:
        await sockets.close(socket, TRY_LATER)
    except (WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
        await sockets.close(socket)


async def _serve(socket: WebSocket) -> None:
    async with asyncio.timeout(ASK_SECONDS):
        token = _token(await socket.receive_text())
    attempts: Attempts = socket.app.state.attempts
    address, now = socket.client.host if socket.client else "", socket.app.state.clock()
    if attempts.begin("wallboard", address, now) > 0:
        await sockets.close(socket, TOO_MANY)
        return
    try:
        link = await supervision.opened_by(socket.app.state.database, token)
    except PeerError:
        await sockets.close(socket, TRY_LATER)
        return
    if link is None:
        await sockets.close(socket, NO_SUCH_LINK)
        return
    attempts.succeeded("wallboard", address)
    live: Live = socket.app.state.live
    try:
        subscription = live.subscribe(link.tenant, Watcher(person="", wall=True))
    except AppError:
        await sockets.close(socket, TRY_LATER)
        return
    try:
        await socket.send_text(json.dumps({"type": "name", "name": link.name}, ensure_ascii=False))
        ended = await sockets.until_first(
            sockets.follow(socket, subscription),
            _revoked(socket, token),
            sockets.ping(socket, PING_SECONDS),
            sockets.gone(socket),
        )
        await sockets.close(socket, NO_SUCH_LINK if ended == 1 else 1000)
    finally:
        subscription.close()


def _token(text: str) -> str:
    """Whatever else was sent opens nothing."""
    try:
        said = json.loads(text[:LONGEST])
    except ValueError:
        return ""
    token = said.get("token") if isinstance(said, dict) else None
    return token if isinstance(token, str) else ""


async def _revoked(socket: WebSocket, token: str) -> None:
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        try:
            if await supervision.opened_by(socket.app.state.database, token) is None:
                return
        except PeerError:
            continue  # a database that restarts revokes nothing; it is asked again
