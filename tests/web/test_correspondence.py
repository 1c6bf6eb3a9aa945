"""Requests of a web site over HTTP: handed in with a key, taken at the desk, parked, and back when the customer writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal
from uuid_utils import uuid7

IVAN = "+7 916 123-45-67"


@pytest.fixture
async def boris(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "boris") as made:
        yield made


@asynccontextmanager
async def web_site(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """The server of a web site: no session, no header of our pages, only its key."""
    async with site.signed_in("admin") as admin:
        made = (await admin.post("/api/web-keys", json={"name": "Наш сайт", "entry_point": "russian"})).json()
        transport = httpx.ASGITransport(app=site.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {made['key']}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://otklik.test", headers=headers) as client:
            yield client
        assert (await admin.delete(f"/api/web-keys/{made['id']}")).status_code == 204


async def hand_in(client: httpx.AsyncClient, **more: Any) -> str:
    answer = await client.post("/api/requests", json={"text": "Где мой заказ?", "phone": IVAN, **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["contact"]
    return found


async def post(desk: AtDesk, contact: str, what: str, **body: Any) -> httpx.Response:
    return await desk.client.post(f"/api/desk/contacts/{contact}/{what}", json=body)


def one(seen: dict[str, Any], contact: str) -> dict[str, Any]:
    return next((each for each in seen["contacts"] if each["id"] == contact), {})


async def take(desk: AtDesk, contact: str) -> dict[str, Any]:
    await desk.until(lambda seen: one(seen, contact).get("state") == "offered")
    assert (await post(desk, contact, "accept")).status_code == 204
    return one(await desk.until(lambda seen: one(seen, contact).get("state") == "talking"), contact)


async def test_request_is_offered_with_its_text_taken_parked_and_ended_with_an_outcome(
    site: Site, boris: AtDesk
) -> None:
    async with web_site(site) as client:
        contact = await hand_in(client, name="Иван", fields={"Заказ": "1017"})
        await take(boris, contact)
        seen = await boris.until(lambda seen: one(seen, contact)["letters"] and one(seen, contact)["customer"])
        shown = one(seen, contact)
        assert (shown["channel"], shown["recording"], shown["customer"]["name"]) == ("web", None, "Иван Петров")
        (letter,) = shown["letters"]
        assert (letter["text"], letter["fields"]) == ("Где мой заказ?", {"Заказ": "1017"})
        assert letter["sender"] == {"name": "Иван", "phone": IVAN}

        later = datetime.now(UTC) + timedelta(hours=2)
        assert (await post(boris, contact, "park", returns_at=later.isoformat())).status_code == 204
        (parked,) = (await boris.client.get("/api/desk/parked")).json()
        assert (parked["id"], parked["name"], parked["parked"]["until_written"]) == (contact, "Иван Петров", False)
        assert datetime.fromisoformat(parked["parked"]["returns_at"]) == later.replace(
            microsecond=later.microsecond // 1000 * 1000
        )
        assert not one(await boris.state(), contact)

        answer = await client.post(f"/api/requests/{contact}/letters", json={"text": "Уже нашёл."})
        assert answer.status_code == 204, answer.text
        await take(boris, contact)
        seen = await boris.until(lambda seen: len(one(seen, contact)["letters"]) == 2)
        assert [each["text"] for each in one(seen, contact)["letters"]] == ["Где мой заказ?", "Уже нашёл."]
        assert seen["parked"] == []

        assert (await post(boris, contact, "end")).status_code == 204
        done = await post(boris, contact, "wrap-up", disposition="resolved", note="Нашёлся", then="ready")
        assert done.status_code == 204, done.text
    row = (await boris.client.get(f"/api/contacts/{contact}")).json()
    assert (row["channel"], row["outcome"], row["disposition"]["id"]) == ("web", "answered", "resolved")
    assert [each["text"] for each in row["letters"]] == ["Где мой заказ?", "Уже нашёл."]
    assert row["parked_seconds"] > 0
    told = [each["what"] for each in row["timeline"]]
    assert [each for each in told if each in ("contact_parked", "customer_wrote", "contact_finished")] == [
        "contact_parked",
        "customer_wrote",
        "contact_finished",
    ]


async def test_agent_takes_back_and_a_supervisor_returns(site: Site, boris: AtDesk) -> None:
    async with web_site(site) as client:
        contact = await hand_in(client)
        await take(boris, contact)
        assert refusal(await post(boris, contact, "park", reason="unknown")) == (409, "no_such_reason")
        past = datetime.now(UTC) - timedelta(minutes=1)
        answer = await post(boris, contact, "park", returns_at=past.isoformat())
        assert refusal(answer) == (409, "parked_too_long")
        assert answer.json()["error"]["field"] == "returns_at"
        await post(boris, contact, "park")
        assert (await post(boris, contact, "resume")).status_code == 204
        assert refusal(await post(boris, contact, "resume")) == (409, "contact_not_parked")
        await post(boris, contact, "park")
        async with site.signed_in("olga") as olga:
            assert (await olga.post(f"/api/contacts/{contact}/return", json={})).status_code == 204
            assert refusal(await olga.post(f"/api/contacts/{contact}/return", json={})) == (409, "contact_not_parked")
        await take(boris, contact)
        await post(boris, contact, "end")


async def test_same_request_sent_twice_is_one_and_a_site_reaches_only_its_own(site: Site, boris: AtDesk) -> None:
    async with web_site(site) as client, web_site(site) as other:
        contact = await hand_in(client, id="order-1")
        assert await hand_in(client, id="order-1") == contact
        assert await hand_in(other, id="order-1") != contact
        answer = await other.post(f"/api/requests/{contact}/letters", json={"text": "чужое"})
        assert refusal(answer) == (404, "not_found")
        for _ in range(2):
            seen = await boris.until(lambda seen: any(each["state"] == "offered" for each in seen["contacts"]))
            ringing = next(each["id"] for each in seen["contacts"] if each["state"] == "offered")
            await take(boris, ringing)
            await post(boris, ringing, "end")
            await post(boris, ringing, "wrap-up", disposition="resolved", note="", then="ready")
    assert await site.scalar("select count(*) from letter where contact_id = :id", id=contact) == 1


async def test_without_a_key_nothing_is_taken_and_a_call_is_not_accepted_by_a_button(site: Site, boris: AtDesk) -> None:
    async with site.client() as nobody:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic abc"}):
            answer = await nobody.post("/api/requests", json={"text": "x"}, headers=headers)
            assert refusal(answer) == (401, "bad_key")
    async with site.signed_in("admin") as admin:
        answer = await admin.post("/api/web-keys", json={"name": "x", "entry_point": "nowhere"})
        assert refusal(answer) == (400, "no_such_entry_point")
    call = site.voice.arrive("1000", "+79990001122")
    assert call is not None
    call.press("1")
    await boris.until(lambda seen: one(seen, call.contact).get("state") == "offered")
    assert refusal(await post(boris, call.contact, "accept")) == (409, "move_not_allowed")
    assert refusal(await post(boris, str(uuid7()), "accept")) == (409, "no_such_contact")
    site.voice.phone(boris.agent).answer()
    await boris.until(lambda seen: one(seen, call.contact).get("state") == "talking")
    assert refusal(await post(boris, call.contact, "park")) == (409, "talk_not_parked")
