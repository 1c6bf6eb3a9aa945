"""An administrator draws a menu with the keyboard alone, tries it, publishes it, and a real call goes by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU
from tests.journeys.test_looks import assert_accessible, looks_right
from tests.product import Product
from tests.sipp import dial

CALLER = "+79161230000"
MOST_TABS = 80
KINDS = (
    "Say",
    "Menu",
    "Digits",
    "Phrase",
    "Note",
    "Condition",
    "Database",
    "Service",
    "Python function",
    "Mail",
    "SMS",
    "Record",
    "Voicemail",
    "Queue",
    "Agent",
    "Callback",
    "Outside number",
    "Wait",
    "Hang up",
    "Another flow",
    "Back",
)
"""As the menu has them."""


@pytest.fixture
def restored(product: Product) -> Iterator[None]:
    """Afterwards the set-up is as it was, and no draft is left."""
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["version"]
        yield
        for flow in client.get("/api/flows").json()["flows"]:
            if flow["draft"]:
                over = {"If-Match": f'"{flow["draft"]["revision"]}"'}
                assert client.delete(f"/api/flows/{flow['id']}/draft", headers=over).status_code == 204
        now = client.get("/api/configuration").json()["version"]
        if now != before:
            over = {"If-Match": f'"{now}"'}
            answer = client.post("/api/configuration/rollback", json={"version": before}, headers=over)
            assert answer.status_code == 200, answer.text


class Keyboard:
    """The page as whoever has no mouse uses it."""

    def __init__(self, desk: DeskPage) -> None:
        self.desk = desk
        self.keys = desk.page.keyboard

    async def to(self, name: str, role: str, key: str = "Tab") -> None:
        """Tab by Tab to the thing of this name."""
        wanted = self.desk.page.get_by_role(role, name=name)  # type: ignore[arg-type]  # playwright lists the roles one by one
        for _ in range(MOST_TABS):
            if await wanted.evaluate_all("(found) => found.includes(document.activeElement)"):
                return
            await self.keys.press(key)
        raise AssertionError(f"no {role} “{name}” within {MOST_TABS} tabs")

    async def press(self, source: str, role: str = "button") -> None:
        await self.to(self.desk.word(source), role)
        await self.keys.press("Enter")

    async def write(self, name: str, text: str) -> None:
        await self.to(name, "textbox")
        await self.keys.type(text)


async def _draw(desk: DeskPage, keyboard: Keyboard) -> None:
    """A question with one key that leads to a queue; everything else is said goodbye to."""
    await keyboard.press("New flow")
    await expect(desk.page.locator("#flowName")).to_be_focused()
    await keyboard.keys.type("Запись к врачу")
    await keyboard.to(desk.word("Menu"), "radio")
    await keyboard.keys.press("ArrowUp")
    await looks_right(desk, "flow-new")
    await keyboard.keys.press("Enter")
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("Запись к врачу")
    await keyboard.press("Add a block")
    await expect(desk.page.get_by_role("menuitem").first).to_be_focused()
    await assert_accessible(desk, "flow-blocks")
    await keyboard.keys.press("ArrowDown")
    await keyboard.keys.press("Enter")
    await expect(desk.page.get_by_role("status").filter(has_text=desk.word("Menu"))).to_have_count(1)
    await keyboard.write(desk.word("Name"), "Вопрос")
    await keyboard.write(f"{desk.word('Text')}: русский", "Чтобы записаться, нажмите один.")
    await keyboard.press("Add a key")
    await expect(desk.page.get_by_role("textbox", name=f"{desk.word('What it means')} 1")).to_be_focused()
    await keyboard.keys.type("Запись")
    await _lead(desk, keyboard, "1 · Запись", "Queue", "Регистратура")
    await keyboard.to(f"Регистратура {desk.word('Queue')}", "option", "Shift+Tab")
    await keyboard.keys.press("ArrowLeft")
    await _lead(desk, keyboard, desk.word("Everything else"), "Hang up", "Прощание")
    await keyboard.write(f"{desk.word('Said first')}: русский", "До свидания.")


async def _lead(desk: DeskPage, keyboard: Keyboard, exit_: str, kind: str, name: str) -> None:
    """From an exit of the block at hand to a new one."""
    button = desk.word("A new block at the exit {0}").replace("{0}", exit_)
    await keyboard.to(desk.word("Block"), "tab")
    await keyboard.to(button, "button")
    await keyboard.keys.press("Enter")
    await expect(desk.page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(KINDS.index(kind)):
        await keyboard.keys.press("ArrowDown")
    await keyboard.keys.press("Enter")
    await expect(desk.page.get_by_role("status").filter(has_text=desk.word(kind))).to_have_count(1)
    await keyboard.write(desk.word("Name"), name)


async def test_a_menu_is_drawn_by_keys_tried_published_and_dialled(
    open_page: OpenPage, product: Product, floor: Floor, restored: None
) -> None:
    desk = await (await open_page("admin")).sign_in()
    await desk.go("configuration/flows")
    await looks_right(desk, "flows")
    keyboard = Keyboard(desk)
    await _draw(desk, keyboard)
    await keyboard.keys.press("Control+s")
    await expect(desk.text("Draft saved")).to_be_visible()
    await looks_right(desk, "flow-editor")
    await _try(desk, keyboard)
    await _publish(desk, keyboard)
    async with dial(product.sip_port, MENU, ani=CALLER) as caller:
        await floor.until_contact(CALLER, "scenario")
        await caller.press_until("1", lambda: (floor.contact(CALLER) or {"state": "gone"})["state"] != "scenario")
        contact = await floor.until_contact(CALLER, "waiting")
        assert contact["queue"]["id"] == "sales"
        await _see_where_it_went(desk)
        await caller.hang_up()
    await floor.until_gone(CALLER)


async def _try(desk: DeskPage, keyboard: Keyboard) -> None:
    await keyboard.to(desk.word("Block"), "tab", "Shift+Tab")
    await keyboard.keys.press("ArrowRight")
    await expect(desk.page.get_by_role("log")).to_contain_text("Чтобы записаться, нажмите один.")
    await keyboard.to("1 Запись", "button")
    await keyboard.keys.press("Enter")
    await expect(desk.page.locator(".flowEnding")).to_contain_text("Продажи")
    await looks_right(desk, "flow-trial")
    await keyboard.press("Keep as a test")
    await expect(desk.page.get_by_text("1 → sales")).to_be_visible()


async def _publish(desk: DeskPage, keyboard: Keyboard) -> None:
    await keyboard.to(desk.word("Publish"), "button", "Shift+Tab")
    await keyboard.keys.press("Enter")
    await expect(desk.page.locator("#flowComment")).to_be_focused()
    await keyboard.keys.type("Новая запись")
    await keyboard.to(MENU, "checkbox")
    await keyboard.keys.press("Space")
    await looks_right(desk, "flow-publish")
    await keyboard.to(desk.word("Publish"), "button")
    await keyboard.keys.press("Enter")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await expect(desk.text("Published")).to_be_visible()


async def _see_where_it_went(desk: DeskPage) -> None:
    await desk.page.get_by_role("tab", name=desk.word("Course"), exact=True).click()
    row = desk.page.get_by_role("row", name="Регистратура")
    await expect(row.get_by_role("cell").nth(1)).to_have_text("1")
    await looks_right(desk, "flow-course")


LEVELS = """def level(number):
    if number.endswith("2"):
        {}["нет такого"]
    return "ours", {"tier": "gold"}
