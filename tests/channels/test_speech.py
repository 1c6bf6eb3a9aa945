"""Speech by the real espeak-ng, and the hold music."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from otklik.channels.voice import speech
from otklik.channels.voice.music import CHORD_SECONDS, CHORDS, compose, hold_music
from otklik.channels.voice.speech import EspeakSpeech, forget_unused
from otklik.contact.configuration import Speech
from otklik.embedded.asterisk import AsteriskFound
from otklik.errors import PeerError
from tests import tones

RUSSIAN = Speech(text="Здравствуйте! Вы позвонили в контакт-центр. Нажмите один.", language="ru")
ENGLISH = Speech(text="Welcome. For sales press one.", language="en")


@pytest.fixture
def espeak(found: AsteriskFound, tmp_path: Path) -> EspeakSpeech:
    assert found.espeak is not None
    return EspeakSpeech(found.espeak.argv, tmp_path / "speech", environment=found.espeak.env)


def counting(found: AsteriskFound, folder: Path) -> tuple[str, ...]:
    """The same program behind a script that writes a line each time it is started."""
    assert found.espeak is not None
    script = folder / "espeak"
    words = " ".join(f"'{word}'" for word in found.espeak.argv)
    script.write_text(f"#!/bin/sh\necho started >> '{folder}/starts'\nexec {words} \"$@\"\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return (str(script),)


@pytest.mark.parametrize("speech", [RUSSIAN, ENGLISH])
async def test_a_text_becomes_an_even_telephone_quality_wav(espeak: EspeakSpeech, speech: Speech) -> None:
    path = await espeak.render(speech)
    rate, (samples,) = tones.read_wav(path.read_bytes())
    assert rate == 8000
    assert 1.5 < samples.size / rate < 8
    sounding = samples[np.abs(samples) > 0.01]
    assert -21 < 20 * np.log10(np.sqrt(np.mean(sounding**2))) < -17
    assert np.max(np.abs(samples)) < 0.95


async def test_a_text_is_rendered_once_however_many_ask_for_it(found: AsteriskFound, tmp_path: Path) -> None:
    assert found.espeak is not None
    command = counting(found, tmp_path)
    speech = EspeakSpeech(command, tmp_path / "speech", environment=found.espeak.env)
    paths = await asyncio.gather(*(speech.render(RUSSIAN) for _ in range(10)))
    later = EspeakSpeech(command, tmp_path / "speech", environment=found.espeak.env)
    assert {*paths, await later.render(RUSSIAN)} == {paths[0]}
    assert (tmp_path / "starts").read_text() == "started\n"
    assert [path.suffix for path in (tmp_path / "speech").iterdir()] == [".wav"]


async def test_a_text_that_looks_like_an_option_is_spoken(espeak: EspeakSpeech) -> None:
    path = await espeak.render(Speech(text="-w /etc/passwd", language="en"))
    assert path.exists()


async def test_without_a_voice_speech_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="no voice"):
        await EspeakSpeech((), tmp_path).render(RUSSIAN)
    with pytest.raises(PeerError):
        await EspeakSpeech((str(tmp_path / "nothing"),), tmp_path).render(RUSSIAN)


async def test_an_unknown_language_is_refused_and_leaves_no_file(espeak: EspeakSpeech, tmp_path: Path) -> None:
    with pytest.raises(PeerError):
        await espeak.render(Speech(text="?", language="zz-unknown"))
    assert list(tmp_path.glob("**/*.wav")) == []


def test_the_hold_music_is_a_calm_minute_without_a_seam(tmp_path: Path) -> None:
    path = hold_music(tmp_path)
    written = path.stat().st_mtime_ns
    assert hold_music(tmp_path).stat().st_mtime_ns == written
    rate, (samples,) = tones.read_wav(path.read_bytes())
    assert (rate, samples.size) == (8000, len(CHORDS) * CHORD_SECONDS * 8000)
    assert 0.03 < tones.loudness(samples) < 0.1
    assert np.max(np.abs(samples)) < 0.6
    steps = np.abs(np.diff(np.append(samples, samples[0])))
    assert steps[-1] <= np.max(steps[:-1])
    seconds = samples.reshape(-1, rate)
    assert min(tones.loudness(second) for second in seconds) > 0.01


def test_composing_gives_the_same_music_each_time() -> None:
    assert np.array_equal(compose(), compose())


async def test_texts_that_nobody_hears_any_more_are_forgotten(espeak: EspeakSpeech, tmp_path: Path) -> None:
    month = 31 * 86_400
    heard, unheard = await espeak.render(ENGLISH), await espeak.render(RUSSIAN)
    for file in (heard, unheard):
        os.utime(file, (time.time() - month, time.time() - month))
    later = EspeakSpeech((), heard.parent)
    assert await later.render(ENGLISH) == heard
    assert forget_unused(heard.parent, time.time()) == 1
    assert (heard.exists(), unheard.exists()) == (True, False)
    assert forget_unused(tmp_path / "nothing", time.time()) == 0


async def test_no_more_texts_are_remembered_than_fit(espeak: EspeakSpeech, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "REMEMBERED", 2)
    for text in ("One", "Two", "One", "Three"):
        await espeak.render(replace(ENGLISH, text=text))
    assert [each.text for each in espeak._rendered] == ["One", "Three"]
