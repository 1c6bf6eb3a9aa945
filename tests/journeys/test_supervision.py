"""A supervisor beside a real call: listens, whispers, joins in, takes over; tones prove who hears whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.hearing import AGENT, CUSTOMER, SECOND, heard_by, own_voice, until_hears
from tests.journeys.test_by_hand import ANNA
from tests.journeys.test_call import MENU, talking
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

pytestmark = pytest.mark.alone

SUPERVISOR = SECOND


@pytest.fixture
async def olga(product: Product, tmp_path: Path) -> AsyncIterator[DeskPage]:
    async with own_voice(product, tmp_path, "olga") as page:
        yield page


async def test_a_supervisor_listens_whispers_joins_in_and_takes_over(
    open_page: OpenPage, olga: DeskPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000081"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    await olga.sign_in()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)

        async def hear(customer: tuple[float, ...], agent: tuple[float, ...], supervisor: tuple[float, ...]) -> None:
            await until_hears("the supervisor", olga.heard, *supervisor)
            await until_hears("the agent", anna.heard, *agent)
            await until_hears("the customer", lambda: heard_by(caller), *customer)

        await olga.page.get_by_role("button", name=ANNA, exact=True).click()
        drawer = olga.page.get_by_role("dialog", name=ANNA)
        await expect(drawer).to_contain_text("920 000-00-81")
        await drawer.get_by_role("button", name=olga.word("What comes next, and what does not?")).click()
        await expect(drawer.get_by_role("list", name=olga.word("Contacts"))).to_contain_text("920 000-00-81")
        await looks_right(olga, "agent-drawer")
        await drawer.get_by_role("button", name=olga.word("Listen"), exact=True).click()
        await hear((AGENT,), (CUSTOMER,), (CUSTOMER, AGENT))
        await expect(anna.page.get_by_text("Ольга Петрова слушает этот разговор.")).to_be_visible()
        await olga.page.keyboard.press("Escape")
        await expect(olga.page.get_by_role("status").filter(has_text="Вас не слышит никто.")).to_be_visible()
        await looks_right(olga, "supervising")
        await olga.button("Whisper").click()
        await hear((AGENT,), (CUSTOMER, SUPERVISOR), (CUSTOMER, AGENT))
        await looks_right(anna, "whispered-to")
        await olga.page.reload()
        await hear((AGENT,), (CUSTOMER, SUPERVISOR), (CUSTOMER, AGENT))
        await olga.button("Join in").click()
        await hear((AGENT, SUPERVISOR), (CUSTOMER, SUPERVISOR), (CUSTOMER, AGENT))
        await olga.button("Take over").click()
        await anna.until_agent("wrap_up")
        await until_hears("the customer", lambda: heard_by(caller), SUPERVISOR)
        await until_hears("the supervisor", olga.heard, CUSTOMER)
        await expect(olga.button("Hold")).to_be_visible()
        await looks_right(olga, "taken-over")
        await anna.wrap_up("Вопрос решён", "Передала супервизору.")
        await anna.until_agent("ready")
        await caller.hang_up()
    await olga.wrap_up("Вопрос решён", "Уладила.")
    await expect(olga.page.get_by_text(olga.word("You have no call in hand."))).to_be_visible()
