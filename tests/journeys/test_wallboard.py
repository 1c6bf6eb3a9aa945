"""A screen on the wall: an administrator makes its link, it hangs there without a login, and goes dark when it is revoked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

HALL: ViewportSize = {"width": 1920, "height": 1080}


@pytest.fixture
async def wall(browser: Browser, product: Product) -> AsyncIterator[DeskPage]:
    """Of a browser that nobody has signed in to."""
    context = await browser.new_context(base_url=product.url, viewport=HALL, locale="ru-RU")
    yield await DeskPage.open(context, product, "anna")
    await context.close()


async def link_of(admin: DeskPage, name: str) -> str:
    await admin.go("configuration/wallboards")
    await admin.page.get_by_role("textbox", name=admin.word("Name of the screen")).fill(name)
    await admin.button("Make a link").click()
    field = admin.page.get_by_role("textbox", name=admin.word("Link of the wallboard"))
    await expect(field).to_be_visible()
    return await field.input_value()


async def test_screen_hangs_there_tells_when_it_is_old_and_goes_dark(
    open_page: OpenPage, product: Product, floor: Floor, wall: DeskPage
) -> None:
    admin = await (await open_page("admin")).sign_in()
    name = "Зал"
    link = await link_of(admin, name)
    await looks_right(admin, "wallboards")
    wall.forgive(r"status of 401 .*/api/session|ERR_INTERNET_DISCONNECTED|WebSocket connection")
    await wall.page.goto(link.replace("/wall#", "/wall?language=ru#"))
    await expect(wall.page.get_by_role("heading", name=name)).to_be_visible()
    async with dial(product.sip_port, MENU, ani="+79200000095") as caller:
        await choose(caller, floor, "+79200000095")
        sales = wall.page.get_by_role("listitem").filter(has_text="Продажи")
        await expect(sales.locator("dd").first).to_have_text("1")
        await looks_right(wall, "wall")
        assert "920" not in await wall.page.locator("main").inner_text(), "a number of a customer is personal"
        await wall.page.context.set_offline(True)
        await wall.page.evaluate("window.dispatchEvent(new Event('offline'))")
        alert = wall.page.get_by_role("alert")
        await expect(alert).to_contain_text(
            wall.word("No connection since {since}. These figures are old.").split("{")[0]
        )
        await looks_right(wall, "wall-stale")
        await wall.page.context.set_offline(False)
        await expect(alert).to_have_count(0)
        await caller.hang_up()
    row = admin.page.get_by_role("row").filter(has_text=name)
    await row.get_by_role("button").click()
    await expect(admin.page.get_by_role("alertdialog")).to_be_visible()
    await looks_right(admin, "wallboard-revoke")
    await admin.page.get_by_role("alertdialog").get_by_role("button", name=admin.word("Revoke")).click()
    await expect(wall.page.get_by_role("heading", name=wall.word("This link opens nothing"))).to_be_visible()
    await looks_right(wall, "wall-dark")
