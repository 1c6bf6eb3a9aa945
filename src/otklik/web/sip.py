"""`/sip`: the page's SIP messages to Asterisk and back, for those who are signed in and use a desk or join calls.

A page that answers a ring with another address (SIP 3xx) has refused it: Asterisk would call there, at our expense.
A page that hangs up is heard here first: the centre is told, and need not wait until the switch has taken the line down.

Asterisk's own WebSocket stays on the loopback. We come to it from 127.0.0.9: with the address of a trunk, an INVITE
without a password would enter the trunk's context and call for free.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import structlog
import websockets
from prometheus_client import Gauge
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection

from otklik.contact.ids import ContactId, OfferNumber
from otklik.web import sockets
from otklik.web.hang_up import HangUps

SUBPROTOCOL = "sip"
PROXY_ADDRESS = "127.0.0.9"
LARGEST_MESSAGE_BYTES = 65_536
OPEN_SECONDS = 5.0
SEND_SECONDS = 20.0
TRY_LATER = 1013
REDIRECTION = re.compile(r"^[ \t]*SIP/2\.0[ \t]+3\d\d[^\r\n]*", re.IGNORECASE | re.MULTILINE | re.ASCII)
REDIRECTION_IN_BYTES = re.compile(REDIRECTION.pattern.encode(), re.IGNORECASE | re.MULTILINE)
REFUSED = "SIP/2.0 480 Temporarily Unavailable"
SOFTPHONES = Gauge("otklik_softphones", "Softphones connected through /sip")

log = structlog.get_logger()


async def sip(socket: WebSocket) -> None:
    if SUBPROTOCOL not in socket.scope["subprotocols"]:
        await socket.close(1002)
        return
    person = await sockets.person_of(socket)
    if person is None:
        return
    if person.line is None:
        await socket.close(1008)
        return
    await socket.accept(subprotocol=SUBPROTOCOL)
    upstream: str | None = socket.app.state.sip_upstream(person.tenant)
    if upstream is None:
        await sockets.close(socket, TRY_LATER)
        return
    with SOFTPHONES.track_inprogress():
        await sockets.close(socket, await _carry(socket, upstream))


async def _carry(socket: WebSocket, upstream: str) -> int:
    """Until one side ends; the code to close the page's side with."""
    hang_ups = HangUps()
    try:
        async with websockets.connect(
            upstream,
            subprotocols=[websockets.Subprotocol(SUBPROTOCOL)],
            compression=None,
            max_size=LARGEST_MESSAGE_BYTES,
            open_timeout=OPEN_SECONDS,
            ping_interval=20,
            local_addr=(PROXY_ADDRESS, 0),
            proxy=None,
        ) as asterisk:
            ended = await sockets.until_first(
                _to_asterisk(socket, asterisk, hang_ups),
                _to_page(asterisk, socket, hang_ups),
                sockets.session_over(socket),
            )
            return sockets.SESSION_OVER if ended == 2 else 1000
    except (OSError, TimeoutError, websockets.WebSocketException) as err:
        log.info("sip_proxy_ended", reason=str(err) or type(err).__name__)
        return TRY_LATER
    except (WebSocketDisconnect, RuntimeError):
        return 1000


async def _to_asterisk(socket: WebSocket, asterisk: ClientConnection, hang_ups: HangUps) -> None:
    hung_up: Callable[[ContactId, OfferNumber], None] = socket.app.state.hung_up
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        words = message.get("text") or message.get("bytes") or ""
        if len(words) > LARGEST_MESSAGE_BYTES:
            return
        await asterisk.send(without_redirection(words))
        if line := hang_ups.from_page(words):
            hung_up(*line)


def without_redirection(words: str | bytes) -> str | bytes:
    """Every such answer in it is a refusal instead, also where it does not stand at the beginning."""
    if isinstance(words, str):
        return REDIRECTION.sub(REFUSED, words)
    return REDIRECTION_IN_BYTES.sub(REFUSED.encode(), words)


async def _to_page(asterisk: ClientConnection, socket: WebSocket, hang_ups: HangUps) -> None:
    async for message in asterisk:
        hang_ups.to_page(message)
        async with asyncio.timeout(SEND_SECONDS):
            if isinstance(message, str):
                await socket.send_text(message)
            else:
                await socket.send_bytes(message)
