"""An agent's line without a browser: SIP over the product's own `/sip`, as a page has it, but with no sound.

What it measures is free of a page's rendering: the moment of our BYE and of the next INVITE on the wire.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.product import Product
from tests.sip_phone import Message, SipCall, SipPhone
from websockets.asyncio.client import ClientConnection, connect

FINGERPRINT = ":".join(f"{byte:02X}" for byte in secrets.token_bytes(32))


class WebLine(SipPhone):
    """A telephone that speaks over a WebSocket. `rung` and `bye_at` are instants of `time.time()`."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user, ("otklik.invalid", 5060), password=password)
        self.rung: asyncio.Queue[tuple[float, SipCall]] = asyncio.Queue()
        self.bye_at = 0.0
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()

    async def serve(self, socket: ClientConnection) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(socket), name="line out")
            async for message in socket:
                text = message if isinstance(message, str) else message.decode()
                if text.startswith("INVITE "):
                    self._ringing(Message(text), time.time())
                elif text.strip():
                    self._arrived(text.encode())

    def accept(self, call: SipCall) -> None:
        """Connected as far as SIP goes; no sound will come."""
        assert call.invite is not None
        self.respond(call.invite, 200, "OK", tag=call.local_tag, body=_answer_to(call.invite.body))
        call.answered.set()

    def hang_up(self, call: SipCall) -> None:
        self.bye_at = time.time()
        call.hang_up()

    def _ringing(self, invite: Message, at: float) -> None:
        known = self.calls.get(invite.get("Call-ID"))
        if known is not None:
            self.respond(invite, 200, "OK", tag=known.local_tag, body=_answer_to(invite.body))
            return
        self._rung(invite)
        self.rung.put_nowait((at, self.calls[invite.get("Call-ID")]))

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(await self._outgoing.get())

    def _send(self, lines: list[str], body: str) -> None:
        if not lines[0].startswith("SIP/2.0"):
            lines[1] = re.sub(r"SIP/2.0/UDP [^;]+", "SIP/2.0/WS line.invalid", lines[1])
        kind = ["Content-Type: application/sdp"] if body else []
        self._outgoing.put_nowait("\r\n".join([*lines, *kind, f"Content-Length: {len(body.encode())}", "", body]))


def _answer_to(offer: str) -> str:
    """An SDP of the shape a browser sends."""
    middle = re.search(r"a=mid:(\S+)", offer)
    lines = [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", *([f"a=group:BUNDLE {middle[1]}"] if middle else []),
        "m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 127.0.0.1", "a=rtcp-mux", *([f"a=mid:{middle[1]}"] if middle else []),
        f"a=ice-ufrag:{secrets.token_hex(4)}", f"a=ice-pwd:{secrets.token_hex(12)}", "a=setup:active",
        f"a=fingerprint:sha-256 {FINGERPRINT}", "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host",
        "a=rtpmap:0 PCMU/8000", "a=sendrecv", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


@asynccontextmanager
async def on_shift(product: Product, login: str) -> AsyncIterator[WebLine]:
    """A ready agent whose page is this line."""
    with product.signed_in(login) as client:
        account = client.post("/api/desk/shift", json={}).raise_for_status().json()["softphone"]
        url = product.url.replace("http", "ws", 1) + account["path"]
        cookie = {"Cookie": f"otklik_session={client.cookies['otklik_session']}"}
        async with connect(url, origin=product.url, additional_headers=cookie, subprotocols=["sip"]) as socket:  # type: ignore[arg-type, list-item]
            line = WebLine(account["user"], account["password"])
            serving = asyncio.create_task(line.serve(socket), name=f"line {login}")
            await line.register()
            client.put("/api/desk/status", json={"status": "ready", "reason": None}).raise_for_status()
            try:
                yield line
            finally:
                client.delete("/api/desk/shift")
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
