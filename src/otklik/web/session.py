"""Who asks: the cookie becomes `request.state.person`, before any route runs. Also refuses what another site may forge.

Pure ASGI, so that it serves HTTP and WebSockets alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from otklik.errors import AppError, PeerError
from otklik.prompts import api as prompts
from otklik.tenancy import api as tenancy
from otklik.tenancy.password import token_hash
from otklik.web import errors

LARGEST_BODY_BYTES = 1024 * 1024
_SOUNDS = "/api/prompts/"
"""Where sound files are handed in, by whoever is signed in; the route itself says what is too large."""
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")
_SIGN_IN = ("POST", "/api/session")
CHECK_SECONDS = 15.0
"""A session that was ended elsewhere ends its sockets one and a half times so long after, at the latest: each asks so often, unless
another has just asked for all."""


class SessionEnds:
    """Tells the open WebSockets of a session that it is over."""

    def __init__(self) -> None:
        self._watching: dict[bytes, set[asyncio.Event]] = {}
        self._checked = -CHECK_SECONDS

    @contextmanager
    def watch(self, token: bytes) -> Iterator[asyncio.Event]:
        ended = asyncio.Event()
        watching = self._watching.setdefault(token, set())
        watching.add(ended)
        try:
            yield ended
        finally:
            watching.discard(ended)
            if not watching:
                self._watching.pop(token, None)

    def end(self, token: bytes) -> None:
        for ended in self._watching.get(token, ()):
            ended.set()

    async def check(self, still_open: Callable[[list[bytes]], Awaitable[set[bytes]]]) -> None:
        """Ends those that were ended elsewhere, or ran out. Each socket asks in its turn, but one question for all goes to the
        database: a thousand of their own at a time would leave no connection to those who serve a call."""
        now = asyncio.get_running_loop().time()
        if now < self._checked + CHECK_SECONDS / 2:
            return
        self._checked, tokens = now, list(self._watching)
        standing = await still_open(tokens)
        for token in tokens:
            if token not in standing:
                self.end(token)


class SessionMiddleware:
    """Needs `app.state.database`; puts `person`, `token` (its hash) and `seconds_left` into the scope's state."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not _is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        state = scope.setdefault("state", {})
        state.update(person=None, token=None, seconds_left=0.0)
        try:
            await _recognise(connection, state)
            _refuse_forged(scope, connection)
        except PeerError as error:
            await _refuse(errors.peer_failure(error, connection), connection, receive, send)
        except AppError as error:
            await _refuse(error, connection, receive, send)
        else:
            await self._app(scope, _bounded(scope, connection, receive), send)


def _is_ours(path: str) -> bool:
    return path.startswith("/api/") or path == "/sip"


async def _recognise(connection: HTTPConnection, state: dict[str, Any]) -> None:
    token = connection.cookies.get(tenancy.COOKIE)
    if not token:
        return
    held = await tenancy.holder(connection.app.state.database, token, touch=connection.scope["type"] == "http")
    if held is not None:
        state["person"], state["seconds_left"] = held
        state["token"] = token_hash(token)


def _refuse_forged(scope: Scope, connection: HTTPConnection) -> None:
    """SameSite=Strict keeps the cookie at home; a header that no form can send is the second lock."""
    if scope["type"] != "http" or scope["method"] not in _CHANGING:
        return
    own = connection.headers.get("x-otklik") == "1" or "authorization" in connection.headers
    if (scope["method"], scope["path"]) != _SIGN_IN and not own:
        raise AppError("not_permitted", 403)
    length = connection.headers.get("content-length", "0")
    largest = _largest(scope)
    if not length.isdigit() or int(length) > largest:
        raise AppError("too_large", 413, limit=largest)


def _largest(scope: Scope) -> int:
    sounds = scope["path"].startswith(_SOUNDS) and scope["state"]["person"] is not None
    return LARGEST_BODY_BYTES + (prompts.LARGEST_BYTES if sounds else 0)


def _bounded(scope: Scope, connection: HTTPConnection, receive: Receive) -> Receive:
    """A body without a length is cut off at the same limit, as if the other side had gone."""
    if scope["type"] != "http" or "content-length" in connection.headers:
        return receive
    seen, largest = 0, _largest(scope)

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= largest else {"type": "http.disconnect"}

    return bounded


async def _refuse(error: AppError, connection: HTTPConnection, receive: Receive, send: Send) -> None:
    if connection.scope["type"] == "websocket":
        # Not accepted: the server answers 403 and the page tries again later.
        await send({"type": "websocket.close", "code": 1013})
        return
    await errors.answer(error, connection)(connection.scope, receive, send)


def same_origin(connection: HTTPConnection) -> bool:
    """Does the page come from this server? Browsers always say where a WebSocket's page is from (RFC 6455, 10.2)."""
    origin = urlsplit(connection.headers.get("origin", ""))
    allowed = {connection.headers.get("host", "").lower()}
    public: str | None = connection.app.state.public_url
    if public:
        allowed.add(urlsplit(public).netloc.lower())
    return bool(origin.netloc) and origin.netloc.lower() in allowed
