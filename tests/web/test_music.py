"""Music of queues over HTTP: handed in, heard, published with the queue; and what callers of two queues hear then."""

from __future__ import annotations

import httpx
import pytest
from tests import tones
from tests.web.conftest import AtDesk, Json, Site, refusal, until
from tests.web.test_configuration import contact_of, hang_up, waiting
from tests.web.test_parts import opened
from tests.web.test_prompts import TONE, sound

from otklik.channels.voice.simulated_leg import SILENCE

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
    assert refusal(await admin.get(path)) == (404, "not_found"), "no queue plays it yet"
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


async def test_recording_that_is_gone_is_told(site: Site, admin: httpx.AsyncClient) -> None:
    assert (await publish(admin, sales={"recording": "b" * 64, "name": "gone"})).status_code == 200
    assert refusal(await admin.get(f"/api/prompts/music/{'b' * 64}")) == (404, "prompt_gone")
    assert (await publish(admin, sales=None)).status_code == 200
