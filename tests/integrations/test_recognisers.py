"""Whoever makes words of a sound: in a process that may hang or die, or on a server that may be slow, gone or talk rubbish."""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from otklik.assembly.recognisers import hears, lacks, recogniser_finding, recogniser_of
from otklik.contact.configuration import Configuration
from otklik.contact.flow import AskBlock, Block, BySpeech, Flow
from otklik.contact.hearing import Recognised
from otklik.contact.ids import QueueId, ScenarioId
from otklik.errors import PeerError
from otklik.integrations.recognisers import served, weights, whisper
from otklik.integrations.recognisers.served import ServedRecogniser, Server
from otklik.integrations.recognisers.whisper import WhisperRecogniser
from otklik.settings import Settings

SOUND = bytes(16_000)
WORKER = """
import json, sys, time, os
out = sys.stdout.buffer
out.write(b'{"ready": true}\\n'); out.flush()
while line := sys.stdin.buffer.readline():
    asked = json.loads(line)
    sound = sys.stdin.buffer.read(asked["bytes"])
    if sound[:4] == b"hang": time.sleep(60)
    if sound[:4] == b"dies": os._exit(1)
    if sound[:4] == b"slow": time.sleep(0.3)
    out.write(json.dumps({"words": f"{asked['language']} {len(sound)} {os.getpid()}"}).encode() + b"\\n"); out.flush()
"""


@pytest.fixture
async def recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WhisperRecogniser]:
    """Its processes answer by what the sound begins with."""
    (tmp_path / "worker.py").write_text(WORKER)
    monkeypatch.setattr(weights, "assembled", lambda cache: cache)
    monkeypatch.setattr(whisper, "COMMAND", (str(tmp_path / "worker.py"),))
    found = WhisperRecogniser(tmp_path)
    yield found
    await found.close()


async def test_one_process_answers_one_after_another(recogniser: WhisperRecogniser) -> None:
    assert recogniser.ready()
    said = await asyncio.gather(*(recogniser.recognise(SOUND, "ru") for _ in range(3)))
    assert len(set(said)) == 1
    assert said[0].words.startswith("ru 16000 ")


@pytest.mark.parametrize("how", ["hang", "dies"])
async def test_a_process_that_hangs_or_dies_is_replaced(
    recogniser: WhisperRecogniser, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    first = (await recogniser.recognise(SOUND, "en")).words.split()[-1]
    monkeypatch.setattr(whisper, "RECOGNISE_SECONDS", 0.3)
    with pytest.raises(PeerError):
        await recogniser.recognise(how.encode() + SOUND, "en")
    assert recogniser.trouble
    monkeypatch.setattr(whisper, "RECOGNISE_SECONDS", 8.0)
    second = (await recogniser.recognise(SOUND, "en")).words.split()[-1]
    assert second != first
    assert recogniser.trouble == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(first), signal.SIG_DFL)


async def test_whoever_waits_no_longer_leaves_the_process_to_the_next(recogniser: WhisperRecogniser) -> None:
    first = (await recogniser.recognise(SOUND, "en")).words.split()[-1]
    given_up = asyncio.create_task(recogniser.recognise(b"slow" + SOUND, "en"))
    await asyncio.sleep(0.1)
    given_up.cancel()
    assert (await recogniser.recognise(SOUND, "en")).words.split()[-1] == first


async def test_too_many_who_wait_are_refused_at_once(
    recogniser: WhisperRecogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisper, "WAITING", 2)
    waiting = [asyncio.create_task(recogniser.recognise(b"slow" + SOUND, "en")) for _ in range(2)]
    await asyncio.sleep(0.05)
    with pytest.raises(PeerError, match="too many"):
        await recogniser.recognise(SOUND, "en")
    await asyncio.gather(*waiting)


async def test_weights_that_are_not_the_published_ones_are_refused_and_nobody_is_asked_to_speak_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    recogniser = WhisperRecogniser(tmp_path)
    with pytest.raises(PeerError, match="not the one that was published"):
        await recogniser.recognise(SOUND, "en")
    assert not recogniser.ready()
    assert not list((tmp_path / "whisper-base").glob("*"))
    await recogniser.close()


# A server.


