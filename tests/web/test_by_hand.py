"""What people decide themselves, over HTTP: an agent passes a caller on, picks one, asks for time; a supervisor gives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.tenancy import demo


@pytest.fixture
async def boris(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "boris") as made:
        await pause(made)
        yield made


async def pause(desk: AtDesk) -> None:
    answer = await desk.put("/api/desk/status", {"status": "not_ready", "reason": "lunch"})
    assert answer.status_code == 204, answer.text


async def be_ready(desk: AtDesk) -> None:
    answer = await desk.put("/api/desk/status", {"status": "ready", "reason": None})
    assert answer.status_code == 204, answer.text


async def waits(site: Site) -> SimulatedCall:
    """A customer in the queue of sales, whom nobody takes."""
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: call.hears == {"music"})
    return call


async def in_hand(desk: AtDesk, call: SimulatedCall) -> dict[str, Any]:
    seen = await desk.until(lambda seen: any(each["id"] == call.contact for each in seen["contacts"]))
    found: dict[str, Any] = next(each for each in seen["contacts"] if each["id"] == call.contact)
    return found


async def answers(site: Site, desk: AtDesk, call: SimulatedCall) -> None:
    phone = site.voice.phone(desk.agent)
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: call.hears == {"agent"})


async def push(site: Site, contact: str, agent: str, login: str = "olga") -> Any:
    async with site.signed_in(login) as client:
        return await client.post(f"/api/contacts/{contact}/push", json={"agent": agent})


async def test_caller_passed_to_another_queue_keeps_its_age_and_is_answered_there(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call = await anna.talk()
    await anna.until(lambda seen: seen["contacts"][0]["customer"] is not None)
    before = await in_hand(anna, call)
    answer = await anna.ask(call, "transfer", {"queue": demo.SUPPORT})
    assert answer.status_code == 204, answer.text
    await until(lambda: call.hears == {"music"})
    assert (await in_hand(anna, call))["state"] == "wrap_up", "of the own part"
    await be_ready(boris)
    await answers(site, boris, call)
    saved = await anna.ask(
        call, "wrap-up", {"disposition": "order", "note": "Хочет скидку", "then": "not_ready", "reason": "lunch"}
    )
    assert saved.status_code == 204, saved.text
    after = await in_hand(boris, call)
    assert after["queue"]["id"] == demo.SUPPORT
    kept = ("arrived_at", "queued_at", "choices", "customer")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


async def test_caller_passed_to_an_agent_by_name_rings_there_and_nowhere_else(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call = await anna.talk()
    async with at_desk(site, "kate"):
        await be_ready(boris)
        assert (await anna.ask(call, "transfer", {"agent": boris.agent})).status_code == 204
        await answers(site, boris, call)
        assert (await in_hand(boris, call))["queue"]["id"] == demo.SALES


async def test_transfer_that_cannot_be_names_its_field_and_the_call_goes_on(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    zoe, olga = await site.person("zoe"), await site.person("olga")
    boris = await site.person("boris")  # not in shift
    faults: list[tuple[dict[str, Any], int, str, str]] = [
        ({}, 400, "one_target", "queue"),
        ({"queue": None, "agent": None}, 400, "one_target", "queue"),
        ({"queue": demo.SALES, "agent": boris}, 400, "one_target", "queue"),
        ({"queue": "bribes"}, 409, "no_such_queue", "queue"),
        ({"queue": ""}, 400, "invalid_input", "queue"),
        ({"queue": "a\x00b"}, 400, "invalid_input", "queue"),
        ({"queue": "x" * 101}, 400, "invalid_input", "queue"),
        ({"queue": 7}, 400, "invalid_input", "queue"),
        ({"agent": "nobody"}, 400, "invalid_input", "agent"),
        ({"agent": str(uuid4())}, 409, "no_such_agent", "agent"),
        ({"agent": zoe}, 409, "no_such_agent", "agent"),
        ({"agent": olga}, 409, "no_such_agent", "agent"),
        ({"agent": boris}, 409, "no_such_agent", "agent"),
        ({"agent": anna.agent}, 409, "no_such_agent", "agent"),
    ]
    for body, status, code, field in faults:
        answer = await anna.ask(call, "transfer", body)
        assert refusal(answer) == (status, code), body
        assert answer.json()["error"]["field"] == field, body
    assert call.hears == {"agent"}


async def test_agent_passes_on_only_the_contact_in_hand_and_only_while_talking(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    call = await anna.talk()
    stolen = await boris.ask(call, "transfer", {"queue": demo.SUPPORT})
    assert refusal(stolen) == (409, "no_such_contact")
    unknown = await boris.client.post(f"/api/desk/contacts/{uuid4()}/transfer", json={"queue": demo.SUPPORT})
    assert refusal(unknown) == (409, "no_such_contact")
    assert call.hears == {"agent"}
    await anna.ask(call, "end")
    assert refusal(await anna.ask(call, "transfer", {"queue": demo.SUPPORT})) == (409, "move_not_allowed")


async def test_wrap_up_is_extended_until_the_limit_of_the_queue_and_the_page_knows_how_far(anna: AtDesk) -> None:
    call = await anna.talk()
    assert not (await in_hand(anna, call))["wrap_up_extends"]
    assert refusal(await anna.ask(call, "wrap-up/extend")) == (409, "move_not_allowed")
    await anna.ask(call, "end")
    first = await in_hand(anna, call)
    ends = [first["wrap_up_ends_at"]]
    while (await in_hand(anna, call))["wrap_up_extends"]:
        assert (await anna.ask(call, "wrap-up/extend")).status_code == 204
        ends.append((await in_hand(anna, call))["wrap_up_ends_at"])
    assert len(ends) == 5, "60 s, then four more minutes up to 300 s"
    assert ends == sorted(set(ends))
    assert refusal(await anna.ask(call, "wrap-up/extend")) == (409, "wrap_up_limit")


async def test_wrap_up_of_somebody_else_is_not_extended(anna: AtDesk, boris: AtDesk) -> None:
    call = await anna.talk()
    await anna.ask(call, "end")
    assert refusal(await boris.ask(call, "wrap-up/extend")) == (409, "no_such_contact")


async def test_agent_who_is_not_ready_picks_a_waiting_contact(site: Site, boris: AtDesk) -> None:
    call = await waits(site)
    assert (await boris.ask(call, "pull")).status_code == 204
    await answers(site, boris, call)
    assert refusal(await boris.ask(call, "pull")) == (409, "contact_not_waiting")
    unknown = await boris.client.post(f"/api/desk/contacts/{uuid4()}/pull", json={})
    assert refusal(unknown) == (409, "contact_not_waiting")


async def test_agent_does_not_pick_before_the_shift(site: Site, boris: AtDesk) -> None:
    call = await waits(site)
    async with site.signed_in("kate") as kate:
        answer = await kate.post(f"/api/desk/contacts/{call.contact}/pull", json={})
    assert refusal(answer) == (409, "agent_cannot_take")
    assert answer.json()["error"]["state"] == "offline"


async def test_supervisor_gives_a_waiting_contact_to_an_agent_who_is_not_ready(site: Site, boris: AtDesk) -> None:
    call = await waits(site)
    assert (await push(site, call.contact, boris.agent)).status_code == 204
    await answers(site, boris, call)
    assert refusal(await push(site, call.contact, boris.agent)) == (409, "contact_not_waiting")


async def test_giving_that_cannot_be_names_the_agent_and_the_contact_waits_on(site: Site, boris: AtDesk) -> None:
    call = await waits(site)
    for agent, code in [
        (str(uuid4()), "no_such_agent"),
        (await site.person("zoe"), "no_such_agent"),
        (await site.person("olga"), "no_such_agent"),
        (await site.person("kate"), "agent_cannot_take"),
    ]:
        answer = await push(site, call.contact, agent)
        assert refusal(answer) == (409, code), agent
        assert answer.json()["error"]["field"] == "agent"
    assert refusal(await push(site, call.contact, "nobody")) == (400, "invalid_input")
    assert refusal(await push(site, str(uuid4()), boris.agent)) == (409, "contact_not_waiting")
    assert refusal(await push(site, call.contact, boris.agent, login="rita")) == (409, "contact_not_waiting")
    assert refusal(await push(site, call.contact, boris.agent, login="anna")) == (403, "not_permitted")
    assert call.hears == {"music"}


async def test_colleagues_are_the_others_in_shift_with_those_who_are_ready_first(
    site: Site, anna: AtDesk, boris: AtDesk
) -> None:
    async def seen() -> list[tuple[str, str, str | None]]:
        found = (await anna.client.get("/api/desk/colleagues")).json()["agents"]
        return [(each["name"], each["state"], each["reason"]) for each in found]

    assert await seen() == [("Борис Ким", "not_ready", "lunch")]
    async with at_desk(site, "kate"):
        assert await seen() == [("Kate Wilson", "ready", None), ("Борис Ким", "not_ready", "lunch")]
