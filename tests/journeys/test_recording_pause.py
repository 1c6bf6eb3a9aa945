"""A card's number is said: the agent pauses the recording by a key, a reload does not end the pause, and the list of contacts
shows it on the sound. What is in the file is held by `tests/channels/test_silence.py`.
"""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose, closed_row
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

ANI = "+79037770101"


async def test_a_pause_by_keyboard_outlives_a_reload_and_is_seen_on_the_recording(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ANI) as caller:
        await choose(caller, floor, ANI)
        await expect(anna.ringing).to_be_visible()
        await anna.button("Accept").click()
        await anna.until_agent("talking")
        await expect(anna.page.get_by_role("button", name=anna.word("Pause recording"))).to_be_enabled()
        await anna.page.keyboard.press("r")
        await expect(anna.text("The recording is paused.")).to_be_visible()
        await looks_right(anna, "recording-paused")
        await anna.page.reload()
        await anna.until_agent("talking")
        await expect(anna.text("The recording is paused.")).to_be_visible()
        await expect(anna.page.get_by_role("button", name=anna.word("Resume recording"))).to_be_enabled()
        await anna.page.keyboard.press("r")
        await expect(anna.text("Recording")).to_be_visible()
        await expect(anna.text("The recording is paused.")).to_be_hidden()
        await caller.hang_up()
    await anna.until_agent("wrap_up")
    with product.signed_in("olga") as client:
        row = await closed_row(client, ANI, recorded=True)
    olga = await (await open_page("olga")).sign_in()
    await olga.page.goto(f"/contacts?contact={row['id']}")
    await expect(olga.page.locator(".playerUnkept")).to_have_count(1)
    await expect(olga.page.locator(".playerSilences li")).to_have_count(1)
    await looks_right(olga, "recording-silence")
