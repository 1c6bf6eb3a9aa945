"""The supervisor's floor: found by its address, sent to a colleague, gone back from; in both languages and themes."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial


async def test_supervisors_screens(open_page: OpenPage, product: Product, floor: Floor) -> None:
    """With somebody who waits, an agent's drawer open, and the filters in use."""
    olga = await (await open_page("olga")).sign_in()
    async with dial(product.sip_port, MENU, ani="+79200000091") as caller:
        await choose(caller, floor, "+79200000091")
        await olga.go("floor")
        await expect(olga.page.get_by_role("table", name=olga.word("Contacts now"))).to_contain_text("920 000-00-91")
        await looks_right(olga, "floor-waiting")
        await olga.page.get_by_role("button", name="+7 920 000-00-91", exact=True).click()
        contact = olga.page.get_by_role("dialog")
        await expect(contact).to_contain_text(olga.word("Joined the queue"))
        await contact.get_by_role("button", name=olga.word("Why?")).click()
        await expect(contact.get_by_role("list", name=olga.word("Agents")).first).to_be_visible()
        await looks_right(olga, "floor-contact")
        await olga.page.keyboard.press("Escape")
        await olga.page.get_by_role("combobox", name=olga.word("State of the agents")).select_option("offline")
        await olga.page.get_by_role("button", name="Анна Смирнова", exact=True).click()
        await expect(olga.page.get_by_role("dialog", name="Анна Смирнова")).to_be_visible()
        await looks_right(olga, "floor-drawer")
        await olga.page.keyboard.press("Escape")
        await olga.page.get_by_role("button", name="+7 920 000-00-91", exact=True).click()
        await caller.hang_up()
        # It is over while it is looked at: its account stands in place of what was live.
        await expect(contact).to_contain_text(olga.word("Abandoned"))


async def test_what_is_shown_of_the_floor_is_in_its_address(open_page: OpenPage, product: Product) -> None:
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    rows = olga.page.get_by_role("table", name=olga.word("Agents"), exact=True).locator("tbody tr")
    await expect(rows).to_have_count(3)
    await olga.page.get_by_role("searchbox").fill("kate")
    await expect(rows).to_have_count(1)
    await olga.page.get_by_role("combobox", name=olga.word("Queue"), exact=True).select_option("sales")
    await olga.button("Time in state").click()
    await olga.page.get_by_role("button", name="Kate Wilson", exact=True).click()
    drawer = olga.page.get_by_role("dialog", name="Kate Wilson")
    await expect(drawer).to_be_visible()
    address = olga.page.url
    assert {part.split("=")[0] for part in address.partition("?")[2].split("&")} == {"q", "queue", "sort", "agent"}
    # A colleague opens what was sent, and sees the same.
    await olga.page.goto(address)
    await expect(drawer).to_be_visible()
    await expect(rows).to_have_count(1)
    await olga.page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await olga.page.go_back()
    await expect(drawer).to_be_visible()
    await olga.page.go_back()
    await expect(drawer).to_have_count(0)


RULES = """
alerts:
  - id: patience
    kind: long_wait
    after_seconds: 1
"""


@pytest.fixture
def rules(product: Product) -> Iterator[None]:
    """The centre's set-up with a rule that is soon broken."""

    def put(client: httpx.Client, text: str) -> None:
        version = client.get("/api/configuration").json()["version"]
        body = {"text": text, "comment": "alerts"}
        answer = client.put("/api/configuration", json=body, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.text

    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        put(client, before + RULES)
        yield
        put(client, before)


async def test_alert_stands_is_acknowledged_and_becomes_what_was(
    open_page: OpenPage, product: Product, floor: Floor, rules: None
) -> None:
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    section = olga.page.get_by_role("region", name=olga.word("Alerts"), exact=True)
    async with dial(product.sip_port, MENU, ani="+79200000097") as caller:
        await choose(caller, floor, "+79200000097")
        standing = section.get_by_role("log").get_by_role("listitem")
        await expect(standing.filter(has_text=olga.word("Waiting too long"))).to_contain_text("Продажи")
        await looks_right(olga, "floor-alert")
        await olga.button("Acknowledge").click()
        await expect(standing.first).to_contain_text("Ольга Петрова")
        await caller.hang_up()
    await expect(standing.first).to_have_text(olga.word("Nothing stands."))
    await section.locator("summary").click()
    await expect(section.get_by_role("list", name=olga.word("What was")).get_by_role("listitem").first).to_contain_text(
        "Ольга Петрова"
    )
    await looks_right(olga, "floor-alerts-past")
