"""A customer put through to somebody outside, over HTTP: drawn and tried in the editor, seen on the floor, told in history and in why."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from tests.feed import FollowedPage
from tests.web.conftest import Json, Site, refusal, until
from tests.web.test_flows import FLOW, admin, keep, over, published

from otklik.channels.voice.simulated_callback import SimulatedOutside
from otklik.contact.ports import Watcher

_ = admin
DOCTOR = "+78005553535"
NIGHT: Json = {
    **FLOW,
    "blocks": [
        {
            "id": "doctor",
            "name": "Врач",
            "outside": {"dial": "+7 (800) 555-35-35", "ring_seconds": 20},
            "exits": {"done": "bye", "no_answer": "sales"},
        },
        *FLOW["blocks"][1:],
    ],
}


async def called(site: Site) -> SimulatedOutside:
    await until(lambda: site.voice.outside(DOCTOR))
    line = site.voice.outside(DOCTOR)
    assert line is not None
    return line


async def test_a_customer_is_seen_outside_and_told_of_afterwards(site: Site, admin: httpx.AsyncClient) -> None:
    await published(admin, NIGHT, entry_points=["russian"])
    page, source = FollowedPage(), site.exchange.subscribe(site.tenant, Watcher(person="olga", floor=True))
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    line = await called(site)
    async with asyncio.timeout(30):
        while not any(each["state"] == "outside" for each in page.state.get("floor", {}).get("contacts", [])):
            await page.read(source)
    line.answer()
    await until(lambda: call.hears == {"outside"})
    line.hang_up()
    await until(lambda: not call.alive)
    source.close()
    async with site.signed_in("olga") as olga:
        row = (await olga.get(f"/api/contacts/{call.contact}")).json()
        assert (row["outcome"], row["stage"], row["talk_seconds"]) == ("outside", "scenario", 0)
        assert row["outside_seconds"] >= 0
        told = [each["what"] for each in row["timeline"]]
        assert [each for each in told if "outside" in each] == ["outside_asked", "outside_answered", "outside_ended"]
        found = (await olga.get("/api/contacts", params={"scope": "all", "outcome": "outside"})).json()["contacts"]
        assert call.contact in [each["id"] for each in found]
        why = (await olga.get(f"/api/contacts/{call.contact}/why")).json()["steps"]
        assert any("calling the outside number" in step["en"] for step in why)
        assert any("На внешнем номере ответили" in step["ru"] for step in why)


async def trial(client: httpx.AsyncClient, flow: Json = NIGHT, **settings: Any) -> Json:
    answer = await client.post("/api/flows/trial", json={"flow": flow, **settings})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_test_call_says_whom_it_would_call_and_goes_by_what_comes_of_it(admin: httpx.AsyncClient) -> None:
    talked = await trial(admin)
    assert [turn["text"] for turn in talked["turns"] if turn["kind"] == "outside"] == ["+7 (800) 555-35-35"]
    assert talked["served"]
    assert (await trial(admin, branches={"doctor": "no_answer"}))["queue"] == "sales"


@pytest.mark.parametrize(
    ("dial", "code"),
    [("911", "config_outside_short"), ("8 800 555", "config_outside_dial"), ("{phone}", "config_outside_rules")],
)
async def test_what_could_call_anywhere_is_kept_but_not_published(
    admin: httpx.AsyncClient, dial: str, code: str
) -> None:
    blocks = [{**NIGHT["blocks"][0], "outside": {"dial": dial}}, *NIGHT["blocks"][1:]]
    kept = (await keep(admin, {**NIGHT, "blocks": blocks})).json()
    assert [each["code"] for each in kept["problems"] if each["block"] == "doctor"] == [code]
    answer = await admin.post("/api/flows/drawn/publish", json={}, headers=over(kept["revision"]))
    assert refusal(answer) == (400, "flow_not_fit")
