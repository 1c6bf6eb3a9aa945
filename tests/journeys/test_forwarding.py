"""An agent at home says who takes personal calls; a colleague sees it, calls, and it rings there with whose call it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.test_by_hand import ANNA, BORIS
from tests.journeys.test_looks import looks_right
from tests.journeys.words import pattern
from tests.product import Product


@pytest.fixture
def as_usual(product: Product) -> Iterator[None]:
    """At the end, whatever came before it, Boris's calls go where the set-up says."""
    yield
    with product.signed_in("boris") as client:
        assert client.delete("/api/desk/forward").status_code == 204


async def test_personal_calls_of_an_agent_at_home_ring_at_the_colleague_named(
    open_page: OpenPage, as_usual: None
) -> None:
    boris = await (await open_page("boris")).sign_in()
    await boris.page.locator(".person").click()
    await boris.button("While I am away").click()
    goes = boris.page.get_by_role("combobox", name=boris.word("Personal calls go"))
    await goes.focus()
    await goes.select_option(label=ANNA)
    await boris.until_live("calls go to Anna", "live.agent?.forward.to === 'agent'")
    await expect(goes).to_be_focused()
    await looks_right(boris, "forwarding")
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    kate = await (await (await (await open_page("kate")).sign_in()).start_shift()).be_ready()
    await expect(kate.button("Call a number")).to_be_enabled()
    await kate.page.keyboard.press("Alt+c")
    book = kate.page.get_by_role("region", name=kate.word("Colleagues"))
    away = pattern(kate.language, "calls go to {name}")
    await expect(book.get_by_role("button", name=BORIS)).to_contain_text(away)
    await looks_right(kate, "forwarding-book")
    await book.get_by_role("button", name=BORIS).click()
    meant_for = pattern(anna.language, "For {name}, who is away")
    await expect(anna.ringing).to_contain_text(meant_for)
    await expect(anna.ringing).to_contain_text(BORIS)
    await anna.shot("forwarding-ringing")
    await anna.button("Decline").click()
    await kate.until_agent("ready")
    await goes.select_option("usual")
    await boris.until_live("calls go nowhere", "live.agent?.forward.to === 'nowhere' && !live.agent.forward.chosen")
