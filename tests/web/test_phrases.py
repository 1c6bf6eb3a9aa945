"""A caller says in a few words what it is about: tried in the editor, shown to the agent, told in history and in why."""

from __future__ import annotations

import asyncio

import httpx
from tests.web.conftest import AtDesk, Json, Site, until
from tests.web.test_flows import FLOW, admin, published
from tests.web.test_voicemail import boris, one

_ = (admin, boris)
PHRASE: Json = {
    **FLOW,
    "blocks": [
        {
            "id": "why",
            "name": "Причина",
            "listen": {"text": {"ru": "Что случилось?"}, "into": "reason", "confirm": {"ru": "Вы сказали: {heard}?"}},
            "exits": {"done": "sales", "otherwise": "bye"},
        },
        *FLOW["blocks"][1:],
    ],
}


async def test_a_phrase_is_tried_in_the_editor(admin: httpx.AsyncClient) -> None:
    presses = ["says 45: сломался лифт", "says: да"]
    found = (await admin.post("/api/flows/trial", json={"flow": PHRASE, "presses": presses})).json()
    assert (found["queue"], found["attributes"]) == ("sales", {"reason": "сломался лифт", "reason.confidence": "45"})
    heard = [(each["text"], each["confidence"]) for each in found["turns"] if each["kind"] == "heard"]
    assert heard == [("сломался лифт", 0.45), ("да", 1.0)]


async def test_what_was_said_is_shown_to_the_agent_and_told_afterwards(
    site: Site, admin: httpx.AsyncClient, boris: AtDesk
) -> None:
    await published(admin, PHRASE, entry_points=["russian"])
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.hearing.wanted)
    call.say("сломался лифт", 0.87)
    seen = await boris.until(lambda seen: one(seen, call.contact).get("found"))
    told = {"reason": "сломался лифт", "reason.confidence": "87"}
    assert {each["name"]: each["value"] for each in one(seen, call.contact)["found"]} == told
    call.hang_up()
    await until(lambda: site.exchange._centres[site.tenant].engine.contact(call.contact) is None)
    async with site.signed_in("olga") as olga:
        async with asyncio.timeout(30):  # it is written after the fact
            while (row := (await olga.get(f"/api/contacts/{call.contact}")).json()).get("outcome") in (None, "open"):
                await asyncio.sleep(0.02)
        assert {each["name"]: each["value"] for each in row["found"]} == told
        (step,) = [each["text"] for each in row["timeline"] if each["what"] == "verb_finished"]
        assert step == "Причина: 87%"
        why = (await olga.get(f"/api/contacts/{call.contact}/why")).text
        assert "said in one's own words, recognised at 87%" in why
        assert "лифт" not in why
