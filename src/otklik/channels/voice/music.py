"""Hold music of our own, so that no licence is needed: slow soft chords with a quiet broken chord above them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from otklik.channels.voice.speech import write_wav
from otklik.prompts.sound import MUSIC_LEVEL, SAMPLE_RATE, Samples

CHORD_SECONDS: Final = 7.5
CHORDS: Final = (
    (48, 55, 64, 71),
    (45, 52, 60, 67),
    (41, 53, 57, 64),
    (43, 50, 59, 64),
    (48, 55, 62, 64),
    (40, 52, 59, 67),
    (41, 48, 57, 67),
    (43, 55, 60, 62),
)
"""MIDI notes: C maj7, A m7, F maj7, G 6, C add9, E m7, F add9, G sus4; eight of them are a minute that loops."""
PARTIALS: Final = ((1, 1.0), (2, 0.28), (3, 0.10), (4, 0.04))


def hold_music(folder: Path) -> Path:
    """The WAV file in `folder`, made on the first call (about half a second of work; call it off the event loop)."""
    path = folder / "calm.wav"
    if not path.exists():
        write_wav(path, compose())
    return path


def compose() -> Samples:
    """One minute at 8 kHz. Everything wraps round the end, so the loop has no seam."""
    loop = np.zeros(round(len(CHORDS) * CHORD_SECONDS * SAMPLE_RATE))
    for number, chord in enumerate(CHORDS):
        start = number * CHORD_SECONDS
        for note in chord:
            _add(loop, start, _pad(note))
        for step, note in enumerate((*chord, *chord[-2:0:-1])):
            _add(loop, start + 0.6 + step * CHORD_SECONDS / 6.5, _pluck(note + 12))
    return loop * (MUSIC_LEVEL / float(np.sqrt(np.mean(loop**2))))


def _add(loop: Samples, start: float, sound: Samples) -> None:
    places = (round(start * SAMPLE_RATE) + np.arange(sound.size)) % loop.size
    loop[places] += sound


def _frequency(note: float) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _pad(note: int) -> Samples:
    """Two slightly mistuned voices that swell and fade, overlapping the neighbouring chords."""
    seconds = CHORD_SECONDS * 1.35
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    swell = np.sin(np.pi * t / seconds) ** 1.5
    voice = np.zeros_like(t)
    for detune in (-0.03, 0.03):
        for number, strength in PARTIALS:
            voice += strength * np.sin(2 * np.pi * number * _frequency(note + detune) * t)
    return np.asarray(0.12 * swell * voice)


def _pluck(note: int) -> Samples:
    t = np.arange(round(2.5 * SAMPLE_RATE)) / SAMPLE_RATE
    fall = np.exp(-2.2 * t) * np.minimum(1.0, t / 0.02) * np.minimum(1.0, (2.5 - t) / 0.2)
    tone = np.sin(2 * np.pi * _frequency(note) * t) + 0.15 * np.sin(4 * np.pi * _frequency(note) * t)
    return np.asarray(0.10 * fall * tone)
