"""A supervisor writes to agents: their desks show it at once, whoever puts it away is seen to have done so."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Json, Site, refusal

from otklik.contact.ids import AgentId
from otklik.contact.ports import Watcher

HOSTILE = "<img src=x onerror=alert(1)> </script> {0} %s \u202e أهلا 🙂"


async def floor_of(site: Site) -> list[Json]:
    feed = site.live.subscribe(site.tenant, Watcher(person="olga", floor=True))
    page = FollowedPage()
    await page.read(feed)
    feed.close()
    notices: list[Json] = page.state["floor"]["notices"]
    return notices


async def on_the_floor(site: Site, notice: str) -> Json:
    """Others may have written as well."""
    (found,) = [each for each in await floor_of(site) if each["id"] == notice]
    return found


async def desk_of(site: Site, login: str) -> list[Json]:
    shown: list[Json] = site.live.own_state(site.tenant, AgentId(await site.person(login)))["notices"]
    return shown


async def test_message_goes_to_the_desks_it_is_for_and_comes_back_as_seen(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    async with site.signed_in("olga") as olga, site.signed_in("kate") as kate:
        body = {"text": f"  {HOSTILE}\n", "agents": [anna.agent], "urgent": True, "lasts_seconds": 600}
        posted = await olga.post("/api/notices", json=body)
        assert posted.status_code == 201, posted.text
        notice = posted.json()["id"]
        (shown,) = [each for each in await desk_of(site, "anna") if each["id"] == notice]
        assert shown["urgent"] is True
        assert [each["state"] for each in (await anna.state())["contacts"]] == ["talking"]
        assert call.hears == {"agent"}
        read = await anna.client.get("/api/notices", params={"ids": [notice]})
        assert read.json() == [{"id": notice, "text": HOSTILE, "by": "Ольга Петрова"}]
        assert (await kate.get("/api/notices", params={"ids": [notice]})).json() == []
        assert refusal(await kate.post(f"/api/notices/{notice}/seen", json={})) == (409, "no_such_notice")
        assert (await anna.client.post(f"/api/notices/{notice}/seen", json={})).status_code == 204
        assert notice not in [each["id"] for each in await desk_of(site, "anna")]
        assert [each["name"] for each in (await on_the_floor(site, notice))["seen"]] == ["Анна Смирнова"]
        again = await olga.get("/api/notices", params={"ids": [notice, str(uuid4())]})
        assert [each["text"] for each in again.json()] == [HOSTILE]
        assert (await olga.delete(f"/api/notices/{notice}")).status_code == 204


async def test_withdrawn_message_goes_from_all_desks(site: Site, anna: AtDesk) -> None:
    async with site.signed_in("olga") as olga:
        notice = (await olga.post("/api/notices", json={"text": "Обед в час"})).json()["id"]
        assert notice in [each["id"] for each in await desk_of(site, "anna")]
        assert (await olga.delete(f"/api/notices/{notice}")).status_code == 204
        assert notice not in [each["id"] for each in await desk_of(site, "anna")]
        assert (await on_the_floor(site, notice))["withdrawn_at"] is not None
        assert refusal(await olga.delete(f"/api/notices/{uuid4()}")) == (409, "no_such_notice")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"text": " \n "}, (400, "invalid_input")),
        ({"text": "x" * 1001}, (400, "invalid_input")),
        ({"text": "a\x00b"}, (400, "invalid_input")),
        ({"text": "x", "lasts_seconds": 59}, (400, "invalid_input")),
        ({"text": "x", "queues": ["none"]}, (409, "no_such_queue")),
        ({"text": "x", "agents": [str(uuid4())]}, (409, "no_such_agent")),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_leaves_nothing_behind(
    site: Site, body: dict[str, Any], answer: tuple[int, str]
) -> None:
    count = "select count(*) from notice"
    before = await site.scalar(count)
    async with site.signed_in("olga") as olga:
        assert refusal(await olga.post("/api/notices", json=body)) == answer
    assert await site.scalar(count) == before


async def test_open_desk_is_told_at_once(site: Site, anna: AtDesk) -> None:
    agent = AgentId(await site.person("anna"))
    feed = site.live.subscribe(site.tenant, Watcher(person="anna", agent=agent))
    page = FollowedPage()
    await page.read(feed)
    async with site.signed_in("olga") as olga:
        body = {"text": "Только Анне", "agents": [agent], "lasts_seconds": 60}
        notice = (await olga.post("/api/notices", json=body)).json()["id"]
        async with asyncio.timeout(30):
            while notice not in [each["id"] for each in page.state["notices"]]:
                await page.read(feed)
        feed.close()
        assert (await olga.delete(f"/api/notices/{notice}")).status_code == 204
