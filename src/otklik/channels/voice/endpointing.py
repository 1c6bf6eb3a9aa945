"""Where an utterance begins and ends, by a voice detector: 20 ms at a time, without a clock."""

from __future__ import annotations

from collections import deque
from typing import Final, Literal

import numpy as np
import webrtcvad

SAMPLE_RATE: Final = 8000
FRAME_SECONDS: Final = 0.02
FRAME_BYTES: Final = 320
"""20 ms of 8 kHz, 16 bit, mono."""
BEFORE_SECONDS: Final = 0.3
"""Kept of what came before the first voice: a word does not begin with its loudest sound."""
WINDOW: Final = 12
BEGINS_WITH: Final = 9
"""Of the last `WINDOW` frames: a click or a breath is no word."""
LOUD: Final = 0.004
"""The RMS that a frame must have: the detector takes a faint hum for voice."""
STRICT: Final = 3

Event = Literal["began", "over"]


class Endpoint:
    """Of one utterance. `feed` says when it begins and when it is over; `sound` is what was said."""

    def __init__(self, *, silence_seconds: float, longest_seconds: float) -> None:
        self._detector = webrtcvad.Vad(STRICT)
        self._silent_frames = max(1, round(silence_seconds / FRAME_SECONDS))
        self._longest = round(longest_seconds / FRAME_SECONDS)
        self._rest = b""
        self._frames: deque[bytes] = deque(maxlen=WINDOW + round(BEFORE_SECONDS / FRAME_SECONDS))
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._said: list[bytes] = []
        self._silent = 0
        self._over = False

    @property
    def sound(self) -> bytes:
        """8 kHz, 16 bit, mono."""
        return b"".join(self._said)

    def feed(self, sound: bytes) -> list[Event]:
        """Any number of bytes. After "over" nothing more is taken."""
        found: list[Event] = []
        whole = self._rest + sound
        end = len(whole) // FRAME_BYTES * FRAME_BYTES
        self._rest = whole[end:]
        for at in range(0, end, FRAME_BYTES):
            event = None if self._over else self._frame(whole[at : at + FRAME_BYTES])
            if event is not None:
                found.append(event)
        return found

    def _frame(self, frame: bytes) -> Event | None:
        voiced = _level(frame) > LOUD and self._detector.is_speech(frame, SAMPLE_RATE)
        if not self._said:
            self._frames.append(frame)
            self._recent.append(voiced)
            if sum(self._recent) < BEGINS_WITH:
                return None
            self._said = list(self._frames)
            return "began"
        self._said.append(frame)
        self._silent = 0 if voiced else self._silent + 1
        if self._silent < self._silent_frames and len(self._said) < self._longest:
            return None
        self._over = True
        return "over"


def _level(frame: bytes) -> float:
    samples = np.frombuffer(frame, "<i2").astype(np.float64) / 32768
    return float(np.sqrt(np.mean(samples**2)))
