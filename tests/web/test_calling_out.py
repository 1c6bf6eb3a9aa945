"""Calling out over HTTP: a number as people type it, in whose name, whom one called lately, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until

from otklik.calling.number import dialled
from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.configuration import Calling
from otklik.contact.facts import CallsOutChanged, Configured
from otklik.contact.ports import Watcher
from otklik.tenancy import store as tenancy

IVAN = "+79161234567"


async def place(desk: AtDesk, number: str = "8 (916) 123-45-67", **how: Any) -> Any:
    return await desk.client.post("/api/desk/calls", json={"number": number, **how})


async def ringing(desk: AtDesk, number: str = IVAN, **how: Any) -> SimulatedCall:
    """The agent's own phone has answered, and it rings at the customer's."""
    answer = await place(desk, number, **how)
    assert answer.status_code == 201, answer.text
    phone = desk.site.voice.phone(desk.agent)
    await until(lambda: phone.ringing)
    assert phone.placed, "the page answers by itself"
    phone.answer()
    await until(lambda: desk.site.voice.dialled(number))
    line = desk.site.voice.dialled(number)
    assert line is not None
    return line


async def row(site: Site, contact: str) -> Any:
    async with site.signed_in("olga") as client:
        return (await client.get(f"/api/contacts/{contact}")).json()


async def test_agent_calls_a_customer_talks_and_saves_the_outcome(site: Site, anna: AtDesk) -> None:
    answer = await place(anna)
    assert (answer.status_code, answer.json()["number"]) == (201, IVAN)
    contact = answer.json()["contact"]
    phone = site.voice.phone(anna.agent)
    await until(lambda: phone.ringing)
    (shown,) = (await anna.until(lambda seen: seen["contacts"][0]["customer"]))["contacts"]
    assert (shown["direction"], shown["placed"], shown["customer"]["name"]) == ("out", True, "Иван Петров")
    phone.answer()
    await until(lambda: site.voice.dialled(IVAN))
    assert phone.hears == {"ringing"}
    line = site.voice.dialled(IVAN)
    assert line is not None and line.caller == "1000"
    line.answer()
    await until(lambda: line.hears == {"agent"})
    (shown,) = (await anna.until(lambda seen: seen["contacts"][0]["state"] == "talking"))["contacts"]
    assert (shown["placed"], shown["callback"], shown["recording"]["state"]) == (False, None, "on")
    line.hang_up()
    await anna.until(lambda seen: seen["contacts"][0]["state"] == "wrap_up")
    saved = await anna.client.post(
        f"/api/desk/contacts/{contact}/wrap-up", json={"disposition": "resolved", "note": "Договорились"}
    )
    assert saved.status_code == 204, saved.text
    found = await row(site, contact)
    assert (found["direction"], found["outcome"], found["ani"], found["dnis"]) == ("out", "answered", IVAN, "1000")
    assert (found["agent"]["id"], found["customer"]["name"], found["note"]) == (
        anna.agent,
        "Иван Петров",
        "Договорились",
    )
    assert found["dialling_seconds"] > 0 and found["failure"] is None
    assert "call_placed" in [each["what"] for each in found["timeline"]]


async def test_call_that_reaches_nobody_is_told_with_its_reason_and_stands_among_the_latest(
    site: Site, anna: AtDesk
) -> None:
    line = await ringing(anna, "+79990000001")
    line.fail("busy")
    seen = await anna.until(lambda seen: not seen["contacts"] and seen["unreached"])
    assert (seen["unreached"]["number"], seen["unreached"]["failure"]) == ("+79990000001", "busy")
    assert seen["agent"]["state"] == "ready"
    found = await row(site, seen["unreached"]["id"])
    assert (found["outcome"], found["failure"], found["agent"]["id"]) == ("unreached", "busy", anna.agent)
    latest = (await anna.client.get("/api/desk/calls")).json()["calls"]
    assert latest[0]["number"] == "+79990000001" and latest[0]["failure"] == "busy"
    again = await ringing(anna, "+79990000001")
    again.fail("no_answer")
    await anna.until(lambda seen: not seen["contacts"])
    latest = (await anna.client.get("/api/desk/calls")).json()["calls"]
    assert [each["number"] for each in latest].count("+79990000001") == 1, "each number once"
    assert latest[0]["failure"] == "no_answer"


async def test_agent_ends_the_own_call_while_it_rings_and_nothing_is_left(site: Site, anna: AtDesk) -> None:
    line = await ringing(anna)
    (shown,) = (await anna.state())["contacts"]
    assert (await anna.client.post(f"/api/desk/contacts/{shown['id']}/end", json={})).status_code == 204
    await until(lambda: not line.dialling)
    seen = await anna.until(lambda seen: not seen["contacts"])
    assert seen["unreached"] is None, "one's own change of mind is no news"


async def test_journal_is_asked_for_one_direction(site: Site, anna: AtDesk) -> None:
    line = await ringing(anna)
    line.fail("rejected")
    await anna.until(lambda seen: not seen["contacts"])
    async with site.signed_in("olga") as client:
        for way in ("in", "out"):
            rows = (await client.get("/api/contacts", params={"scope": "all", "direction": way})).json()["contacts"]
            assert {each["direction"] for each in rows} <= {way}
        assert refusal(await client.get("/api/contacts", params={"direction": "up"}))[0] == 400


async def test_floor_shows_whose_call_it_is(site: Site, anna: AtDesk) -> None:
    line = await ringing(anna)
    feed = site.live.subscribe(site.tenant, Watcher(person="olga", floor=True))
    page = FollowedPage()
    await page.read(feed)
    feed.close()
    seen = page.state
    shown = [(each["direction"], each["state"]) for each in seen["floor"]["contacts"] if each["ani"] == IVAN]
    assert shown == [("out", "dialling")]
    line.fail("failed")


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        ("позвоните мне", 400, "number_unreadable"),
        ("+7 916 123-45-67 доб. 5", 400, "number_unreadable"),
        ("0800-FLOWERS", 400, "number_unreadable"),
        ("+7916;transport=tcp", 400, "number_unreadable"),
        ("101", 409, "short_number_not_allowed"),
        ("", 400, "invalid_input"),
        ("\x00", 400, "invalid_input"),
        ("9" * 41, 400, "invalid_input"),
    ],
)
async def test_what_cannot_be_called_is_refused_and_changes_nothing(
    site: Site, anna: AtDesk, number: str, status: int, code: str
) -> None:
    answer = await place(anna, number)
    assert refusal(answer) == (status, code)
    assert answer.json()["error"]["field"] == "number"
    assert (await anna.state())["contacts"] == []


async def test_queue_and_caller_that_are_not_offered_are_refused(site: Site, anna: AtDesk) -> None:
    assert refusal(await place(anna, queue="nowhere")) == (409, "no_such_queue")
    assert refusal(await place(anna, entry_point="9999")) == (409, "no_such_caller")


async def test_second_call_beside_the_first_is_refused(site: Site, anna: AtDesk) -> None:
    line = await ringing(anna)
    assert refusal(await place(anna)) == (409, "call_while_ringing")
    line.answer()
    await anna.until(lambda seen: seen["contacts"][0]["state"] == "talking")
    assert refusal(await place(anna)) == (409, "call_hands_full")


async def test_without_a_trunk_it_says_what_to_do(site: Site, anna: AtDesk) -> None:
    await site.inbox.submit(site.tenant, CallsOutChanged(possible=False))
    try:
        assert (await anna.state())["calling"]["trunk"] is False
        answer = await place(anna)
        assert refusal(answer) == (409, "no_trunk_out")
        assert "OTKLIK_TRUNK_OUT" in answer.json()["error"]["message"]
    finally:
        await site.inbox.submit(site.tenant, CallsOutChanged(possible=True))


@pytest.fixture
async def silent(site: Site) -> AsyncIterator[AtDesk]:
    """No queue calls out."""
    async with site.database.transaction(site.tenant) as connection:
        known = await tenancy.configuration(connection)
    queues = tuple(replace(queue, calling=Calling()) for queue in known.queues)
    await site.inbox.submit(site.tenant, Configured(configuration=replace(known, queues=queues)))
    async with at_desk(site, "boris") as made:
        yield made
    await site.inbox.submit(site.tenant, Configured(configuration=known))


async def test_where_no_queue_calls_out_nobody_does(site: Site, silent: AtDesk) -> None:
    assert (await silent.state())["calling"]["queues"] == []
    assert refusal(await place(silent)) == (409, "nobody_calls_out")
    assert refusal(await place(silent, queue="sales")) == (409, "queue_calls_nobody")


async def test_who_has_no_desk_or_is_not_signed_in_calls_nobody(site: Site) -> None:
    async with site.signed_in("olga") as client:
        assert refusal(await client.post("/api/desk/calls", json={"number": IVAN}))[0] == 403
    async with site.client() as stranger:
        assert refusal(await stranger.post("/api/desk/calls", json={"number": IVAN}))[0] in (401, 403)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("8 (916) 123-45-67", IVAN),
        ("+7 916 123‑45‑67", IVAN),
        ("tel:+79161234567", IVAN),
        ("916 123 45 67", IVAN),
        ("112", "112"),
        (" 101 ", "101"),
        ("+1 (202) 555-0123", "+12025550123"),
        ("1", None),
        ("+", None),
        ("12345678901234567890", None),
        ("+7916#1234567", None),
        ("()", None),
    ],
)
def test_number_is_read_as_people_write_it(written: str, number: str | None) -> None:
    assert dialled(written) == number
