"""A customer who hangs up keeps the place, and is called back once an agent has accepted: with real calls both ways."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import IVAN, MENU, both_hear, choose
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import Called, called, dial

pytestmark = pytest.mark.alone


@pytest.fixture
def star(product: Product) -> Iterator[None]:
    """In each queue the star is for being called back; afterwards the set-up is as it was."""
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()
        document = yaml.read(before["text"]).plain
        for queue in document["queues"]:
            queue["exits"] = [{"digit": "*", "to": {"callback": True}}]
        apply(client, yaml.write(document))
        yield
        apply(client, before["text"])


def apply(client: httpx.Client, text: str) -> None:
    version = client.get("/api/configuration").json()["version"]
    answer = client.put("/api/configuration", json={"text": text, "comment": ""}, headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


async def test_a_customer_keeps_the_place_without_a_line_and_is_called_when_it_is_their_turn(
    open_page: OpenPage, product: Product, floor: Floor, star: None
) -> None:
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    olga = await (await open_page("olga")).sign_in()
    async with dial(product.sip_port, MENU, ani=IVAN) as caller:
        await choose(caller, floor, IVAN)
        await floor.until_contact(IVAN, "waiting")
        caller.press("*")
        await floor.until_contact(IVAN, "postponed")
        await caller.hang_up()
    await floor.until_contact(IVAN, "waiting")
    await olga.go("floor")
    await expect(olga.page.get_by_role("row", name="916 123-45-67")).to_contain_text(olga.word("Callback"))
    await expect(olga.button("Cancel callback")).to_be_visible()
    await looks_right(olga, "callback-floor")
    await anna.button("Ready for calls").click()
    await expect(anna.ringing).to_contain_text(anna.word("Callback"))
    await looks_right(anna, "callback-ringing")
    with called(int(product.settings["TRUNK_OUT"].partition(":")[2])) as customer:
        await _is_called(anna, customer)
        await looks_right(anna, "callback-dialling")
        await customer.answer()
        await anna.until_agent("talking")
        await both_hear(anna, customer)
        await anna.button("End call").click()
        await customer.wait_until_over()
    await anna.wrap_up("Вопрос решён", "Перезвонили.")
    await anna.until_agent("ready")
    await _stands_in_the_journal(olga)


async def _is_called(desk: DeskPage, customer: Called) -> None:
    await desk.button("Accept").click()
    await desk.until_agent("dialling")
    await customer.rings()
    assert customer.invite().startswith(f"{IVAN}@")
    assert f"<sip:{MENU}@" in customer.invite().partition("From: ")[2].splitlines()[0]


async def _stands_in_the_journal(supervisor: DeskPage) -> None:
    with supervisor.product.signed_in("olga") as client:
        rows = client.get("/api/contacts", params={"scope": "all"}).json()["contacts"]
        row = next(
            row
            for row in rows
            if row["callback_attempts"] and row["ani"] == IVAN and (row["agent"] or {}).get("name") == "Анна Смирнова"
        )
        assert (row["outcome"], row["callback_attempts"]) == ("answered", 1)
        assert row["callback_seconds"] > 0 and row["talk_seconds"] > 0
    await supervisor.page.goto(f"/contacts?contact={row['id']}")
    await expect(supervisor.text("Attempts to call back")).to_be_visible()
    await looks_right(supervisor, "callback-journal")
