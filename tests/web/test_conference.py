"""A conversation of more than three over HTTP: added one by one, let go one by one, as the desks of all of them show it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until
from tests.web.test_consultation import boris as boris
from tests.web.test_consultation import consulting, in_hand

from otklik.channels.voice.simulator import SimulatedCall


@pytest.fixture
async def kate(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "kate") as made:
        site.voice.phone(made.agent).voice = "supervisor"
        yield made


async def of_four(site: Site, anna: AtDesk, boris: AtDesk, kate: AtDesk) -> tuple[SimulatedCall, str, str]:
    """Boris was added, then Kate was asked and brought together with them."""
    call, first = await consulting(site, anna, boris)
    assert (await anna.ask(call, "consult/turn", {"talks_to": "both"})).status_code == 204
    await until(lambda: call.hears == {"agent", "colleague"})
    answer = await anna.ask(call, "consult", {"agent": kate.agent})
    assert answer.status_code == 200, answer.text
    await until(lambda: site.voice.phone(kate.agent).ringing)
    assert call.hears == site.voice.phone(boris.agent).hears == {"music"}
    site.voice.phone(kate.agent).answer()
    await until(lambda: site.voice.phone(anna.agent).hears == {"supervisor"})
    assert (await anna.ask(call, "consult/turn", {"talks_to": "both"})).status_code == 204
    await until(lambda: call.hears == {"agent", "colleague", "supervisor"})
    return call, first, answer.json()["consultation"]


def names(those: list[dict[str, Any]]) -> list[str]:
    return [each["agent"]["name"] for each in those]


async def test_everybody_in_it_sees_who_is_there_and_one_is_released(
    site: Site, anna: AtDesk, boris: AtDesk, kate: AtDesk
) -> None:
    call, first, second = await of_four(site, anna, boris, kate)
    mine, his, hers = (
        await in_hand(anna, call.contact),
        await in_hand(boris, first),
        await in_hand(kate, second),
    )
    assert [each["consultation"] for each in mine["participants"]] == [first]
    assert mine["consultation"]["agent"]["id"] == kate.agent
    assert [each["id"] for each in his["asked"]["others"]] == [kate.agent]
    assert [each["id"] for each in hers["asked"]["others"]] == [boris.agent]
    assert (his["asked"]["talks_to"], hers["asked"]["by"]["id"]) == ("both", anna.agent)
    assert (await anna.ask(call, "consult/release", {"consultation": first})).status_code == 204
    await until(lambda: call.hears == {"agent", "supervisor"})
    gone = await anna.ask(call, "consult/release", {"consultation": first})
    assert refusal(gone) == (409, "no_participant")
    assert (await in_hand(anna, call.contact))["participants"] == []


async def test_when_the_agent_goes_whoever_was_added_first_leads_with_the_others(
    site: Site, anna: AtDesk, boris: AtDesk, kate: AtDesk
) -> None:
    call, _, second = await of_four(site, anna, boris, kate)
    assert (await anna.ask(call, "consult/complete")).status_code == 204
    await until(lambda: call.hears == {"colleague", "supervisor"})
    led = await in_hand(boris, call.contact)
    assert ([each["consultation"] for each in led["participants"]], led["consultation"]) == ([second], None)
    assert (await in_hand(kate, second))["asked"]["by"]["id"] == boris.agent
    assert (await boris.ask(call, "hold")).status_code == 204
    await until(lambda: site.voice.phone(kate.agent).hears == call.hears == {"music"})
    assert (await in_hand(kate, second))["asked"]["talks_to"] == "customer"
    site.voice.phone(kate.agent).hang_up()
    seen = await boris.until(lambda seen: seen["contacts"] and not seen["contacts"][0]["participants"])
    assert seen["contacts"][0]["state"] == "held"
    async with site.signed_in("olga") as client:
        steps = (await client.get(f"/api/contacts/{call.contact}/why")).json()["steps"]
    assert [each["what"] for each in steps].count("consultation_asked") == 2
