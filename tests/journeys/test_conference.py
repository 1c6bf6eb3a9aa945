"""Three agents and a customer: added one by one, and let go one by one. Who hears whom is proved by tones elsewhere."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_by_hand import BORIS, accept, item
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

KATE = "Kate Wilson"


async def test_an_agent_adds_two_colleagues_one_by_one_and_leaves_the_customer_to_one_of_them(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79161234604"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    boris = await (await open_page("boris")).sign_in()
    kate = await (await open_page("kate")).sign_in()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await accept(anna)
        for page, name, ask, both in (
            (boris, BORIS, "Ask first", "Together"),
            (kate, KATE, "Add one more", "All together"),
        ):
            await (await page.start_shift()).be_ready()
            await anna.button(ask).click()
            await item(anna, name).click()
            await accept(page)
            together = anna.button(both)
            await expect(together).to_be_enabled()
            await together.click()
            await expect(together).to_be_disabled()
        conference = anna.page.get_by_role("group", name=anna.word("Conference"))
        await expect(conference.get_by_role("listitem")).to_have_count(3)
        await expect(kate.page.get_by_role("region", name=kate.word("Contact"), exact=True)).to_contain_text(BORIS)
        await looks_right(anna, "conference-of-four", whole_words=True)
        await conference.get_by_role("button", name=f"{anna.word('Release')}: {BORIS}").click()
        await expect(conference).to_have_count(0)
        await boris.until_agent("ready")
        await anna.button("Complete").click()
        await anna.until_agent("wrap_up")
        await kate.until_agent("talking")
        await expect(kate.button("End call")).to_be_visible()
        await caller.hang_up()
    await kate.until_agent("wrap_up")
