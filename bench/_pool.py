"""Hundreds of plain SIP telephones on two UDP sockets: callers who call again and again, agents who answer at once and
hang up after a while. Enough of RFC 3261 for Asterisk on the same machine; nothing is lost on loopback.

No sound but one packet of silence every two seconds from each agent who talks: else Asterisk takes the line for dead.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import secrets
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

SILENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.05
EMPTY_SECONDS = 30.0
BUFFER_BYTES = 4 << 20
SO_TIMESTAMPNS = 35
DATAGRAM_BYTES = 1 << 16
_HEADER = re.compile(r"^([A-Za-z-]+)[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_TAG = re.compile(r"tag=([^;>\s]+)")
_USER = re.compile(r"sips?:([^@>;]+)@")
_MEDIA = re.compile(r"^m=audio (\d+)", re.MULTILINE)
_QUOTED = re.compile(r'(\w+)="([^"]*)"')


class Message:
    def __init__(self, text: str) -> None:
        head, _, self.body = text.partition("\r\n\r\n")
        self.first, _, rest = head.replace("\r\n", "\n").partition("\n")
        self.all = [(name.lower(), value) for name, value in _HEADER.findall(rest)]
        self.status = int(self.first[8:11]) if self.first.startswith("SIP/2.0 ") else 0

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.all if key == name), "")

    @property
    def method(self) -> str:
        return self["cseq"].split()[-1] if self.status else self.first.split()[0]

    def user(self, name: str) -> str:
        found = _USER.search(self[name])
        return found[1] if found else ""


@dataclass(slots=True)
class Dialog:
    """A call as one side has it. `branch` is that of the INVITE we sent."""

    call_id: str
    user: str
    local: str
    remote: str = ""
    target: str = ""
    branch: str = ""
    media: int = 0
    up: bool = False
    leaving: bool = False
    number: int = 1
    answer: str = ""


class _Side:
    """One socket and the calls on it. `server` is Asterisk's address for SIP. `at` is when the kernel took in the datagram
    that is being handled: how busy we are ourselves is nobody's latency."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.calls: dict[str, Dialog] = {}
        self.port = 0
        self.at = 0.0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    async def open(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        for one in (self._socket, self._media):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.port = self._socket.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._media.close()

    def _read(self) -> None:
        while True:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(DATAGRAM_BYTES, 64)
            except BlockingIOError:
                return
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
            self.at = seconds + nanoseconds / 1e9
            if len(data) > 20:
                message = Message(data.decode())
                self.responded(message) if message.status else self.requested(message)

    def responded(self, message: Message) -> None:
        raise NotImplementedError  # given by each kind of agent

    def requested(self, message: Message) -> None:
        raise NotImplementedError  # given by each kind of agent

    def contact(self, user: str) -> str:
        return f"<sip:{user}@127.0.0.1:{self.port}>"

    def sdp(self) -> str:
        port = self._media.getsockname()[1]
        lines = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", f"m=audio {port} RTP/AVP 0")
        return "\r\n".join((*lines, "a=rtpmap:0 PCMU/8000", "a=sendrecv", ""))

    def send(self, lines: list[str], body: str = "") -> str:
        kind = ["Content-Type: application/sdp"] if body else []
        text = "\r\n".join((*lines, *kind, f"Content-Length: {len(body)}", "", body))
        self.again(text)
        return text

    def again(self, text: str) -> None:
        self._socket.sendto(text.encode(), self.server)

    def respond(self, message: Message, status: str, dialog: Dialog | None = None, body: str = "") -> str:
        lines = [f"SIP/2.0 {status}"]
        for name, value in message.all:
            if name in ("via", "from", "call-id", "cseq", "record-route"):
                lines.append(f"{name}: {value}")
            elif name == "to":
                tagged = value if dialog is None or "tag=" in value else f"{value};tag={dialog.local}"
                lines.append(f"To: {tagged}")
        if dialog is not None:
            lines.append(f"Contact: {self.contact(dialog.user)}")
        return self.send(lines, body)

    def request(self, method: str, dialog: Dialog, ends: tuple[str, str], *, branch: str = "", number: int = 1) -> None:
        """`ends`: the From and the To header of our side."""
        self.send(
            [
                f"{method} {dialog.target} SIP/2.0",
                f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch or new_branch()};rport",
                "Max-Forwards: 70",
                f"From: {ends[0]}",
                f"To: {ends[1]}",
                f"Call-ID: {dialog.call_id}",
                f"CSeq: {number} {method}",
            ]
        )


