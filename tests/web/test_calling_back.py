"""Calls at a chosen time over HTTP: asked for by a web site, an agent, a supervisor; seen, moved, cancelled, and made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until
from tests.web.test_correspondence import web_site

from otklik.errors import AppError

IVAN, MARIA = "+79161234567", "+79990000077"


@pytest.fixture
async def boris(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "boris") as made:
        yield made


@pytest.fixture
async def nothing_planned(site: Site) -> AsyncIterator[None]:
    yield
    async with site.signed_in("olga") as olga:
        for each in (await olga.get("/api/callbacks")).json():
            await olga.post(f"/api/contacts/{each['id']}/callback/cancel", json={})


pytestmark = pytest.mark.usefixtures("nothing_planned")


def soon(**more: float) -> str:
    return (datetime.now(UTC) + timedelta(**more)).isoformat()


async def row(site: Site, contact: str) -> Any:
    async with site.signed_in("olga") as olga:
        return (await olga.get(f"/api/contacts/{contact}")).json()


async def plan(desk: AtDesk, **how: Any) -> httpx.Response:
    return await desk.client.post("/api/desk/callbacks", json={"number": MARIA, "queue": "sales", **how})


async def planned(client: httpx.AsyncClient, path: str = "/api/callbacks") -> list[Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()
    return found


async def test_visitor_of_a_web_site_is_called_within_seconds(site: Site, boris: AtDesk) -> None:
    async with web_site(site) as client:
        body = {"phone": "8 916 123-45-67", "name": "Иван", "text": "О доставке", "id": "call-1"}
        asked = await client.post("/api/requests/calls", json=body)
        assert asked.status_code == 201, asked.text
        contact = asked.json()["contact"]
        phone = site.voice.phone(boris.agent)
        await until(lambda: phone.ringing)
        assert (await client.post("/api/requests/calls", json=body)).json()["contact"] == contact, "twice is once"
        seen = await boris.until(lambda seen: seen["contacts"][0]["letters"] and seen["contacts"][0]["customer"])
        assert seen["contacts"][0]["letters"][0]["text"] == "О доставке"
        assert seen["contacts"][0]["customer"]["name"] == "Иван Петров"
        phone.answer()
        await until(lambda: site.voice.dialled(IVAN))
        line = site.voice.dialled(IVAN)
        assert line is not None and line.caller == "1000"
        line.answer()
        await until(lambda: line.hears == {"agent"})
    found = await row(site, contact)
    assert (found["callback_attempts"], found["callback_at"], found["direction"]) == (1, None, "in")
    assert [each["what"] for each in found["timeline"]][0] == "callback_asked"


async def test_visitor_chooses_a_time_moves_it_and_cancels_it(site: Site) -> None:
    async with web_site(site) as client:
        times = (await client.get("/api/requests/calls/times", params={"limit": 3})).json()["times"]
        assert len(times) == 3
        wish = {"phone": IVAN, "at": times[0], "id": "call-2"}
        contact = (await client.post("/api/requests/calls", json=wish)).json()["contact"]
        async with site.signed_in("olga") as olga:
            (shown,) = await planned(olga)
            assert (shown["id"], shown["at"], shown["number"], shown["by"]) == (contact, times[0], IVAN, None)
            assert (await client.put("/api/requests/calls/call-2", json={"at": times[2]})).status_code == 204
            assert [each["at"] for each in await planned(olga)] == [times[2]]
            assert refusal(await client.put("/api/requests/calls/nobody", json={"at": times[2]}))[0] == 409
            assert (await client.delete("/api/requests/calls/call-2")).status_code == 204
            assert await planned(olga) == []
    assert (await row(site, contact))["outcome"] == "callback_cancelled"


async def test_a_web_site_that_asks_without_end_is_told_when_to_go_on_and_others_are_not(site: Site) -> None:
    async with web_site(site) as client, web_site(site) as other:
        for _ in range(100):
            answer = await client.get("/api/requests/calls/times")
            if answer.status_code == 429:
                break
        assert refusal(answer) == (429, "site_too_fast") and answer.headers["Retry-After"] == "1"
        assert (await other.get("/api/requests/calls/times")).status_code == 200


async def test_what_a_web_site_asks_in_vain_is_refused_with_the_nearest_time_and_kept_nowhere(site: Site) -> None:
    async with web_site(site) as client:
        late = {"phone": IVAN, "at": soon(hours=-1), "text": "Алло", "id": "call-3"}
        answer = await client.post("/api/requests/calls", json=late)
        assert refusal(answer) == (409, "callback_time_past")
        assert answer.json()["error"]["field"] == "at"
        assert datetime.fromisoformat(answer.json()["error"]["nearest"]) > datetime.now(UTC)
        assert await site.scalar("select count(*) from letter where text = 'Алло'") == 0
        assert refusal(await client.post("/api/requests/calls", json={"phone": "нет"})) == (400, "number_unreadable")
        assert refusal(await client.post("/api/requests/calls", json={"phone": IVAN, "at": soon(days=99)})) == (
            409,
            "callback_too_far",
        )
    async with site.client() as stranger:
        assert refusal(await stranger.post("/api/requests/calls", json={"phone": IVAN})) == (401, "bad_key")


async def test_number_of_a_call_is_one_for_good(site: Site) -> None:
    async with web_site(site) as client:
        wish = {"phone": IVAN, "at": soon(hours=2), "id": "call-4"}
        contact = (await client.post("/api/requests/calls", json=wish)).json()["contact"]
        other = await client.post("/api/requests/calls", json=wish | {"phone": MARIA})
        assert refusal(other) == (409, "call_number_differs")
        assert other.json()["error"]["field"] == "id"
        assert (await client.post("/api/requests/calls", json=wish)).json()["contact"] == contact
    assert await site.scalar(f"select ani from contact_party where contact_id = '{contact}'") == IVAN


@pytest.mark.parametrize(("status", "kept"), [(503, 1), (500, 1), (409, 0)])
async def test_what_was_written_is_forgotten_only_when_the_call_was_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch, status: int, kept: int
) -> None:
    class Away:
        async def submit(self, *_: object) -> None:
            raise AppError("centre_overloaded", status)

    async with web_site(site) as client:
        monkeypatch.setitem(site.app.state._state, "inbox", Away())
        body = {"phone": IVAN, "text": f"Алло {status}"}
        assert (await client.post("/api/requests/calls", json=body)).status_code == status
    assert await site.scalar(f"select count(*) from letter where text = 'Алло {status}'") == kept


async def test_time_at_the_end_of_the_calendar_of_years_is_refused(site: Site) -> None:
    never = "9999-12-31T23:30:00-05:00"
    async with web_site(site) as client:
        answer = await client.post("/api/requests/calls", json={"phone": IVAN, "at": never})
        assert refusal(answer) == (409, "callback_too_far")
        times = await client.get("/api/requests/calls/times", params={"since": never})
        assert (times.status_code, times.json()) == (200, {"times": []})


async def test_own_call_is_ones_own_for_a_while(site: Site, boris: AtDesk) -> None:
    assert (await plan(boris, at=soon(hours=1), personal=True, agent_seconds=0)).status_code in (400, 422)


async def test_agent_plans_an_own_call_sees_it_and_is_rung_when_its_time_has_come(site: Site, boris: AtDesk) -> None:
    asked = await plan(boris, at=soon(seconds=1.5), personal=True)
    assert asked.status_code == 201, asked.text
    contact = asked.json()["contact"]
    (shown,) = await planned(boris.client, "/api/desk/callbacks")
    assert (shown["id"], shown["agent"]["id"], shown["by"]["name"]) == (contact, boris.agent, "Борис Ким")
    assert [each["id"] for each in (await boris.state())["callbacks"]] == [contact]
    phone = site.voice.phone(boris.agent)

    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: site.voice.dialled(MARIA))
    line = site.voice.dialled(MARIA)
    assert line is not None
    line.fail("busy")
    seen = await boris.until(lambda seen: not seen["contacts"])
    assert seen["callbacks"][0]["attempts"] == 1, "the next attempt follows by rule"


async def test_agent_moves_and_cancels_own_calls_alone(site: Site, anna: AtDesk, boris: AtDesk) -> None:
    contact = (await plan(boris, at=soon(hours=2))).json()["contact"]
    path = f"/api/desk/callbacks/{contact}"
    assert refusal(await anna.client.post(f"{path}/move", json={"at": soon(hours=3)})) == (404, "not_found")
    assert refusal(await anna.client.post(f"{path}/cancel", json={})) == (404, "not_found")
    later = soon(hours=3)
    assert (await boris.client.post(f"{path}/move", json={"at": later})).status_code == 204
    (shown,) = await planned(boris.client, "/api/desk/callbacks")
    assert datetime.fromisoformat(shown["at"]).timestamp() == pytest.approx(
        datetime.fromisoformat(later).timestamp(), abs=0.01
    )
    assert (await boris.client.post(f"{path}/cancel", json={})).status_code == 204
    assert await planned(boris.client, "/api/desk/callbacks") == []


async def test_agent_asks_for_free_times_of_an_own_queue(site: Site, boris: AtDesk) -> None:
    answer = await boris.client.get("/api/desk/callbacks/times", params={"queue": "sales"})
    times = [datetime.fromisoformat(each) for each in answer.json()["times"]]
    assert times == sorted(times) and times[0] > datetime.now(UTC)
    assert refusal(await plan(boris, at=soon(hours=1), queue="nowhere")) == (409, "no_such_queue")
    assert refusal(await plan(boris, number="письмо", at=soon(hours=1))) == (400, "number_unreadable")


async def test_supervisor_asks_for_a_call_by_one_agent_moves_and_cancels_it(site: Site, anna: AtDesk) -> None:
    async with site.signed_in("olga") as olga, site.signed_in("anna") as agent:
        body = {"number": MARIA, "queue": "sales", "at": soon(hours=4), "agent": anna.agent}
        assert refusal(await agent.post("/api/callbacks", json=body)) == (403, "not_permitted")
        contact = (await olga.post("/api/callbacks", json=body)).json()["contact"]
        assert [each["id"] for each in await planned(agent, "/api/desk/callbacks")] == [contact]
        assert refusal(await agent.get("/api/callbacks")) == (403, "not_permitted")
        assert (await olga.post(f"/api/callbacks/{contact}/move", json={"at": soon(hours=5)})).status_code == 204
        (shown,) = [each for each in await planned(olga) if each["id"] == contact]
        assert shown["state"] == "postponed" and shown["agent"]["name"] == "Анна Смирнова"
        assert len((await olga.get("/api/callbacks/times", params={"queue": "sales"})).json()["times"]) == 100
        assert (await olga.post(f"/api/contacts/{contact}/callback/cancel", json={})).status_code == 204
    found = await row(site, contact)
    assert [each["what"] for each in found["timeline"]] == ["callback_asked", "callback_moved", "callback_cancelled"]


@asynccontextmanager
async def neighbours(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with site.signed_in("rita") as client:
        yield client


async def test_neighbours_see_and_change_nothing(site: Site, boris: AtDesk) -> None:
    contact = (await plan(boris, at=soon(hours=2))).json()["contact"]
    async with neighbours(site) as rita:
        assert await planned(rita) == []
        assert refusal(await rita.post(f"/api/callbacks/{contact}/move", json={"at": soon(hours=3)})) == (
            409,
            "no_such_contact",
        )
