"""A SIP telephone for tests: registers, calls and is called over UDP, sends a tone or keys, tells which tones it hears.

RFC 3261 as far as one telephone on one machine needs it, RFC 2617 digest, RFC 4733 keys, G.711 mu-law.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from tests import tones

FRAME = 160
KEYS = "0123456789*#ABCD"
KEY_SECONDS = 0.13
WAIT_SECONDS = 10.0


def tone_frames(frequency: float | None) -> list[bytes]:
    """One second of a tone (or of silence), which repeats without a seam for whole numbers of hertz."""
    sound = tones.tone(frequency, 1.0, 8000, amplitude=0.25) if frequency else np.zeros(8000)
    coded = tones.encode(sound)
    return [coded[start : start + FRAME] for start in range(0, 8000, FRAME)]


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, on_packet: Callable[[bytes], None]) -> None:
        self._on_packet = on_packet
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._on_packet(data)

    def error_received(self, exc: Exception) -> None:
        pass


async def _open(on_packet: Callable[[bytes], None]) -> tuple[asyncio.DatagramTransport, int]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Socket(on_packet), local_addr=("127.0.0.1", 0))
    return transport, transport.get_extra_info("sockname")[1]


class Message:
    """A SIP message. `first` is its first line; headers keep their order and may repeat."""

    def __init__(self, text: str) -> None:
        head, _, self.body = text.partition("\r\n\r\n")
        self.first, *lines = head.split("\r\n")
        self.headers = [(name.strip().lower(), value.strip()) for name, _, value in (x.partition(":") for x in lines)]

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name.lower()), "")

    @property
    def status(self) -> int:
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self.get("CSeq").split()[1] if self.status else self.first.split()[0]


class SipCall:
    """One call of a phone, either way."""

    def __init__(self, phone: SipPhone, call_id: str, remote: str, *, incoming: Message | None = None) -> None:
        self.phone = phone
        self.call_id = call_id
        self.invite = incoming
        self.local_tag = secrets.token_hex(4)
        self.remote = remote
        self.remote_tag = ""
        self.status = 0
        """The final SIP status of an outgoing call, 0 before it."""
        self.answered = asyncio.Event()
        self.ended = asyncio.Event()
        self.ended_at = 0.0
        self._numbers = itertools.count(2)
        self._packets = itertools.count()
        self._branch = ""
        self._cancelled = False
        self._rtp: asyncio.DatagramTransport | None = None
        self._rtp_port = 0
        self._rtp_to: tuple[str, int] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._heard: deque[bytes] = deque(maxlen=12)
        self._heard_at = 0.0
        self._keys: deque[str] = deque()
        self._says = tone_frames(phone.tone)
        self._once: deque[bytes] = deque()
        self.silent = False
        """Set to send nothing at all, as a phone that has died."""

    # what a person does

    async def answer(self) -> None:
        assert self.invite is not None
        await self.open_media(self.invite.body)
        self.phone.respond(self.invite, 200, "OK", tag=self.local_tag, body=self.sdp())
        self.answered.set()

    def decline(self, status: int = 486) -> None:
        assert self.invite is not None
        self.phone.respond(self.invite, status, "Busy Here", tag=self.local_tag)
        self.end()

    def send_on(self, to: str) -> None:
        """As a telephone that is set to send its calls there."""
        assert self.invite is not None
        self.phone.respond(self.invite, 302, "Moved Temporarily", tag=self.local_tag, contact=f"<{to}>")
        self.end()

    def hang_up(self) -> None:
        if self.ended.is_set():
            return
        if self.invite is None and not self.answered.is_set():
            self._cancelled = True
            self.phone.request("CANCEL", self, number=1, branch=self._branch)
            return
        self.phone.request("BYE", self, number=next(self._numbers))
        self.end()

    def die(self) -> None:
        """No word more: neither sound nor an answer to anything."""
        self.silent = True
        self.phone.dead.append(self.phone.calls.pop(self.call_id))

    def talk(self, on: bool) -> None:
        """Off: the line sounds of nothing, and goes on."""
        self._says = tone_frames(self.phone.tone if on else None)

    def play(self, sound: tones.Samples) -> None:
        """Once, in place of what it says all the time."""
        coded = tones.encode(sound)
        self._once.extend(coded[at : at + FRAME].ljust(FRAME, b"\xff") for at in range(0, len(coded), FRAME))

    def press(self, keys: str) -> None:
        """Keys follow one another at 140 ms and more."""
        self._keys.extend(keys)

    def press_by_info(self, key: str) -> None:
        """As phones do that send keys beside the sound (SIP INFO, `application/dtmf-relay`)."""
        body = f"Signal={key}\r\nDuration=160\r\n"
        self.phone.request(
            "INFO", self, number=next(self._numbers), body=body, extra=["Content-Type: application/dtmf-relay"]
        )

    def heard(self) -> tones.Samples | None:
        """The last sixth of a second of what arrived; None: nothing arrives."""
        frames = list(self._heard)[-8:]
        if len(frames) < 8 or time.monotonic() - self._heard_at > 0.2:
            return None
        return tones.decode(b"".join(frames))

    def hears(self, frequency: float, voices: int = 1) -> bool:
        """Is this tone what one hears, or one of so many?"""
        heard = self.heard()
        return heard is not None and tones.is_heard(heard, frequency, voices=voices)

    # signalling

    def sdp(self) -> str:
        lines = (
            "v=0", f"o=- {self._rtp_port} 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            f"m=audio {self._rtp_port} RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15", "a=sendrecv", "",
        )  # fmt: skip
        return "\r\n".join(lines)

    def responded(self, message: Message) -> None:
        """A response to our INVITE."""
        self.remote_tag = _tag(message.get("To")) or self.remote_tag
        if message.status < 200:
            return
        branch = None if message.status < 300 else self._branch
        if message.status == 401 and self.phone.password and not self.status:
            self.phone.request("ACK", self, number=1, branch=branch)
            self.remote_tag = ""
            self.send_invite(next(self._numbers), self.phone.credentials(message, "INVITE", self.remote))
            self.status = 1
            return
        number = int(message.get("CSeq").split()[0])
        self.phone.request("ACK", self, number=number, branch=branch)
        self.status = message.status
        if message.status >= 300:
            self.end()
        elif self._cancelled:
            # The answer crossed our CANCEL (RFC 3261, 9.1).
            self.phone.request("BYE", self, number=next(self._numbers))
            self.end()
        elif not self.answered.is_set():
            self._connect_media(message.body)
            self.answered.set()

    def send_invite(self, number: int, authorization: str = "") -> None:
        self._branch = _branch()
        extra = [f"Authorization: {authorization}"] if authorization else []
        self.phone.request("INVITE", self, number=number, branch=self._branch, body=self.sdp(), extra=extra)

    def end(self) -> None:
        if not self.ended.is_set():
            self.ended_at = time.monotonic()
            self.ended.set()
        if self._sender is not None:
            self._sender.cancel()
        if self._rtp is not None:
            self._rtp.close()
        self.phone.calls.pop(self.call_id, None)

    # media

    async def open_media(self, remote_sdp: str = "") -> None:
        self._rtp, self._rtp_port = await _open(self._rtp_arrived)
        if remote_sdp:
            self._connect_media(remote_sdp)

    def _connect_media(self, sdp: str) -> None:
        found = re.search(r"m=audio (\d+)", sdp)
        assert found is not None, sdp
        self._rtp_to = ("127.0.0.1", int(found[1]))
        self._sender = asyncio.create_task(self._send_sound(), name=f"rtp {self.phone.user}")

    def _rtp_arrived(self, packet: bytes) -> None:
        if packet[1] & 0x7F == 0 and len(packet) == 12 + FRAME:
            self._heard.append(packet[12:])
            self._heard_at = time.monotonic()

    async def _send_sound(self) -> None:
        loop = asyncio.get_running_loop()
        tone = self.phone.tone
        source, due, pressed_at = secrets.token_bytes(4), loop.time(), 0.0
        for number in itertools.count():
            stamp = number * FRAME
            if tone != self.phone.tone:
                tone, self._says = self.phone.tone, tone_frames(self.phone.tone)
            if not self.silent:
                says = self._once.popleft() if self._once else self._says[number % len(self._says)]
                self._send_packet(stamp, 0, source, says)
                # By the clock too: a phone that comes late catches up with its sound, and Asterisk takes keys that are nearer
                # to one another than its shortest key and pause (80 and 45 ms) for what they are not.
                if self._keys and number % 7 == 0 and loop.time() - pressed_at >= KEY_SECONDS:
                    pressed_at = loop.time()
                    self._send_key(self._keys.popleft(), stamp, source)
            due += 0.02
            await asyncio.sleep(due - loop.time())

    def _send_key(self, key: str, stamp: int, source: bytes) -> None:
        """All packets of one RFC 4733 event at once: the last three say that it has ended after 100 ms."""
        for step, end in enumerate((0, 0, 0x80, 0x80, 0x80)):
            event = bytes((KEYS.index(key), end | 10)) + min(800, 160 * (step + 1) if not end else 800).to_bytes(
                2, "big"
            )
            self._send_packet(stamp, 101, source, event)

    def _send_packet(self, stamp: int, kind: int, source: bytes, body: bytes) -> None:
        if self._rtp is not None and self._rtp_to is not None and not self._rtp.is_closing():
            number = next(self._packets) & 0xFFFF  # of sound and keys alike: none is sent twice
            head = bytes((0x80, kind)) + number.to_bytes(2, "big") + (stamp & 0xFFFFFFFF).to_bytes(4, "big")
            self._rtp.sendto(head + source + body, self._rtp_to)


class SipPhone:
    """`tone` is what it says into the line, in hertz. Use as an async context manager."""

    def __init__(self, user: str, server: tuple[str, int], *, password: str = "", tone: float | None = None) -> None:
        self.user = user
        self.password = password
        self.tone = tone
        self.server = server
        self.calls: dict[str, SipCall] = {}
        self.dead: list[SipCall] = []
        self.registered = False
        self._rings: asyncio.Queue[SipCall] = asyncio.Queue()
        self._registering: asyncio.Future[int] | None = None
        self._register_id = secrets.token_hex(8)
        self._register_numbers = itertools.count(1)
        self._transport: asyncio.DatagramTransport | None = None
        self._port = 0

    async def __aenter__(self) -> SipPhone:
        self._transport, self._port = await _open(self._arrived)
        return self

    async def __aexit__(self, *_: object) -> None:
        for call in list(self.calls.values()):
            call.hang_up()
        for call in [*self.calls.values(), *self.dead]:
            call.end()
        if self._transport is not None:
            self._transport.close()

    @property
    def port(self) -> int:
        """Where it is reached without being registered."""
        return self._port

    async def register(self, expires: int = 120) -> None:
        """Raises `PermissionError` if the password is wrong. `expires=0`: unregister."""
        authorization = ""
        for _ in range(2):
            self._registering = asyncio.get_running_loop().create_future()
            self._send_register(expires, authorization)
            async with asyncio.timeout(WAIT_SECONDS):
                status = await self._registering
            if status == 200:
                self.registered = expires > 0
                return
            authorization = self.credentials(self._challenge, "REGISTER", self._uri())
        raise PermissionError(f"{self.user} was refused: {status}")

    async def call(self, number: str) -> SipCall:
        call = SipCall(self, secrets.token_hex(8), f"sip:{number}@{self.server[0]}:{self.server[1]}")
        self.calls[call.call_id] = call
        await call.open_media()
        call.send_invite(1)
        return call

    async def ring(self) -> SipCall:
        """The next call that rings here."""
        async with asyncio.timeout(WAIT_SECONDS):
            return await self._rings.get()

    # inside

    def _uri(self) -> str:
        return f"sip:{self.server[0]}:{self.server[1]}"

    def _contact(self) -> str:
        return f"<sip:{self.user}@127.0.0.1:{self._port}>"

    def _send_register(self, expires: int, authorization: str) -> None:
        me = f"<sip:{self.user}@{self.server[0]}>"
        lines = [
            f"REGISTER {self._uri()} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{self._port};branch={_branch()};rport",
            "Max-Forwards: 70", f"From: {me};tag={secrets.token_hex(4)}", f"To: {me}", f"Call-ID: {self._register_id}",
            f"CSeq: {next(self._register_numbers)} REGISTER", f"Contact: {self._contact()}", f"Expires: {expires}",
        ]  # fmt: skip
        if authorization:
            lines.append(f"Authorization: {authorization}")
        self._send(lines, "")

    def credentials(self, challenge: Message, method: str, uri: str) -> str:
        asked = challenge.get("WWW-Authenticate")
        realm, nonce = (_quoted(asked, name) for name in ("realm", "nonce"))
        once, count = secrets.token_hex(4), "00000001"
        mine = _md5(f"{self.user}:{realm}:{self.password}")
        response = _md5(f"{mine}:{nonce}:{count}:{once}:auth:{_md5(f'{method}:{uri}')}")
        return (
            f'Digest username="{self.user}",realm="{realm}",nonce="{nonce}",uri="{uri}",response="{response}",'
            f'algorithm=MD5,qop=auth,nc={count},cnonce="{once}",opaque="{_quoted(asked, "opaque")}"'
        )

    def request(
        self,
        method: str,
        call: SipCall,
        *,
        number: int,
        branch: str | None = None,
        body: str = "",
        extra: list[str] | None = None,
    ) -> None:
        me = f"<sip:{self.user}@127.0.0.1>;tag={call.local_tag}"
        them = f"<{call.remote}>" + (f";tag={call.remote_tag}" if call.remote_tag else "")
        lines = [
            f"{method} {call.remote} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{self._port};branch={branch or _branch()};rport",
            "Max-Forwards: 70", f"From: {me}", f"To: {them}", f"Call-ID: {call.call_id}", f"CSeq: {number} {method}",
            f"Contact: {self._contact()}", *(extra or []),
        ]  # fmt: skip
        self._send(lines, body)

    def respond(
        self, request: Message, status: int, reason: str, *, tag: str = "", body: str = "", contact: str = ""
    ) -> None:
        lines = [f"SIP/2.0 {status} {reason}"]
        lines += [f"Via: {value}" for name, value in request.headers if name == "via"]
        to = request.get("To")
        lines += [f"From: {request.get('From')}", f"To: {to}" + (f";tag={tag}" if tag and not _tag(to) else "")]
        lines += [
            f"Call-ID: {request.get('Call-ID')}",
            f"CSeq: {request.get('CSeq')}",
            f"Contact: {contact or self._contact()}",
        ]
        self._send(lines, body)

    def _send(self, lines: list[str], body: str) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        told = any(line.startswith("Content-Type:") for line in lines)
        kind = ["Content-Type: application/sdp"] if body and not told else []
        text = "\r\n".join([*lines, *kind, f"Content-Length: {len(body)}", "", body])
        self._transport.sendto(text.encode(), self.server)

    def _arrived(self, packet: bytes) -> None:
        message = Message(packet.decode())
        call = self.calls.get(message.get("Call-ID"))
        if message.status:
            if message.method == "REGISTER" and self._registering is not None and not self._registering.done():
                self._challenge = message
                self._registering.set_result(message.status)
            elif call is not None and message.method == "INVITE":
                call.responded(message)
            return
        match message.method:
            case "INVITE" if call is None:
                self._rung(message)
            case "INVITE" if call is not None and call.answered.is_set():
                self.respond(message, 200, "OK", tag=call.local_tag, body=call.sdp())
            case "CANCEL" if call is not None and call.invite is not None:
                self.respond(message, 200, "OK", tag=call.local_tag)
                self.respond(call.invite, 487, "Request Terminated", tag=call.local_tag)
                call.end()
            case "BYE":
                self.respond(message, 200, "OK")
                if call is not None:
                    call.end()
            case "OPTIONS":
                self.respond(message, 200, "OK")

    def _rung(self, invite: Message) -> None:
        contact = re.search(r"<(.+?)>", invite.get("Contact"))
        assert contact is not None
        call = SipCall(self, invite.get("Call-ID"), contact[1], incoming=invite)
        call.remote_tag = _tag(invite.get("From"))
        self.calls[call.call_id] = call
        self.respond(invite, 180, "Ringing", tag=call.local_tag)
        self._rings.put_nowait(call)


def _branch() -> str:
    return f"z9hG4bK{secrets.token_hex(8)}"


def _tag(address: str) -> str:
    found = re.search(r";tag=([^;>\s]+)", address)
    return found[1] if found else ""


def _quoted(header: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', header)
    return found[1] if found else ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
