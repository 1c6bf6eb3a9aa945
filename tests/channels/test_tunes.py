"""Music on its way to Asterisk: what cannot be had keeps nobody waiting for long, and what plays is not forgotten."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Coroutine
from io import StringIO
from pathlib import Path
from typing import Any, cast

import obstore
import pytest
from obstore.store import HTTPStore, LocalStore, MemoryStore, ObjectStore
from structlog.testing import capture_logs

from otklik.assembly.report import Progress
from otklik.assembly.telephony import MUSIC, Telephony
from otklik.channels.voice import line, tunes
from otklik.channels.voice.ari import Ari, Reply
from otklik.channels.voice.line import Line
from otklik.channels.voice.speech import UNUSED_SECONDS
from otklik.channels.voice.tunes import CLASSES, Tunes, class_of, tidy_classes
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.music import SILENCE
from otklik.prompts.texts import OBJECTS
from otklik.settings import Settings

TUNE = "a" * 64
OTHER = "b" * 64


class Asterisk:
    """`answers`: or never."""

    def __init__(self, answers: bool = True) -> None:
        self._answers = answers
        self.reloads = 0

    async def request(self, method: str, path: str, **_: Any) -> Reply:
        self.reloads += 1
        if not self._answers:
            await asyncio.Event().wait()
        return Reply(204, "", "")


class Storage:
    """Takes every question and answers none."""

    def __init__(self) -> None:
        self.asked = 0
        self._asking: set[asyncio.StreamWriter] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._asking.add(writer)
        self.asked += 1
        while await reader.read(4096):
            continue

    def close(self) -> None:
        for writer in self._asking:
            writer.close()


class Node:
    def __init__(self, tunes: Tunes) -> None:
        self.tunes = tunes
        self.works: list[asyncio.Task[None]] = []

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        return TUNE

    def spawn(self, contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None:
        self.works.append(asyncio.ensure_future(work))


class Call:
    """`played`: the classes, "" is the usual music."""

    tenant = TenantId("t")
    contact = ContactId("c")
    channel = "customer"
    alive = True

    def __init__(self) -> None:
        self.played: list[str] = []

    def send(self, method: str, path: str, **query: str) -> None:
        self.played.append(query.get("mohClass", ""))

    async def settle(self) -> None:
        return


@pytest.fixture
async def storage() -> AsyncIterator[tuple[Storage, ObjectStore]]:
    hanging = Storage()
    server = await asyncio.start_server(hanging.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield hanging, HTTPStore.from_url(f"http://127.0.0.1:{port}", client_options={"allow_http": True})
    hanging.close()
    server.close()


def held(objects: LocalStore, *names: str) -> None:
    for name in names:
        obstore.put(objects, OBJECTS.format(name), b"sound")


@pytest.fixture
def objects(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "objects", mkdir=True)


async def waiting(node: Node, callers: int) -> list[Call]:
    """Who began to wait, one after another, when all hear something."""
    calls = [Call() for _ in range(callers)]
    for call in calls:
        Line(cast(line.Node, node), cast(line.Call, call), lambda _: None).music(True)
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await asyncio.gather(*node.works)
    return calls


async def test_nobody_waits_longer_than_the_first_for_a_storage_that_hangs(
    storage: tuple[Storage, ObjectStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunes, "BRING_SECONDS", 0.5)
    hanging, objects = storage
    ari = Asterisk()
    node = Node(Tunes(cast(Ari, ari), objects, tmp_path))
    with capture_logs() as logs:
        calls = await waiting(node, 10)
        calls += await waiting(node, 3)
    assert [call.played for call in calls] == [[""]] * 13
    assert hanging.asked <= 1 and ari.reloads == 0
    assert [(each["event"], each["music"]) for each in logs] == [("music_missing", TUNE)]


async def test_an_asterisk_that_does_not_answer_keeps_nobody_longer(
    objects: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunes, "BRING_SECONDS", 0.5)
    held(objects, TUNE, OTHER)
    ari = Asterisk(answers=False)
    there = Tunes(cast(Ari, ari), objects, tmp_path / "music")
    with capture_logs() as logs:
        async with asyncio.timeout(30):
            assert await asyncio.gather(*(there.bring(each) for each in (TUNE, TUNE, TUNE))) == [False] * 3
            assert await asyncio.gather(*(there.bring(each) for each in (TUNE, TUNE, OTHER))) == [False] * 3
    assert [each["music"] for each in logs] == [TUNE, OTHER]


async def test_one_that_hangs_does_not_keep_the_others(
    storage: tuple[Storage, ObjectStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunes, "BRING_SECONDS", 30.0)
    there = Tunes(cast(Ari, Asterisk()), storage[1], tmp_path)
    hanging = asyncio.ensure_future(there.bring(TUNE))
    await asyncio.sleep(0)
    assert await there.bring(SILENCE)
    assert not hanging.done()
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_what_could_not_be_had_is_tried_again_after_a_while_or_with_a_fresh_asterisk(
    objects: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Tunes(cast(Ari, Asterisk()), objects, tmp_path / "music")
    assert not await there.bring(TUNE)
    held(objects, TUNE)
    assert not await there.bring(TUNE)
    there.doubt()
    assert await there.bring(TUNE)
    monkeypatch.setattr(tunes, "MISSING_SECONDS", 0.0)
    assert not await there.bring(OTHER)
    held(objects, OTHER)
    assert await there.bring(OTHER)


async def test_what_plays_every_day_is_not_deleted_and_is_marked_once_a_day(
    objects: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(objects, TUNE)
    node, folder = Node(Tunes(cast(Ari, Asterisk()), objects, tmp_path / "music")), tmp_path / "music"
    await waiting(node, 1)
    long_ago = time.time() - UNUSED_SECONDS - 1
    os.utime(folder / f"{TUNE}.wav", (long_ago, long_ago))
    begun = len(node.works)
    (call,) = await waiting(node, 1)
    assert (call.played, len(node.works)) == ([class_of(TUNE)], begun)
    monkeypatch.setattr(tunes, "MARK_SECONDS", 0.0)
    await waiting(node, 1)
    tidy_classes(folder, time.time())
    assert (folder / f"{TUNE}.wav").exists() and class_of(TUNE) in (folder / CLASSES).read_text()


async def test_a_sound_that_somebody_deleted_is_fetched_anew(
    objects: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunes, "MARK_SECONDS", 0.0)
    held(objects, TUNE)
    node, sound = Node(Tunes(cast(Ari, Asterisk()), objects, tmp_path / "music")), tmp_path / "music" / f"{TUNE}.wav"
    await waiting(node, 1)
    sound.unlink()
    await waiting(node, 1)
    await waiting(node, 1)
    assert sound.exists()


async def test_an_asterisk_of_ones_own_is_joined_though_its_music_folder_is_of_no_use(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    (sounds / MUSIC).write_text("no folder")
    settings = Settings(
        data_dir=tmp_path,
        asterisk_ari_url="http://otklik:secret@127.0.0.1:9",
        asterisk_ami_url="tcp://otklik:secret@127.0.0.1:9",
        asterisk_sounds_dir=sounds,
        asterisk_recordings_dir=tmp_path / "recordings",
        recogniser_at_once=0,
    )
    telephony = Telephony(settings, tmp_path, MemoryStore(), None, Progress(StringIO()))
    with capture_logs() as logs:
        await telephony.prepare()
    (told,) = [each for each in logs if each["event"] == "music_folder_unusable"]
    assert told["folder"] == str(sounds / MUSIC) and "write" in told["advice"]
    assert telephony.found
    await telephony.stop()


async def test_telephony_that_is_off_asks_no_asterisk_of_ones_own(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        telephony="off",
        asterisk_ari_url="http://otklik:secret@127.0.0.1:9",
        asterisk_ami_url="tcp://otklik:secret@127.0.0.1:9",
        asterisk_sounds_dir=tmp_path,
        asterisk_recordings_dir=tmp_path / "recordings",
    )
    tidy_classes(tmp_path / MUSIC, time.time())
    telephony = Telephony(settings, tmp_path, MemoryStore(), None, Progress(StringIO()))
    assert await telephony.own_findings([]) == []
    await telephony.stop()