"""


async def test_a_test_call_runs_python_and_shows_its_fault(
    open_page: OpenPage, product: Product, restored: None
) -> None:
    block = {"code": "levels", "function": "level", "parameters": {"number": "{ani}"}, "branches": ["ours"]}
    exits = {"ours": "sales", "done": "sales", "fault": "help"}
    queues = [{"id": "sales", "queue": {"queue": "sales"}}, {"id": "help", "queue": {"queue": "support"}}]
    flow: dict[str, Any] = {"id": "levelled", "name": "Уровни", "languages": ["ru"], "otherwise": "support"}
    flow["blocks"] = [{"id": "level", "function": block, "exits": exits}, *queues]
    with product.signed_in("admin") as client:
        version = client.get("/api/configuration").json()["version"]
        sent = {"name": "Уровни", "language": "ru", "otherwise": "support", "code": LEVELS}
        saved = client.put("/api/handlers/levels", json=sent, headers={"If-Match": f'"{version}"'})
        assert saved.status_code == 200, saved.text
        draft = {"flow": flow, "base": saved.json()["version"]}
        assert client.put("/api/flows/levelled/draft", json=draft, headers={"If-Match": '"0"'}).status_code == 200
    desk = await (await open_page("admin")).sign_in()
    await desk.go("configuration/flows?flow=levelled")
    await desk.page.get_by_role("tab", name=desk.word("Test call"), exact=True).click()
    talk = desk.page.get_by_role("log", name=desk.word("The test call"))
    await expect(talk).to_contain_text("tier = gold")
    await desk.text("Who calls, and when").click()
    await desk.page.get_by_role("textbox", name=desk.word("The caller's number")).fill(f"{CALLER[:-1]}2")
    await expect(talk).to_contain_text("KeyError")
    await expect(talk.get_by_label(desk.word("Traceback"))).to_contain_text("line 3, in level")
    await looks_right(desk, "flow-trial-fault")


async def test_the_editors_screens_in_english(open_page: OpenPage, product: Product, restored: None) -> None:
    desk = await (await open_page("admin")).sign_in()
    request = desk.page.context.request
    headers = {"X-Otklik": "1", "Origin": product.url}
    await request.patch("/api/session/preferences", headers=headers, data={"language": "en"})
    try:
        desk.language = "en"
        await desk.go("configuration/flows")
        await looks_right(desk, "flows")
        await desk.button("New flow").click()
        await desk.page.get_by_role("radio", name="Survey").check()
        await desk.button("Draw").click()
        await expect(desk.page.locator(".react-flow__node")).to_have_count(6)
        await looks_right(desk, "flow-survey")
        await desk.page.locator("[data-block=unhappy]").click()
        await looks_right(desk, "flow-condition")
        await desk.page.get_by_role("tab", name="Flow", exact=True).click()
        await looks_right(desk, "flow-settings")
        await desk.button("Remove the block").click()
        await desk.page.get_by_role("link", name="Customers").click()
        await expect(desk.page.get_by_role("alertdialog")).to_be_visible()
        await looks_right(desk, "flow-leave")
        await desk.button("Leave").click()
        await expect(desk.page).to_have_url(f"{product.url}/customers")
    finally:
        await request.patch("/api/session/preferences", headers=headers, data={"language": "ru"})
