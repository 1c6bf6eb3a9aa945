"""A supervisor switches an incident on from the floor, says when it will be mended and what callers are told, changes it, and switches it off."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_looks import looks_right
from tests.product import Product


@pytest.fixture
def switch(product: Product) -> Iterator[None]:
    """Set up for the whole centre; afterwards the set-up is as it was."""
    with product.signed_in("admin") as client:
        before = _current(client)
        _apply(client, before["text"] + "incident_switches: [{}]\n")
        yield
        _apply(client, before["text"])


def _current(client: httpx.Client) -> dict[str, str]:
    found: dict[str, str] = client.get("/api/configuration").json()
    return found


def _apply(client: httpx.Client, text: str) -> None:
    version = _current(client)["version"]
    answer = client.put("/api/configuration", json={"text": text, "comment": ""}, headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("switch")
async def test_an_incident_is_switched_on_with_the_time_of_repair(open_page: OpenPage, floor: Floor) -> None:
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    await olga.button("Switch on").click()
    dialog = olga.page.get_by_role("alertdialog")
    await dialog.get_by_label(olga.word("Said in Russian")).fill("Чиним кабель.")
    soon = await olga.page.evaluate(
        "new Date(Date.now() + 7.2e6 - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 16)"
    )
    await dialog.get_by_label(olga.word("Will be mended by")).fill(soon)
    await looks_right(olga, "incident-on")
    await dialog.get_by_role("button", name=olga.word("Switch on")).click()
    await expect(dialog).to_have_count(0)
    await floor.until("the incident has a time and a text", lambda: _said(floor) == "Чиним кабель.")
    await looks_right(olga, "floor-incident")
    await olga.button("What callers hear").click()
    await dialog.get_by_label(olga.word("Said in Russian")).fill("Ждём бригаду.")
    await dialog.get_by_role("button", name=olga.word("Save")).click()
    await floor.until("another text", lambda: _said(floor) == "Ждём бригаду.")
    await olga.button("Switch off").click()
    await dialog.get_by_role("button", name=olga.word("Switch off")).click()
    await floor.until("it is off", lambda: floor.state["floor"]["incidents"][0]["since"] is None)


def _said(floor: Floor) -> str:
    (incident,) = floor.state["floor"]["incidents"]
    return str(incident["texts"].get("ru", "")) if incident["repaired_by"] else ""
