"""Calling a colleague over HTTP: by name or by an internal number, two desks, two telephones, and one line in the journal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until

from otklik.contact.facts import Configured
from otklik.contact.ports import Watcher
from otklik.tenancy import store as tenancy


@dataclass
class Two:
    anna: AtDesk
    boris: AtDesk


@pytest.fixture
async def two(site: Site) -> AsyncIterator[Two]:
    """Both in shift and ready, with internal numbers."""
    async with site.database.transaction(site.tenant) as connection:
        known = await tenancy.configuration(connection)
    numbers = {await site.person("anna"): "201", await site.person("boris"): "202"}
    agents = tuple(replace(each, internal_number=numbers.get(each.id, "")) for each in known.agents)
    await site.inbox.submit(site.tenant, Configured(configuration=replace(known, agents=agents)))
    async with at_desk(site, "anna") as anna, at_desk(site, "boris") as boris:
        yield Two(anna, boris)
    await site.inbox.submit(site.tenant, Configured(configuration=known))


async def call(two: Two) -> Any:
    return await two.anna.client.post(f"/api/desk/calls/colleagues/{two.boris.agent}", json={})


async def ringing(site: Site, two: Two) -> str:
    answer = await call(two)
    assert answer.status_code == 201, answer.text
    own = site.voice.phone(two.anna.agent)
    await until(lambda: own.ringing)
    assert own.placed, "the page answers by itself"
    own.answer()
    await until(lambda: site.voice.phone(two.boris.agent).ringing)
    return str(answer.json()["contact"])


async def talking(site: Site, two: Two) -> str:
    contact = await ringing(site, two)
    site.voice.phone(two.boris.agent).answer()
    await two.anna.until(lambda seen: seen["contacts"] and seen["contacts"][0]["state"] == "talking")
    return contact


async def row(site: Site, contact: str) -> Any:
    async with site.signed_in("olga") as client:
        return (await client.get(f"/api/contacts/{contact}")).json()


@pytest.mark.parametrize("wish", ["transfer", "consult"])
async def test_an_internal_number_typed_where_a_number_outside_is_means_that_colleague(
    site: Site, two: Two, wish: str
) -> None:
    customer = await two.anna.talk()
    answer = await two.anna.ask(customer, wish, {"number": "202"})
    assert answer.status_code in (200, 204), answer.text
    await until(lambda: site.voice.phone(two.boris.agent).ringing)


async def test_agent_calls_a_colleague_by_name_they_talk_and_the_journal_has_it_once(site: Site, two: Two) -> None:
    contact = await ringing(site, two)
    own, theirs = site.voice.phone(two.anna.agent), site.voice.phone(two.boris.agent)
    assert own.hears == {"ringing"}
    (rings,) = (await two.boris.until(lambda seen: seen["contacts"]))["contacts"]
    assert (rings["direction"], rings["state"], rings["queue"], rings["asked"]) == ("internal", "offered", None, None)
    assert rings["colleague"]["id"] == two.anna.agent
    (waits,) = (await two.anna.until(lambda seen: seen["contacts"][0]["state"] == "dialling"))["contacts"]
    assert (waits["direction"], waits["placed"], waits["colleague"]["id"]) == ("internal", True, two.boris.agent)
    theirs.answer()
    await until(lambda: own.hears == {"agent"} and theirs.hears == {"agent"})
    (shown,) = (await two.anna.until(lambda seen: seen["contacts"][0]["state"] == "talking"))["contacts"]
    assert (shown["id"], shown["placed"], shown["recording"], shown["consultation"]) == (contact, False, None, None)
    held = await two.boris.client.post(f"/api/desk/contacts/{rings['id']}/hold", json={})
    assert held.status_code == 204, held.text
    await until(lambda: own.hears == {"music"} and not theirs.hears)
    await two.boris.client.post(f"/api/desk/contacts/{rings['id']}/retrieve", json={})
    await until(lambda: own.hears == {"agent"})
    theirs.hang_up()
    for desk in (two.anna, two.boris):
        seen = await desk.until(lambda seen: not seen["contacts"])
        assert (seen["agent"]["state"], seen["unreached"]) == ("ready", None)
    found = await row(site, contact)
    assert (found["direction"], found["outcome"], found["queue"], found["dnis"]) == (
        "internal",
        "answered",
        None,
        "202",
    )
    assert (found["agent"]["id"], found["colleague"]["id"]) == (two.anna.agent, two.boris.agent)
    assert found["talk_seconds"] > 0 and found["wait_seconds"] == 0 and found["recording"] is None
    told = [(each["what"], each["text"]) for each in found["timeline"]]
    assert ("colleague_called", found["colleague"]["name"]) in told
    for login in ("anna", "boris"):
        async with site.signed_in(login) as client:
            own_rows = (await client.get("/api/contacts", params={"direction": "internal"})).json()["contacts"]
            assert [each["id"] for each in own_rows][:1] == [contact], "either has it among the own ones"
    async with site.signed_in("olga") as client:
        why = (await client.get(f"/api/contacts/{contact}/why")).json()["steps"]
    assert any("звонит коллеге" in each["ru"] and found["colleague"]["name"] in each["ru"] for each in why)


async def test_internal_number_typed_in_the_dial_panel_calls_the_colleague(site: Site, two: Two) -> None:
    answer = await two.anna.client.post("/api/desk/calls", json={"number": "202"})
    assert (answer.status_code, answer.json()["number"]) == (201, "202")
    await until(lambda: site.voice.phone(two.anna.agent).ringing)
    site.voice.phone(two.anna.agent).answer()
    theirs = site.voice.phone(two.boris.agent)
    await until(lambda: theirs.ringing)
    theirs.decline()
    seen = await two.anna.until(lambda seen: seen["unreached"] and not seen["contacts"])
    assert (seen["unreached"]["failure"], seen["unreached"]["colleague"]["id"]) == ("rejected", two.boris.agent)
    assert (await two.boris.state())["agent"]["state"] == "ready"


async def test_phone_book_tells_who_is_free_and_in_what_status_the_rest_are(site: Site, two: Two) -> None:
    book = (await two.anna.client.get("/api/desk/calls/colleagues")).json()["agents"]
    first = book[0]
    assert (first["id"], first["number"], first["state"], first["refused"]) == (two.boris.agent, "202", "ready", None)
    assert two.anna.agent not in {each["id"] for each in book}
    assert {each["refused"] for each in book if each["state"] == "offline"} <= {"colleague_offline"}
    await two.boris.client.put("/api/desk/status", json={"status": "not_ready", "reason": "lunch"})
    book = (await two.anna.client.get("/api/desk/calls/colleagues")).json()["agents"]
    entry = next(each for each in book if each["id"] == two.boris.agent)
    assert (entry["state"], entry["reason"], entry["refused"]) == ("not_ready", "lunch", "colleague_not_ready")
    assert refusal(await call(two)) == (409, "colleague_not_ready")
    await two.boris.client.put("/api/desk/status", json={"status": "ready"})


async def test_colleague_who_is_busy_or_gone_and_oneself_are_refused_in_words(site: Site, two: Two) -> None:
    await talking(site, two)
    again = await two.boris.client.post(f"/api/desk/calls/colleagues/{two.anna.agent}", json={})
    assert refusal(again) == (409, "call_hands_full")
    site.voice.phone(two.anna.agent).hang_up()
    await two.anna.until(lambda seen: not seen["contacts"])
    own = await two.anna.client.post(f"/api/desk/calls/colleagues/{two.anna.agent}", json={})
    assert refusal(own) == (409, "no_such_colleague")
    assert own.json()["error"]["field"] == "agent"
    await two.boris.client.delete("/api/desk/shift")
    await two.boris.until(lambda seen: seen["agent"]["state"] == "offline")
    gone = await call(two)
    assert refusal(gone) == (409, "colleague_offline")


async def test_what_is_done_with_customers_is_refused_and_the_talk_goes_on(site: Site, two: Two) -> None:
    contact = await talking(site, two)
    client = two.anna.client
    passed = await client.post(f"/api/desk/contacts/{contact}/transfer", json={"queue": "sales"})
    taped = await client.post(f"/api/desk/contacts/{contact}/recording", json={"wish": "started"})
    saved = await client.post(f"/api/desk/contacts/{contact}/wrap-up", json={"disposition": "resolved", "note": ""})
    async with site.signed_in("olga") as olga:
        heard = await olga.post(f"/api/supervision/contacts/{contact}/join", json={"way": "listen"})
    for answer in (passed, taped, saved, heard):
        assert refusal(answer) == (409, "internal_call"), answer.text
    assert (await two.anna.state())["contacts"][0]["state"] == "talking"
    ended = await client.post(f"/api/desk/contacts/{contact}/end", json={})
    assert ended.status_code == 204
    await two.boris.until(lambda seen: not seen["contacts"])


async def test_floor_shows_both_in_one_call(site: Site, two: Two) -> None:
    contact = await talking(site, two)
    feed = site.live.subscribe(site.tenant, Watcher(person="olga", floor=True))
    page = FollowedPage()
    await page.read(feed)
    feed.close()
    floor = page.state["floor"]
    shown = [each for each in floor["contacts"] if each["id"] == contact]
    assert [(each["direction"], each["state"], each["colleague"]["id"]) for each in shown] == [
        ("internal", "talking", two.boris.agent)
    ]
    hands = {each["id"]: each["contact"] for each in floor["agents"] if each["contact"]}
    assert {agent: (hand["id"], hand["direction"]) for agent, hand in hands.items()} == {
        two.anna.agent: (contact, "internal"),
        two.boris.agent: (contact, "internal"),
    }
    site.voice.phone(two.anna.agent).hang_up()
    await two.boris.until(lambda seen: not seen["contacts"])


async def test_without_a_desk_nobody_is_called(site: Site, two: Two) -> None:
    async with site.signed_in("olga") as client:
        assert refusal(await client.get("/api/desk/calls/colleagues"))[0] == 403
        assert refusal(await client.post(f"/api/desk/calls/colleagues/{two.boris.agent}", json={}))[0] == 403
