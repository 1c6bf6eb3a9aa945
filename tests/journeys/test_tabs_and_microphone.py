"""One phone in one browser: a second tab is its remote control; without a microphone the page says what to do."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

MICROPHONE = """
window.fault = "NotAllowedError";
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) =>
  window.fault ? Promise.reject(new DOMException("", window.fault)) : open(wanted);
"""
"""The browser's answer to the question for a microphone, until `fault` is empty."""
UNPLUGGED = """() => {
  window.fault = "NotFoundError";
  window.otklikDiagnostics.localStream.getAudioTracks()[0].dispatchEvent(new Event("ended"));
}"""
PLUGGED_IN = """() => {
  window.fault = "";
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
}"""
SOUNDS_HERE = "window.otklikDiagnostics.session !== null"


def banner(page: DeskPage, text: str) -> Locator:
    return page.page.get_by_role("status").filter(has_text=page.word(text))


@pytest.mark.alone
async def test_second_tab_accepts_holds_and_ends_what_sounds_in_the_first(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000041"
    first = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    second = DeskPage(await first.page.context.new_page(), product, "anna")
    await second.page.goto("/desk")
    elsewhere = "The phone is in another tab: the sound is there, the buttons work here too."
    await expect(banner(second, elsewhere)).to_be_visible()
    await looks_right(second, "second-tab")
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(second.ringing).to_be_visible()
        await second.button("Accept").click()
        await second.until_agent("talking")
        await first.until_live("the sound is in the first tab", "session !== null")
        assert not await second.page.evaluate(SOUNDS_HERE)
        await second.button("Hold").click()
        await first.until_agent("held")
        await second.button("Resume").click()
        await first.until_agent("talking")
        await second.button("End call").click()
        await caller.wait_until_over()
    await second.until_agent("wrap_up")
    await second.wrap_up("Вопрос решён", "Из другой вкладки.")
    await second.button("Bring the phone here").click()
    await second.until_reachable()
    await expect(banner(first, elsewhere)).to_be_visible()
    assert second.unforgiven() == []


async def test_without_a_microphone_the_page_says_what_to_do_and_takes_it_once_it_is_there(open_page: OpenPage) -> None:
    anna = await open_page("anna")
    await anna.page.add_init_script(MICROPHONE)
    await anna.sign_in()
    await anna.button("Start the shift").click()
    await expect(anna.text("The browser does not let this page use the microphone")).to_be_visible()
    await expect(anna.text("Switch “Microphone” to “Allow”.")).to_be_visible()
    await looks_right(anna, "microphone-refused")
    await anna.page.evaluate("window.fault = ''")
    await anna.button("Check again").click()
    await anna.until_reachable()
    await anna.page.evaluate(UNPLUGGED)
    told = banner(anna, "The microphone is not available.")
    plug_in = anna.word("Plug in the headset, or turn it on if it is wireless, and check again.")
    await expect(told).to_contain_text(plug_in)
    await told.get_by_role("button", name=anna.word("Try again")).click()
    await expect(told).to_contain_text(plug_in)
    await looks_right(anna, "microphone-unplugged")
    await anna.page.evaluate(PLUGGED_IN)
    await expect(told).to_have_count(0)
