"""The desk by keyboard alone: everything found by a few letters, keys of one's own, and no letter of a text that does
something else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Route, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

USUAL = {"keys": {}, "single_keys": True}


async def prefer(desk: DeskPage, what: dict[str, object]) -> None:
    headers = {"X-Otklik": "1", "Origin": desk.product.url}
    answer = await desk.page.context.request.patch("/api/session/preferences", headers=headers, data=what)
    assert answer.ok, await answer.text()


@pytest.fixture
async def anna(open_page: OpenPage) -> AsyncIterator[DeskPage]:
    desk = await (await open_page("anna")).sign_in()
    yield desk
    await prefer(desk, USUAL)


async def find(desk: DeskPage, letters: str) -> None:
    """Opens the palette, types, takes the first."""
    await desk.page.keyboard.press("Control+k")
    await expect(desk.page.locator(".paletteAsk input")).to_be_focused()
    await desk.page.keyboard.type(letters)
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def put_on(desk: DeskPage, action: str, key: str) -> None:
    """In the list of keys, which is open: another key for an action."""
    row = desk.page.locator(".shortcuts > div", has=desk.page.get_by_text(desk.word(action), exact=True))
    await row.locator(".keyChoice").focus()
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.press(key)


async def test_a_call_by_the_palette_and_by_keys_of_ones_own(anna: DeskPage, product: Product, floor: Floor) -> None:
    anna.forgive(r"status of 409 .*/api/session/preferences")
    keyboard = anna.page.keyboard
    await expect(anna.button("Start the shift")).to_be_visible()
    await find(anna, "yfxfnm")  # "начать" in the wrong layout
    await anna.until_agent("not_ready")
    await anna.until_reachable()
    await keyboard.press("Control+k")
    await expect(anna.page.locator(".paletteList li").first).to_be_visible()
    await looks_right(anna, "palette")
    await keyboard.press("Enter")  # nothing is chosen, nothing happens
    await expect(anna.page.get_by_role("dialog")).to_be_visible()
    await keyboard.press("Escape")
    await expect(anna.page.get_by_role("dialog")).to_have_count(0)
    await find(anna, "ready")
    await anna.until_agent("ready")
    await find(anna, "hist")
    await expect(anna.page).to_have_url(f"{product.url}/history")
    await find(anna, "hf,jx")  # "рабоч"
    await expect(anna.page).to_have_url(f"{product.url}/desk")

    await _choose_keys(anna)
    async with dial(product.sip_port, MENU, ani="+79161234568") as caller:
        await choose(caller, floor, "+79161234568")
        await _talk(anna)
    await anna.until_agent("wrap_up")


async def _choose_keys(anna: DeskPage) -> None:
    """Hold on J; T is refused with the name of what is there."""
    await anna.page.keyboard.press("Shift+Slash")
    await put_on(anna, "Hold and take back", "t")
    await expect(
        anna.page.get_by_text(anna.word("There it is: {other}.").replace("{other}", anna.word("Transfer")))
    ).to_be_visible()
    await put_on(anna, "Hold and take back", "j")
    await expect(anna.page.locator(".keyChoice", has_text="J")).to_be_visible()
    await looks_right(anna, "shortcuts")
    await anna.page.keyboard.press("Escape")


async def _talk(anna: DeskPage) -> None:
    keyboard = anna.page.keyboard
    await expect(anna.ringing).to_be_visible()
    await keyboard.press("Control+k")  # a ring is answered whatever is open
    await expect(anna.page.locator(".paletteAsk input")).to_be_focused()
    await keyboard.press("Alt+a")
    await anna.until_agent("talking")
    await keyboard.press("Escape")
    await expect(anna.page.get_by_role("dialog")).to_have_count(0)
    await expect(anna.page.locator("#note")).to_be_visible()
    await keyboard.press("Alt+n")
    await expect(anna.page.locator("#note")).to_be_focused()
    await keyboard.type("jmtc?")
    await expect(anna.page.locator("#note")).to_have_value("jmtc?")
    contact = await anna.contact_in_hand()
    assert (contact["state"], contact["muted"]) == ("talking", False)
    await anna.page.locator("#note").blur()
    await expect(anna.button("Hold")).to_be_enabled()
    await keyboard.press("h")
    await keyboard.press("j")
    await anna.until_agent("held")
    await anna.page.reload()
    await anna.until_agent("held")
    await expect(anna.page.get_by_role("button", name=anna.word("Resume"))).to_contain_text("J")
    await prefer(anna, {"single_keys": False})
    await anna.page.reload()
    await anna.until_agent("held")
    await expect(anna.page.get_by_role("button", name=anna.word("Resume"))).not_to_contain_text("J")
    # After the reload the line must be back before anything can be done with it.
    await expect(anna.page.get_by_role("button", name=anna.word("Resume"))).to_be_enabled()
    await keyboard.press("j")
    await find(anna, "elth;")  # "удерж"
    await anna.until_agent("talking")
    await expect(anna.button("Hold")).to_be_enabled()
    await find(anna, "завершить обр")
    await anna.until_agent("wrap_up")  # before the customer hangs up, too


async def test_letters_in_an_open_menu_look_for_its_words(anna: DeskPage, product: Product, floor: Floor) -> None:
    await anna.start_shift()
    await anna.be_ready()
    async with dial(product.sip_port, MENU, ani="+79161234569") as caller:
        await choose(caller, floor, "+79161234569")
        await expect(anna.button("Accept")).to_be_enabled()
        await anna.page.keyboard.press("Alt+a")
        await anna.until_agent("talking")
        await expect(anna.button("Transfer")).to_be_visible()
        await anna.page.keyboard.press("t")
        await expect(anna.page.locator(".byHandField input")).to_be_focused()
        await anna.page.keyboard.press("m")
        await anna.page.keyboard.press("h")
        await anna.page.keyboard.press("Escape")
        contact = await anna.contact_in_hand()
        assert (contact["state"], contact["muted"]) == ("talking", False)


async def test_palette_and_keys_in_english(open_page: OpenPage) -> None:
    kate = await (await open_page("kate", locale="en-GB")).sign_in()
    await kate.page.keyboard.press("Control+k")
    await expect(kate.page.locator(".paletteAsk input")).to_be_focused()
    await kate.page.keyboard.type("z")
    await kate.page.keyboard.press("Backspace")
    await expect(kate.page.locator(".paletteList li").first).to_be_visible()
    await looks_right(kate, "palette")
    await kate.page.keyboard.press("Escape")
    await expect(kate.page.get_by_role("dialog")).to_have_count(0)
    await kate.page.keyboard.press("Shift+Slash")
    await expect(kate.page.get_by_role("dialog")).to_be_visible()
    await looks_right(kate, "shortcuts")


async def test_enter_counts_before_the_other_languages_words_are_there(open_page: OpenPage, product: Product) -> None:
    olga = await (await open_page("olga")).sign_in()
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await olga.page.route("**/assets/messages-*.js", hold)
    await olga.page.keyboard.press("Control+k")
    await expect(olga.page.locator(".paletteAsk input")).to_be_focused()
    await olga.page.keyboard.type("customers")  # an English word on a Russian page
    await expect(olga.page.locator(".paletteList li")).to_have_count(0)
    await olga.page.keyboard.press("Enter")
    held.set()
    await expect(olga.page).to_have_url(f"{product.url}/customers")


async def test_supervisor_finds_screens_and_no_actions_of_agents(open_page: OpenPage, product: Product) -> None:
    olga = await (await open_page("olga")).sign_in()
    await olga.page.keyboard.press("Control+k")
    await expect(olga.page.get_by_role("option", name=olga.word("Contacts"))).to_be_visible()
    await expect(olga.page.get_by_role("option", name=olga.word("Microphone off and on"))).to_have_count(0)
    await olga.page.keyboard.press("Escape")
    await expect(olga.page.get_by_role("dialog")).to_have_count(0)
    await find(olga, "rkb")  # "кли"
    await expect(olga.page).to_have_url(f"{product.url}/customers")
