"""A supervisor moves an agent to another queue from the floor, and back in one click."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.test_looks import looks_right
from tests.journeys.words import pattern


async def test_agent_is_moved_for_the_shift_and_back(open_page: OpenPage) -> None:
    kate = await (await open_page("kate")).sign_in()
    await kate.go("desk")
    await kate.button("Start the shift").click()
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    await olga.page.get_by_role("button", name="Kate Wilson", exact=True).click()
    drawer = olga.page.get_by_role("dialog", name="Kate Wilson")
    await drawer.get_by_role("button", name=olga.word("Move to other queues")).click()
    await drawer.get_by_role("checkbox", name="Продажи").uncheck()
    await looks_right(olga, "floor-move")
    await drawer.get_by_role("button", name=olga.word("Move for this shift")).click()
    moved = drawer.get_by_text(pattern(olga.language, "Moved for this shift at {since}"))
    await expect(moved).to_be_visible()
    await looks_right(olga, "floor-moved")
    await drawer.get_by_role("button", name=olga.word("Back to the usual queues")).click()
    await expect(moved).to_have_count(0)
