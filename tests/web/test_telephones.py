"""Desk telephones and numbers outside, over HTTP: accounts for administrators, and calls of agents who work with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.web.conftest import AtDesk, Site, apply, at_desk, calling, current, refusal, until

from otklik.contact.facts import CallsOutChanged, Configured
from otklik.contact.ids import AgentId
from otklik.supervision.floor import Floor
from otklik.telephones import store
from otklik.telephones.account import digest
from otklik.tenancy import store as tenancy

MOBILE = "+79160000001"


@pytest.fixture
async def admin(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with site.signed_in("admin") as client:
        yield client


@pytest.fixture
async def anna(site: Site) -> AsyncIterator[AtDesk]:
    """At work in the page, and allowed the other two."""
    agent = AgentId(await site.person("anna"))
    async with site.database.transaction(site.tenant) as connection:
        before = await tenancy.configuration(connection)
    agents = tuple(
        replace(each, desk_telephone=True, outside_number=MOBILE) if each.id == agent else each
        for each in before.agents
    )
    await site.exchange.submit(site.tenant, CallsOutChanged(possible=True))
    await site.exchange.submit(site.tenant, Configured(configuration=replace(before, agents=agents)))
    async with at_desk(site, "anna") as made:
        yield made
    await site.exchange.submit(site.tenant, Configured(configuration=before))


async def telephone(admin: httpx.AsyncClient, desk: AtDesk) -> Any:
    answer = await admin.post(f"/api/telephones/{desk.agent}")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def choose(desk: AtDesk, phone: str) -> None:
    answer = await desk.put("/api/desk/phone", {"phone": phone})
    assert answer.status_code == 204, answer.text


async def test_account_is_shown_once_and_kept_as_a_digest(site: Site, admin: httpx.AsyncClient, anna: AtDesk) -> None:
    made = await telephone(admin, anna)
    assert made["user"].startswith("desk-") and len(made["password"]) == 20
    async with site.database.transaction(site.tenant) as connection:
        (kept,) = (await store.telephones(connection)).values()
    assert (kept.telephone.user, kept.telephone.digest) == (made["user"], digest(made["user"], made["password"]))
    phone = site.voice.phone(anna.agent, "desk")
    assert (phone.user, phone.password) == (made["user"], kept.telephone.digest), "the switch knows it"
    listed = (await admin.get("/api/telephones")).json()
    (row,) = [each for each in listed["agents"] if each["agent"] == anna.agent]
    assert (row["login"], row["user"]) == ("anna", made["user"])
    assert made["password"] not in str(listed)
    again = await telephone(admin, anna)
    assert again["user"] != made["user"]
    assert (await admin.delete(f"/api/telephones/{anna.agent}")).status_code == 204
    assert refusal(await admin.delete(f"/api/telephones/{anna.agent}")) == (404, "not_found")
    assert phone.user == ""


async def test_accounts_are_the_administrators_and_of_the_own_tenant(
    site: Site, admin: httpx.AsyncClient, anna: AtDesk
) -> None:
    for ask in (anna.client.get("/api/telephones"), anna.client.post(f"/api/telephones/{anna.agent}")):
        assert refusal(await ask) == (403, "not_permitted")
    stranger = await site.person("zoe")
    assert refusal(await admin.post(f"/api/telephones/{stranger}")) == (404, "not_found")


async def test_call_to_a_desk_telephone_has_all_the_controls_of_the_page(
    site: Site, admin: httpx.AsyncClient, anna: AtDesk
) -> None:
    await telephone(admin, anna)
    await choose(anna, "desk")
    seen = await anna.until(lambda seen: seen["agent"]["phone"] == "desk")
    assert seen["agent"]["reachable"] is False, "the page's registration does not count"
    assert {each["phone"]: each["there"] for each in seen["agent"]["phones"]} == {
        "page": True,
        "desk": False,
        "outside": True,
    }
    phone = site.voice.phone(anna.agent, "desk")
    phone.register()
    await anna.until(lambda seen: seen["agent"]["reachable"])
    call = await calling(site)
    call.press("1")
    await until(lambda: phone.ringing)
    assert not site.voice.phone(anna.agent).ringing
    assert refusal(await anna.put("/api/desk/phone", {"phone": "page"})) == (409, "phone_in_use")
    phone.answer()
    await until(lambda: call.hears == {"agent"})
    assert (await anna.ask(call, "hold")).status_code == 204
    await until(lambda: call.hears == {"music"})
    assert (await anna.ask(call, "retrieve")).status_code == 204
    await until(lambda: call.hears == {"agent"})
    assert (await anna.ask(call, "mute", {"muted": True})).status_code == 204
    await until(lambda: call.hears == frozenset())
    phone.hang_up()
    await until(lambda: not call.alive)
    await anna.until(lambda seen: seen["agent"]["state"] == "wrap_up")
    phone.unregister()


async def test_desk_telephone_that_is_lost_is_rung_again(site: Site, admin: httpx.AsyncClient, anna: AtDesk) -> None:
    await telephone(admin, anna)
    await choose(anna, "desk")
    phone = site.voice.phone(anna.agent, "desk")
    phone.register()
    await anna.until(lambda seen: seen["agent"]["reachable"])
    call = await calling(site)
    call.press("1")
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: call.hears == {"agent"})
    phone.lose()
    await anna.until(lambda seen: seen["agent"]["state"] == "rejoining")
    await until(lambda: phone.ringing)
    assert call.hears == {"music"}
    assert phone.rejoins
    phone.answer()
    await until(lambda: call.hears == {"agent"})
    phone.unregister()


async def test_number_outside_is_accepted_by_a_key(site: Site, anna: AtDesk) -> None:
    await choose(anna, "outside")
    phone = site.voice.phone(anna.agent, "outside")
    call = await calling(site)
    call.press("1")
    await until(lambda: phone.ringing)
    phone.answer()
    assert phone.ringing, "somebody, or a mailbox, has answered: not yet the agent"
    phone.press("1")
    await until(lambda: call.hears == {"agent"})
    assert (await anna.ask(call, "end")).status_code == 204
    await anna.until(lambda seen: seen["agent"]["state"] == "wrap_up")


async def test_shift_begins_where_the_agent_wants_calls(site: Site, anna: AtDesk) -> None:
    answer = await anna.client.post("/api/desk/shift", json={"phone": "outside"})
    assert (answer.status_code, answer.json()) == (200, {"softphone": None})
    assert (await anna.state())["agent"]["phone"] == "outside"
    answer = await anna.client.post("/api/desk/shift", json={"phone": "page"})
    assert answer.json()["softphone"]["user"]
    await site.exchange.submit(site.tenant, CallsOutChanged(possible=False))
    assert refusal(await anna.put("/api/desk/phone", {"phone": "outside"})) == (409, "phone_not_set_up")
    await site.exchange.submit(site.tenant, CallsOutChanged(possible=True))


async def test_floor_shows_where_calls_ring_and_whether_they_can(site: Site, anna: AtDesk) -> None:
    await choose(anna, "desk")
    engine = site.exchange._centres[site.tenant].engine
    shown = Floor()
    shown.follow(engine, (), ())
    rows = shown.whole()["agents"]
    assert isinstance(rows, list)
    (row,) = [each for each in rows if each["id"] == anna.agent]
    assert (row["phone"], row["reachable"]) == ("desk", False)


async def test_an_agent_is_allowed_a_telephone_and_a_number_on_the_screen(site: Site, admin: httpx.AsyncClient) -> None:
    agent = await site.person("kate")
    path = f"/api/telephones/{agent}"
    before = await current(admin)

    async def shown() -> tuple[bool, str]:
        found = (await admin.get("/api/telephones")).json()
        assert found["calls_out"] is False
        (each,) = [each for each in found["agents"] if each["agent"] == agent]
        return each["allowed"], each["outside_number"]

    try:
        allowed = await admin.patch(path, json={"desk_telephone": True, "outside_number": "8 (916) 000-00-09"})
        assert allowed.status_code == 204, allowed.text
        assert await shown() == (True, "+79160000009")
        assert "outside_number: '+79160000009'" in (await current(admin))["text"]
        made = (await current(admin))["version"]
        await admin.patch(path, json={"outside_number": "+79160000009"})
        assert (await current(admin))["version"] == made, "nothing has changed"
        for wrong, code in (("письмо", "number_unreadable"), ("112", "config_outside_number")):
            refused = await admin.patch(path, json={"outside_number": wrong})
            assert refusal(refused) == (400, code) and refused.json()["error"]["field"] == "outside_number"
        await admin.patch(path, json={"outside_number": ""})
        assert await shown() == (True, "")
    finally:
        after = await current(admin)
        assert (await apply(admin, before["text"], after["version"])).status_code == 200
    assert refusal(await admin.patch(f"/api/telephones/{uuid4()}", json={})) == (404, "not_found")
