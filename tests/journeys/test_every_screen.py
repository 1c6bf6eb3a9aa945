"""Every address of the page and everything that opens over one is judged: both lists are the product's own.

Who adds a screen has it judged by being in the router. Who adds a sheet, a menu or a drawer names the picture of a
journey in `OVER_THE_PAGE`, or the first test fails.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route, expect

from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_callback import apply
from tests.journeys.test_flows import restored
from tests.journeys.test_looks import looks_right, looks_right_in_all
from tests.product import Product

_ = restored

PAGES = Path(__file__).resolve().parents[2] / "ui" / "src"
JOURNEYS = Path(__file__).resolve().parent
ADDRESSES = re.findall(r'path: "(/[^"]*)"', (PAGES / "app" / "router.tsx").read_text())
OPENS_OVER = re.compile(r"<(?:ModalOverlay|MenuPopover|Popover)\b")
OVER_THE_PAGE = {
    "app/Palette.tsx": "palette",
    "app/PersonCard.tsx": "person-card",
    "app/Shortcuts.tsx": "shortcuts",
    "calling/Dial.tsx": "calling-dial",
    "calling/Keypad.tsx": "calling-keypad",
    "configuration/LeaveGuard.tsx": "configuration-leave",
    "customers/Doubles.tsx": "merge",
    "design/MenuPopover.tsx": "status-menu",
    "desk/BreakChoices.tsx": "break-menu",
    "desk/ByHand.tsx": "transfer",
    "desk/DevicesCard.tsx": "devices",
    "desk/PhoneCard.tsx": "telephones-card",
    "desk/StatusChoices.tsx": "status-menu",
    "desk/Written.tsx": "park-menu",
    "floor/AgentDrawer.tsx": "agent-drawer",
    "floor/Confirm.tsx": "wallboard-revoke",
    "floor/ContactNow.tsx": "floor-contact",
    "floor/GiveTo.tsx": "give-to",
    "floor/Incidents.tsx": "incident",
    "floor/QueueFigures.tsx": "queue-figures",
    "floor/WriteNotice.tsx": "floor-notice-sheet",
    "flows/Palette.tsx": "flow-blocks",
    "flows/Publish.tsx": "flow-publish",
    "followup/TaskRow.tsx": "task-postpone",
    "forwarding/OwnForwarding.tsx": "forwarding",
    "journal/ContactDrawer.tsx": "callback-journal",
    "planned/Planned.tsx": "planned-change",
    "push/PushSettings.tsx": "notifications",
    "setup/Publish.tsx": "script-publish",
    "worktime/DayDrawer.tsx": "working-time-day",
    "writing/EnterRequest.tsx": "enter-request",
    "writing/LeaveUnsent.tsx": "unsent",
}
"""What opens over a screen, and the picture on which a journey judges it."""


def test_all_that_opens_over_a_screen_is_judged_by_some_journey() -> None:
    found = {file.relative_to(PAGES).as_posix() for file in PAGES.rglob("*.tsx") if OPENS_OVER.search(file.read_text())}
    assert found == set(OVER_THE_PAGE)
    told = "".join(file.read_text() for file in JOURNEYS.glob("test_*.py"))
    judged = set(re.findall(r'(?:looks_right|assert_accessible|judged_open)\(\s*\w+,\s*"([^"]+)"', told))
    assert set(OVER_THE_PAGE.values()) - judged == set()


@pytest.mark.timeout(600)
async def test_every_address_is_judged_for_whoever_may_open_it(open_page: OpenPage) -> None:
    """Once in all looks, by the first role that may. That it fits the others is seen in `test_strangers`, where more stands in it."""
    judged: set[str] = set()
    for login in ("anna", "olga", "admin"):
        page = await open_page(login)
        page.forgive(r"status of 401 .*/api/session")
        if not judged:
            judged |= await judge_outside(page)
        await page.sign_in()
        for address in ADDRESSES:
            if address not in judged and await open_address(page, address):
                await looks_right_in_all(page, f"{login}-{address.strip('/').replace('/', '-')}")
                judged.add(address)
    assert set(ADDRESSES) - judged == {"/"}, "addresses that nobody was let to"


async def open_address(page: DeskPage, address: str) -> bool:
    """Until all of it is there; whether this person is let there."""
    await page.page.goto(address)
    await expect(page.page.get_by_role("heading", level=1).first).to_be_visible()
    let_in: bool = await page.page.evaluate("location.pathname") == address.partition("?")[0]
    if let_in:
        await page.until_idle()
    return let_in


async def judge_outside(page: DeskPage) -> set[str]:
    """Where nobody is signed in, and where something is wrong."""
    for address, picture in (("/sign-in", "sign-in"), ("/wall", "wall-no-link"), ("/no-such-place", "no-such-place")):
        await open_address(page, address)
        await looks_right_in_all(page, picture)

    async def away(route: Route) -> None:
        await route.fulfill(status=410, body="")

    page.forgive(r"410")
    await page.page.route("**/api/session", away)
    await open_address(page, "/desk")
    await looks_right_in_all(page, "server-away")
    await page.page.unroute("**/api/session", away)
    return {"/sign-in", "/wall"}


async def sent(page: DeskPage, path: str, **body: Any) -> Any:
    """By the page's own API, as the person who is signed in."""
    headers = {"X-Otklik": "1", "Origin": page.product.url}
    answer = await page.page.context.request.post(path, headers=headers, data=body)
    assert answer.ok, await answer.text()
    return None if answer.status == 204 else await answer.json()


