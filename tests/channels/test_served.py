"""Voices of a server, over real HTTP: good, slow, dead, full of rubbish; callers hear something in any case."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import soundfile
import uvicorn
from fastapi import FastAPI, Request, Response

from otklik.assembly.voices import server_of, voice_findings
from otklik.channels.voice import served
from otklik.channels.voice.served import ServedSpeech, Server
from otklik.channels.voice.speech import write_wav
from otklik.contact.configuration import Speech
from otklik.settings import Settings
from tests import tones

HELLO = Speech(text="Здравствуйте", language="ru")
ENGLISH = Speech(text="Hello", language="en")
VOICE_TONE, OWN_TONE = 640.0, 1250.0


class VoiceServer:
    """`answer`: what it says to everything; None: nothing at all."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.status = 200
        self.answer: bytes | None = b""
        self.app = FastAPI()
        self.app.post("/v1/audio/speech")(self.speak)

    async def speak(self, request: Request) -> Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("authorization"))
        while self.answer is None:  # noqa: ASYNC110  it hangs for good
            await asyncio.sleep(0.05)
        return Response(self.answer, self.status, media_type="audio/wav")


class OwnVoice:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "own.wav"
        self.spoken: list[Speech] = []
        write_wav(self.path, tones.tone(OWN_TONE, 1, 8000))

    async def render(self, speech: Speech) -> Path:
        self.spoken.append(speech)
        return self.path


def spoken(form: str = "WAV", rate: int = 24_000) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, tones.tone(VOICE_TONE, 1.0, rate), rate, format=form)
    return file.getvalue()


@pytest.fixture
async def voice_server() -> AsyncIterator[tuple[VoiceServer, str]]:
    made = VoiceServer()
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield made, f"http://127.0.0.1:{port}/v1"
    if made.answer is None:
        made.answer = b""
    server.should_exit = True
    await task


@pytest.fixture
async def speech(voice_server: tuple[VoiceServer, str], tmp_path: Path) -> AsyncIterator[ServedSpeech]:
    server = Server(url=voice_server[1], voices={"ru": "irina"}, key="secret")
    made = ServedSpeech(server, OwnVoice(tmp_path), tmp_path / "served")
    yield made
    await made.close()


def tone_of(path: Path, frequency: float) -> bool:
    rate, (samples,) = tones.read_wav(path.read_bytes())
    return rate == 8000 and tones.longest_stretch(samples, frequency, rate) > 0.5


@pytest.mark.parametrize("form", ["WAV", "MP3", "FLAC"])
async def test_text_is_asked_for_once_and_kept_for_the_telephone(
    voice_server: tuple[VoiceServer, str], speech: ServedSpeech, form: str
) -> None:
    server, _ = voice_server
    server.answer = spoken(form)
    paths = {await each for each in [speech.render(HELLO) for _ in range(5)]}
    assert len(paths) == 1
    assert tone_of(paths.pop(), VOICE_TONE)
    assert server.asked == [{"model": "tts-1", "input": "Здравствуйте", "voice": "irina", "response_format": "wav"}]
    assert server.keys == ["Bearer secret"]


async def test_language_without_a_voice_is_never_sent_out(
    voice_server: tuple[VoiceServer, str], speech: ServedSpeech
) -> None:
    assert tone_of(await speech.render(ENGLISH), OWN_TONE)
    assert voice_server[0].asked == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, b"oops"), (401, b"{}"), (200, b"<html>"), (200, b""), (302, b""), (200, tones.wav([tones.tone(1, 0, 8000)], 8000))],
    ids=["fault", "key", "rubbish", "empty", "elsewhere", "silence"],
)  # fmt: skip
async def test_own_voice_speaks_when_the_server_cannot_and_the_server_rests(
    voice_server: tuple[VoiceServer, str], speech: ServedSpeech, status: int, answer: bytes
) -> None:
    server, _ = voice_server
    server.status, server.answer = status, answer
    assert tone_of(await speech.render(HELLO), OWN_TONE)
    assert tone_of(await speech.render(replace(HELLO, text="Ещё")), OWN_TONE)
    assert len(server.asked) == 1
    assert speech.trouble


async def test_server_that_is_back_is_asked_again(
    voice_server: tuple[VoiceServer, str], speech: ServedSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "REST_SECONDS", 0.0)
    server, _ = voice_server
    server.status = 503
    assert tone_of(await speech.render(HELLO), OWN_TONE)
    server.status, server.answer = 200, spoken()
    assert tone_of(await speech.render(HELLO), VOICE_TONE)
    assert not speech.trouble


async def test_server_that_hangs_or_says_too_much_keeps_nobody_waiting(
    voice_server: tuple[VoiceServer, str], speech: ServedSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "REST_SECONDS", 0.0)
    monkeypatch.setattr(served, "SERVER_SECONDS", 0.3)
    monkeypatch.setattr(served, "LARGEST_BYTES", 1000)
    server, _ = voice_server
    server.answer = None
    assert tone_of(await speech.render(HELLO), OWN_TONE)
    server.answer = spoken()
    assert tone_of(await speech.render(HELLO), OWN_TONE)
    assert "too large" in speech.trouble


async def test_findings_say_whether_it_speaks(voice_server: tuple[VoiceServer, str], tmp_path: Path) -> None:
    server, url = voice_server
    assert await voice_findings(server_of(Settings(voice_url=None)), None) == []
    (unnamed,) = await voice_findings(server_of(Settings(voice_url=url)), None)
    assert (unnamed.state, bool(unnamed.advice)) == ("warning", True)
    named = server_of(Settings(voice_url=url, voice_names=("ru=irina",)))
    server.answer = spoken()
    (good,) = await voice_findings(named, None)
    assert (good.state, good.found) == ("ok", f"{url}: ru")
    server.status = 401
    (bad,) = await voice_findings(named, None)
    assert (bad.state, bad.found) == ("warning", f"{url}: HTTP 401")
    assert named is not None
    running = ServedSpeech(named, OwnVoice(tmp_path), tmp_path / "served")
    assert (await voice_findings(named, running))[0].state == "ok"  # nobody has been failed yet
    await running.render(HELLO)
    assert (await voice_findings(named, running))[0].state == "warning"
    await running.close()
