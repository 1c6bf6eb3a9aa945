"""An article written in the set-up, found beside the conversation by keyboard alone, and put into the note."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.journeys.words import word
from tests.product import Product
from tests.sipp import dial

CALLER = "+79161234580"
BODY = "# Возврат\n\nПришлите **фото** в течение суток. <img src=x onerror=alert(1)>"


async def test_article_is_written_found_and_put_into_the_note(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    admin = await (await open_page("admin")).sign_in()
    await admin.page.goto("/configuration/knowledge?article=new")
    await admin.page.get_by_label(word("ru", "Title")).fill("Возврат букета")
    await admin.page.get_by_label(word("ru", "Text"), exact=True).fill(BODY)
    await looks_right(admin, "article")
    await admin.page.get_by_role("button", name=word("ru", "Publish")).click()
    await expect(admin.page.get_by_text(word("ru", "Agents read it"))).to_be_visible()
    anna = await (await open_page("anna")).sign_in()
    await anna.start_shift()
    await anna.be_ready()
    keyboard, note = anna.page.keyboard, anna.page.locator("#note")
    async with dial(product.sip_port, MENU, ani=CALLER) as caller:
        await choose(caller, floor, CALLER)
        await expect(anna.button("Accept")).to_be_enabled()
        await keyboard.press("Alt+a")
        await anna.until_agent("talking")
        await expect(note).to_be_visible()
        await expect(anna.page.get_by_role("tablist", name=word("ru", "About the contact"))).to_be_visible()
        await keyboard.press("Alt+k")
        found = anna.page.get_by_role("option")
        await expect(anna.page.get_by_role("combobox", name=word("ru", "Search the knowledge base"))).to_be_focused()
        await keyboard.type("фотографий букетов")
        await expect(found).to_have_count(1)
        await expect(found.locator("mark").first).to_have_text("букета")
        await looks_right(anna, "knowledge")
        await keyboard.press("Enter")
        await expect(anna.page.locator(".knowledgePage strong")).to_have_text("фото")
        await expect(anna.page.locator(".knowledgePage img")).to_have_count(0)
        await looks_right(anna, "article-at-the-desk")
        await anna.page.get_by_role("button", name=word("ru", "Put it into the note")).click()
        await expect(note).to_have_value("Возврат\nПришлите фото в течение суток. <img src=x onerror=alert(1)>")
    await anna.until_agent("wrap_up")
    await expect(anna.button("Save and ready")).to_be_visible()
    await anna.page.get_by_role("radio", name="Вопрос решён", exact=True).click(force=True)
    await keyboard.press("Control+Enter")
    await anna.until_agent("ready")
