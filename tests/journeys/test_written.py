"""A flow that spoke to callers answers a web site's request by mail, after one switch in its editor: no agent is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.test_callback import apply
from tests.journeys.test_flows import restored
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import until
from tests.web.test_answering import SmtpServer

__all__ = ["restored"]

MAIL = "maria@example.com"
FLOW = {
    "id": "letters",
    "name": "Возвраты",
    "languages": ["ru"],
    "otherwise": "support",
    "blocks": [
        {"id": "hello", "say": {"text": {"ru": "{request.name}, спасибо за обращение."}}, "exits": {"done": "bye"}},
        {"id": "bye", "hang_up": {"text": {"ru": "Мы принимаем всё в течение 30 дней."}}},
    ],
}


@pytest.fixture
async def served(product: Product, restored: None) -> AsyncIterator[SmtpServer]:
    """Requests of the site lead to the flow, and there is a mail server."""
    smtp = SmtpServer()
    server = await asyncio.start_server(smtp.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with product.signed_in("admin") as client:
        document = yaml.read(client.get("/api/configuration").json()["text"]).plain
        for entry in document["entry_points"]:
            rule = {"id": "letters", "when": {"channel": ["web"]}, "to": {"scenario": "letters"}}
            entry["rules"] = [rule, *entry.get("rules", ())]
        mail = {"server": "127.0.0.1", "port": port, "security": "none", "sender": "help@example.com"}
        apply(client, yaml.write(document | {"mail": mail, "flows": [*document.get("flows", ()), FLOW]}))
    async with server:
        yield smtp


async def hand_in(product: Product) -> str:
    """As the server of a web site does."""
    with product.signed_in("admin") as admin:
        key = admin.post("/api/web-keys", json={"name": "Сайт", "entry_point": "russian"}).json()
        async with httpx.AsyncClient(base_url=product.url, headers={"Authorization": f"Bearer {key['key']}"}) as site:
            answer = await site.post("/api/requests", json={"text": "Как вернуть?", "name": "Мария", "mail": MAIL})
        admin.delete(f"/api/web-keys/{key['id']}")
    assert answer.status_code == 201, answer.text
    contact: str = answer.json()["contact"]
    return contact


async def test_a_flow_is_switched_to_written_requests_tried_published_and_answers_one(
    open_page: OpenPage, product: Product, served: SmtpServer
) -> None:
    desk = await (await open_page("admin")).sign_in()
    await desk.go("configuration/flows?flow=letters")
    page = desk.page
    await page.get_by_role("tab", name=desk.word("Flow"), exact=True).click()
    await page.get_by_role("checkbox", name=desk.word("Serves written requests, too")).check()
    await looks_right(desk, "flow-written")
    await page.get_by_role("tab", name=desk.word("Test call"), exact=True).click()
    await desk.text("Who calls, and when").click()
    await page.get_by_role("checkbox", name=desk.word("A written request in place of a call")).check()
    await expect(page.get_by_role("log")).to_contain_text("Иван, спасибо за обращение.")
    await looks_right(desk, "flow-written-trial")
    await desk.button("Keep as a test").click()
    await expect(page.get_by_text("✉ → ✓")).to_be_visible()
    await page.keyboard.press("Control+s")
    await expect(desk.text("Draft saved")).to_be_visible()
    await desk.button("Publish").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("button", name=desk.word("Publish")).click()
    await expect(sheet).to_have_count(0)
    await expect(desk.text("Published")).to_be_visible()

    contact = await hand_in(product)
    with product.signed_in("olga") as client:
        await until("it is served", lambda: client.get(f"/api/contacts/{contact}").json().get("outcome") == "served")
    (message,) = served.messages
    assert f"To: {MAIL}" in message
    olga = await (await open_page("olga")).sign_in()
    await olga.page.goto(f"/contacts?contact={contact}")
    await expect(olga.page.get_by_text(olga.word("The scenario answered by mail"))).to_be_visible()
    letters = olga.page.get_by_role("region", name=olga.word("What the customer wrote"))
    await expect(letters).to_contain_text("Мария, спасибо за обращение.")
    await expect(letters).to_contain_text(olga.word("Sent by mail"))
    await looks_right(olga, "written-journal")
