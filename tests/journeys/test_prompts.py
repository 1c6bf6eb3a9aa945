"""An administrator records what callers hear: from the microphone to the telephone of a caller."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import FilePayload, expect

from tests import tones
from tests.journeys.conftest import OpenPage
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sip_phone import SipPhone
from tests.tones import AGENT_TONE

GREETING = "Здравствуйте! Вы позвонили в компанию «Ромашка». Разговор записывается."
MOMENTS_OF_SPEECH = 60
"""Some three seconds: the greeting is spoken first, and lasts longer."""


async def begins_with(phone: SipPhone, number: str, frequency: float) -> bool:
    """Whether the first that a caller hears is this tone, not speech; the caller hangs up."""
    call = await phone.call(number)
    other = 0
    try:
        async with asyncio.timeout(60):
            while not call.hears(frequency):
                heard = call.heard()
                other += heard is not None and tones.loudness(heard) > 0.005
                if other > MOMENTS_OF_SPEECH:
                    return False
                await asyncio.sleep(0.05)
        return True
    finally:
        call.hang_up()


@pytest.mark.alone
async def test_what_is_recorded_by_keyboard_is_what_a_caller_hears(open_page: OpenPage, product: Product) -> None:
    admin = await (await open_page("admin")).sign_in()
    await admin.go("configuration/prompts")
    row = admin.page.get_by_role("listitem").filter(has_text=GREETING)
    await expect(row).to_be_visible()
    async with SipPhone("+79160007031", ("127.0.0.1", product.sip_port)) as phone:
        assert not await begins_with(phone, "1000", AGENT_TONE)
    await row.get_by_role("button", name=f"Записать: {GREETING[:20]}").focus()
    await admin.page.keyboard.press("Enter")
    await expect(row.get_by_role("timer")).to_have_text(re.compile("0:0[2-9]"))
    await looks_right(admin, "prompts-recording")
    await expect(row.get_by_role("button", name=admin.word("Stop"))).to_be_focused()
    await admin.page.keyboard.press("Enter")
    await expect(row.get_by_role("button", name=admin.word("Use it"))).to_be_visible()
    await looks_right(admin, "prompts-taken")
    await row.get_by_role("button", name=admin.word("Use it")).press("Enter")
    await expect(row.get_by_text("Записано")).to_be_visible()
    async with SipPhone("+79160007032", ("127.0.0.1", product.sip_port)) as phone:
        assert await begins_with(phone, "1000", AGENT_TONE)
    await row.get_by_role("button", name="Вернуть голосу").press("Enter")
    await expect(row.get_by_text("Записано")).to_have_count(0)


async def test_files_that_are_no_sound_are_refused_in_words(open_page: OpenPage) -> None:
    admin = await (await open_page("admin", locale="en-GB")).sign_in()
    admin.forgive(r"status of 400 .*/api/prompts")
    await admin.go("configuration/prompts")
    row = admin.page.get_by_role("listitem").filter(has_text=GREETING)
    chosen = FilePayload(name="notes.txt", mimeType="text/plain", buffer=b"no sound")
    await row.locator("input[type=file]").set_input_files(chosen)
    await expect(row.get_by_role("button", name=admin.word("Use it"))).to_be_visible()
    await admin.page.get_by_role("radio", name=admin.word("Music of queues")).check(force=True)
    await expect(admin.page.get_by_role("searchbox")).to_have_count(0)
    await row.get_by_role("button", name=admin.word("Use it")).click()
    await expect(row.get_by_role("alert")).to_be_visible()
    await row.get_by_role("button", name=admin.word("Throw it away")).click()
    await expect(row.get_by_role("button", name=admin.word("Use it"))).to_have_count(0)


async def test_music_that_no_queue_plays_is_listed_with_the_day_it_goes(open_page: OpenPage, product: Product) -> None:
    # A sound is named by what is in it: no other journey hands in this tone.
    tone = tones.wav([tones.tone(620, 2.0, tones.TELEPHONE_RATE)], tones.TELEPHONE_RATE)
    with product.signed_in("admin") as client:
        handed = client.post("/api/prompts/music?name=Забытый марш.wav", content=tone)
        assert handed.status_code == 200, handed.text
    admin = await (await open_page("admin")).sign_in()
    await admin.go("configuration/prompts")
    await admin.page.get_by_role("radio", name=admin.word("Music of queues")).check(force=True)
    row = admin.page.get_by_role("list", name=admin.word("Music of queues")).get_by_role("listitem")
    row = row.filter(has_text="Забытый марш.wav")
    await expect(row).to_contain_text(admin.word("Not used"))
    await expect(row).to_contain_text("Удалится")
    await expect(row.get_by_role("button", name="Послушать: Забытый марш.wav")).to_be_visible()
    await looks_right(admin, "prompts-music")