def new_branch() -> str:
    return f"z9hG4bK{secrets.token_hex(8)}"


class Callers(_Side):
    """`fill` keeps so many calls up until `empty`. `invited`: when each number last called."""

    def __init__(self, server: tuple[str, int]) -> None:
        super().__init__(server)
        self.invited: dict[str, float] = {}
        self.ended = 0
        self.refused = 0
        self._again: Callable[[], None] | None = None
        self._next = 0

    def call(self, number: str) -> None:
        self._next += 1
        user = f"+7916{self._next:07}"
        dialog = Dialog(secrets.token_hex(8), user, secrets.token_hex(4), branch=new_branch())
        dialog.target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        self.calls[dialog.call_id] = dialog
        self.invited[user[-7:]] = time.time()
        self.send(
            [
                f"INVITE {dialog.target} SIP/2.0",
                f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={dialog.branch};rport",
                "Max-Forwards: 70",
                f"From: <sip:{user}@127.0.0.1>;tag={dialog.local}",
                f"To: <{dialog.target}>",
                f"Call-ID: {dialog.call_id}",
                "CSeq: 1 INVITE",
                f"Contact: {self.contact(user)}",
            ],
            self.sdp(),
        )

    async def fill(self, number: str, people: int) -> None:
        """Not all at once: a centre does not get its callers so either. Whoever was served calls anew."""
        self._again = lambda: self.call(number)
        while len(self.calls) < people:
            for _ in range(10):
                self.call(number)
            await asyncio.sleep(0.05)

    async def empty(self) -> None:
        """Everybody hangs up, a few at a time, and says so again after a second if nobody answered."""
        self._again = None
        async with asyncio.timeout(EMPTY_SECONDS):
            while self.calls:
                for number, dialog in enumerate(list(self.calls.values())):
                    dialog.leaving = True
                    self._leave(dialog)
                    if number % 10 == 9:
                        await asyncio.sleep(0.02)
                await asyncio.sleep(1)

    def responded(self, message: Message) -> None:
        dialog = self.calls.get(message["call-id"])
        if dialog is None or message.method not in ("INVITE", "BYE"):
            return
        if message.method == "BYE":
            self._over(dialog)
        elif message.status >= 300:
            self.request("ACK", dialog, self._ends(dialog), branch=dialog.branch)
            self.refused += not dialog.leaving
            self._over(dialog)
        elif message.status >= 200:
            found = _TAG.search(message["to"])
            dialog.remote = found[1] if found else ""
            dialog.target = message["contact"].strip().strip("<>").split(">")[0]
            self.request("ACK", dialog, self._ends(dialog))
            dialog.up = True
            if dialog.leaving:
                self._leave(dialog)

    def requested(self, message: Message) -> None:
        self.respond(message, "200 OK")
        dialog = self.calls.get(message["call-id"])
        if message.method == "BYE" and dialog is not None:
            self.ended += 1
            self._over(dialog)

    def _leave(self, dialog: Dialog) -> None:
        if dialog.up:
            self.request("BYE", dialog, self._ends(dialog), number=2)
        else:
            self.request("CANCEL", dialog, self._ends(dialog), branch=dialog.branch)

    def _ends(self, dialog: Dialog) -> tuple[str, str]:
        tag = f";tag={dialog.remote}" if dialog.remote else ""
        return f"<sip:{dialog.user}@127.0.0.1>;tag={dialog.local}", f"<sip:{self.server[0]}>{tag}"

    def _over(self, dialog: Dialog) -> None:
        self.calls.pop(dialog.call_id, None)
        if self._again is not None:
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, lambda: self._again and self._again())


