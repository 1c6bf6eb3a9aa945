"""An agent works with a telephone on the desk (real baresip), and with a number outside; sipp is the customer. Nobody listens to
a browser: the sound is at the telephones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests.baresip import Telephone, telephone
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose, closed_row
from tests.journeys.test_callback import apply
from tests.journeys.test_calling_out import outside
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import Callers, called, dial
from tests.tones import AGENT_TONE, CUSTOMER_TONE

MOBILE = "+79160000001"
CALLER, OTHER_CALLER = "+79161110041", "+79161110042"
"""Nobody else calls from these."""


@pytest.fixture
def allowed(product: Product) -> Iterator[None]:
    """Anna may work with either; afterwards she is back in the page."""
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()
        document = yaml.read(before["text"]).plain
        for agent in document["agents"]:
            if agent["login"] == "anna":
                agent |= {"desk_telephone": True, "outside_number": MOBILE}
        apply(client, yaml.write(document))
        yield
        apply(client, before["text"])


async def begin(open_page: OpenPage, choice: str) -> DeskPage:
    anna = await (await open_page("anna")).sign_in()
    await anna.page.get_by_role("radio", name=choice, exact=True).check(force=True)
    await looks_right(anna, "telephones-start")
    await anna.button("Start the shift").click()
    await anna.until_agent("not_ready")
    return anna


async def both_hear(phone: Telephone, caller: Callers) -> None:
    await phone.wait_to_hear(CUSTOMER_TONE)
    await caller.wait_to_hear(AGENT_TONE)


async def test_an_agent_works_with_a_telephone_on_the_desk(
    open_page: OpenPage, product: Product, floor: Floor, allowed: None, tmp_path: Path
) -> None:
    admin = await (await open_page("admin")).sign_in()
    await admin.go("configuration/telephones")
    await admin.page.get_by_role("row", name="anna").get_by_role("button", name=admin.word("Make an account")).click()
    made = admin.page.get_by_role("status").locator("code")
    await expect(made).to_have_count(4)
    server, user, password, _ = await made.all_inner_texts()
    assert server == f"127.0.0.1:{product.sip_port}"
    await looks_right(admin, "telephones")

    anna = await begin(open_page, "Настольный телефон")
    await expect(
        anna.page.get_by_role("banner").get_by_text(anna.word("Desk telephone is not registered"))
    ).to_be_visible()
    async with telephone(tmp_path / "phone", product.sip_port, user, password) as phone:
        await anna.until_live("the telephone is registered", "live.agent.reachable")
        await anna.be_ready()
        await looks_right(anna, "telephones-ready")
        await anna.page.get_by_role("banner").get_by_text(anna.word("Desk telephone connected")).click()
        await expect(anna.page.get_by_role("dialog")).to_be_visible()
        await looks_right(anna, "telephones-card")
        await anna.page.keyboard.press("Escape")
        async with dial(product.sip_port, MENU, ani=CALLER) as caller:
            await choose(caller, floor, CALLER)
            await expect(anna.ringing).to_contain_text(anna.word("Lift the receiver of your desk telephone."))
            await expect(anna.button("Accept")).to_have_count(0)
            await looks_right(anna, "telephones-ringing")
            await phone.rings()
            await phone.lift()
            await anna.until_agent("talking")
            await both_hear(phone, caller)
            await anna.button("Hold").click()
            await caller.wait_to_hear_other(AGENT_TONE)
            await anna.button("Resume").click()
            await both_hear(phone, caller)
            await looks_right(anna, "telephones-talking")
            await phone.hang_up()
            await caller.wait_until_over()
        await anna.until_agent("wrap_up")
        await anna.wrap_up("Заказ оформлен", "С настольного телефона.")
        await anna.until_agent("ready")
        assert (await anna.rings()) == [], "the page was silent"
    with product.signed_in("olga") as client:
        row = await closed_row(client, CALLER)
        assert row["outcome"] == "answered" and row["hold_seconds"] > 0  # type: ignore[operator]


async def test_an_agent_answers_at_a_number_outside_by_a_key(
    open_page: OpenPage, product: Product, floor: Floor, allowed: None
) -> None:
    ani = OTHER_CALLER
    anna = await begin(open_page, "+7 916 000-00-01")
    await anna.be_ready()
    await looks_right(anna, "telephones-outside")
    with called(outside(product), AGENT_TONE) as mobile:
        async with dial(product.sip_port, MENU, ani=ani) as caller:
            await choose(caller, floor, ani)
            await expect(anna.ringing).to_contain_text(anna.word("Answer your telephone and press 1."))
            await mobile.rings()
            assert mobile.invite().startswith(f"{MOBILE}@")
            await mobile.answer()
            await mobile.wait_to_hear_other(CUSTOMER_TONE)  # the question
            await caller.wait_for_silence_of(AGENT_TONE)
            await mobile.press_until("1", lambda: (floor.contact(ani) or {"state": ""})["state"] == "talking")
            await mobile.wait_to_hear(CUSTOMER_TONE)
            await caller.wait_to_hear(AGENT_TONE)
            await anna.button("End call").click()
            await caller.wait_until_over()
        await mobile.wait_until_over()
    await anna.wrap_up("Заказ оформлен", "С мобильного.")
    await anna.until_agent("ready")
