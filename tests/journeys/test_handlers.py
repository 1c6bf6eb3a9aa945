"""An administrator writes a scenario in Python; real calls go by it, also past its fault, whose traceback is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

SERVED, UNLUCKY = "+79160007021", "+79160007022"
CODE = """async def scenario(contact):
    pressed = await contact.menu("Продажи: один. Сбой: два.", {"1": "Продажи", "2": "Сбой"}, name="вопрос")
    if pressed.digits == "2":
        {}["нет такого"]
    await contact.to_queue("sales")
"""


@pytest.fixture
def restored(product: Product) -> Iterator[None]:
    """Afterwards the set-up is as it was."""
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["version"]
        yield
        now = client.get("/api/configuration").json()["version"]
        if now != before:
            over = {"If-Match": f'"{now}"'}
            answer = client.post("/api/configuration/rollback", json={"version": before}, headers=over)
            assert answer.status_code == 200, answer.text


async def test_a_scenario_in_python_is_written_dialled_and_its_fault_loses_nobody(
    open_page: OpenPage, product: Product, floor: Floor, restored: None
) -> None:
    desk = await (await open_page("admin")).sign_in()
    desk.forgive(r"status of 400 .*/api/handlers")  # a code that is no scenario is refused
    await desk.go("configuration/handlers")
    await looks_right(desk, "handlers")
    await _write(desk)
    async with dial(product.sip_port, MENU, ani=SERVED) as served:
        await floor.until_contact(SERVED, "scenario")
        await served.press_until("1", lambda: (floor.contact(SERVED) or {"state": "gone"})["state"] != "scenario")
        assert (await floor.until_contact(SERVED, "waiting"))["queue"]["id"] == "sales"
        await served.hang_up()
    async with dial(product.sip_port, MENU, ani=UNLUCKY) as unlucky:
        await floor.until_contact(UNLUCKY, "scenario")
        await unlucky.press_until("2", lambda: (floor.contact(UNLUCKY) or {"state": "gone"})["state"] != "scenario")
        assert (await floor.until_contact(UNLUCKY, "waiting"))["queue"]["id"] == "support"
        await desk.page.reload()
        await desk.page.get_by_text(desk.word("Traceback")).first.click()
        await expect(desk.page.locator(".handlerFaults pre").first).to_contain_text(
            'line 4, in scenario\n    {}["нет такого"]'
        )
        course = desk.page.get_by_role("table", name=desk.word("Steps"))
        # Accounts are written every two seconds, and the page asks every five.
        await expect(course.get_by_role("row", name=re.compile(r"^вопрос "))).to_be_visible()
        await looks_right(desk, "handler-fault")
        await unlucky.hang_up()
    await floor.until_gone(UNLUCKY)


async def _write(desk: DeskPage) -> None:
    await desk.button("New Python scenario").click()
    await desk.page.get_by_label(desk.word("Name"), exact=True).fill("Вопрос на Python")
    await desk.button("Write").click()
    code = desk.page.get_by_role("textbox", name=desk.word("Code"), exact=True)
    await code.fill("async def scenario(contact)")
    await desk.page.get_by_label(desk.word("Default queue, also after a fault")).select_option("support")
    await desk.page.get_by_role("checkbox", name=MENU).check()
    await desk.button("Save and let it count").click()
    await expect(desk.page.get_by_role("alert")).to_contain_text("handlers[0].code")
    await code.fill(CODE)
    await _try(desk)
    await desk.button("Save and let it count").click()
    await expect(desk.text("Saved. Whoever calls now hears this version; calls under way keep theirs.")).to_be_visible()
    await looks_right(desk, "handler-code")


async def _try(desk: DeskPage) -> None:
    """Before it is saved: the key that fails, then the one that does not, which is kept as a test."""
    await desk.button("Make a test call").click()
    talk = desk.page.get_by_role("log", name=desk.word("The test call"))
    await expect(talk).to_contain_text("Продажи: один. Сбой: два.")
    await expect(desk.page.locator(".handlerLine")).to_have_text("2")
    await _press(desk, "2")
    await expect(desk.page.locator(".handlerTrace")).to_contain_text('line 4, in scenario\n    {}["нет такого"]')
    await expect(desk.page.locator(".handlerLine")).to_have_text("4")
    await looks_right(desk, "handler-call")
    await desk.button("Call again").click()
    await _press(desk, "1")
    await desk.button("Keep as a test").click()
    await desk.button("Run the tests").click()
    await expect(desk.text("All hold")).to_be_visible()


async def _press(desk: DeskPage, keys: str) -> None:
    await desk.page.get_by_role("textbox", name=desk.word("Other keys")).fill(keys)
    await desk.button("Press").click()
