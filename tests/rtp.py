"""The sound of sipp's calls: one UDP port that all their SDPs name, a tone out of it, and all that came in.

sipp itself throws received media away, so the media of its calls is done here and sipp does the signalling.
A line sends to whoever sends to it (symmetric RTP): the far end speaks first, because the centre greets every
caller. Several calls may share one port; each is known by the far end's address.
"""

from __future__ import annotations

import itertools
import select
import socket
import struct
import threading
import time
from collections import deque

import numpy as np

from tests import tones

PACKET_SECONDS = 0.02
PACKET_SAMPLES = 160
EVENT_TYPE = 101
"""Payload type of RFC 4733 events in our SDP."""
KEYS = "0123456789*#ABCD"
SILENCE = b"\xff" * PACKET_SAMPLES
KEPT_PACKETS = 500
"""Ten seconds of sound of each call."""

Address = tuple[str, int]


class Line:
    """One call's far end: what it sent us, and what we have still to send to it."""

    def __init__(self, number: int) -> None:
        self.packets: deque[tuple[float, bytes]] = deque(maxlen=KEPT_PACKETS)
        self.keys: deque[tuple[bool, bytes, int]] = deque()
        self.sequence = 0
        self.timestamp = 0
        self.source = 0x0741_0000 + number
        self.pressed: dict[bytes, str] = {}
        """Keys that came from the far end, each by the instant of its event (RFC 4733 tells one several times)."""

    def packet(self, payload_type: int, payload: bytes, *, marker: bool = False, timestamp: int | None = None) -> bytes:
        self.sequence = (self.sequence + 1) & 0xFFFF
        stamp = self.timestamp if timestamp is None else timestamp
        kind = payload_type | (0x80 if marker else 0)
        return struct.pack("!BBHII", 0x80, kind, self.sequence, stamp & 0xFFFFFFFF, self.source) + payload


class RtpPort:
    """Opened by `with`; a thread keeps the 20 ms beat. `frequency` None: nothing is sent but keys."""

    def __init__(self, frequency: float | None) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._payloads = self._tone(frequency)
        self._said: deque[bytes] = deque()
        self._lines: dict[Address, Line] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"rtp {self.port}", daemon=True)

    def __enter__(self) -> RtpPort:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()

    def lines(self) -> int:
        """How many calls have sent sound here."""
        with self._lock:
            return len(self._lines)

    def pressed(self) -> str:
        """The keys that the far ends pressed, in order."""
        with self._lock:
            return "".join(key for line in self._lines.values() for key in line.pressed.values())

    def press(self, key: str) -> None:
        """Press a key for 100 ms on every call (RFC 4733: five packets while it is down, the end three times)."""
        down = [(n == 1, struct.pack("!BBH", KEYS.index(key), 10, n * PACKET_SAMPLES), n) for n in range(1, 6)]
        last = struct.pack("!BBH", KEYS.index(key), 0x80 | 10, 5 * PACKET_SAMPLES)
        end = [(False, last, n) for n in range(6, 9)]
        with self._lock:
            for line in self._lines.values():
                line.keys.extend([*down, *end])

    def say(self, sound: tones.Samples) -> None:
        """Once, then silence."""
        coded = tones.encode(np.concatenate([sound, np.zeros(-sound.size % PACKET_SAMPLES)]))
        with self._lock:
            self._said.extend(coded[n : n + PACKET_SAMPLES] for n in range(0, len(coded), PACKET_SAMPLES))
            self._payloads = itertools.cycle([SILENCE])

    def heard(self, seconds: float) -> tones.Samples:
        """What the only call sent in the last seconds by the clock: shorter when packets did not come."""
        since = time.monotonic() - seconds
        with self._lock:
            assert len(self._lines) <= 1, "several calls on this port: whose sound?"
            packets = [payload for line in self._lines.values() for at, payload in line.packets if at >= since]
        return tones.decode(b"".join(packets)) if packets else np.zeros(0)

    @staticmethod
    def _tone(frequency: float | None) -> itertools.cycle[bytes] | None:
        if frequency is None:
            return None
        sound = tones.encode(tones.tone(frequency, 1.0, tones.TELEPHONE_RATE))
        return itertools.cycle([sound[n : n + PACKET_SAMPLES] for n in range(0, len(sound), PACKET_SAMPLES)])

    def _beat(self) -> None:
        next_beat = time.monotonic()
        while not self._over.is_set():
            readable, _, _ = select.select([self._socket], [], [], max(0.0, next_beat - time.monotonic()))
            if readable:
                self._receive()
            if time.monotonic() >= next_beat:
                self._send()
                next_beat += PACKET_SECONDS

    def _receive(self) -> None:
        try:
            while True:
                packet, address = self._socket.recvfrom(2048)
                if len(packet) > 12 and packet[1] & 0x7F == 0:
                    with self._lock:
                        line = self._lines.setdefault(address, Line(len(self._lines)))
                        line.packets.append((time.monotonic(), packet[12:]))
                elif len(packet) >= 16 and packet[1] & 0x7F == EVENT_TYPE and packet[12] < len(KEYS):
                    with self._lock:
                        line = self._lines.setdefault(address, Line(len(self._lines)))
                        line.pressed.setdefault(packet[4:8], KEYS[packet[12]])
        except BlockingIOError:
            return
        except ConnectionRefusedError:
            return  # the far end of a call that is over

    def _send(self) -> None:
        with self._lock:
            payload = next(self._payloads) if self._payloads is not None else None
            payload = self._said.popleft() if self._said else payload
            for address, line in self._lines.items():
                packet = self._next_packet(line, payload)
                try:
                    if packet is not None:
                        self._socket.sendto(packet, address)
                except (BlockingIOError, ConnectionRefusedError):
                    continue

    @staticmethod
    def _next_packet(line: Line, payload: bytes | None) -> bytes | None:
        line.timestamp += PACKET_SAMPLES
        if line.keys:
            first, event, number = line.keys.popleft()
            began = line.timestamp - (number - 1) * PACKET_SAMPLES
            return line.packet(EVENT_TYPE, event, marker=first, timestamp=began)
        return line.packet(0, payload) if payload is not None else None
