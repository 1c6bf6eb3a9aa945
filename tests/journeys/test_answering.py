"""What came on paper is entered, waits, is taken at the desk and answered; nothing typed is lost by a reload. Its result is mailed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.test_callback import apply
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.web.test_answering import SmtpServer, until_sent

WANTED, ANSWER = "Прошу вернуть деньги за чайник.", "Вернём в среду."


@pytest.fixture
async def asking(product: Product) -> AsyncIterator[SmtpServer]:
    """One result offers a call, and asks for a mail that begins with a canned reply."""
    smtp = SmtpServer()
    server = await asyncio.start_server(smtp.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()
        document = yaml.read(before["text"]).plain
        for each in document["dispositions"]:
            if each["id"] == "resolved":
                each |= {"call": "optional", "mail": "required", "mail_reply": "адрес"}
        mail = {"server": "127.0.0.1", "port": port, "security": "none", "sender": "help@example.com"}
        apply(client, yaml.write(document | {"mail": mail}))
        async with server:
            yield smtp
        apply(client, before["text"])


async def test_a_request_on_paper_is_entered_and_answered(open_page: OpenPage, asking: SmtpServer) -> None:
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
    await answer.fill("И ещё")
    await anna.button("Finish").click()
    question = page.get_by_role("alertdialog", name=anna.word("The answer is not sent"))
    await expect(question).to_be_visible()
    await looks_right(anna, "unsent")
    await question.get_by_role("button", name=anna.word("Finish without it")).click()
    await anna.until_agent("wrap_up")
    await page.get_by_role("radio", name="Вопрос решён").check(force=True)
    await page.get_by_role("checkbox", name=anna.word("Call the customer")).check()
    text = page.get_by_role("textbox", name=anna.word("Text of the mail"))
    await expect(text).to_have_value("{customer.name}, наш салон: Тверская, 12, каждый день с 9 до 21.")
    await looks_right(anna, "after-result")
    await page.get_by_role("checkbox", name=anna.word("Call the customer")).uncheck()
    await text.press("Control+Enter")
    to = page.get_by_role("combobox", name=anna.word("To whom"), exact=True)
    await expect(to).to_be_focused()
    await to.press_sequentially("ivan@example.com")
    await text.fill("Деньги вернём в среду.")
    await text.press("Control+Enter")
    await anna.until_agent("ready")
    await until_sent(asking)
    (message,) = asking.messages
    assert "To: ivan@example.com" in message
