"""An agent calls customers: a typed number, one from a card, the same again; real calls, answered, busy, given up."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import IVAN, MENU, both_hear
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import Called, called, until


def outside(product: Product) -> int:
    """Where the trunk for calls out leads."""
    return int(product.settings["TRUNK_OUT"].partition(":")[2])


async def type_number(desk: DeskPage, number: str) -> None:
    await expect(desk.button("Call a number")).to_be_enabled()
    await desk.page.keyboard.press("Alt+c")
    await expect(desk.page.get_by_role("textbox", name=desk.word("Number or name"), exact=True)).to_be_focused()
    await desk.page.keyboard.type(number)


@pytest.mark.alone
async def test_an_agent_calls_a_number_by_keyboard_talks_and_is_in_the_journal(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    await anna.page.keyboard.press("Alt+c")
    field = anna.page.get_by_role("textbox", name=anna.word("Number or name"), exact=True)
    await expect(field).to_be_focused()
    await looks_right(anna, "calling-dial")
    await anna.page.keyboard.type("8 (916) 123-45-67")
    with called(outside(product)) as customer:
        await anna.page.keyboard.press("Enter")
        await anna.until_agent("dialling")
        await customer.rings()
        assert customer.invite().startswith(f"{IVAN}@")
        assert f"<sip:{MENU}@" in customer.invite().partition("From: ")[2].splitlines()[0]
        await expect(anna.page.get_by_role("heading", level=1, name="Иван Петров")).to_be_visible()
        await expect(anna.page.get_by_role("main").get_by_text(anna.word("Outgoing"), exact=True)).to_be_visible()
        assert (await anna.rings()) == [], "nothing rings at whoever calls"
        await looks_right(anna, "calling-dialling")
        olga = await (await open_page("olga")).sign_in()
        await olga.go("floor")
        await expect(olga.page.get_by_text(olga.word("Outgoing"), exact=True).first).to_be_visible()
        await looks_right(olga, "calling-floor")
        await customer.answer()
        await anna.until_agent("talking")
        await both_hear(anna, customer)
        await looks_right(anna, "calling-talking")
        await _keys_reach_the_other_side(anna, customer)
        await anna.button("End call").click()
        await customer.wait_until_over()
    await anna.wrap_up("Вопрос решён", "Позвонили сами.")
    await anna.until_agent("ready")
    await _stands_in_the_journal(olga)


async def _keys_reach_the_other_side(desk: DeskPage, customer: Called) -> None:
    """By the buttons and by the keyboard, as RFC 4733 at the other side's telephone; afterwards both hear each other still."""
    await desk.button("Keypad").click()
    pad = desk.page.get_by_role("dialog", name=desk.word("Keypad"))
    await pad.get_by_role("button", name="4", exact=True).click()
    await until("the first key", lambda: customer.pressed() == "4")
    await desk.page.keyboard.press("2")
    await until("the second key", lambda: customer.pressed() == "42")
    await desk.page.keyboard.press("#")
    await until("the third key", lambda: customer.pressed() == "42#")
    await expect(pad).to_contain_text("42#")
    await looks_right(desk, "calling-keypad")
    await desk.page.keyboard.press("Escape")
    await both_hear(desk, customer)


async def _stands_in_the_journal(supervisor: DeskPage) -> None:
    with supervisor.product.signed_in("olga") as client:
        rows = client.get("/api/contacts", params={"scope": "all", "direction": "out"}).json()["contacts"]
        row = next(row for row in rows if row["ani"] == IVAN and (row["agent"] or {}).get("name") == "Анна Смирнова")
        assert (row["outcome"], row["dnis"]) == ("answered", MENU)
        assert row["talk_seconds"] > 0 and row["dialling_seconds"] > 0 and row["wait_seconds"] == 0
    await supervisor.page.goto(f"/contacts?direction=out&contact={row['id']}")
    await expect(supervisor.text("Until the answer")).to_be_visible()
    await looks_right(supervisor, "calling-journal")


@pytest.mark.alone
async def test_busy_is_told_in_words_and_the_same_number_is_called_again_and_given_up(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    kate = await (await (await open_page("kate")).sign_in()).start_shift()
    await type_number(kate, "+7 999 000-00-01")
    with called(outside(product), scenario="busy") as busy:
        await kate.page.keyboard.press("Enter")
        await expect(kate.page.get_by_role("region", name=kate.word("Not reached"))).to_contain_text("Busy")
        assert busy.invite().startswith("+79990000001@")
    await kate.until_agent("not_ready")
    await looks_right(kate, "calling-busy")
    with called(outside(product)) as again:
        await kate.button("Call again").click()
        await kate.until_agent("dialling")
        await again.rings()
        await kate.button("End call").click()
        await kate.until_agent("not_ready")
        await again.wait_until_over()
    await expect(kate.button("Call a number")).to_be_enabled()
    await kate.page.keyboard.press("Alt+c")
    await kate.page.get_by_role("region", name=kate.word("Called lately")).get_by_role("button").first.click()
    field = kate.page.get_by_role("textbox", name=kate.word("Number or name"), exact=True)
    await expect(field).to_have_value("+79990000001")
    await looks_right(kate, "calling-recent")
    await kate.page.keyboard.press("Escape")


async def test_a_number_that_cannot_be_called_is_refused_beside_the_field(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    boris = await (await (await open_page("boris")).sign_in()).start_shift()
    boris.forgive(r"status of 4\d\d .*/api/desk/calls")
    await type_number(boris, "101")
    await boris.page.keyboard.press("Enter")
    await expect(boris.page.get_by_role("alert")).to_contain_text("short_numbers")
    await looks_right(boris, "calling-refused")
    await boris.page.keyboard.press("Escape")
    await boris.until_agent("not_ready")
