"""Where personal calls go while an agent is away: set at the desk and by a supervisor, shown, followed, and told by why."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Json, Site, at_desk, refusal, until

from otklik.contact.facts import CallsOutChanged
from otklik.contact.ports import Watcher
from otklik.tenancy import demo

NOWHERE = {"to": "nowhere", "agent": None, "queue": None, "number": None, "chosen": False}


async def own(desk: AtDesk) -> Json:
    return dict((await desk.state())["agent"]["forward"])


async def floor_row(site: Site, agent: str) -> Json:
    feed = site.live.subscribe(site.tenant, Watcher(person="olga", floor=True))
    page = FollowedPage()
    await page.read(feed)
    feed.close()
    (row,) = [each for each in page.state["floor"]["agents"] if each["id"] == agent]
    return dict(row)


async def test_call_of_a_colleague_goes_on_to_whom_the_agent_has_named_and_both_see_whose_it_is(
    site: Site, anna: AtDesk
) -> None:
    boris = await site.person("boris")
    async with site.signed_in("olga") as olga:
        where = f"/api/supervision/agents/{boris}/forward"
        assert (await olga.put(where, json={"agent": anna.agent})).status_code == 204
        shown = await floor_row(site, boris)
        assert (shown["forward"]["to"], shown["forward"]["agent"]["id"]) == ("agent", anna.agent)
        async with at_desk(site, "kate") as kate:
            book = (await kate.client.get("/api/desk/calls/colleagues")).json()["agents"]
            (row,) = [each for each in book if each["id"] == boris]
            assert (row["state"], row["refused"], row["forward"]["agent"]["id"]) == ("offline", None, anna.agent)
            answer = await kate.client.post(f"/api/desk/calls/colleagues/{boris}", json={})
            assert answer.status_code == 201, answer.text
            await until(lambda: site.voice.phone(kate.agent).ringing)
            site.voice.phone(kate.agent).answer()
            await until(lambda: site.voice.phone(anna.agent).ringing)
            rings = await anna.until(lambda seen: seen["contacts"] and seen["contacts"][0]["state"] == "offered")
            assert rings["contacts"][0]["meant_for"]["id"] == boris
            site.voice.phone(anna.agent).answer()
            talks = await kate.until(lambda seen: seen["contacts"] and seen["contacts"][0]["state"] == "talking")
            assert talks["contacts"][0]["colleague"]["id"] == anna.agent
            assert talks["contacts"][0]["meant_for"] is None
            contact = answer.json()["contact"]
            await kate.client.post(f"/api/desk/contacts/{contact}/end", json={})
            why = (await olga.get(f"/api/contacts/{contact}/why")).json()
            (told,) = [each for each in why["steps"] if "personal call led on" in each["en"]]
            assert "личный звонок" in told["ru"]
        assert (await olga.delete(where)).status_code == 204
        assert (await floor_row(site, boris))["forward"] == NOWHERE


async def test_agent_says_where_and_a_transfer_to_one_off_shift_follows_it(site: Site, anna: AtDesk) -> None:
    boris = await site.person("boris")
    async with site.signed_in("boris") as client:
        assert (await client.put("/api/desk/forward", json={"queue": demo.SUPPORT})).status_code == 204
    customer = await anna.talk()
    listed = (await anna.client.get("/api/desk/colleagues")).json()["agents"]
    (row,) = [each for each in listed if each["id"] == boris]
    assert (row["state"], row["forward"]["queue"]["id"]) == ("offline", demo.SUPPORT)
    assert (await anna.ask(customer, "transfer", {"agent": boris})).status_code == 204
    await anna.until(lambda seen: any(each["id"] == demo.SUPPORT and each["waiting"] for each in seen["queues"]))
    customer.hang_up()
    async with site.signed_in("boris") as client:
        assert (await client.delete("/api/desk/forward")).status_code == 204
    await anna.until(lambda seen: all(each["waiting"] == 0 for each in seen["queues"]))
    listed = (await anna.client.get("/api/desk/colleagues")).json()["agents"]
    assert boris not in {each["id"] for each in listed}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"number": "letters"}, (400, "number_unreadable")),
        ({"number": "911"}, (409, "short_number_not_allowed")),
        ({"number": "+1 555 010 0100"}, (409, "number_not_allowed")),
        ({"queue": "none"}, (409, "no_such_queue")),
        ({"agent": str(uuid4())}, (409, "no_such_agent")),
        ({"queue": demo.SALES, "number": "112"}, (409, "forward_one")),
        ({"queue": "\x00"}, (400, "invalid_input")),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    site: Site, anna: AtDesk, body: dict[str, Any], answer: tuple[int, str]
) -> None:
    assert refusal(await anna.put("/api/desk/forward", body)) == answer
    assert await own(anna) == NOWHERE
    refused = await anna.put(f"/api/supervision/agents/{anna.agent}/forward", {})
    assert refusal(refused) == (403, "not_permitted")


async def test_own_number_is_shown_to_the_agent_alone_and_is_refused_without_a_trunk(site: Site, anna: AtDesk) -> None:
    boris = await site.person("boris")
    assert (await anna.put("/api/desk/forward", {"number": "1-1-2"})).status_code == 204
    assert (await own(anna))["number"] == "112"
    shown = (await floor_row(site, anna.agent))["forward"]
    assert (shown["to"], shown["number"]) == ("outside", None)
    assert refusal(await anna.put("/api/desk/forward", {"agent": anna.agent})) == (409, "forward_to_self")
    assert (await anna.put("/api/desk/forward", {"agent": boris})).status_code == 204
    assert (await own(anna))["agent"]["id"] == boris
    assert (await anna.put("/api/desk/forward", {})).status_code == 204
    assert await own(anna) == NOWHERE | {"chosen": True}
    await site.exchange.submit(site.tenant, CallsOutChanged(possible=False))
    assert refusal(await anna.put("/api/desk/forward", {"number": "112"})) == (409, "no_trunk_out")
    await site.exchange.submit(site.tenant, CallsOutChanged(possible=True))
    assert (await anna.client.delete("/api/desk/forward")).status_code == 204
