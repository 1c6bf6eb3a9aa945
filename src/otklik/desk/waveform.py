"""The shape of a recording's sound: the loudest sample of each part, found while the file streams by."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from otklik.desk.history import Waveform

MOST_PARTS: Final = 800
_FULL_SCALE: Final = 32768.0


@dataclass(frozen=True, slots=True)
class WaveFormat:
    """16-bit PCM. `begin` and `size` are the sound's place in the file, in bytes."""

    channels: int
    rate: int
    begin: int
    size: int


class NotPlayable(Exception):
    """The file is no 16-bit PCM WAV with one or two channels."""


def read_header(head: bytes, file_size: int) -> WaveFormat:
    """`head`: the file's first bytes, 4 KB are enough. A recording that was cut off has a wrong size in its header,
    so the file's own size counts. Chunks are as in RFC 2361 and Microsoft's RIFF description. Raises `NotPlayable`."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise NotPlayable
    at, channels, rate = 12, 0, 0
    while at + 8 <= len(head):
        name, size = head[at : at + 4], int(struct.unpack_from("<I", head, at + 4)[0])
        if name == b"fmt " and at + 24 <= len(head):
            form, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", head, at + 8)
            if form not in (1, 0xFFFE) or bits != 16 or channels not in (1, 2):
                raise NotPlayable
        if name == b"data" and channels:
            left = max(0, file_size - at - 8)
            return WaveFormat(channels, rate, at + 8, left if size in (0, 0xFFFFFFFF) else min(size, left))
        at += 8 + size + size % 2
    raise NotPlayable


class Peaks:
    """Fed with the sound's bytes in order, in pieces of any size; holds two numbers per part, however long it is."""

    def __init__(self, form: WaveFormat) -> None:
        self._form = form
        self._frame = 2 * form.channels
        self._frames = form.size // self._frame
        self._parts = min(MOST_PARTS, self._frames)
        self._peaks = np.zeros((self._parts, form.channels), dtype=np.int32)
        self._seen = 0
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        piece = self._rest + piece
        whole = min(len(piece) // self._frame, self._frames - self._seen)
        self._rest = piece[whole * self._frame :]
        if whole <= 0:
            return
        samples = np.frombuffer(piece, dtype="<i2", count=whole * self._form.channels).reshape(whole, -1)
        loud = np.abs(samples.astype(np.int32))
        part = (np.arange(self._seen, self._seen + whole, dtype=np.int64) * self._parts) // self._frames
        parts, begins = np.unique(part, return_index=True)
        self._peaks[parts] = np.maximum(self._peaks[parts], np.maximum.reduceat(loud, begins, axis=0))
        self._seen += whole

    def waveform(self) -> Waveform:
        """The customer is on the left; a recording with one channel shows the same line for both."""
        scaled = np.round(self._peaks / _FULL_SCALE, 3)
        seconds = round(self._frames / self._form.rate, 3) if self._form.rate else 0.0
        customer, agent = scaled[:, 0], scaled[:, -1]
        return Waveform(seconds=seconds, customer=customer.tolist(), agent=agent.tolist())
