"""Callers who press keys: hundreds of plain SIP lines with sound both ways on one socket, and when a menu's next text is heard.

All texts of the menu are tones, those of two questions that follow one another never the same: a text that begins is known
by its first packet, whether the one before it was over or is interrupted. Packets that come carry the kernel's time; the
time of one that goes is taken as it is handed to the kernel.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
import time
from dataclasses import dataclass

import numpy as np
from tests import tones

from bench._pool import BUFFER_BYTES, SO_TIMESTAMPNS, Callers, Dialog, Message

FREQUENCIES = (500.0, 900.0)
"""Of even and of odd questions."""
BEAT_SECONDS, TURNS = 0.02, 4
"""A packet of every line in each beat, a quarter of them at a time."""
SAMPLES = 160
EVENT, SOUND = 101, 0
KEY_PACKETS, KEY_ENDS = 5, 3
MISSED_SECONDS = 3.0
DATAGRAM_BYTES = 512
SILENCE = b"\xff" * SAMPLES
_MEDIA = re.compile(r"^m=audio (\d+)", re.MULTILINE)
_LOUDNESS = tones.decode(bytes(range(256)))
_TURNS = [np.exp(-2j * np.pi * each * np.arange(SAMPLES) / tones.TELEPHONE_RATE) for each in FREQUENCIES]


def text_is(question: int, payload: bytes) -> bool:
    """Is this a packet of that question's text, and not silence? One in which a tone only begins counts as well."""
    sound = _LOUDNESS[np.frombuffer(payload, dtype=np.uint8)]
    ours, other = (2 * abs(np.dot(sound, _TURNS[(question + n) % 2])) / SAMPLES for n in range(2))
    return bool(ours > tones.AUDIBLE_LEVEL and ours > other)


@dataclass(slots=True)
class Caller:
    """One call with its sound. `question`: the one that is asked, or awaited. `down_at` and `up_at`: when the first packets left
    that said that the key is pressed, and that it is not any more; None: no text is awaited."""

    dialog: Dialog
    target: tuple[str, int]
    source: int
    sequence: int = 0
    stamp: int = 0
    question: int = 0
    hears: bool = False
    key: int = -1
    """The packets of it that were sent; -1: none is pressed."""
    interrupts: bool = False
    down_at: float | None = None
    up_at: float | None = None


@dataclass(slots=True)
class Heard:
    """Milliseconds from a key to the first packet of the next text: `after_up` from the first packet that says that the key is
    up (that is when a switch knows it), `after_down` from the very first."""

    after_up: list[float]
    after_down: list[float]
    missed: int = 0


