"""A supervisor answers from the floor a call that rings at an agent: in her own page, with the customer's voice, and the agent stays ready."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, both_hear, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial


@pytest.mark.alone
async def test_a_supervisor_answers_what_rings_at_an_agent_who_stays_ready(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000061"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(anna.ringing).to_be_visible()
        answer = olga.button("Answer the call")
        await expect(answer).to_be_visible()
        await looks_right(olga, "answering-for-floor")
        await answer.click()
        await expect(anna.ringing).to_have_count(0)
        await anna.until_agent("ready")
        await olga.page.wait_for_url("**/desk")
        await olga.until_live("has the call", "live.contacts[0]?.state === 'talking'")
        await both_hear(olga, caller)
        await looks_right(olga, "answering-for-desk")
        await olga.button("End call").click()
        await caller.wait_until_over()
    await olga.wrap_up("Вопрос решён", "Ответила за оператора.")
