"""Asking a colleague over HTTP: from the first question to the customer who talks to the colleague."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.tenancy import demo


@pytest.fixture
async def boris(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "boris") as made:
        site.voice.phone(made.agent).voice = "colleague"
        yield made


async def in_hand(desk: AtDesk, contact: str) -> dict[str, Any]:
    seen = await desk.until(lambda seen: any(each["id"] == contact for each in seen["contacts"]))
    found: dict[str, Any] = next(each for each in seen["contacts"] if each["id"] == contact)
    return found


async def asking(site: Site, anna: AtDesk, boris: AtDesk) -> tuple[SimulatedCall, str]:
    """Anna asks Boris, whose telephone rings."""
    call = await anna.talk()
    answer = await anna.ask(call, "consult", {"agent": boris.agent})
    assert answer.status_code == 200, answer.text
    await until(lambda: site.voice.phone(boris.agent).ringing)
    return call, answer.json()["consultation"]


async def consulting(site: Site, anna: AtDesk, boris: AtDesk) -> tuple[SimulatedCall, str]:
    call, asked = await asking(site, anna, boris)
    site.voice.phone(boris.agent).answer()
    await until(lambda: site.voice.phone(anna.agent).hears == {"colleague"})
    return call, asked


async def test_the_card_of_the_customer_and_who_asks_are_on_the_screen_while_it_rings(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call, asked = await asking(site, anna, boris)
    mine, yours = await in_hand(anna, call.contact), await in_hand(boris, asked)
    assert (yours["state"], yours["customer"], yours["ani"]) == ("offered", mine["customer"], mine["ani"])
    assert yours["asked"]["contact"] == call.contact
    assert yours["asked"]["by"]["id"] == anna.agent
    assert (mine["consultation"]["agent"]["id"], mine["consultation"]["answered"]) == (boris.agent, False)
    assert not yours["recording"]


async def test_asked_talked_and_completed_the_customer_is_with_the_colleague(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call, asked = await consulting(site, anna, boris)
    assert call.hears == {"music"}
    turned = await anna.ask(call, "consult/turn", {"talks_to": "customer"})
    assert turned.status_code == 204, turned.text
    await until(lambda: call.hears == {"agent"})
    assert (await in_hand(boris, asked))["asked"]["talks_to"] == "customer"
    assert (await anna.ask(call, "consult/complete")).status_code == 204
    await until(lambda: call.hears == {"colleague"})
    assert (await in_hand(boris, call.contact))["state"] == "talking"
    assert (await in_hand(anna, call.contact))["state"] == "wrap_up"


async def test_a_consultation_is_in_the_course_of_the_contact_and_in_why_and_in_no_list(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call, asked = await consulting(site, anna, boris)
    assert (await anna.ask(call, "consult/cancel")).status_code == 204
    await until(lambda: call.hears == {"agent"})
    listed = (await boris.client.get("/api/contacts", params={"limit": 200})).json()["contacts"]
    assert asked not in {each["id"] for each in listed}
    assert call.contact in {each["id"] for each in listed}, "the colleague took part"
    told = (await anna.client.get(f"/api/contacts/{call.contact}")).json()["timeline"]
    course = [(each["what"], each["who"]) for each in told]
    boris_name = next(each["text"] for each in told if each["what"] == "consultation_asked")
    assert ("offer_answered", boris_name) in course
    assert course[-1][0] == "consultation_cancelled"
    async with site.signed_in("olga") as client:
        steps = (await client.get(f"/api/contacts/{call.contact}/why")).json()["steps"]
    asked_step = next(each for each in steps if each["what"] == "consultation_asked")
    assert boris.agent in {each["agent"]["id"] for each in asked_step["considered"]}


async def test_what_cannot_be_is_refused_and_the_call_goes_on(site: Site, anna: AtDesk, boris: AtDesk) -> None:
    call = await anna.talk()
    assert (await anna.ask(call, "consult", {})).json()["error"]["code"] == "one_target"
    assert refusal(await anna.ask(call, "consult", {"agent": anna.agent})) == (409, "no_such_agent")
    for action in ("complete", "cancel"):
        assert (await anna.ask(call, f"consult/{action}")).json()["error"]["code"] == "no_consultation"
    wrong = await anna.ask(call, "consult/turn", {"talks_to": "nobody"})
    assert wrong.status_code == 400
    assert (await anna.ask(call, "consult", {"queue": demo.SUPPORT})).status_code == 200
    assert (await anna.ask(call, "consult", {"queue": demo.SUPPORT})).json()["error"]["code"] == "consultation_on"
    assert (await anna.ask(call, "transfer", {"queue": demo.SUPPORT})).json()["error"]["code"] == "consultation_on"
    assert (await anna.ask(call, "consult/cancel")).status_code == 204
    await until(lambda: call.hears == {"agent"})


async def test_each_agent_of_a_contact_writes_a_note_and_an_outcome_of_the_own_part(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call, _ = await consulting(site, anna, boris)
    assert (await anna.ask(call, "consult/complete")).status_code == 204
    await in_hand(boris, call.contact)
    saved = await anna.ask(
        call, "wrap-up", {"disposition": "order", "note": "Хочет скидку", "then": "not_ready", "reason": "lunch"}
    )
    assert saved.status_code == 204, saved.text
    assert (await in_hand(boris, call.contact))["draft"] == {"disposition": None, "note": ""}
    call.hang_up()
    await boris.until(lambda seen: seen["contacts"][0]["state"] == "wrap_up")
    await boris.ask(
        call, "wrap-up", {"disposition": "resolved", "note": "Скидка дана", "then": "not_ready", "reason": "lunch"}
    )
    told = (await anna.client.get(f"/api/contacts/{call.contact}")).json()
    assert (told["note"], told["disposition"]["id"]) == ("Хочет скидку\nСкидка дана", "resolved")
    outcomes = [each["text"] for each in told["timeline"] if each["what"] == "wrap_up_finished"]
    assert outcomes == ["order", "resolved"]


async def test_an_agent_with_nothing_in_hand_sees_who_may_be_picked(site: Site, anna: AtDesk) -> None:
    await anna.put("/api/desk/status", {"status": "not_ready", "reason": "lunch"})
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    seen = await anna.until(lambda seen: seen["waiting"])
    (waiting,) = seen["waiting"]
    assert (waiting["id"], waiting["queue"]["id"]) == (call.contact, demo.SALES)
    assert (await anna.ask(call, "pull")).status_code == 204
    site.voice.phone(anna.agent).answer()
    assert (await anna.until(lambda seen: seen["contacts"]))["waiting"] == []
