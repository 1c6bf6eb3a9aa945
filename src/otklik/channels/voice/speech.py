"""Text to speech by espeak-ng, rendered once for each text and voice and kept as telephone-quality WAV files."""

from __future__ import annotations

import asyncio
import hashlib
import os
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import numpy as np
import soxr
import structlog

from otklik.contact.configuration import Speech
from otklik.errors import PeerError
from otklik.prompts.sound import LEAD_SECONDS, SAMPLE_RATE, Samples, level, trimmed, wav

log = structlog.get_logger(__name__)

VOICES: Final[Mapping[str, str]] = {"ru": "ru", "en": "en-us"}
WORDS_PER_MINUTE: Final[Mapping[str, int]] = {"ru": 140, "en": 150}
"""Slower than espeak-ng's own 175: a menu is heard once, over a telephone."""
RENDER_SECONDS: Final = 15.0
REMEMBERED: Final = 4096
UNUSED_SECONDS: Final = 30 * 86_400.0


class EspeakSpeech:
    """`SpeechRenderer` by espeak-ng. `command` is the program with its leading arguments; empty: no voice installed."""

    def __init__(self, command: Sequence[str], cache: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self._command = tuple(command)
        self._environment = dict(environment or {})
        self._cache = cache
        self._rendered: dict[Speech, Path] = {}
        """The latest `REMEMBERED`, the longest unused first: texts with values in them are without number."""
        self._under_way: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()
        self._programs = asyncio.Semaphore(2)

    async def render(self, speech: Speech) -> Path:
        """The WAV file of this text. Whoever asks for a text that is just being rendered waits for the same file."""
        known = self._rendered.pop(speech, None)
        if known is not None:
            self._rendered[speech] = known
            return known
        path = self._path(speech)
        lock = self._under_way.get(path)
        if lock is None:
            lock = self._under_way[path] = asyncio.Lock()
        async with lock:
            if not await asyncio.to_thread(still_there, path):
                async with self._programs:
                    spoken = await self._espeak(speech)
                await asyncio.to_thread(_write_telephone_wav, spoken, path)
        self._rendered[speech] = path
        if len(self._rendered) > REMEMBERED:
            del self._rendered[next(iter(self._rendered))]
        return path

    def _path(self, speech: Speech) -> Path:
        voice, rate = _voice(speech.language)
        key = "\0".join((speech.text, speech.language, voice, str(rate), str(LEAD_SECONDS)))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()}.wav"

    async def _espeak(self, speech: Speech) -> bytes:
        if not self._command:
            raise PeerError("espeak-ng", "no voice is installed", retryable=False)
        voice, rate = _voice(speech.language)
        arguments = ("-v", voice, "-s", str(rate), "-g", "2", "-b", "1", "--stdin", "--stdout")
        try:
            program = await asyncio.create_subprocess_exec(
                *self._command,
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **self._environment},
            )
        except OSError as err:
            raise PeerError("espeak-ng", str(err), retryable=False) from err
        try:
            async with asyncio.timeout(RENDER_SECONDS):
                spoken, complaint = await program.communicate(speech.text.encode())
        except TimeoutError as err:
            raise PeerError("espeak-ng", "did not finish in time", retryable=True) from err
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
        if program.returncode != 0 or not spoken:
            raise PeerError("espeak-ng", complaint.decode(errors="replace").strip()[:200], retryable=False)
        return spoken


def _voice(language: str) -> tuple[str, int]:
    return VOICES.get(language, language), WORDS_PER_MINUTE.get(language, 150)


def _write_telephone_wav(spoken: bytes, path: Path) -> None:
    rate, samples = _parse_wav(spoken)
    telephone: Samples = soxr.resample(samples, rate, SAMPLE_RATE)
    write_wav(path, level(trimmed(telephone)))


def _parse_wav(wav: bytes) -> tuple[int, Samples]:
    """A WAV that came through a pipe: its lengths are placeholders, so the samples are all that follows `data`."""
    start = wav.find(b"data") + 8
    rate = int.from_bytes(wav[24:28], "little")
    end = start + (len(wav) - start) // 2 * 2
    return rate, np.frombuffer(wav[start:end], dtype="<i2").astype(np.float64) / 32768


def write_wav(path: Path, samples: Samples) -> None:
    """8 kHz, 16-bit, mono."""
    keep(path, wav(samples))


def keep(path: Path, sound: bytes) -> None:
    """Appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.write_bytes(sound)
    unfinished.replace(path)


def still_there(path: Path) -> bool:
    """It is used: `forget_unused` leaves it alone."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def forget_unused(folder: Path, now: float) -> int:
    """Texts that nobody has heard for a month: what is said to customers is not kept for good. Only before the first text
    is asked for. `now`: seconds since 1970. How many there were."""
    old = [file for file in folder.glob("*.wav") if file.stat().st_mtime < now - UNUSED_SECONDS]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def join_wavs(parts: Sequence[Path], path: Path) -> None:
    """One telephone WAV out of several, with half a second of silence between them."""
    pause = np.zeros(SAMPLE_RATE // 2)
    pieces = [piece for part in parts for piece in (_read_wav(part), pause)]
    write_wav(path, np.concatenate(pieces))


def _read_wav(path: Path) -> Samples:
    with wave.open(str(path)) as wav:
        return np.frombuffer(wav.readframes(wav.getnframes()), "<i2").astype(np.float64) / 32767
