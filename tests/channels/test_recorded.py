"""Recordings on their way from the objects to the switch: fetched once, and the voice speaks when there is none to be had."""

from __future__ import annotations

from pathlib import Path

import obstore
import pytest
from obstore.store import LocalStore

from otklik.channels.voice.recorded import Recorded
from otklik.contact.configuration import RecordedSpeech, Speech
from otklik.prompts.texts import OBJECTS

HELLO = RecordedSpeech(text="Здравствуйте", language="ru", recording="a" * 64)


class Voice:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.spoken: list[Speech] = []

    async def render(self, speech: Speech) -> Path:
        self.spoken.append(speech)
        return self.path


@pytest.fixture
def objects(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "objects", mkdir=True)


async def test_recording_is_fetched_once_and_needs_the_objects_no_more(objects: LocalStore, tmp_path: Path) -> None:
    obstore.put(objects, OBJECTS.format(HELLO.recording), b"sound")
    voice = Voice(tmp_path / "own.wav")
    path = await Recorded(voice, objects, tmp_path / "cache").render(HELLO)
    assert path.read_bytes() == b"sound"
    obstore.delete(objects, OBJECTS.format(HELLO.recording))
    assert await Recorded(voice, objects, tmp_path / "cache").render(HELLO) == path
    assert voice.spoken == []


async def test_voice_speaks_what_cannot_be_had_until_it_can(objects: LocalStore, tmp_path: Path) -> None:
    voice = Voice(tmp_path / "own.wav")
    recorded = Recorded(voice, objects, tmp_path / "cache")
    assert await recorded.render(HELLO) == voice.path
    assert voice.spoken == [Speech(text="Здравствуйте", language="ru")]
    obstore.put(objects, OBJECTS.format(HELLO.recording), b"sound")
    assert (await recorded.render(HELLO)).read_bytes() == b"sound"


async def test_text_that_nobody_has_recorded_is_the_voices(objects: LocalStore, tmp_path: Path) -> None:
    voice = Voice(tmp_path / "own.wav")
    plain = Speech(text="Да", language="ru")
    assert await Recorded(voice, objects, tmp_path / "cache").render(plain) == voice.path
    assert voice.spoken == [plain]
