"""A message over HTTP: offered, heard by whoever has it in hand, ended with an outcome, and in history with its call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.web.conftest import KEY, AtDesk, Site, at_desk, recording, refusal, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Configured
from otklik.contact.flow import Block, Flow, HangUpBlock, VoicemailBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.contact.voicemail import message_of

IVAN = "+79161234567"
SUPPORT = QueueId("support")
FLOW = Flow(
    id=ScenarioId("night"),
    languages=("ru",),
    otherwise=SUPPORT,
    blocks=(
        Block(id="message", voicemail=VoicemailBlock(queue=SUPPORT), exits={"done": "bye", "otherwise": "bye"}),
        Block(id="bye", hang_up=HangUpBlock(text={"ru": "Спасибо"})),
    ),
)


@pytest.fixture
async def night(site: Site) -> AsyncIterator[None]:
    """All numbers lead to the message."""
    centre = site.exchange._centres[site.tenant]
    await until(lambda: centre.engine.configuration.queues)
    before = centre.engine.configuration
    entries = tuple(replace(each, scenario=FLOW.id, rules=()) for each in before.entry_points)
    changed = replace(before, flows=(FLOW,), entry_points=entries)
    await site.exchange.submit(site.tenant, Configured(configuration=changed))
    site.voice.keep_message = lambda contact, step, seconds: KEY
    yield
    site.voice.keep_message = lambda contact, step, seconds: ""
    await site.exchange.submit(site.tenant, Configured(configuration=before))


@pytest.fixture
async def boris(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "boris") as made:
        yield made


async def leave(site: Site) -> tuple[SimulatedCall, str]:
    """A caller speaks and hangs up: the call, and the id of the message."""
    call = site.voice.arrive("1000", IVAN)
    assert call is not None
    await until(lambda: call.listening)
    call.hang_up()
    return call, message_of(call.contact, 1)


def one(seen: dict[str, Any], contact: str) -> dict[str, Any]:
    return next((each for each in seen["contacts"] if each["id"] == contact), {})


async def post(desk: AtDesk, contact: str, what: str, **body: Any) -> httpx.Response:
    return await desk.client.post(f"/api/desk/contacts/{contact}/{what}", json=body)


async def test_message_is_taken_heard_and_ended_with_an_outcome(site: Site, night: None, boris: AtDesk) -> None:
    call, message = await leave(site)
    await boris.until(lambda seen: one(seen, message).get("state") == "offered")
    assert refusal(await boris.client.get(f"/api/contacts/{message}/recording")) == (404, "not_found")
    assert (await post(boris, message, "accept")).status_code == 204
    heard = await boris.client.get(f"/api/contacts/{message}/recording")
    assert (heard.status_code, heard.content) == (200, recording())
    assert (await boris.client.get(f"/api/contacts/{message}/waveform")).json()["seconds"] == 1.0
    seen = await boris.until(lambda seen: one(seen, message).get("customer"))
    shown = one(seen, message)
    assert (shown["channel"], shown["customer"]["name"], shown["recording"]) == ("voicemail", "Иван Петров", None)
    assert shown["message"]["stored"] and shown["message"]["seconds"] > 0
    assert (await post(boris, message, "end")).status_code == 204
    done = await post(boris, message, "wrap-up", disposition="resolved", note="Перезвонил", then="ready")
    assert done.status_code == 204, done.text
    row = (await boris.client.get(f"/api/contacts/{message}")).json()
    assert (row["channel"], row["outcome"], row["ani"], row["entry_rule"]) == (
        "voicemail",
        "answered",
        IVAN,
        "voicemail",
    )
    assert (row["disposition"]["id"], row["recording"] is not None) == ("resolved", True)
    async with site.signed_in("olga") as olga:
        assert (await olga.get(f"/api/contacts/{call.contact}")).json()["outcome"] == "voicemail"
        assert (await olga.get("/api/contacts?scope=all&outcome=voicemail")).json()["contacts"]
    played = "select count(*) from audit where what = 'recording_played' and contact_id = :contact"
    assert await site.scalar(played, contact=message) == 1


async def test_who_has_no_part_in_a_message_does_not_hear_it(site: Site, night: None, boris: AtDesk) -> None:
    _, message = await leave(site)
    await boris.until(lambda seen: one(seen, message).get("state") == "offered")
    await post(boris, message, "accept")
    assert (await boris.client.get(f"/api/contacts/{message}/waveform")).status_code == 200
    async with site.signed_in("kate") as kate:
        assert refusal(await kate.get(f"/api/contacts/{message}/recording")) == (404, "not_found")
    async with site.signed_in("rita") as neighbour:
        assert refusal(await neighbour.get(f"/api/contacts/{message}/recording")) == (404, "not_found")
    await post(boris, message, "end")


async def test_second_message_is_offered_beside_the_first(site: Site, night: None, boris: AtDesk) -> None:
    _, message = await leave(site)
    await boris.until(lambda seen: one(seen, message).get("state") == "offered")
    await post(boris, message, "accept")
    _, another = await leave(site)
    await boris.until(lambda seen: one(seen, another).get("state") == "offered")
    for each in (another, message):
        await post(boris, each, "accept")
        await post(boris, each, "end")
        await post(boris, each, "wrap-up", disposition="resolved", note="", then="ready")