class KeyCallers(Callers):
    """`fill` keeps so many calls up, each of which answers every question with a key: half of the callers while the text is
    spoken, half after it. `over` and `during` are what was heard since `forget`."""

    def __init__(self, server: tuple[str, int], *, questions: int, text_seconds: float) -> None:
        super().__init__(server)
        self._questions = questions
        self._text_seconds = text_seconds
        self._lines: dict[int, Caller] = {}
        self._by_call: dict[str, Caller] = {}
        self._beat: asyncio.Task[None] | None = None
        self._dice = random.Random(5)
        self.over, self.during = Heard([], []), Heard([], [])
        self.keys = 0

    async def open(self) -> None:
        await super().open()
        self._media.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._media.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._beat = asyncio.create_task(self._keep_time(), name="sound of callers")

    def close(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
        super().close()

    def forget(self) -> None:
        self.over, self.during, self.keys = Heard([], []), Heard([], []), 0

    def sdp(self) -> str:
        port = self._media.getsockname()[1]
        lines = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0")
        kinds = (f"m=audio {port} RTP/AVP {SOUND} {EVENT}", f"a=rtpmap:{SOUND} PCMU/8000")
        return "\r\n".join(
            (*lines, *kinds, f"a=rtpmap:{EVENT} telephone-event/8000", f"a=fmtp:{EVENT} 0-15", "a=sendrecv", "")
        )

    def responded(self, message: Message) -> None:
        super().responded(message)
        dialog = self.calls.get(message["call-id"])
        media = _MEDIA.search(message.body)
        if dialog is not None and dialog.up and media is not None and dialog.call_id not in self._by_call:
            line = Caller(dialog, (self.server[0], int(media[1])), self._dice.getrandbits(32))
            self._lines[line.target[1]] = self._by_call[dialog.call_id] = line

    def _over(self, dialog: Dialog) -> None:
        line = self._by_call.pop(dialog.call_id, None)
        if line is not None and self._lines.get(line.target[1]) is line:
            del self._lines[line.target[1]]
        super()._over(dialog)

    # sound

    async def _keep_time(self) -> None:
        began, turn = time.monotonic(), 0
        while True:
            self._receive()
            for line in [line for line in self._lines.values() if line.target[1] // 2 % TURNS == turn % TURNS]:
                self._send(line)
            turn += 1
            await asyncio.sleep(max(0.0, began + turn * BEAT_SECONDS / TURNS - time.monotonic()))

    def _receive(self) -> None:
        while True:
            try:
                packet, ancillary, _, address = self._media.recvmsg(DATAGRAM_BYTES, 64)
            except (BlockingIOError, ConnectionRefusedError):
                return
            line = self._lines.get(address[1])
            if line is None or line.hears or len(packet) != 12 + SAMPLES or packet[1] & 0x7F != SOUND:
                continue
            if text_is(line.question, packet[12:]):
                seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
                self._hears(line, seconds + nanoseconds / 1e9)

    def _hears(self, line: Caller, at: float) -> None:
        """The text has begun: when will this caller press a key?"""
        line.hears = True
        if line.up_at is not None and line.down_at is not None:
            kind = self.during if line.interrupts else self.over
            kind.after_up.append((at - line.up_at) * 1000)
            kind.after_down.append((at - line.down_at) * 1000)
        line.interrupts = self._dice.random() < 0.5
        share = self._dice.random()
        wait = (0.2 + 0.6 * share) * self._text_seconds if line.interrupts else self._text_seconds + 0.7 + 2 * share
        asyncio.get_running_loop().call_later(wait, self._press, line)

    def _press(self, line: Caller) -> None:
        if line.dialog.call_id in self._by_call and not line.dialog.leaving:
            line.key = 0

    def _send(self, line: Caller) -> None:
        line.stamp += SAMPLES
        if line.key < 0:
            self._media.sendto(self._packet(line, SOUND, SILENCE, line.stamp), line.target)
            return
        line.key += 1
        up = line.key > KEY_PACKETS
        length = min(line.key, KEY_PACKETS)
        event = struct.pack("!BBH", 1, (0x80 if up else 0) | 10, length * SAMPLES)
        began = line.stamp - (line.key - 1) * SAMPLES
        at = time.time()
        self._media.sendto(self._packet(line, EVENT, event, began, marker=line.key == 1), line.target)
        if line.key == 1:
            line.down_at = at
        elif line.key == KEY_PACKETS + 1:
            self._is_up(line, at)
        if line.key == KEY_PACKETS + KEY_ENDS:
            line.key = -1

    def _is_up(self, line: Caller, at: float) -> None:
        line.up_at = at
        line.question += 1
        self.keys += 1
        if line.question < self._questions:
            line.hears = False
            asyncio.get_running_loop().call_later(MISSED_SECONDS, self._miss, line, line.question)

    def _miss(self, line: Caller, question: int) -> None:
        if line.question == question and not line.hears and line.dialog.call_id in self._by_call:
            (self.during if line.interrupts else self.over).missed += 1

    @staticmethod
    def _packet(line: Caller, kind: int, payload: bytes, stamp: int, *, marker: bool = False) -> bytes:
        line.sequence = (line.sequence + 1) & 0xFFFF
        first = kind | (0x80 if marker else 0)
        return struct.pack("!BBHII", 0x80, first, line.sequence, stamp & 0xFFFFFFFF, line.source) + payload
