"""One Asterisk REST Interface connection: commands and events over a single WebSocket, kept up for ever.

Commands are written in the order of `send`, and Asterisk carries them out in that order, so a caller may send several
and wait for them together. https://docs.asterisk.org, "ARI REST over WebSocket" (Asterisk 22.5 and later).
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msgspec
import structlog
import websockets.asyncio.client as websockets
from websockets.exceptions import InvalidState, WebSocketException
from websockets.frames import Frame, Opcode

from otklik.channels.voice.measures import COMMANDS, CONNECTIONS, UP
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

COMMAND_SECONDS: Final = 5.0
WATCH_SECONDS: Final = 1.0
"""One clock for all commands: a timer for each would cost as much as the command."""
KEEPALIVE_SECONDS: Final = 5.0
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 2.0
LARGEST_MESSAGE: Final = 64 * 2**20

Event = dict[str, Any]
_TOOK: Final = COMMANDS.labels("ari")


@dataclass(frozen=True, slots=True, kw_only=True)
class AriAddress:
    """`url` is that of Asterisk's HTTP server, e.g. http://127.0.0.1:8088."""

    url: str
    user: str
    password: str = field(repr=False)

    def websocket(self, app: str) -> str:
        parts = urlsplit(self.url)
        scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
        return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/ari/events?app={quote(app)}"

    def media(self, connection: str) -> str:
        """Where the sound of a channel with this connection is had."""
        return f"{self.websocket('').partition('/ari/events')[0]}/media/{quote(connection)}"

    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Reply:
    """Asterisk's answer to a command. `status` is an HTTP status."""

    status: int
    reason: str
    text: str

    @property
    def ok(self) -> bool:
        return self.status < 300

    def json(self) -> Any:
        return msgspec.json.decode(self.text) if self.text else None