async def test_what_opens_over_the_desk(open_page: OpenPage, product: Product) -> None:
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    header = anna.page.get_by_role("banner")
    await header.get_by_role("button").last.click()
    await judged_open(anna, "person-card", "dialog")
    await anna.button("Sound and microphone").click()
    await judged_open(anna, "devices", "dialog")
    await header.locator(".status").click()
    await judged_open(anna, "status-menu", "menu")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    planned = await sent(anna, "/api/desk/callbacks", number="+79160007011", at=tomorrow.isoformat(), personal=True)
    await anna.page.get_by_role("button", name=anna.word("Move the call to {who}").partition("{")[0]).click()
    await judged_open(anna, "planned-change", "dialog")
    await sent(anna, f"/api/desk/callbacks/{planned['contact']}/cancel")
    customer = await sent(anna, "/api/customers", name="Инна Длиннофамильная-Преображенская")
    await sent(anna, f"/api/customers/{customer['id']}/tasks", text="Отправить счёт", due_at=None, assignee=None)
    await anna.page.reload()
    await anna.page.get_by_role("button", name=anna.word("Postpone: {0}").format("Отправить счёт")).click()
    await judged_open(anna, "task-postpone", "menu")
    await anna.be_ready()
    await sent(
        anna, "/api/desk/requests", way="paper", text="Прошу перезвонить.", name="", phone="", mail="", subject=""
    )
    await anna.ringing.get_by_role("button", name=anna.word("Accept")).click()
    await anna.until_agent("talking")
    await anna.button("Park").click()
    await judged_open(anna, "park-menu", "menu")
    await anna.button("Finish").click()
    await anna.until_agent("wrap_up")
    await anna.page.get_by_role("radio", name="Вопрос решён").check(force=True)
    await anna.button("Save and take a break").click()
    await judged_open(anna, "break-menu", "menu")
    finish_tasks(product, "anna")


def finish_tasks(product: Product, login: str) -> None:
    """Whatever is open of this agent's."""
    with product.signed_in(login) as client:
        for task in client.get("/api/tasks").json()["tasks"]:
            assert client.patch(f"/api/tasks/{task['id']}", json={"done": True}).status_code == 200


async def judged_open(page: DeskPage, picture: str, role: Any) -> None:
    await expect(page.page.get_by_role(role).first).to_be_visible()
    await looks_right(page, picture, whole_words=True)
    await expect(page.page.get_by_role(role).first).to_be_visible()
    await page.page.keyboard.press("Escape")
    await expect(page.page.get_by_role(role)).to_have_count(0)


async def test_what_opens_over_the_floor(open_page: OpenPage, product: Product) -> None:
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    await olga.button("Figures").click()
    await judged_open(olga, "queue-figures", "dialog")
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        apply(client, yaml.write(yaml.read(before).plain | {"incident_switches": [{"entry_point": None}]}))
        try:
            await olga.button("Switch on").click()
            await judged_open(olga, "incident", "alertdialog")
        finally:
            apply(client, before)


async def test_text_of_the_set_up_is_not_lost_by_going_away_nor_by_a_colleague(
    open_page: OpenPage, product: Product, restored: None
) -> None:
    admin = await (await open_page("admin")).sign_in()
    await admin.go("configuration")
    text = admin.page.get_by_role("textbox", name=admin.word("The whole set-up as YAML"))
    before = await text.input_value()
    typed = before.replace("name: Поддержка", "name: Поддержка и забота")
    await text.fill(typed)
    await admin.page.get_by_role("link", name=admin.word("Prompts")).click()
    question = admin.page.get_by_role("alertdialog")
    await expect(question).to_be_visible()
    await looks_right(admin, "configuration-leave")
    await question.get_by_role("button", name=admin.word("Stay")).click()
    await admin.button("Show the changes").click()
    with product.signed_in("admin") as colleague:
        apply(colleague, before.replace("name: Продажи", "name: Продажи и заказы"))
        admin.forgive(r"status of 412 .*/api/configuration")
        await admin.button("Apply").click()
        told = admin.word(
            "Version {version} was applied while you were typing. “Show the changes” compares your text with it."
        )
        await expect(admin.page.get_by_text(told.partition("{version}")[0])).to_be_visible()
        await expect(text).to_have_value(typed)
        await admin.button("Show the changes").click()
        changes = admin.page.get_by_role("list", name=admin.word("Changes"))
        await expect(changes).to_contain_text("Продажи и заказы")
        apply(colleague, before)
    await admin.button("Throw the draft away").click()
    await admin.page.get_by_role("link", name=admin.word("Prompts")).click()
    await expect(admin.page).to_have_url(re.compile("/configuration/prompts$"))
