"""What people decide themselves, with real calls: a caller is passed on to a queue and to a colleague, a supervisor
gives a caller to an agent, more time after the call, and the answer to "why?".
"""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.journeys import words
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, both_hear, choose, closed_row, talking
from tests.journeys.test_looks import assert_accessible
from tests.product import Product
from tests.sipp import dial

pytestmark = pytest.mark.alone

BORIS, ANNA = "Борис Ким", "Анна Смирнова"


def item(desk: DeskPage, name: str) -> Locator:
    return desk.page.get_by_role("menuitem", name=name)


async def accept(desk: DeskPage) -> None:
    await expect(desk.ringing).to_be_visible()
    await desk.button("Accept").click()
    await desk.until_agent("talking")


async def test_a_caller_is_passed_to_another_queue_and_from_there_to_a_colleague_by_name(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000021"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    boris = await (await (await open_page("boris")).sign_in()).start_shift()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)
        before = await anna.contact_in_hand()
        await boris.be_ready()
        await expect(anna.button("Transfer")).to_be_visible()
        await anna.page.keyboard.press("t")
        await expect(item(anna, BORIS)).to_contain_text(anna.word("Ready"))
        await expect(item(anna, "Поддержка")).to_contain_text(f"{anna.word('Agents ready')} 1")
        await anna.shot("transfer")
        await assert_accessible(anna, "transfer")
        await item(anna, "Поддержка").click()
        await anna.until_agent("wrap_up")
        await accept(boris)
        await both_hear(boris, caller)
        after = await boris.contact_in_hand()
        assert after["queue"]["id"] == "support"
        assert (after["arrived_at"], after["queued_at"]) == (before["arrived_at"], before["queued_at"])
        await anna.wrap_up("Вопрос решён", "Передала в поддержку.")
        await anna.until_agent("ready")
        await boris.button("Transfer").click()
        await item(boris, ANNA).click()
        await accept(anna)
        await both_hear(anna, caller)
        await caller.hang_up()
    await boris.wrap_up("Вопрос решён", "Вернул.")
    await boris.until_agent("ready")
    await anna.until_agent("wrap_up")
    await _has_more_time(anna)
    await _is_told_why(open_page, product, ani)


async def _has_more_time(desk: DeskPage) -> None:
    ends = (await desk.contact_in_hand())["wrap_up_ends_at"]
    await expect(desk.button("More time")).to_be_visible()
    await desk.shot("more-time")
    await assert_accessible(desk, "more-time")
    await desk.button("More time").click()
    await desk.until_live("wrap-up lasts longer", f"live.contacts[0].wrap_up_ends_at > '{ends}'")
    await desk.wrap_up("Вопрос решён", "Соединили с поддержкой и обратно.")
    await desk.until_agent("ready")


async def _is_told_why(open_page: OpenPage, product: Product, ani: str) -> None:
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
    olga = await (await open_page("olga")).sign_in()
    await olga.page.goto(f"/contacts?contact={row['id']}")
    await olga.button("Why?").click()
    for step in (f"{ANNA} переводит: Поддержка", f"{BORIS} переводит: {ANNA}"):
        await expect(olga.page.get_by_text(step).first).to_be_visible()
    await olga.page.get_by_text(f"{BORIS} переводит: {ANNA}").first.scroll_into_view_if_needed()
    await olga.shot("why")
    await assert_accessible(olga, "why")


async def test_a_supervisor_gives_a_waiting_caller_to_an_agent_who_is_not_ready(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000022"
    kate = await (await (await open_page("kate", locale="en-GB")).sign_in()).start_shift()
    olga = await (await open_page("olga")).sign_in()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await floor.until_contact(ani, "waiting")
        await olga.go("floor")
        await olga.page.get_by_role("button", name=words.word(olga.language, "Give to…")).click()
        await expect(item(olga, "Kate Wilson")).to_be_visible()
        await olga.shot("give-to")
        await assert_accessible(olga, "give-to")
        cut = """[...document.querySelectorAll('.floorCard')].filter((one) => one.scrollWidth > one.clientWidth)
          .map((one) => `${one.innerText.slice(0, 40)}: ${one.scrollWidth} of ${one.clientWidth}`)"""
        assert await olga.page.evaluate(cut) == [], "a column of the floor is cut off"
        await item(olga, "Kate Wilson").click()
        await accept(kate)
        await both_hear(kate, caller)
        await kate.button("Transfer").click()
        await expect(item(kate, "Продажи")).to_be_visible()
        await kate.shot("transfer-en")
        await assert_accessible(kate, "transfer")
        await kate.page.keyboard.press("Escape")
        await caller.hang_up()
    await kate.until_agent("wrap_up")
    await expect(kate.button("More time")).to_be_visible()
    await kate.shot("more-time-en")
