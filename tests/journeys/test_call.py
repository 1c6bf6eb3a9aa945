"""The whole way of a call: sipp dials, the menu answers, an agent's browser rings, both hear each other, and after it
everything is on record. Tones tell who hears whom: the customer is 440 Hz, the agent's microphone 1000 Hz.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests import tones
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.product import Product, journal_of
from tests.sipp import Callers, dial, until
from tests.tones import AGENT_TONE, CUSTOMER_TONE

pytestmark = pytest.mark.alone

MENU = "1000"
SALES, SUPPORT = "1", "2"
IVAN = "+79161234567"
"""A customer of the demo tenant."""


async def choose(caller: Callers, floor: Floor, ani: str | None, key: str = SALES) -> None:
    """Through the menu into the queue of this key."""
    await floor.until_contact(ani, "scenario")
    await caller.press_until(key, lambda: (floor.contact(ani) or {"state": "gone"})["state"] != "scenario")


async def talking(desk: DeskPage, caller: Callers, floor: Floor, ani: str | None) -> None:
    """Through the menu to a ready agent, accepted by mouse; both hear each other."""
    await choose(caller, floor, ani)
    await expect(desk.ringing).to_be_visible()
    await desk.button("Accept").click()
    await desk.until_agent("talking")
    await both_hear(desk, caller)


async def both_hear(desk: DeskPage, caller: Callers) -> None:
    await desk.wait_to_hear(CUSTOMER_TONE)
    await caller.wait_to_hear(AGENT_TONE)


async def closed_row(
    client: httpx.Client, ani: str | None, contact: str | None = None, *, recorded: bool = False
) -> dict[str, object]:
    """The journal's row of this number's only contact, or of this one of a number that several journeys call from,
    once it is closed (and its recording stored)."""

    def rows() -> list[dict[str, object]]:
        found = [row for row in journal_of(client, ani) if row["ended_at"] and (row["recording"] or not recorded)]
        return [row for row in found if contact in (None, row["id"])]

    await until(f"the contact of {ani} in the journal", lambda: bool(rows()))
    (row,) = rows()
    return row


async def test_a_call_from_the_first_ring_to_the_recording(open_page: OpenPage, product: Product, floor: Floor) -> None:
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    await anna.shot("shift-started")
    await anna.be_ready()
    await anna.shot("ready")
    async with dial(product.sip_port, MENU, ani=IVAN) as caller:
        await caller.wait_to_hear_other(CUSTOMER_TONE)
        await choose(caller, floor, IVAN)
        await _card_stands_before_the_ring(anna)
        await anna.shot("ringing")
        await anna.button("Accept").click()
        await anna.until_agent("talking")
        await both_hear(anna, caller)
        await anna.shot("talking")
        await _mute_and_unmute(anna, caller)
        await _hold_and_retrieve(anna, caller)
        contact = (await anna.contact_in_hand())["id"]
        await anna.button("End call").click()
        await caller.wait_until_over()
    await anna.until_agent("wrap_up")
    await anna.shot("wrap-up")
    await anna.wrap_up("Заказ оформлен", "Просит счёт на почту, перезвонить не нужно.")
    await anna.until_agent("ready")
    await _own_history_shows_it(anna)
    with product.signed_in("olga") as client:
        row = await closed_row(client, IVAN, contact, recorded=True)
        assert (row["outcome"], row["agent"], row["choices"]) == (
            "answered",
            _who(row, "agent", "Анна Смирнова"),
            ["Продажи"],
        )
        assert row["disposition"]["id"] == "order"  # type: ignore[index]
        assert row["hold_seconds"] > 0 and row["talk_seconds"] > 0  # type: ignore[operator]
        await _both_lines_were_measured(client, str(row["id"]))
        _recording_has_each_side_on_its_channel(client.get(f"/api/contacts/{row['id']}/recording"))
    await _supervisor_sees_the_waveform(open_page, str(row["id"]))


def _who(row: dict[str, object], key: str, name: str) -> dict[str, object]:
    named = row[key]
    assert isinstance(named, dict) and named["name"] == name, row
    return named


async def _card_stands_before_the_ring(desk: DeskPage) -> None:
    await desk.until_live("the line rings", "phone.incoming !== null")
    await desk.page.wait_for_function("() => window.journey.rings.length > 0")
    (ring,) = await desk.rings()
    for text in ("Иван Петров", "Продажи", "VIP"):
        assert text in (ring["card"] or ""), f"not on the card when the ring began: {ring}"


async def _mute_and_unmute(desk: DeskPage, caller: Callers) -> None:
    await desk.button("Mute").click()
    await caller.wait_for_silence_of(AGENT_TONE)
    await expect(desk.text("Microphone off")).to_be_visible()
    await desk.wait_to_hear(CUSTOMER_TONE)
    await desk.button("Unmute").click()
    await both_hear(desk, caller)


async def _hold_and_retrieve(desk: DeskPage, caller: Callers) -> None:
    await desk.button("Hold").click()
    await desk.until_agent("held")
    await caller.wait_to_hear_other(AGENT_TONE)
    await desk.wait_for_silence_of(CUSTOMER_TONE)
    await desk.shot("on-hold")
    await desk.button("Resume").click()
    await desk.until_agent("talking")
    await both_hear(desk, caller)


async def _own_history_shows_it(desk: DeskPage) -> None:
    await desk.page.get_by_role("navigation").get_by_role("link", name=desk.word("History"), exact=True).click()
    row = desk.page.get_by_role("main").get_by_text("Иван Петров").first
    await expect(row).to_be_visible()
    await expect(desk.page.get_by_role("main").get_by_text("Заказ оформлен").first).to_be_visible()
    await desk.shot("own-history")


def _recording_has_each_side_on_its_channel(answer: httpx.Response) -> None:
    assert answer.status_code == 200 and answer.headers["content-type"] == "audio/wav", answer.headers
    rate, (customer, agent) = tones.read_wav(answer.content)
    assert tones.longest_stretch(customer, CUSTOMER_TONE, rate) >= 1.0, "the customer on the left"
    assert tones.longest_stretch(agent, AGENT_TONE, rate) >= 0.4, "the agent on the right"
    assert tones.longest_stretch(customer, AGENT_TONE, rate) == 0, "the agent leaked to the left"
    assert tones.longest_stretch(agent, CUSTOMER_TONE, rate) == 0, "the customer leaked to the right"


async def _both_lines_were_measured(client: httpx.Client, contact: str) -> None:
    def lines() -> dict[str | None, float]:
        found = client.get(f"/api/contacts/{contact}").json()["lines"]
        return {line["agent"]["name"] if line["agent"] else None: line["worst_mos"] for line in found}

    await until("the figures of both lines", lambda: set(lines()) == {None, "Анна Смирнова"})
    assert all(figure > 4 for figure in lines().values()), lines()


async def _supervisor_sees_the_waveform(open_page: OpenPage, contact: str) -> None:
    olga = await (await open_page("olga")).sign_in()
    await olga.page.goto(f"/contacts?contact={contact}")
    waveform = olga.page.locator("canvas").first
    await expect(waveform).to_be_visible()
    drawn = (
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(one => one > 0)"
    )
    await olga.page.wait_for_function(f"() => ({drawn})(document.querySelector('canvas'))")
    await olga.shot("recording")


async def test_a_reload_in_mid_call_comes_back_into_the_same_call(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79200000004"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)
        contact = (await anna.contact_in_hand())["id"]
        await anna.page.locator("#note").fill("Начало записи")
        await anna.page.reload()
        await both_hear(anna, caller)
        await anna.until_agent("talking")
        in_hand = await anna.contact_in_hand()
        assert (in_hand["id"], in_hand["draft"]["note"]) == (contact, "Начало записи")
        await expect(anna.page.locator("#note")).to_have_value("Начало записи")
        assert not caller.over
        await caller.hang_up()
    await anna.until_agent("wrap_up")
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
        assert (row["id"], row["outcome"]) == (contact, "answered")


@pytest.fixture
def rings_shortly(product: Product) -> Iterator[Callable[[], None]]:
    """Whoever is rung now has five seconds instead of twenty; called, it puts the set-up back for whoever is rung next."""
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]

        def put(text: str) -> None:
            over = {"If-Match": f'"{client.get("/api/configuration").json()["version"]}"'}
            answer = client.put("/api/configuration", json={"text": text, "comment": ""}, headers=over)
            assert answer.status_code == 200, answer.text

        document = yaml.read(before).plain
        for queue in document["queues"]:
            queue["ring_seconds"] = 5
        put(yaml.write(document))
        yield lambda: put(before)
        put(before)


async def test_an_unanswered_call_goes_to_the_next_agent_and_keeps_its_place(
    open_page: OpenPage, product: Product, floor: Floor, rings_shortly: Callable[[], None]
) -> None:
    ani = "+79200000001"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    boris = await (await (await open_page("boris")).sign_in()).start_shift()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(anna.ringing).to_be_visible()
        queued_at = (await anna.contact_in_hand())["queued_at"]
        rings_shortly()
        await boris.be_ready()
        await anna.until_agent("not_ready")
        await expect(anna.ringing).to_be_hidden()
        await expect(boris.ringing).to_be_visible()
        in_hand = await boris.contact_in_hand()
        assert (in_hand["queued_at"], in_hand["offer"]) == (queued_at, 2)
        await boris.button("Accept").click()
        await boris.until_agent("talking")
        await both_hear(boris, caller)
        await expect(anna.page.get_by_role("heading", name=anna.word("Missed call"))).to_be_visible()
        await anna.shot("missed")
        await anna.button("Back to ready").click()
        await anna.until_agent("ready")
        await caller.hang_up()
    await boris.until_agent("wrap_up")


async def test_a_declined_call_goes_to_the_next_agent(open_page: OpenPage, product: Product, floor: Floor) -> None:
    ani = "+79200000002"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    boris = await (await (await open_page("boris")).sign_in()).start_shift()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(anna.ringing).to_be_visible()
        await boris.be_ready()
        await anna.button("Decline").click()
        await anna.until_agent("ready")
        await expect(boris.ringing).to_be_visible()
        await boris.button("Accept").click()
        await both_hear(boris, caller)
        await expect(anna.ringing).to_be_hidden()
        await caller.hang_up()
    await boris.until_agent("wrap_up")


async def test_a_reload_while_it_rings_rings_again(open_page: OpenPage, product: Product, floor: Floor) -> None:
    ani = "+79200000003"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(anna.ringing).to_be_visible()
        await anna.page.reload()
        await anna.page.wait_for_function("() => window.otklikDiagnostics?.registered")
        await expect(anna.ringing).to_be_visible()
        await anna.button("Accept").click()
        await both_hear(anna, caller)
        await caller.hang_up()
    await anna.until_agent("wrap_up")


async def test_a_call_is_accepted_and_wrapped_up_by_the_keyboard_alone(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    """And in English, for an agent who speaks it."""
    ani = "+12025550123"
    kate = await (await (await open_page("kate", locale="en-GB")).sign_in()).start_shift()
    assert await kate.page.locator("html").get_attribute("lang") == "en"
    await kate.page.get_by_role("button", name="Ready for calls").press("Enter")
    await kate.until_agent("ready")
    keys = kate.page.keyboard
    async with dial(product.sip_port, "2000", ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(kate.ringing).to_contain_text("John Miller")
        await kate.until_live("the line rings", "phone.incoming !== null")
        await keys.press("Alt+A")
        await kate.until_agent("talking")
        await both_hear(kate, caller)
        await expect(kate.button("Mute")).to_be_enabled()
        await keys.press("m")
        await caller.wait_for_silence_of(AGENT_TONE)
        await kate.until_live("the microphone is off", "live.contacts[0]?.muted")
        await expect(kate.button("Unmute")).to_be_visible()
        await keys.press("m")
        await caller.wait_to_hear(AGENT_TONE)
        await expect(kate.button("Hold")).to_be_visible()
        await keys.press("h")
        await kate.until_agent("held")
        await expect(kate.button("Resume")).to_be_visible()
        await keys.press("h")
        await kate.until_agent("talking")
        await expect(kate.button("Hold")).to_be_visible()
        await caller.hang_up()
    await kate.until_agent("wrap_up")
    result = kate.page.get_by_role("form", name="Result")
    await expect(result.get_by_text("Wrap-up")).to_be_visible()
    await keys.press("Control+Enter")
    await expect(kate.page.get_by_role("alert").get_by_text("Choose the result first.")).to_be_visible()
    await expect(result.get_by_role("radio").first).to_be_focused()
    await keys.press("Space")
    await expect(result.get_by_role("radio").first).to_be_checked()
    await keys.press("ArrowRight")
    await expect(result.get_by_role("radio").nth(1)).to_be_checked()
    await keys.press("Alt+N")
    await expect(kate.page.locator("#note")).to_be_focused()
    await keys.type("Wants a call in December.")
    await keys.press("Control+Enter")
    await kate.until_agent("ready")
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
        assert (row["note"], row["disposition"]["id"]) == ("Wants a call in December.", "order")  # type: ignore[index]
