"""Sound for the telephone: 8 kHz, 16 bits, one channel, all equally loud. No file of a tenant's is played as it came."""

from __future__ import annotations

import io
import wave
from typing import Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

SAMPLE_RATE: Final = 8000
LONGEST_SECONDS: Final = 300
SHORTEST_SECONDS: Final = 0.45
"""With the pauses at both ends; a click is no word."""
RMS_LEVEL: Final = 10 ** (-19 / 20)
MUSIC_LEVEL: Final = 10 ** (-24 / 20)
"""Of what is heard for minutes, and whose beginning nobody waits for."""
PEAK_LEVEL: Final = 10 ** (-1 / 20)
QUIET: Final = 0.004
LEAD_SECONDS, PAUSE_SECONDS = 0.02, 0.23
"""Before and after what is said. Who has pressed a key hears the first of them as a delay, and the other not at all."""
_FORMATS: Final = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "AIFF"})
_RATES: Final = range(4000, 192_001)
_BLOCK_SECONDS: Final = 10

Samples = NDArray[np.float64]


class Unreadable(Exception):
    """No sound that we know. The text is for a log."""


class TooLong(Exception):
    """Over `LONGEST_SECONDS`."""


class Silent(Exception):
    """Nothing in it can be heard."""


def telephone(file: bytes, *, loudness: float = RMS_LEVEL) -> bytes:
    """A WAV file for the telephone out of WAV, FLAC, Ogg (Vorbis, Opus), MP3 or AIFF. `loudness`: the RMS. Takes a second or so of work for the
    longest: call it off the event loop. Raises `Unreadable`, `TooLong` or `Silent`."""
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            samples = _mono(sound)
    except (soundfile.SoundFileError, RuntimeError, ValueError) as err:
        raise Unreadable(str(err)) from err
    spoken = trimmed(samples)
    if len(spoken) < SAMPLE_RATE * SHORTEST_SECONDS:
        raise Silent
    return wav(level(spoken, loudness))


def _mono(sound: soundfile.SoundFile) -> Samples:
    """Read in pieces: what a file says of its own length may be wrong, and a small one may unpack to gigabytes."""
    rate = int(sound.samplerate)
    if sound.format not in _FORMATS:
        raise Unreadable(sound.format)
    if rate not in _RATES or not 1 <= sound.channels <= 8:
        raise Unreadable(f"{rate} Hz, {sound.channels} channels")
    pieces: list[Samples] = []
    read = 0
    for block in sound.blocks(blocksize=rate * _BLOCK_SECONDS, dtype="float64", always_2d=True):
        read += len(block)
        if read > rate * LONGEST_SECONDS:
            raise TooLong
        pieces.append(np.nan_to_num(block.mean(axis=1)))
    samples = np.concatenate(pieces) if pieces else np.zeros(0)
    return np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), dtype=np.float64)


def trimmed(samples: Samples) -> Samples:
    """Without the silence at the ends; after it a short even pause instead, so that texts follow one another."""
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    spoken = samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]
    lead, pause = (np.zeros(round(SAMPLE_RATE * seconds)) for seconds in (LEAD_SECONDS, PAUSE_SECONDS))
    return np.concatenate([lead, spoken, pause])


def level(samples: Samples, loudness: float = RMS_LEVEL) -> Samples:
    """The same loudness for every text: RMS of the sounding part to -19 dBFS, then peaks below -1 dBFS."""
    sounding = samples[np.abs(samples) > 0.01]
    if not sounding.size:
        return samples
    louder = samples * (loudness / float(np.sqrt(np.mean(sounding**2))))
    return PEAK_LEVEL * np.tanh(louder / PEAK_LEVEL)


def wav(samples: Samples) -> bytes:
    """8 kHz, 16-bit, mono."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return made.getvalue()


def seconds(telephone_wav: bytes) -> float:
    """Of what `telephone` has made."""
    with wave.open(io.BytesIO(telephone_wav)) as file:
        return float(file.getnframes() / file.getframerate())
