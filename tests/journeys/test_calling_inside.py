"""Two agents, two pages: one calls the other by name, they hear each other, one holds, the other ends; and who is on a pause."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_by_hand import ANNA, BORIS, accept
from tests.journeys.test_looks import looks_right
from tests.journeys.test_palette import find
from tests.product import Product
from tests.tones import AGENT_TONE


@pytest.mark.alone
async def test_an_agent_calls_a_colleague_by_name_they_talk_and_a_pause_is_respected(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    boris = await (await (await (await open_page("boris")).sign_in()).start_shift()).be_ready()
    anna.forgive(r"status of 409 .*/api/desk/calls/colleagues")
    await anna.page.keyboard.press("Control+k")
    await expect(anna.page.locator(".paletteAsk input")).to_be_focused()
    await anna.page.keyboard.type("борис")
    await expect(anna.page.get_by_role("option", name=BORIS)).to_have_attribute("aria-selected", "true")
    await looks_right(anna, "internal-palette")
    await anna.page.keyboard.press("Enter")
    await expect(anna.page.get_by_role("dialog")).to_have_count(0)
    await expect(boris.ringing).to_contain_text(ANNA)
    await expect(boris.ringing).to_contain_text(boris.word("A colleague calls"))
    await expect(anna.page.get_by_role("heading", level=1, name=BORIS)).to_be_visible()
    await looks_right(boris, "internal-ringing")
    await looks_right(anna, "internal-calling")
    await accept(boris)
    await anna.until_agent("talking")
    await anna.wait_to_hear(AGENT_TONE)
    await boris.wait_to_hear(AGENT_TONE)
    await looks_right(boris, "internal-talking")
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    await expect(olga.page.get_by_text(olga.word("Internal"), exact=True).first).to_be_visible()
    await looks_right(olga, "internal-floor")
    await boris.button("Hold").click()
    await boris.until_agent("held")
    await anna.wait_for_silence_of(AGENT_TONE)
    await boris.button("Resume").click()
    await anna.wait_to_hear(AGENT_TONE)
    await anna.button("End call").click()
    for desk in (anna, boris):
        await desk.until_agent("ready")
    await find(boris, "обед")
    await boris.until_agent("not_ready")
    await expect(anna.button("Call a number")).to_be_enabled()
    await anna.page.keyboard.press("Alt+c")
    book = anna.page.get_by_role("region", name=anna.word("Colleagues"))
    await expect(book.get_by_role("button", name=BORIS)).to_contain_text("Обед")
    await book.get_by_role("button", name=BORIS).click()
    await expect(book.get_by_role("alert")).to_contain_text("перерыве")
    await looks_right(anna, "internal-dial")
    await anna.page.keyboard.press("Escape")
    await anna.go("history")
    await expect(anna.page.get_by_role("button", name=BORIS).first).to_be_visible()
