"""Steady tones as microphone files, RTP payloads and WAVs, and how loudly one sounds in what was heard.

Samples are float64 arrays in -1..1. A tone is found by its share of the whole power, so a quiet line and a loud
one are judged alike, and by its level, so that silence is never a tone.
"""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

TELEPHONE_RATE = 8_000
BROWSER_RATE = 48_000
CUSTOMER_TONE = 440.0
AGENT_TONE = 1_000.0
SECOND_AGENT_TONE = 1_300.0

AUDIBLE_LEVEL = 0.01
"""Amplitude of the weakest tone that counts: -40 dB of full scale."""
CLEAR_SHARE = 0.6
"""Share of all power within 25 Hz of the tone; speech and music have less on any one frequency for long."""


def tone(frequency: float, seconds: float, rate: int, amplitude: float = 0.4) -> Samples:
    """Whole periods fit when `frequency * seconds` is an integer: then it can be looped without a click."""
    return amplitude * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def level(samples: Samples, frequency: float, rate: int = TELEPHONE_RATE) -> float:
    """Amplitude of this frequency (Goertzel's sum with a Hann window, so neighbours 25 Hz away do not leak in)."""
    if samples.size == 0:
        return 0.0
    window = np.hanning(samples.size)
    turns = np.exp(-2j * np.pi * frequency * np.arange(samples.size) / rate)
    return float(2 * abs(np.sum(samples * window * turns)) / max(np.sum(window), 1e-12))


def share(samples: Samples, frequency: float, rate: int = TELEPHONE_RATE) -> float:
    """Share of the power within 25 Hz of the frequency, 0..1; 0 for silence."""
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    total = float(power.sum())
    if total < 1e-9:
        return 0.0
    near = np.abs(np.fft.rfftfreq(samples.size, 1 / rate) - frequency) <= 25
    return float(power[near].sum()) / total


def is_heard(samples: Samples, frequency: float, rate: int = TELEPHONE_RATE, voices: int = 1) -> bool:
    """Is this tone what one hears here, alone or as one of so many? At least 0.1 s of samples are needed."""
    if samples.size < rate / 10:
        return False
    return level(samples, frequency, rate) >= AUDIBLE_LEVEL and share(samples, frequency, rate) >= CLEAR_SHARE / voices


def loudness(samples: Samples) -> float:
    """Root mean square, 0..1."""
    return float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0


def wav(channels: list[Samples], rate: int) -> bytes:
    """A 16-bit WAV of these channels, left first."""
    frames = (np.clip(np.stack(channels, axis=1), -1, 1) * 32767).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.tobytes())
    return out.getvalue()


def read_wav(content: bytes) -> tuple[int, list[Samples]]:
    """(rate, channels) of a 16-bit WAV."""
    with wave.open(io.BytesIO(content)) as file:
        assert file.getsampwidth() == 2, "16-bit expected"
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, file.getnchannels())
        return file.getframerate(), [frames[:, n].astype(np.float64) / 32768 for n in range(file.getnchannels())]


def write_microphone(path: Path, frequency: float) -> Path:
    """A file for Chromium's `--use-file-for-fake-audio-capture`: 48 kHz, mono, 16-bit; Chromium loops it."""
    path.write_bytes(wav([tone(frequency, 2.0, BROWSER_RATE)], BROWSER_RATE))
    return path


def longest_stretch(samples: Samples, frequency: float, rate: int, step_seconds: float = 0.2) -> float:
    """Seconds of the longest unbroken stretch in which the tone is heard."""
    size = round(step_seconds * rate)
    longest = current = 0
    for start in range(0, samples.size - size + 1, size):
        current = current + 1 if is_heard(samples[start : start + size], frequency, rate) else 0
        longest = max(longest, current)
    return longest * step_seconds


def _mu_law_values() -> Samples:
    """ITU-T G.711, table 2a: the value of each of the 256 codes, 14 bits scaled to -1..1."""
    code = ~np.arange(256, dtype=np.int64) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude) / 32768


def _a_law_values() -> Samples:
    """ITU-T G.711, table 1a: even bits inverted, 13 bits scaled to -1..1."""
    code = np.arange(256, dtype=np.int64) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude) / 32768


MU_LAW = _mu_law_values()
A_LAW = _a_law_values()


def decode(payload: bytes, law: Samples = MU_LAW) -> Samples:
    return law[np.frombuffer(payload, dtype=np.uint8)]


def encode(samples: Samples, law: Samples = MU_LAW) -> bytes:
    """The nearest code of each sample."""
    order = np.argsort(law, kind="stable")
    sorted_values = law[order]
    right = np.clip(np.searchsorted(sorted_values, samples), 1, 255)
    nearer_left = samples - sorted_values[right - 1] < sorted_values[right] - samples
    return order[np.where(nearer_left, right - 1, right)].astype(np.uint8).tobytes()


def voice(seconds: float, rate: int = TELEPHONE_RATE, pitch: float = 130.0) -> Samples:
    """A vowel, as a voice detector takes it for speech: harmonics of a wavering pitch under three formants."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.03 * np.sin(2 * np.pi * 5 * time))) / rate
    sound: Samples = np.zeros(time.size)
    for number in range(1, int(rate / 2 / pitch)):
        weight = sum(1 / (1 + ((number * pitch - formant) / 120) ** 2) for formant in (650.0, 1100.0, 2500.0))
        sound += weight * np.sin(number * phase)
    sound *= 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)  # syllables
    return np.asarray(0.3 * sound / np.max(np.abs(sound)), dtype=np.float64)