class Agents(_Side):
    """They answer at once and hang up after `talk_seconds`, half as much to one and a half times. `gaps`: from an
    agent's BYE to its next INVITE. `rings`: from a caller's INVITE, if `invited` knows it, to the agent's."""

    def __init__(self, server: tuple[str, int], invited: dict[str, float]) -> None:
        super().__init__(server)
        self.talk_seconds = 1.0
        self.gaps = list[float]()
        self.rings = list[float]()
        self.talking = 0
        self._invited = invited
        self._bye_at: dict[str, float] = {}
        self._registering: dict[str, tuple[str, asyncio.Future[None]]] = {}

    async def register(self, user: str, password: str) -> None:
        done = asyncio.get_running_loop().create_future()
        self._registering[user] = password, done
        self._send_register(user, 1, "")
        async with asyncio.timeout(10):
            await done

    def forget(self) -> None:
        """What was measured so far, and who hung up when."""
        self.gaps, self.rings = [], []
        self._bye_at.clear()

    def _send_register(self, user: str, number: int, authorization: str) -> None:
        me = f"<sip:{user}@{self.server[0]}>"
        lines = [
            f"REGISTER sip:{self.server[0]}:{self.server[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={new_branch()};rport",
            "Max-Forwards: 70",
            f"From: {me};tag={secrets.token_hex(4)}",
            f"To: {me}",
            f"Call-ID: {user}",
            f"CSeq: {number} REGISTER",
            f"Contact: {self.contact(user)}",
            "Expires: 3600",
        ]
        self.send([*lines, authorization] if authorization else lines)

    def responded(self, message: Message) -> None:
        if message.method != "REGISTER":
            return
        user = message["call-id"]
        password, done = self._registering[user]
        if message.status == 401:
            number = int(message["cseq"].split()[0]) + 1
            self._send_register(user, number, self._credentials(user, password, message["www-authenticate"]))
        elif message.status >= 200 and not done.done():
            done.set_result(None) if message.status < 300 else done.set_exception(PermissionError(user))

    def _credentials(self, user: str, password: str, challenge: str) -> str:
        asked = dict(_QUOTED.findall(challenge))
        uri = f"sip:{self.server[0]}:{self.server[1]}"
        mine, theirs = _md5(f"{user}:{asked['realm']}:{password}"), _md5(f"REGISTER:{uri}")
        response = _md5(f"{mine}:{asked['nonce']}:00000001:once:auth:{theirs}")
        return (
            f'Authorization: Digest username="{user}",realm="{asked["realm"]}",nonce="{asked["nonce"]}",uri="{uri}",'
            f'response="{response}",algorithm=MD5,qop=auth,nc=00000001,cnonce="once",opaque="{asked.get("opaque", "")}"'
        )

    def requested(self, message: Message) -> None:
        dialog = self.calls.get(message["call-id"])
        if message.method == "ACK":
            return
        if message.method != "INVITE":
            self.respond(message, "200 OK")
            if message.method in ("BYE", "CANCEL") and dialog is not None:
                self._gone(dialog)
            return
        if dialog is not None:
            self.again(dialog.answer)
            return
        self._rung(message, self.at)

    def _rung(self, message: Message, at: float) -> None:
        user = message.user("to") or message.first.split(":")[1].split("@")[0]
        tag, media = _TAG.search(message["from"]), _MEDIA.search(message.body)
        dialog = Dialog(message["call-id"], user, secrets.token_hex(4), remote=tag[1] if tag else "")
        dialog.target = message["contact"].strip().strip("<>").split(">")[0]
        dialog.media = int(media[1]) if media else 0
        if (ended := self._bye_at.pop(user, None)) is not None:
            self.gaps.append((at - ended) * 1000)
        if (invited := self._invited.pop(message.user("from")[-7:], None)) is not None:
            self.rings.append((at - invited) * 1000)
        self.calls[dialog.call_id] = dialog
        self.respond(message, "180 Ringing", dialog)
        dialog.answer = self.respond(message, "200 OK", dialog, self.sdp())
        dialog.local, dialog.remote = f"{message['to']};tag={dialog.local}", message["from"]
        self.talking += 1
        loop = asyncio.get_running_loop()
        loop.call_later(self.talk_seconds * (0.5 + random.random()), self._hang_up, dialog)
        self._keep_alive(dialog, 0)

    def _keep_alive(self, dialog: Dialog, number: int) -> None:
        if dialog.call_id in self.calls and dialog.media:
            head = bytes((0x80, 0)) + number.to_bytes(2, "big") + (number * 16_000).to_bytes(4, "big") + b"bnch"
            self._media.sendto(head + b"\xff" * 160, (self.server[0], dialog.media))
            asyncio.get_running_loop().call_later(SILENCE_SECONDS, self._keep_alive, dialog, number + 1)

    def _hang_up(self, dialog: Dialog) -> None:
        if self._gone(dialog):
            self._bye_at[dialog.user] = time.time()
            self.request("BYE", dialog, (dialog.local, dialog.remote))

    def _gone(self, dialog: Dialog) -> bool:
        known = self.calls.pop(dialog.call_id, None) is not None
        self.talking -= known
        return known


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
