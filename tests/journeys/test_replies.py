"""Canned replies put into the note by a slash, by keyboard alone; a hole that nobody filled in is not saved."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.journeys.test_palette import prefer
from tests.product import Product
from tests.sipp import dial

STRANGER = "+79161234570"


async def test_reply_is_put_in_by_a_slash_and_its_hole_is_not_saved(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await open_page("anna")).sign_in()
    await anna.start_shift()
    await anna.be_ready()
    keyboard, note = anna.page.keyboard, anna.page.locator("#note")
    async with dial(product.sip_port, MENU, ani=STRANGER) as caller:
        await choose(caller, floor, STRANGER)
        await expect(anna.button("Accept")).to_be_enabled()
        await keyboard.press("Alt+a")
        await anna.until_agent("talking")
        await expect(note).to_be_visible()
        await keyboard.press("Alt+n")
        await expect(note).to_be_focused()
        await keyboard.type("12/05 /")
        await expect(anna.page.locator(".replies li")).to_have_count(6)
        await looks_right(anna, "canned-replies")
        await keyboard.press("Escape")
        await expect(anna.page.locator(".replies")).to_have_count(0)
        await keyboard.type("flh")  # "адр" in the wrong layout
        await expect(anna.page.locator(".replies li").first).to_contain_text("/адрес")
        await keyboard.press("Enter")
        await expect(note).to_have_value("12/05 {customer.name}, наш салон: Тверская, 12, каждый день с 9 до 21.")
        await expect(anna.page.get_by_text("{customer.name}", exact=True)).to_be_visible()
    await anna.until_agent("wrap_up")
    await expect(anna.button("Save and ready")).to_be_visible()
    await anna.page.get_by_role("radio", name="Вопрос решён", exact=True).click(force=True)
    await keyboard.press("Control+Enter")
    await expect(note).to_be_focused()
    await expect(note).to_have_attribute("aria-invalid", "true")
    await looks_right(anna, "note-with-a-hole")
    await keyboard.press("Backspace")  # the hole was chosen
    await expect(note).to_have_value("12/05 , наш салон: Тверская, 12, каждый день с 9 до 21.")
    await prefer(anna, {"language": "en"})
    await anna.page.reload()
    anna.language = "en"
    await note.press("End")
    await keyboard.type(" /")
    await expect(anna.page.locator(".replies li").first).to_contain_text("EN")
    await looks_right(anna, "canned-replies")
    await keyboard.press("Escape")
    await expect(anna.page.locator(".replies")).to_have_count(0)
    await prefer(anna, {"language": "ru"})
    await keyboard.press("Control+Enter")
    await anna.until_agent("ready")