@asynccontextmanager
async def server(
    status: int = 200,
    body: bytes = b'{"text": " Technical support. "}',
    delay: float = 0.0,
    plain: bool = False,
    at_first: int = 200,
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """`plain`: it knows no confidences. `at_first`: by what it answers the first request."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        asked.append(head + await reader.readexactly(length))
        await asyncio.sleep(delay)
        refused = plain and b"verbose_json" in asked[-1]
        code, said = (400, b"{}") if refused else (status, body)
        code = at_first if len(asked) == 1 and at_first != 200 else code
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (code, len(said), said))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/v1", asked
    finally:
        listening.close()


async def test_a_server_is_sent_a_file_and_answers_with_words() -> None:
    async with server() as (url, asked):
        recogniser = ServedRecogniser(Server(url=url, model="m", key="secret"))
        assert await recogniser.recognise(SOUND, "en") == Recognised("Technical support.", 1.0)
        await recogniser.close()
    (request,) = asked
    assert request.startswith(b"POST /v1/audio/transcriptions ")
    assert b"Bearer secret" in request
    assert b'name="language"\r\n\r\nen' in request
    assert b'name="model"\r\n\r\nm' in request
    assert b"RIFF" in request


async def test_how_sure_a_server_is_counts_by_its_tokens() -> None:
    body = b'{"text": "a b", "segments": [{"avg_logprob": -0.1, "tokens": [1, 2, 3]}, {"avg_logprob": -0.5, "tokens": [4]}]}'
    async with server(body=body) as (url, _):
        recogniser = ServedRecogniser(Server(url=url))
        assert (await recogniser.recognise(SOUND, "en")).confidence == pytest.approx(math.exp(-0.2))
        await recogniser.close()


async def test_a_server_that_knows_no_confidences_is_asked_for_words_alone_from_then_on() -> None:
    async with server(plain=True) as (url, asked):
        recogniser = ServedRecogniser(Server(url=url))
        for _ in range(2):
            assert await recogniser.recognise(SOUND, "en") == Recognised("Technical support.", 1.0)
        await recogniser.close()
    assert [b"verbose_json" in each for each in asked] == [True, False, False]


@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_a_server_that_was_in_trouble_once_is_asked_how_sure_it_is_again(status: int) -> None:
    body = b'{"text": "a", "segments": [{"avg_logprob": -0.5, "tokens": [1]}]}'
    async with server(body=body, at_first=status) as (url, asked):
        recogniser = ServedRecogniser(Server(url=url))
        with pytest.raises(PeerError, match=f"HTTP {status}"):
            await recogniser.recognise(SOUND, "en")
        assert (await recogniser.recognise(SOUND, "en")).confidence == pytest.approx(math.exp(-0.5))
        await recogniser.close()
    assert [b"verbose_json" in each for each in asked] == [True, True]


@pytest.mark.parametrize("segments", [b"7", b"[]", b"null", b'[{"tokens": 3}]', b'["x"]', b'[{"avg_logprob": "low"}]'])
async def test_what_a_server_says_oddly_of_its_confidence_takes_no_words_away(segments: bytes) -> None:
    async with server(body=b'{"text": "a", "segments": ' + segments + b"}") as (url, _):
        recogniser = ServedRecogniser(Server(url=url))
        assert await recogniser.recognise(SOUND, "en") == Recognised("a", 1.0)
        await recogniser.close()


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, b"{}", "HTTP 500"),
        (200, b"<html>", "cannot be read"),
        (200, b'{"words": 1}', "cannot be read"),
        (200, b'{"text": "' + b"a" * 70_000 + b'"}', "too large"),
    ],
)
async def test_a_server_that_answers_rubbish_rests(status: int, body: bytes, reason: str) -> None:
    async with server(status, body) as (url, _):
        recogniser = ServedRecogniser(Server(url=url))
        with pytest.raises(PeerError, match=reason):
            await recogniser.recognise(SOUND, "en")
        assert reason in recogniser.trouble
        assert not recogniser.ready()
        await recogniser.close()


async def test_a_server_that_is_slow_or_gone_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "SERVER_SECONDS", 0.2)
    async with server(delay=5) as (url, _):
        slow = ServedRecogniser(Server(url=url))
        with pytest.raises(PeerError):  # and not its answer, later
            await slow.recognise(SOUND, "en")
        await slow.close()
    gone = ServedRecogniser(Server(url="http://127.0.0.1:9/v1"))
    with pytest.raises(PeerError):
        await gone.recognise(SOUND, "en")
    await gone.close()
    assert gone.trouble


# What the installation says of it.


SPOKEN = Configuration(
    flows=(
        Flow(
            id=ScenarioId("f"),
            languages=("en",),
            otherwise=QueueId("q"),
            blocks=(Block(id="a", ask=AskBlock(text={"en": "?"}, keys={"1": "a"}, speech=BySpeech())),),
        ),
    )
)


def test_without_anybody_who_listens_menus_that_wait_for_words_are_told_of() -> None:
    nobody = Settings(recogniser_at_once=0)
    assert not hears(nobody)
    assert recogniser_of(nobody) is None
    assert lacks(nobody) == {"trunk", "recogniser"}
    assert recogniser_finding(nobody, None, []).state == "ok"
    assert recogniser_finding(nobody, None, [SPOKEN]).state == "warning"


async def test_whoever_listens_is_named_and_so_is_what_went_wrong() -> None:
    settings = Settings(recogniser_url="http://127.0.0.1:9/v1")
    running = recogniser_of(settings)
    assert isinstance(running, ServedRecogniser)
    assert recogniser_finding(settings, running, [SPOKEN]).state == "ok"
    running.trouble = "HTTP 401"
    found = recogniser_finding(settings, running, [SPOKEN])
    assert (found.state, found.found) == ("warning", "http://127.0.0.1:9/v1: HTTP 401")
    assert "recogniser" not in lacks(settings)
