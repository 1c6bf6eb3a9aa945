"""What an agent does at the desk, over HTTP, with real calls in the simulator."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until


async def agent_state(desk: AtDesk) -> str:
    return str((await desk.state())["agent"]["state"])


async def test_shift_gives_a_softphone_that_changes_with_every_page(site: Site, anna: AtDesk) -> None:
    first = (await anna.client.post("/api/desk/softphone", json={})).json()["softphone"]
    second = (await anna.client.post("/api/desk/shift", json={})).json()["softphone"]
    phone = site.voice.phone(anna.agent)
    assert second == {
        "uri": f"sip:{phone.user}@otklik",
        "user": phone.user,
        "password": phone.password,
        "path": "/sip",
        "ice_servers": [{"urls": ["stun:stun.example.org"], "username": None, "credential": None}],
    }
    assert first["password"] != second["password"]
    assert await agent_state(anna) == "ready", "starting a shift twice changes nothing"


async def test_shift_cannot_start_without_telephony_and_the_answer_says_what_to_do(
    site: Site, anna: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.voice, "up", lambda: False)
    advice = {"ru": "Проверьте сеть.", "en": "Check the network."}
    monkeypatch.setitem(site.app.state._state, "telephony", lambda: {"up": False, "advice": advice})
    answer = await anna.client.post("/api/desk/shift", json={})
    assert refusal(answer) == (503, "telephony_down")
    assert "Проверьте сеть." in answer.json()["error"]["message"]


async def test_call_is_held_taken_back_muted_and_ended(anna: AtDesk) -> None:
    call = await anna.talk()
    assert (await anna.ask(call, "hold")).status_code == 204
    await until(lambda: call.hears == {"music"})
    assert refusal(await anna.ask(call, "hold")) == (409, "move_not_allowed")
    assert (await anna.ask(call, "retrieve")).status_code == 204
    await until(lambda: call.hears == {"agent"})
    assert (await anna.ask(call, "mute", {"muted": True})).status_code == 204
    await until(lambda: call.hears == frozenset())
    assert (await anna.ask(call, "mute", {"muted": False})).status_code == 204
    await until(lambda: call.hears == {"agent"})
    assert (await anna.ask(call, "end")).status_code == 204
    await until(lambda: not call.alive)
    assert await agent_state(anna) == "wrap_up"


async def test_page_that_came_back_is_rung_again(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    phone = site.voice.phone(anna.agent)
    phone.lose()
    assert (await anna.ask(call, "rejoin")).status_code == 204
    await until(lambda: phone.rejoins)
    phone.answer()
    await until(lambda: call.hears == {"agent"})


async def test_declined_offer_keeps_the_customer_waiting_and_a_late_decline_changes_nothing(
    site: Site, anna: AtDesk
) -> None:
    call = site.voice.arrive("1000")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: site.voice.phone(anna.agent).ringing)
    shown = (await anna.until(lambda seen: seen["contacts"]))["contacts"][0]
    older = await anna.ask(call, "decline", {"offer": shown["offer"] - 1})
    assert refusal(older) == (409, "no_such_contact")
    assert site.voice.phone(anna.agent).ringing, "an older offer was meant"
    assert (await anna.ask(call, "decline")).status_code == 204
    await until(lambda: not site.voice.phone(anna.agent).ringing)
    await until(lambda: call.hears == {"music"})
    assert refusal(await anna.ask(call, "decline")) == (409, "no_such_contact")


async def test_outcome_is_kept_as_it_is_typed_and_saved_with_the_wrap_up(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    draft = f"/api/desk/contacts/{call.contact}/draft"
    assert (await anna.put(draft, {"disposition": None, "note": "Просит счёт"})).status_code == 204
    await anna.until(lambda seen: seen["contacts"][0]["draft"] == {"disposition": None, "note": "Просит счёт"})
    await anna.ask(call, "end")
    await until(lambda: not call.alive)
    body = {"disposition": "order", "note": "Счёт отправлен", "then": "not_ready", "reason": "lunch"}
    assert (await anna.ask(call, "wrap-up", body)).status_code == 204
    seen = (await anna.state())["agent"]
    assert (seen["state"], seen["reason"]) == ("not_ready", "lunch")
    async with asyncio.timeout(30):
        row: Any = None
        while not row or row["disposition"] is None:
            answer = await anna.client.get(f"/api/contacts/{call.contact}")
            row = answer.json() if answer.status_code == 200 else None
    assert (row["disposition"]["ru"], row["note"]) == ("Заказ оформлен", "Счёт отправлен")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"disposition": None, "note": "", "then": "ready"}, "disposition_required", "disposition"),
        ({"disposition": "bribe", "note": "", "then": "ready"}, "no_such_disposition", "disposition"),
        ({"disposition": "complaint", "note": "", "then": "ready"}, "disposition_not_offered", "disposition"),
        ({"disposition": "order", "then": "not_ready", "reason": "holiday"}, "no_such_reason", "reason"),
        ({"disposition": "order", "then": "asleep"}, "invalid_input", "then"),
        ({"disposition": "order", "note": "a\x00b", "then": "ready"}, "invalid_input", "note"),
        ({"disposition": "order", "note": "x" * 10_001, "then": "ready"}, "invalid_input", "note"),
    ],
)
async def test_wrap_up_with_a_fault_names_it_and_leaves_the_agent_in_wrap_up(
    anna: AtDesk, body: dict[str, Any], code: str, field: str
) -> None:
    call = await anna.talk()
    await anna.ask(call, "end")
    answer = await anna.ask(call, "wrap-up", body)
    assert answer.status_code in (400, 409)
    assert (answer.json()["error"]["code"], answer.json()["error"]["field"]) == (code, field)
    assert await agent_state(anna) == "wrap_up"


async def test_wrap_up_during_the_conversation_is_refused(anna: AtDesk) -> None:
    call = await anna.talk()
    answer = await anna.ask(call, "wrap-up", {"disposition": "order", "note": "", "then": "ready"})
    assert refusal(answer) == (409, "move_not_allowed")
    assert call.hears == {"agent"}


@pytest.mark.parametrize("action", ["hold", "retrieve", "end", "rejoin", "mute", "decline", "wrap-up"])
async def test_contact_in_somebody_elses_hands_is_out_of_reach(site: Site, anna: AtDesk, action: str) -> None:
    call = await anna.talk()
    body = {"muted": True, "disposition": "order", "note": "", "then": "ready"}
    async with at_desk(site, "boris") as boris:
        assert refusal(await boris.ask(call, action, body)) == (409, "no_such_contact")
        answer = await boris.put(f"/api/desk/contacts/{call.contact}/draft", {"note": "mine"})
        assert refusal(answer) == (409, "no_such_contact")
        assert refusal(await boris.ask(NoCall(), action, body)) == (409, "no_such_contact")  # type: ignore[arg-type]
        assert call.hears == {"agent"}


async def test_status_needs_a_shift_and_a_known_reason(site: Site, anna: AtDesk) -> None:
    answer = await anna.put("/api/desk/status", {"status": "not_ready", "reason": "holiday"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (409, "reason")
    assert await agent_state(anna) == "ready"
    assert (await anna.client.delete("/api/desk/shift")).status_code == 204
    answer = await anna.put("/api/desk/status", {"status": "ready", "reason": None})
    assert refusal(answer) == (409, "not_in_shift")


@pytest.mark.parametrize("login", ["olga", "admin"])
async def test_people_who_take_no_contacts_have_no_desk(site: Site, login: str) -> None:
    async with site.signed_in(login) as client:
        assert refusal(await client.post("/api/desk/shift", json={})) == (403, "not_permitted")


async def test_address_that_is_no_identifier_is_named(anna: AtDesk) -> None:
    answer: httpx.Response = await anna.client.post("/api/desk/contacts/42/hold", json={})
    assert refusal(answer) == (400, "invalid_input")
    assert answer.json()["error"]["field"] == "contact"


class NoCall:
    contact = str(uuid4())
