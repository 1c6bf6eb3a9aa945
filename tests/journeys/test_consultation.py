"""Two agents and a customer, with real calls: asked first, talked apart, passed on; and a customer picked from the queue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.hearing import AGENT, CUSTOMER, SECOND, heard_by, own_voice, until_hears
from tests.journeys.test_by_hand import ANNA, BORIS, accept, item
from tests.journeys.test_call import MENU, both_hear, choose, talking
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

pytestmark = pytest.mark.alone


@pytest.fixture
async def boris(product: Product, tmp_path: Path) -> AsyncIterator[DeskPage]:
    async with own_voice(product, tmp_path, "boris") as page:
        yield page


async def test_a_colleague_is_asked_talked_to_and_given_the_customer(
    open_page: OpenPage, boris: DeskPage, product: Product, floor: Floor
) -> None:
    ani = "+79161234567"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    await boris.sign_in()
    await (await boris.start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)

        async def hear(customer: tuple[float, ...], agent: tuple[float, ...], colleague: tuple[float, ...]) -> None:
            await until_hears("the customer", lambda: heard_by(caller), *customer)
            await until_hears("the agent", anna.heard, *agent)
            await until_hears("the colleague", boris.heard, *colleague)

        await _asked(anna, boris)
        await accept(boris)
        consultation = anna.page.get_by_role("group", name=anna.word("Consultation"))
        await expect(consultation).to_contain_text(anna.word("Talking with you"))
        await expect(boris.page.get_by_role("region", name=boris.word("Contact"))).to_contain_text(ANNA)
        await looks_right(anna, "consulting")
        await hear((), (SECOND,), (AGENT,))
        await looks_right(boris, "asked")
        await expect(anna.button("Together")).to_be_enabled()
        await anna.page.keyboard.press("h")
        await hear((AGENT,), (CUSTOMER,), ())
        await expect(boris.page.get_by_role("region", name=boris.word("Contact"))).to_contain_text(
            boris.word("They are with the customer now; you hear music.")
        )
        apart = consultation.get_by_role("listitem").filter(has_text=BORIS)
        await expect(apart).to_contain_text(anna.word("Hears music"))
        await anna.button("Together").click()
        await hear((AGENT, SECOND), (CUSTOMER, SECOND), (CUSTOMER, AGENT))
        await looks_right(anna, "conference")
        await expect(anna.button("Together")).to_be_disabled()
        await anna.page.keyboard.press("h")
        await anna.until_agent("held")
        await hear((), (SECOND,), (AGENT,))
        await anna.button("Complete").click()
        await anna.until_agent("wrap_up")
        await until_hears("the customer", lambda: heard_by(caller), SECOND)
        await until_hears("the new agent", boris.heard, CUSTOMER)
        await anna.wrap_up("Вопрос решён", "Посоветовались.")
        await anna.until_agent("ready")
        await caller.hang_up()
    await boris.wrap_up("Вопрос решён", "Решено.")
    await boris.until_agent("ready")


async def _asked(anna: DeskPage, boris: DeskPage) -> None:
    """By a key; called off, and asked again."""
    await expect(anna.button("Ask first")).to_be_visible()
    await anna.page.keyboard.press("c")
    await expect(item(anna, BORIS)).to_be_visible()
    await anna.shot("ask-first")
    await item(anna, BORIS).click()
    await expect(boris.ringing).to_be_visible()
    await looks_right(anna, "asking")
    await anna.button("Back to customer").click()  # it rings for 20 s, which is not enough to look at two pages
    await expect(boris.ringing).to_have_count(0)
    await expect(anna.button("Ask first")).to_be_enabled()
    await anna.page.keyboard.press("c")
    await item(anna, BORIS).click()
    await expect(boris.ringing).to_contain_text(ANNA)
    await expect(boris.ringing).to_contain_text("Иван")
    await looks_right(boris, "asked-ringing")


async def test_an_agent_who_goes_while_the_page_of_the_colleague_reloads_leaves_them_the_customer(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000070"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    boris = await (await open_page("boris")).sign_in()
    await (await boris.start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)
        await expect(anna.button("Ask first")).to_be_visible()
        await anna.page.keyboard.press("c")
        await item(anna, BORIS).click()
        await accept(boris)
        await expect(anna.button("Together")).to_be_enabled()
        await anna.button("Together").click()
        await expect(anna.button("Together")).to_be_disabled()
        boris.forgive(r"status of 404 .*/favicon\.ico")
        await boris.page.goto("/health")
        consultation = anna.page.get_by_role("group", name=anna.word("Consultation"))
        await expect(consultation).to_contain_text(anna.word("Is coming back"))
        coming_back = anna.word("{colleague} is coming back").format(colleague=BORIS)
        await expect(consultation.get_by_text(coming_back, exact=True)).to_be_attached()
        await expect(anna.button("Together")).to_be_disabled()
        await anna.button("Complete").click()
        await anna.until_agent("wrap_up")
        await boris.page.goto("/")
        await boris.until_agent("talking")
        await both_hear(boris, caller)
        await caller.hang_up()
    await boris.until_agent("wrap_up")


async def test_an_agent_on_a_break_picks_a_customer_from_the_queue(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000057"
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        waiting = anna.page.get_by_role("region", name=anna.word("Waiting in my queues"))
        await expect(waiting).to_contain_text("920 000-00-57")
        await looks_right(anna, "waiting")
        await waiting.get_by_role("button").click()
        await accept(anna)
        await both_hear(anna, caller)
        await caller.hang_up()
    await anna.wrap_up("Вопрос решён", "Взяла сама.")
    await anna.until_agent("ready")
