"""A supervisor writes to agents: it is on the desk at once and disturbs nothing; who has seen it is on the floor."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.test_looks import looks_right
from tests.journeys.words import pattern

HOSTILE = "<img src=x onerror=\"document.title='taken'\">\u202e Обед переносится на 14:00"
LONG = "أهلا وسهلا بكم في مركز الاتصال " * 8


async def test_message_is_read_put_away_by_keyboard_and_seen_to_be_read(open_page: OpenPage) -> None:
    anna = await (await open_page("anna")).sign_in()
    await anna.go("desk")
    olga = await (await open_page("olga", locale="ru-RU")).sign_in()
    await olga.go("floor")
    section = olga.page.get_by_role("region", name=olga.word("Messages to agents"))
    for text, urgent in ((HOSTILE, False), (LONG, True)):
        await section.get_by_role("button", name=olga.word("Write")).click()
        sheet = olga.page.get_by_role("dialog", name=olga.word("Message to agents"))
        await sheet.get_by_role("textbox", name=olga.word("Message")).fill(text)
        await sheet.get_by_role("checkbox", name="Продажи").check()
        if urgent:
            await sheet.get_by_role("checkbox", name=olga.word("Urgent: stands first, in red")).check()
            await looks_right(olga, "floor-notice-sheet")
        await sheet.get_by_role("button", name=olga.word("Send")).click()
        await expect(sheet).to_have_count(0)
    words = anna.page.locator(".noticeWords")
    await expect(words).to_have_text([LONG.strip(), HOSTILE])  # the urgent one first
    await expect(anna.page).not_to_have_title("taken")
    await anna.page.reload()
    await expect(words).to_have_count(2)
    await looks_right(anna, "desk-notice")
    # Whoever types goes on typing: the message takes no focus, and gives it back.
    field = anna.page.get_by_role("button", name=anna.word("Start the shift"), exact=True)
    await field.focus()
    done = anna.button("Got it")
    await done.first.press("Enter")
    await expect(words).to_have_text([HOSTILE])
    await expect(done).to_be_focused()
    await anna.page.keyboard.press("Enter")
    await expect(words).to_have_count(0)
    await expect(field).to_be_focused()
    seen = section.locator("summary").filter(has_text=pattern(olga.language, "Seen by {seen} of {all}"))
    await expect(seen).to_have_count(2)
    await seen.first.click()
    await expect(section).to_contain_text("Анна Смирнова")
    await looks_right(olga, "floor-notices")
    for left in (1, 0):
        await section.get_by_role("button", name=olga.word("Withdraw")).first.click()
        await expect(seen).to_have_count(left)
