"""One SIP call attempt, by hand: an INVITE over UDP from any address of this machine, answered down to its final status."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
from dataclasses import dataclass, field

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
WAIT_SECONDS = 10.0


@dataclass(slots=True)
class Attempt:
    """What came back. `codes` are all statuses in order, `bye` whether the far end hung up after it had answered."""

    codes: list[int] = field(default_factory=list)
    bye: bool = False
    rtp: int = 0

    @property
    def final(self) -> int:
        return next((code for code in self.codes if code >= 200), 0)


def invite(
    number: str, host: str, port: int, *, sdp: str, caller: str = "<sip:+79160000001@127.0.0.1>", via: str = "UDP"
) -> str:
    tag, call = secrets.token_hex(4), secrets.token_hex(8)
    return (
        f"INVITE sip:{number}@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/{via} {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(6)}\r\n"
        f"From: {caller};tag={tag}\r\nTo: <sip:{number}@127.0.0.1>\r\nCall-ID: {call}\r\nCSeq: 1 INVITE\r\n"
        f"Contact: <sip:test@{host}:{port}>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\n"
        f"Content-Length: {len(sdp)}\r\n\r\n{sdp}"
    )


async def call(
    number: str, sip_port: int, *, source: str = "127.0.0.1", caller: str = "<sip:+79160000001@127.0.0.1>"
) -> Attempt:
    """Call and wait for the final status; if answered, wait until the far end hangs up."""
    loop = asyncio.get_running_loop()
    attempt = Attempt()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp,
    ):
        for each in (line, rtp):
            each.setblocking(False)
            each.bind((source, 0))
        port = line.getsockname()[1]
        request = invite(number, source, port, caller=caller, sdp=SDP.format(port=rtp.getsockname()[1]))
        await loop.sock_sendto(line, request.encode(), ("127.0.0.1", sip_port))
        async with asyncio.timeout(WAIT_SECONDS):
            while not (attempt.final >= 300 or attempt.bye):
                packet, peer = await loop.sock_recvfrom(line, 65536)
                reply = _react(attempt, request, packet.decode())
                if reply:
                    await loop.sock_sendto(line, reply.encode(), peer)
        attempt.rtp = _count(rtp)
    return attempt


def _react(attempt: Attempt, request: str, packet: str) -> str:
    first = packet.split("\r\n", 1)[0]
    if first.startswith("BYE"):
        attempt.bye = True
        kept = [line for line in packet.split("\r\n") if re.match(r"(?i)(via|from|to|call-id|cseq):", line)]
        return "SIP/2.0 200 OK\r\n" + "\r\n".join(kept) + "\r\nContent-Length: 0\r\n\r\n"
    if not first.startswith("SIP/2.0"):
        return ""
    status = int(first.split()[1])
    attempt.codes.append(status)
    if status < 200:
        return ""
    lines = request.split("\r\n\r\n", 1)[0].split("\r\n")
    to = next(line for line in packet.split("\r\n") if line.startswith("To:"))
    ack = [lines[0].replace("INVITE", "ACK", 1)]
    for line in lines[1:]:
        name = line.split(":", 1)[0]
        if name in ("From", "Call-ID", "Max-Forwards"):
            ack.append(line)
        elif name == "Via":
            ack.append(line if status >= 300 else re.sub("branch=.*", f"branch=z9hG4bK{secrets.token_hex(6)}", line))
        elif name == "To":
            ack.append(to)
        elif name == "CSeq":
            ack.append("CSeq: 1 ACK")
    return "\r\n".join([*ack, "Content-Length: 0", "", ""])


def _count(rtp: socket.socket) -> int:
    packets = 0
    while True:
        try:
            rtp.recv(2048)
        except BlockingIOError:
            return packets
        packets += 1
