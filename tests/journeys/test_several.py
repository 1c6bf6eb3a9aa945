"""The product as several processes: a call through all of them, and each of them killed while people talk."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage, following
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_call import MENU, both_hear, choose, closed_row, talking
from tests.product import Several
from tests.sipp import dial

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    product = Several(tmp_path_factory.mktemp("several")).start()
    product.launch_stand_by()
    try:
        yield product
    finally:
        if product.running:
            product.stop()


async def at_work(open_page: OpenPage, several: Several) -> DeskPage:
    anna = await (await (await (await open_page("anna", on=several)).sign_in()).start_shift()).be_ready()
    anna.forgive("WebSocket|status of 50[0-9]|ERR_CONNECTION|ERR_EMPTY_RESPONSE")
    return anna


async def test_nobody_on_the_phone_notices_the_death_of_the_pages_nor_of_the_switchboard(
    open_page: OpenPage, several: Several
) -> None:
    ani, waits = "+79500000001", "+79500000002"
    anna = await at_work(open_page, several)
    async with (
        following(several) as floor,
        dial(several.sip_port, MENU, ani=ani) as caller,
        dial(several.sip_port, MENU, ani=waits) as other,
    ):
        await talking(anna, caller, floor, ani)
        await choose(other, floor, waits)

        several.kill_role("web")
        await both_hear(anna, caller)
        several.launch_role("web")
        several.wait_until_well()
        await anna.until_reachable()
        await both_hear(anna, caller)

        several.kill_role("jobs")  # and stays dead: nobody misses it
        several.kill_role("switchboard")
        await expect(anna.text("The switchboard is restarting.")).to_be_visible()
        await both_hear(anna, caller)
        await anna.until_live("the one that stands by leads", "live.switchboard.up")
        await expect(anna.text("The switchboard is restarting.")).not_to_be_visible()
        await both_hear(anna, caller)

        await anna.button("End call").click()
        await caller.wait_until_over()
        await anna.until_agent("wrap_up")
        await anna.wrap_up("Вопрос решён", "Через два падения")
        await expect(anna.ringing).to_be_visible()
        await anna.button("Accept").click()
        await anna.until_agent("talking")
        await both_hear(anna, other)
        await other.hang_up()
    with several.signed_in("olga") as client:
        row = await closed_row(client, ani, recorded=True)
        assert (row["outcome"], row["note"]) == ("answered", "Через два падения")
        assert (await closed_row(client, waits))["outcome"] == "answered"
        why = client.get(f"/api/contacts/{row['id']}/why")
        assert why.status_code == 200 and why.json()["steps"], why.text
    with several.signed_in("admin") as client:
        system = client.get("/api/system").json()["findings"]
        processes = next(each for each in system if each["id"] == "processes")
        assert processes["state"] == "warning" and "--role jobs" in processes["advice"], processes


async def test_database_killed_in_mid_call_ends_no_conversation_and_all_parts_come_back(
    open_page: OpenPage, several: Several
) -> None:
    ani = "+79500000003"
    anna = await at_work(open_page, several)
    async with following(several) as floor, dial(several.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)
        os.kill(several.processes()["postgres"], signal.SIGKILL)
        await both_hear(anna, caller)
        several.wait_until_well()
        await anna.until_live("the pages have their switchboard back", "live.switchboard.up")
        await anna.button("End call").click()
        await caller.wait_until_over()
    await anna.until_agent("wrap_up")
    with several.signed_in("olga") as client:
        assert (await closed_row(client, ani))["outcome"] == "answered"


def test_stopped_all_at_once_every_part_ends_in_order(several: Several) -> None:
    leader = next(role for role in ("switchboard", "stand by") if role in several.programs)
    metrics = httpx.get(f"http://127.0.0.1:{several.port(leader)}/metrics").text
    assert "otklik_tenants_led 1.0" in metrics
    said = several.stop()
    assert "Traceback" not in said, said
    assert not any(several.run_of(role).exists() for role in ("peers", "stand by", "web"))
