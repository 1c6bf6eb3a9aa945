"""Recordings over the texts of the set-up: handed in, heard by callers, taken away; and whatever else is sent there."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from textwrap import indent

import httpx
import numpy as np
import pytest
import soundfile
from tests import tones
from tests.web.conftest import Json, Site, apply, calling, current, refusal
from tests.web.test_configuration import change

GREETING = "Здравствуйте! Вы позвонили в компанию «Ромашка». Разговор записывается."
TONE = 640.0


async def prompts(client: httpx.AsyncClient) -> list[Json]:
    answer = await client.get("/api/prompts")
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["prompts"]
    return found


async def prompt(client: httpx.AsyncClient, text: str) -> Json:
    return next(each for each in await prompts(client) if each["text"] == text)


def sound(seconds: float = 1.0, rate: int = 48_000, form: str = "WAV", channels: int = 1) -> bytes:
    samples = tones.tone(TONE, seconds, rate)
    file = io.BytesIO()
    soundfile.write(file, np.repeat(samples[:, None], channels, axis=1), rate, format=form)
    return file.getvalue()


async def test_recording_is_heard_in_place_of_the_voice_until_it_is_taken_away(
    site: Site, admin: httpx.AsyncClient
) -> None:
    found = await prompt(admin, GREETING)
    assert (found["recording"], found["language"], found["places"]) == (None, "ru", ["scenarios/menu-ru/greeting"])
    path = f"/api/prompts/{found['id']}"
    answer = await admin.put(path, content=sound())
    assert answer.status_code == 200, answer.text
    kept = await prompt(admin, GREETING)
    assert answer.json() == kept
    assert kept["seconds"] == pytest.approx(1.25, abs=0.1)
    heard = await admin.get(f"{path}/recording")
    rate, (samples,) = tones.read_wav(heard.content)
    assert rate == 8000
    assert tones.longest_stretch(samples, TONE, rate) > 0.8
    call = await calling(site)
    assert call.said[0] == GREETING
    assert call.recordings == [kept["recording"]]
    call.hang_up()
    assert (await admin.delete(path)).status_code == 204
    assert refusal(await admin.get(f"{path}/recording")) == (404, "not_found")
    call = await calling(site)
    assert call.said[0] == GREETING
    assert call.recordings == []
    call.hang_up()


async def test_recording_goes_with_the_versions_of_the_set_up(admin: httpx.AsyncClient) -> None:
    found = await prompt(admin, GREETING)
    before = (await current(admin))["version"]
    assert (await admin.put(f"/api/prompts/{found['id']}", content=sound())).status_code == 200
    now = await current(admin)
    assert now["version"] == before + 1
    assert "prompts:" in now["text"]
    headers = {"If-Match": f'"{now["version"]}"'}
    answer = await admin.post("/api/configuration/rollback", json={"version": before}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert (await prompt(admin, GREETING))["recording"] is None


async def test_recording_of_a_changed_text_is_shown_as_no_longer_said(admin: httpx.AsyncClient) -> None:
    found = await prompt(admin, GREETING)
    assert (await admin.put(f"/api/prompts/{found['id']}", content=sound())).status_code == 200
    await change(admin, f"greeting: {GREETING}", "greeting: Добрый день.")
    assert (await prompt(admin, "Добрый день."))["recording"] is None
    left = (await prompts(admin))[-1]
    assert (left["text"], left["places"]) == (GREETING, [])
    assert left["recording"]
    assert (await admin.delete(f"/api/prompts/{left['id']}")).status_code == 204
    assert GREETING not in [each["text"] for each in await prompts(admin)]


@pytest.mark.parametrize(
    ("form", "rate", "channels"), [("WAV", 8000, 1), ("FLAC", 44_100, 2), ("OGG", 48_000, 2), ("MP3", 44_100, 2)]
)
async def test_any_usual_form_will_do(admin: httpx.AsyncClient, form: str, rate: int, channels: int) -> None:
    path = f"/api/prompts/{(await prompt(admin, GREETING))['id']}"
    answer = await admin.put(path, content=sound(form=form, rate=rate, channels=channels))
    assert answer.status_code == 200, answer.text
    _, (samples,) = tones.read_wav((await admin.get(f"{path}/recording")).content)
    assert tones.longest_stretch(samples, TONE, 8000) > 0.8


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "prompt_unreadable"),
        (b"RIFF" + b"\x00" * 100, 400, "prompt_unreadable"),
        (b"<html>no</html>" * 50, 400, "prompt_unreadable"),
        (sound()[:60], 400, "prompt_silent"),
        (tones.wav([np.zeros(8000)], 8000), 400, "prompt_silent"),
        (sound(seconds=310, rate=8000), 400, "prompt_too_long"),
    ],
    ids=["empty", "broken", "html", "cut", "silence", "long"],
)
async def test_what_is_no_recording_is_refused_in_words(
    admin: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    path = f"/api/prompts/{(await prompt(admin, GREETING))['id']}"
    assert refusal(await admin.put(path, content=body)) == (status, code)
    assert (await prompt(admin, GREETING))["recording"] is None


async def test_too_much_is_refused_before_it_is_all_there(admin: httpx.AsyncClient) -> None:
    path = f"/api/prompts/{(await prompt(admin, GREETING))['id']}"
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield bytes(2**20)

    assert refusal(await admin.put(path, content=endless())) == (413, "prompt_too_large")


async def test_text_with_values_is_left_to_the_voice(admin: httpx.AsyncClient) -> None:
    await change(admin, f"greeting: {GREETING}", "greeting: 'Вы звоните с {ani|digits}.'")
    found = await prompt(admin, "Вы звоните с {ani|digits}.")
    assert found["varies"]
    assert refusal(await admin.put(f"/api/prompts/{found['id']}", content=sound())) == (409, "prompt_varies")


async def test_messages_and_the_programs_own_words_can_be_recorded_too(admin: httpx.AsyncClient) -> None:
    now = await current(admin)
    messages = "messages:\n  - {ru: Закажите на сайте., en: Order on the site.}\n"
    text = re.sub(
        r"^(\s+)name: Продажи\n", lambda found: found[0] + indent(messages, found[1]), now["text"], count=1, flags=re.M
    )
    assert text != now["text"]
    answer = await apply(admin, text, now["version"])
    assert answer.status_code == 200, answer.text
    for words, place in (
        ("Order on the site.", "queues/sales/messages"),
        ("Ваш звонок следующий. Оставайтесь на линии.", "program"),
    ):
        found = await prompt(admin, words)
        assert found["places"] == [place]
        assert (await admin.put(f"/api/prompts/{found['id']}", content=sound())).status_code == 200


async def test_two_at_once_do_not_take_each_others_recording_away(admin: httpx.AsyncClient) -> None:
    found = [each for each in await prompts(admin) if each["places"] and each["places"][0].startswith("scenarios/")]
    answers = await asyncio.gather(*(admin.put(f"/api/prompts/{each['id']}", content=sound()) for each in found[:3]))
    kept = {each["id"] for each in await prompts(admin) if each["recording"]}
    assert {answer.status_code for answer in answers} <= {200, 412}
    assert kept == {answer.json()["id"] for answer in answers if answer.status_code == 200}


async def test_only_administrators_and_only_known_texts(site: Site, admin: httpx.AsyncClient) -> None:
    path = f"/api/prompts/{(await prompt(admin, GREETING))['id']}"
    async with site.signed_in("olga") as olga:
        assert refusal(await olga.get("/api/prompts")) == (403, "not_permitted")
        assert refusal(await olga.put(path, content=sound())) == (403, "not_permitted")
        assert refusal(await olga.delete(path)) == (403, "not_permitted")
    assert refusal(await admin.put(f"/api/prompts/{'0' * 32}", content=sound())) == (404, "prompt_no_text")
    assert (await admin.put("/api/prompts/..%2f..", content=sound())).status_code in (400, 404, 405)


async def test_set_up_that_names_no_sum_is_refused(admin: httpx.AsyncClient) -> None:
    now = await current(admin)
    text = now["text"] + "prompts:\n  - {language: ru, text: Да, recording: ../../etc/passwd}\n"
    assert refusal(await apply(admin, text, now["version"])) == (400, "config_rejected")
