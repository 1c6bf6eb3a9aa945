"""Working time on the screen: the agent's own shift in "My day", the supervisor's table with one day of it, and the file."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.test_looks import looks_right

ANNA = "Анна Смирнова"


async def test_shift_is_seen_by_the_agent_and_by_the_supervisor_who_saves_it(
    open_page: OpenPage, tmp_path: Path
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    await expect(anna.page.get_by_text(anna.word("On shift today"))).to_be_visible()
    await looks_right(anna, "my-day")
    await anna.button("Course of the day").click()
    day = anna.page.get_by_role("dialog", name=ANNA)
    await expect(day.get_by_role("table").get_by_role("row").nth(1)).to_contain_text(anna.word("Ready"))
    await looks_right(anna, "my-day-course")

    olga = await (await open_page("olga")).sign_in()
    await olga.go("working-time")
    row = olga.page.get_by_role("table").get_by_role("row").filter(has_text=ANNA)
    await expect(row).to_be_visible()
    await looks_right(olga, "working-time")
    async with olga.page.expect_download() as saving:
        await olga.button("Save as CSV").click()
    saved = tmp_path / "time.csv"
    await (await saving.value).save_as(saved)
    head, *lines = saved.read_text("utf-8-sig").splitlines()
    assert olga.word("Ready") in head
    assert any(ANNA in line for line in lines)
    await row.get_by_role("button").click()
    await expect(olga.page.get_by_role("dialog", name=ANNA).get_by_role("img").first).to_be_visible()
    await looks_right(olga, "working-time-day")
