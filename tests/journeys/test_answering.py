"""What came on paper is entered, waits, is taken at the desk and answered; nothing typed is lost by a reload."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.test_looks import looks_right

WANTED, ANSWER = "Прошу вернуть деньги за чайник.", "Вернём в среду."


async def test_a_request_on_paper_is_entered_and_answered(open_page: OpenPage) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    page = anna.page
    await anna.button("Enter a request").click()
    wanted = page.get_by_role("textbox", name=anna.word("What the customer wants"))
    await wanted.fill(WANTED)
    await looks_right(anna, "enter-request")
    await page.reload()
    await anna.button("Enter a request").click()
    await expect(wanted).to_have_value(WANTED)
    await anna.button("Enter it").click()
    await expect(anna.ringing).to_be_visible()
    await anna.button("Accept").click()
    await anna.until_agent("talking")
    answer = page.get_by_role("textbox", name=anna.word("Answer"), exact=True)
    await answer.fill(ANSWER)
    await looks_right(anna, "answer")
    await page.reload()
    await expect(answer).to_have_value(ANSWER)
    await answer.press("Control+Enter")
    letters = page.get_by_role("region", name=anna.word("What the customer wrote"))
    await expect(letters).to_contain_text(ANSWER)
    await expect(letters).to_contain_text(anna.word("Kept here, not sent"))
    await expect(answer).to_have_value("")
    await looks_right(anna, "answered")
    await anna.button("Finish").click()
    await anna.until_agent("wrap_up")
    await anna.wrap_up("Вопрос решён", "")
    await anna.until_agent("ready")
