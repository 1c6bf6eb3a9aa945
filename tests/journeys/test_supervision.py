"""A supervisor beside a real call: listens, whispers, joins in, takes over; tones prove who hears whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import async_playwright, expect

from tests import peers, tones
from tests.journeys.conftest import DESK_VIEW, OpenPage
from tests.journeys.desk_page import FLAGS, DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_by_hand import ANNA
from tests.journeys.test_call import MENU, talking
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import Callers, dial

pytestmark = pytest.mark.alone

CUSTOMER, AGENT, SUPERVISOR = tones.CUSTOMER_TONE, tones.AGENT_TONE, 1_700.0
ALL = (CUSTOMER, AGENT, SUPERVISOR)


@pytest.fixture
async def olga(product: Product, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DeskPage]:
    """In a browser of her own, since the tone of a microphone is the browser's."""
    microphone = tones.write_microphone(tmp_path_factory.mktemp("sound") / "supervisor.wav", SUPERVISOR)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=peers.chromium(), args=[*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
        )
        context = await browser.new_context(
            base_url=product.url, viewport=DESK_VIEW, locale="ru-RU", permissions=["microphone", "notifications"]
        )
        page = await DeskPage.open(context, product, "olga")
        yield page
        await page.leave()
        await browser.close()
        assert not page.unforgiven()


Heard = Callable[[], Awaitable[tuple[tones.Samples, int]]]


async def until_hears(who: str, heard: Heard, *expected: float) -> None:
    """Wait until exactly these tones are heard."""
    found: set[float] = set()
    for _ in range(100):
        samples, rate = await heard()
        if samples.size:
            found = {one for one in ALL if tones.level(samples, one, rate) > tones.AUDIBLE_LEVEL}
            if found == set(expected):
                return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{who} hears {found}, not {expected}")


async def heard_by(caller: Callers) -> tuple[tones.Samples, int]:
    return caller.heard(), tones.TELEPHONE_RATE


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
