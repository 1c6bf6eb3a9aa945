"""The measuring tools of the journeys measure right."""

from __future__ import annotations

import numpy as np
import pytest

from tests import tones


@pytest.mark.parametrize("law", [tones.MU_LAW, tones.A_LAW], ids=["mu-law", "a-law"])
def test_a_tone_survives_the_telephone(law: tones.Samples) -> None:
    sound = tones.tone(440, 1.0, 8000)
    heard = tones.decode(tones.encode(sound, law), law)
    assert np.max(np.abs(heard - sound)) < 0.02
    assert tones.is_heard(heard, 440)
    assert tones.level(heard, 440) == pytest.approx(0.4, abs=0.01)


def test_g711_codes_are_those_of_the_standard() -> None:
    assert tones.MU_LAW[0xFF] == 0 and tones.MU_LAW[0x80] == pytest.approx(32124 / 32768)
    assert tones.A_LAW[0xD5] == pytest.approx(8 / 32768) and tones.A_LAW[0xAA] == pytest.approx(32256 / 32768)


def test_silence_noise_and_another_tone_are_not_the_tone() -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, 4000)
    for other in (np.zeros(4000), noise, tones.tone(1000, 0.5, 8000), tones.tone(440, 0.5, 8000, amplitude=0.002)):
        assert not tones.is_heard(other, 440)


def test_two_tones_at_once_are_both_loud_and_neither_is_alone() -> None:
    both = tones.tone(440, 0.5, 8000) + tones.tone(1000, 0.5, 8000)
    assert tones.level(both, 440) == pytest.approx(0.4, abs=0.01)
    assert not tones.is_heard(both, 440) and not tones.is_heard(both, 1000)


def test_wav_keeps_channels_apart() -> None:
    rate, (left, right) = tones.read_wav(tones.wav([tones.tone(440, 0.5, 8000), tones.tone(1000, 0.5, 8000)], 8000))
    assert rate == 8000
    assert tones.is_heard(left, 440) and tones.is_heard(right, 1000)


def test_longest_stretch_counts_only_the_unbroken_part() -> None:
    silence = np.zeros(4000)
    sound = np.concatenate([tones.tone(440, 1, 8000), silence, tones.tone(440, 2, 8000)])
    assert tones.longest_stretch(sound, 440, 8000) == pytest.approx(2.0, abs=0.21)
