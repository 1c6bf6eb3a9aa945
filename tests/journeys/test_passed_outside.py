"""An agent passes a caller on to a number outside, where it is busy; then asks there first and leaves the two together. sipp is the trunk."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.hearing import AGENT, CUSTOMER, SECOND, heard_by, until_hears
from tests.journeys.test_call import MENU, closed_row, talking
from tests.journeys.test_calling_out import outside
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import called, dial

LAWYER, ANI = "+79031112233", "+79300000091"


@pytest.mark.alone
async def test_a_caller_comes_back_from_a_busy_number_and_is_left_with_whoever_was_asked_there_first(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    number = anna.page.get_by_role("menuitem", name=anna.word("Number outside"))
    field = anna.page.locator(".byHandField input")
    async with dial(product.sip_port, MENU, ani=ANI) as caller:
        await talking(anna, caller, floor, ANI)
        with called(outside(product), scenario="busy") as busy:
            await anna.button("Transfer").click()
            await expect(field).to_be_focused()
            await anna.page.keyboard.type("8 903 111-22-33")
            await expect(number).to_be_visible()
            await looks_right(anna, "outside-typed")
            await number.click()
            await expect(anna.ringing).to_contain_text(
                anna.word("Came back from a number outside: {why}.").partition("{")[0]
            )
            assert busy.invite().startswith(f"{LAWYER}@")
        await looks_right(anna, "outside-came-back")
        await anna.button("Accept").click()
        await anna.until_agent("talking")
        with called(outside(product), SECOND) as lawyer:
            await anna.button("Ask first").click()
            await expect(field).to_be_focused()
            await expect(number).to_be_hidden()
            await anna.page.keyboard.type("+7 903 111-22-33")
            await number.click()
            await lawyer.rings()
            await looks_right(anna, "outside-being-called")
            await lawyer.answer()
            talk = anna.page.get_by_role("group", name=anna.word("Consultation"))
            await expect(talk).to_contain_text(anna.word("Talking with you"))
            await until_hears("somebody outside", lambda: heard_by(lawyer), AGENT)
            await until_hears("the agent", anna.heard, SECOND)
            await looks_right(anna, "outside-consulting")
            await anna.button("Together").click()
            await until_hears("somebody outside", lambda: heard_by(lawyer), AGENT, CUSTOMER)
            await until_hears("the caller", lambda: heard_by(caller), AGENT, SECOND)
            await anna.button("Complete").click()
            await anna.until_agent("wrap_up")
            await until_hears("the caller", lambda: heard_by(caller), SECOND)
            await until_hears("somebody outside", lambda: heard_by(lawyer), CUSTOMER)
            await floor.until_contact(ANI, "outside")
            await caller.hang_up()
            await lawyer.wait_until_over()
    await anna.wrap_up("Вопрос решён", "Соединила с юристом.")
    with product.signed_in("olga") as client:
        row = await closed_row(client, ANI, recorded=True)
        assert (row["outcome"], row["stage"]) == ("answered", "outside")
