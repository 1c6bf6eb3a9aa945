"""Music of queues over HTTP: handed in, heard, published with the queue; and what callers of two queues hear then."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import obstore
import pytest
from sqlalchemy import text
from tests import tones
from tests.web.conftest import AtDesk, Json, Site, refusal, until
from tests.web.test_configuration import contact_of, hang_up, waiting
from tests.web.test_parts import opened
from tests.web.test_prompts import TONE, sound

from otklik.channels.voice.simulated_leg import SILENCE
from otklik.prompts import store
from otklik.prompts.store import hand_in
from otklik.prompts.texts import OBJECTS
from otklik.switchboard.jobs import clear_sounds, clear_unused

QUEUES = "/api/configuration/parts/queues"


async def publish(admin: httpx.AsyncClient, **music: Json | None) -> httpx.Response:
    """`music`: by queue."""
    before = await opened(admin, QUEUES)
    value = [each | ({"music": music[each["id"]]} if each["id"] in music else {}) for each in before["value"]]
    return await admin.put(QUEUES, json={"value": value}, headers={"If-Match": f'"{before["version"]}"'})


async def handed_in(admin: httpx.AsyncClient, name: str = "waltz.mp3") -> Json:
    answer = await admin.post("/api/prompts/music", content=sound(2.0, form="MP3"))
    assert answer.status_code == 200, answer.text
    made = answer.json()
    return {"silence": False, "recording": made["recording"], "name": name, "music_seconds": made["seconds"]}


async def test_callers_of_two_queues_hear_two_sounds_and_each_what_is_published_while_they_wait(
    site: Site, admin: httpx.AsyncClient
) -> None:
    waltz = await handed_in(admin)
    assert waltz["music_seconds"] == pytest.approx(2.25, abs=0.1)
    path = f"/api/prompts/music/{waltz['recording']}"
    assert (await publish(admin, sales=waltz)).status_code == 200
    rate, (samples,) = tones.read_wav((await admin.get(path)).content)
    assert tones.longest_stretch(samples, TONE, rate) > 1.5
    assert tones.loudness(samples) == pytest.approx(10 ** (-24 / 20), rel=0.2), "softer than speech"
    sales, support = await waiting(site, "1"), await waiting(site, "2")
    await until(lambda: sales.hears == {"own_music"} and support.hears == {"music"})
    assert (await publish(admin, sales=None, support={"silence": True})).status_code == 200
    await until(lambda: sales.hears == {"music"} and support.hears == SILENCE)
    await hang_up(site, sales)
    await hang_up(site, support)
    assert (await publish(admin, support=None)).status_code == 200


async def test_who_is_on_hold_hears_the_music_of_the_queue(site: Site, anna: AtDesk, admin: httpx.AsyncClient) -> None:
    assert (await publish(admin, sales=await handed_in(admin))).status_code == 200
    call = await anna.talk()
    assert (await anna.ask(call, "hold")).status_code == 204
    await until(lambda: call.hears == {"own_music"})
    assert (await publish(admin, sales=None)).status_code == 200
    assert contact_of(site, call).held
    assert call.hears == {"own_music"}, "who is on hold is left alone"


@pytest.mark.parametrize(
    ("music", "place", "code"),
    [
        ({}, "", "config_music"),
        ({"silence": True, "recording": "a" * 64}, "", "config_music"),
        ({"recording": "../secret"}, ".recording", "config_recording"),
        ({"silence": "loud"}, ".silence", "config_true_false"),
        ({"silence": True, "song": "waltz"}, ".song", "config_unknown_field"),
    ],
)
async def test_what_is_no_music_is_told_at_its_place(
    admin: httpx.AsyncClient, music: Json, place: str, code: str
) -> None:
    first, *others = (await opened(admin, QUEUES))["value"]
    answer = await admin.post(f"{QUEUES}/check", json={"value": [first | {"music": music}, *others]})
    told = [(each["place"], each["code"]) for each in answer.json()["faults"] if not each["warning"]]
    assert told == [(f"queues[0].music{place}", code)]


@pytest.mark.parametrize("body", [b"", b"<html>"])
async def test_what_is_no_sound_is_refused_in_words(admin: httpx.AsyncClient, body: bytes) -> None:
    assert refusal(await admin.post("/api/prompts/music", content=body)) == (400, "prompt_unreadable")


async def music(admin: httpx.AsyncClient, recording: str) -> Json | None:
    found = (await admin.get("/api/prompts/music")).json()["music"]
    return next((each for each in found if each["recording"] == recording), None)


async def test_what_no_version_names_is_cleared_after_a_month_and_told_before(
    site: Site, admin: httpx.AsyncClient
) -> None:
    async def at(days: int) -> list[str]:
        return await clear_unused(site.database, site.objects, datetime.now(UTC) + timedelta(days=days))

    await at(31)  # what others have left
    answer = await admin.post("/api/prompts/music?name=polka.mp3", content=sound(1.5, form="MP3"))
    polka = answer.json()["recording"]
    path = f"/api/prompts/music/{polka}"
    told = await music(admin, polka)
    assert told is not None and (told["name"], told["queues"]) == ("polka.mp3", [])
    assert datetime.fromisoformat(told["cleared_at"]) - datetime.now(UTC) > timedelta(days=29)
    assert (await admin.get(path)).status_code == 200, "whoever handed it in hears it"
    async with site.signed_in("olga") as supervisor:
        assert refusal(await supervisor.get("/api/prompts/music")) == (403, "not_permitted")
    await hand_in(site.objects, site.neighbour, b"another", 1.0, "theirs.mp3")
    theirs = hashlib.sha256(b"another").hexdigest()
    assert await music(admin, theirs) is None
    assert refusal(await admin.get(f"/api/prompts/music/{theirs}")) == (404, "not_found")
    assert await at(29) == []
    await hand_in(site.objects, site.neighbour, (await admin.get(path)).content, 1.5, "polka too.mp3")
    (mine,) = Path(str(site.objects.prefix)).glob(f"prompts/handed_in/{site.tenant}/{polka}.json")
    os.utime(mine, (mine.stat().st_mtime - 5 * 86_400,) * 2)
    assert await at(28) == [], "a neighbour has handed it in, too, and later"
    assert await music(admin, polka) is None
    assert sorted(await at(31)) == sorted([polka, theirs])
    assert refusal(await admin.get(path)) == (404, "not_found")


async def test_what_a_version_of_any_tenant_names_stays(site: Site, admin: httpx.AsyncClient) -> None:
    played = await handed_in(admin)
    assert (await publish(admin, sales=played)).status_code == 200
    now = await music(admin, played["recording"])
    assert now is not None and (now["queues"], now["cleared_at"]) == (["Продажи"], None)
    assert (await publish(admin, sales=None)).status_code == 200
    before = await music(admin, played["recording"])
    assert before is not None and (before["queues"], before["cleared_at"]) == ([], None), "an earlier version has it"
    await hand_in(site.objects, site.neighbour, await _sound(site, played["recording"]), 1.0, "theirs.mp3")
    await clear_unused(site.database, site.objects, datetime.now(UTC) + timedelta(days=31))
    assert await _sound(site, played["recording"]), "who takes that version back hears it again"
    assert (await publish(admin, sales=played)).status_code == 200
    assert (await admin.get(f"/api/prompts/music/{played['recording']}")).status_code == 200
    now = await music(admin, played["recording"])
    assert now is not None and (now["name"], now["queues"]) == ("waltz.mp3", ["Продажи"])
    assert (await publish(admin, sales=None)).status_code == 200


def mark(site: Site, recording: str) -> Path:
    (found,) = Path(str(site.objects.prefix)).glob(f"prompts/handed_in/{site.tenant}/{recording}.json")
    return found


def a_month_ago(kept: Path) -> None:
    os.utime(kept, (kept.stat().st_mtime - 31 * 86_400,) * 2)


def at_first(monkeypatch: pytest.MonkeyPatch, asks: str, done: Callable[[str], Awaitable[object]]) -> None:
    """`done` with the path that the objects are asked about, before they are asked the first time."""
    ask = getattr(obstore, asks)

    async def asked(objects: object, path: str) -> object:
        monkeypatch.setattr(obstore, asks, ask)
        await done(path)
        return await ask(objects, path)

    monkeypatch.setattr(obstore, asks, asked)


async def test_one_that_is_cleared_while_the_list_is_read_takes_no_other_out_of_it(
    site: Site, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clear_unused(site.database, site.objects, datetime.now(UTC) + timedelta(days=31))
    known = {await hand_in(site.objects, site.tenant, name.encode(), 1.0, name) for name in ("a", "b", "c")}
    gone: list[str] = []

    async def clears(path: str) -> None:
        gone.append(Path(path).stem)
        mark(site, gone[0]).unlink()

    at_first(monkeypatch, "get_async", clears)
    found = await store.handed_in(site.objects, site.tenant)
    assert {each.recording for each in found} == known - set(gone) and len(found) == 2
    assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)


async def test_what_is_handed_in_again_while_it_is_cleared_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await clear_unused(site.database, site.objects, datetime.now(UTC) + timedelta(days=31))
    again = await hand_in(site.objects, site.tenant, b"again", 1.0, "again")
    a_month_ago(mark(site, again))
    at_first(monkeypatch, "get_async", lambda _: hand_in(site.objects, site.tenant, b"again", 1.0, "again"))
    assert await clear_unused(site.database, site.objects, datetime.now(UTC)) == []
    assert await _sound(site, again) == b"again"
    assert [each.recording for each in await store.handed_in(site.objects, site.tenant)] == [again]


async def test_what_is_published_while_it_is_cleared_stays(
    site: Site, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clear_unused(site.database, site.objects, datetime.now(UTC) + timedelta(days=31))
    late = await hand_in(site.objects, site.tenant, b"late", 1.0, "late")
    a_month_ago(mark(site, late))
    at_first(monkeypatch, "head_async", lambda _: publish(admin, sales={"recording": late, "name": "late"}))
    assert await clear_unused(site.database, site.objects, datetime.now(UTC)) == []
    assert await _sound(site, late) == b"late"
    assert (await publish(admin, sales=None)).status_code == 200


async def test_one_that_cannot_be_read_is_left_aside_and_the_others_are_listed_and_cleared(
    site: Site, admin: httpx.AsyncClient
) -> None:
    bad, good = [await hand_in(site.objects, site.tenant, name.encode(), 1.0, name) for name in ("bad", "good")]
    mark(site, bad).write_bytes(b"{")
    assert (await music(admin, bad), (await music(admin, good) or {}).get("name")) == (None, "good")
    assert good in await clear_unused(site.database, site.objects, datetime.now(UTC) + timedelta(days=31))
    assert await _sound(site, bad) == b"bad"
    mark(site, bad).unlink()


async def test_two_processes_clear_one_after_the_other(site: Site) -> None:
    kept = await hand_in(site.objects, site.tenant, b"two", 1.0, "two")
    a_month_ago(mark(site, kept))
    waits = text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
    async with site.database.alone("otklik.sounds"):
        clears = asyncio.create_task(clear_sounds(site.database, site.objects, time.time), name="clears")
        async with asyncio.timeout(30), site.database.lookup() as connection:
            while not (await connection.execute(waits)).scalar():
                await asyncio.sleep(0.01)
        assert await _sound(site, kept) == b"two"
    try:
        await until(lambda: not Path(str(site.objects.prefix), OBJECTS.format(kept)).exists())
    finally:
        clears.cancel()
        await asyncio.gather(clears, return_exceptions=True)


async def test_versions_are_asked_about_all_sounds_at_once(site: Site, admin: httpx.AsyncClient) -> None:
    one, other, none = "1" * 64, "2" * 64, "3" * 64
    for recording in (one, other):
        assert (await publish(admin, sales={"recording": recording, "name": "x"})).status_code == 200
    assert (await publish(admin, sales=None)).status_code == 200
    async with site.database.transaction(site.tenant) as connection:
        assert await store.named(connection, {one, other, none}) == {one, other}
        assert await store.named(connection, set()) == set()
    async with site.database.transaction(site.neighbour) as connection:
        assert await store.named(connection, {one, other, none}) == set()


async def _sound(site: Site, recording: str) -> bytes:
    return bytes(await (await obstore.get_async(site.objects, OBJECTS.format(recording))).bytes_async())


async def test_recording_that_is_gone_is_told(site: Site, admin: httpx.AsyncClient) -> None:
    assert (await publish(admin, sales={"recording": "b" * 64, "name": "gone"})).status_code == 200
    assert refusal(await admin.get(f"/api/prompts/music/{'b' * 64}")) == (404, "prompt_gone")
    assert (await publish(admin, sales=None)).status_code == 200