class _Connection(websockets.ClientConnection):
    """Hands on what was said in the turn in which it came, and says at once: the library's own queues and tasks between
    cost a ring a tenth of a millisecond each way, and the processor as much as all else that is done with a message."""

    def __init__(self, heard: Callable[[bytes], None], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._heard = heard
        self._pieces: list[bytes] = []

    def process_event(self, event: object) -> None:
        if not isinstance(event, Frame) or event.opcode not in (Opcode.TEXT, Opcode.CONT):
            super().process_event(event)  # type: ignore[arg-type]  # the library says object, and means its own events
        elif event.fin and not self._pieces:
            self._heard(bytes(event.data))
        else:
            self._pieces.append(bytes(event.data))
            if event.fin:
                pieces, self._pieces = self._pieces, []
                self._heard(b"".join(pieces))

    def say(self, text: bytes) -> None:
        """Raises `InvalidState` if the connection is not open any more."""
        self.protocol.send_text(text)
        self.send_data()


class Ari:
    """`on_event` is called for every event, in order, and must not block. `on_connect` runs on every connection
    before `ready` is let go; if it fails the connection is made again."""

    def __init__(
        self,
        address: AriAddress,
        app: str,
        *,
        on_event: Callable[[Event], None],
        on_connect: Callable[[], Awaitable[None]],
        events: tuple[str, ...],
    ) -> None:
        self.address = address
        self._app = app
        self._on_event = on_event
        self._on_connect = on_connect
        self._events = events
        self._numbers = itertools.count(1)
        self._connection: _Connection | None = None
        self._broken: asyncio.Future[None] | None = None
        self._waiting: dict[str, tuple[asyncio.Future[Reply], float]] = {}
        """Since when each is on the wire, the longest first."""
        self._watch: asyncio.TimerHandle | None = None
        self._ready = asyncio.Event()

    def up(self) -> bool:
        return self._ready.is_set()

    async def ready(self) -> None:
        """Wait for the connection, at most `COMMAND_SECONDS`. Raises `PeerError`."""
        if self._ready.is_set():
            return
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                await self._ready.wait()
        except TimeoutError as err:
            raise PeerError("asterisk", "not connected", retryable=True) from err

    def send(
        self, method: str, path: str, body: Mapping[str, object] | None = None, **query: str
    ) -> asyncio.Future[Reply]:
        """Put a command on the wire now; the reply comes in the future, which must be awaited through `reply`.
        Raises `PeerError` if there is no connection."""
        if self._connection is None:
            raise PeerError("asterisk", "not connected", retryable=True)
        number = str(next(self._numbers))
        request: dict[str, object] = {"type": "RESTRequest", "request_id": number, "method": method, "uri": path}
        if query:
            request["query_strings"] = [{"name": name, "value": value} for name, value in query.items()]
        if body is not None:
            request["content_type"] = "application/json"
            request["message_body"] = msgspec.json.encode(body).decode()
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        try:
            self._connection.say(msgspec.json.encode(request))
        except InvalidState as err:
            raise PeerError("asterisk", "not connected", retryable=True) from err
        self._waiting[number] = (future, time.monotonic())
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._look)
        return future

    async def reply(self, future: asyncio.Future[Reply]) -> Reply:
        """Wait for a sent command. Raises `PeerError` after `COMMAND_SECONDS` or when the connection is lost."""
        return await future

    async def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        accept: tuple[int, ...] = (),
        **query: str,
    ) -> Reply:
        """Send and wait. Raises `PeerError` for any refusal whose status is not in `accept`."""
        reply = await self.reply(self.send(method, path, body, **query))
        if not reply.ok and reply.status not in accept:
            raise refused(method, path, reply)
        return reply

    async def run(self) -> None:
        """Connect and stay connected until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            connected_at = time.monotonic()
            try:
                await self._serve_connection()
            except* (OSError, TimeoutError, WebSocketException, PeerError) as group:
                log.warning("ari_connection_lost", app=self._app, reason=_first(group))
            except* Exception:  # noqa: BLE001  whatever it is, the next connection may do better
                log.exception("ari_connection_failed", app=self._app)
            finally:
                self._disconnected()
            if time.monotonic() - connected_at > 5:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 1.7)

    async def _serve_connection(self) -> None:
        connecting = websockets.connect(
            self.address.websocket(self._app),
            additional_headers={"Authorization": self.address.authorization()},
            compression=None,
            max_size=LARGEST_MESSAGE,
            max_queue=None,
            open_timeout=COMMAND_SECONDS,
            ping_interval=KEEPALIVE_SECONDS,
            ping_timeout=KEEPALIVE_SECONDS,
            close_timeout=1,
            proxy=None,
            create_connection=partial(_Connection, self._heard),  # type: ignore[arg-type]  # made in place of its own class, with one more argument
        )
        self._broken = asyncio.get_running_loop().create_future()
        async with connecting as connection, asyncio.TaskGroup() as group:
            assert isinstance(connection, _Connection)
            self._connection = connection
            group.create_task(self._until_closed(connection), name=f"ari {self._app}")
            group.create_task(_raised(self._broken), name=f"ari {self._app} replaced")
            await self._greet()

    async def _greet(self) -> None:
        # Without RESTResponse in the list Asterisk drops the replies to our own commands as well.
        allowed = [{"type": kind} for kind in ("RESTResponse", "ApplicationReplaced", *self._events)]
        try:
            await self.request("PUT", f"applications/{self._app}/eventFilter", {"allowed": allowed})
        except PeerError as err:
            reason = f"{err.reason}; commands over the event WebSocket need Asterisk 22.5 or later"
            raise PeerError("asterisk", reason, retryable=True) from err
        await self._on_connect()
        self._ready.set()
        UP.labels(self._app).set(1)
        CONNECTIONS.labels(self._app).inc()
        log.info("ari_connected", app=self._app)

    async def _until_closed(self, connection: websockets.ClientConnection) -> None:
        await connection.wait_closed()
        raise PeerError("asterisk", "the connection was closed", retryable=True)

    def _heard(self, message: bytes) -> None:
        event: Event = msgspec.json.decode(message)
        kind = event.get("type")
        if kind == "RESTResponse":
            self._answered(event)
        elif kind == "ApplicationReplaced":
            assert self._broken is not None
            if not self._broken.done():
                reason = f"another program took the application {self._app}"
                self._broken.set_exception(PeerError("asterisk", reason, retryable=True))
        else:
            self._dispatch(event)

    def _dispatch(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:  # noqa: BLE001  one odd event must not end telephony
            log.exception("ari_event_failed", kind=event.get("type"), channel=event.get("channel", {}).get("id"))

    def _answered(self, event: Event) -> None:
        found = self._waiting.pop(event["request_id"], None)
        if found is None:
            return
        future, sent_at = found
        _TOOK.observe(time.monotonic() - sent_at)
        if not future.done():
            future.set_result(
                Reply(int(event["status_code"]), event.get("reason_phrase", ""), event.get("message_body") or "")
            )

    def _look(self) -> None:
        """While commands wait: give up those that have waited for too long."""
        now = time.monotonic()
        for number, (future, sent_at) in list(self._waiting.items()):
            if now - sent_at < COMMAND_SECONDS:
                break
            del self._waiting[number]
            _fail(future, "no reply in time")
        again = asyncio.get_running_loop().call_later
        self._watch = again(WATCH_SECONDS, self._look) if self._waiting else None

    def _disconnected(self) -> None:
        self._ready.clear()
        UP.labels(self._app).set(0)
        self._connection = None
        waiting, self._waiting = self._waiting, {}
        for future, _ in waiting.values():
            _fail(future, "the connection was lost")


def _fail(future: asyncio.Future[Reply], reason: str) -> None:
    if not future.done():
        future.set_exception(PeerError("asterisk", reason, retryable=True))
        future.exception()  # whoever waited may be gone


async def _raised(broken: asyncio.Future[None]) -> None:
    await broken


def refused(method: str, path: str, reply: Reply) -> PeerError:
    return PeerError(
        "asterisk", f"{method} {path}: {reply.status} {reply.reason} {reply.text[:200]}", retryable=reply.status >= 500
    )


def _first(group: BaseExceptionGroup[BaseException]) -> str:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
