"""The live WebSocket on a real server: a snapshot, the changes, and every way it ends."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import websockets
from sqlalchemy import text
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Site, at_desk, until
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from otklik.web import live, sockets


def connect(address: str, token: str | None, *, origin: str | None = "same") -> websockets.connect:
    headers = {"Cookie": f"otklik_session={token}"} if token else {}
    return websockets.connect(
        f"ws://{address}/api/live",
        additional_headers=headers,
        origin=websockets.Origin(f"http://{address}" if origin == "same" else origin) if origin else None,
        proxy=None,
    )


async def read(socket: ClientConnection) -> str:
    async with asyncio.timeout(30):
        return str(await socket.recv())


async def received(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await read(socket))
    return message


async def closed(socket: ClientConnection) -> int | None:
    """The code that the server closed with."""
    try:
        async with asyncio.timeout(30):
            while True:
                await socket.recv()
    except ConnectionClosed as err:
        return err.rcvd.code if err.rcvd else None


async def test_page_gets_a_snapshot_then_numbered_changes(address: str, anna: AtDesk) -> None:
    async with connect(address, anna.client.cookies["otklik_session"]) as socket:
        page = FollowedPage()
        assert page.take(await read(socket))["type"] == "snapshot"
        assert (page.state["agent"]["name"], page.state["floor"]) == ("Анна Смирнова", None)
        call = await anna.talk()
        shown: dict[str, Any] = {}
        while shown.get("state") != "talking" or not shown["customer"]:
            page.take(await read(socket))
            shown = next(iter(page.state["contacts"]), {})
        assert (shown["id"], shown["customer"]["name"]) == (call.contact, "Иван Петров")


async def test_supervisors_page_follows_the_floor_row_by_row(site: Site, address: str, anna: AtDesk) -> None:
    async with site.signed_in("olga") as client, connect(address, client.cookies["otklik_session"]) as socket:
        page = FollowedPage()
        page.take(await read(socket))
        before = {row["id"]: row for row in page.state["floor"]["agents"]}
        await anna.put("/api/desk/status", {"status": "not_ready", "reason": "lunch"})
        message: dict[str, Any] = {}
        while message.get("of") != "floor":
            message = page.take(await read(socket))
        assert [row["id"] for row in message["put"]["agents"]] == [anna.agent]
        after = {row["id"]: row for row in page.state["floor"]["agents"]}
        assert after[anna.agent]["reason"] == "lunch"
        assert {key: row for key, row in after.items() if key != anna.agent} == {
            key: row for key, row in before.items() if key != anna.agent
        }


async def test_supervisor_sees_the_floor_and_the_neighbour_another_one(site: Site, address: str, anna: AtDesk) -> None:
    floors = {}
    for login in ("olga", "rita"):
        async with (
            site.signed_in(login) as client,
            connect(address, client.cookies["otklik_session"]) as socket,
        ):
            state = (await received(socket))["state"]
            assert state["agent"] is None
            floors[login] = {agent["name"] for agent in state["floor"]["agents"]}
    assert "Анна Смирнова" in floors["olga"]
    assert floors["rita"] == {"Zoe Neighbour"}


@pytest.mark.parametrize("token", [None, "made-up"])
async def test_page_without_a_session_is_told_that_it_is_over(address: str, token: str | None) -> None:
    async with connect(address, token) as socket:
        assert await closed(socket) == 4401


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://127.0.0.1:1"])
async def test_page_of_another_site_is_not_let_in(site: Site, address: str, origin: str | None) -> None:
    async with site.signed_in("olga") as client:
        with pytest.raises(InvalidStatus) as refused:
            await connect(address, client.cookies["otklik_session"], origin=origin)
    assert refused.value.response.status_code == 403


async def test_public_address_is_an_origin_of_ours_too(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site.app.state._state, "public_url", "https://Calls.example")
    async with site.signed_in("olga") as client:
        async with connect(address, client.cookies["otklik_session"], origin="https://calls.example") as socket:
            assert (await received(socket))["type"] == "snapshot"


async def test_signing_out_closes_the_page_at_once(site: Site, address: str) -> None:
    async with (
        site.signed_in("olga", fresh=True) as client,
        connect(address, client.cookies["otklik_session"]) as socket,
    ):
        await received(socket)
        await client.delete("/api/session")
        assert await closed(socket) == 4401


async def test_session_that_ran_out_closes_the_page_at_the_next_look(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "CHECK_SECONDS", 0.05)
    async with (
        site.signed_in("olga", fresh=True) as client,
        connect(address, client.cookies["otklik_session"]) as socket,
    ):
        await received(socket)
        async with site.database.transaction(site.tenant) as connection:
            await connection.execute(text("delete from session where person_id = :p"), {"p": await site.person("olga")})
        site.cookies.pop("olga", None)
        assert await closed(socket) == 4401


async def test_quiet_page_is_pinged(site: Site, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PING_SECONDS", 0.05)
    async with site.signed_in("rita") as client, connect(address, client.cookies["otklik_session"]) as socket:
        await received(socket)
        assert await received(socket) == {"type": "ping"}


async def test_page_that_goes_leaves_no_subscription_behind(site: Site, address: str) -> None:
    pages = site.feed(site.neighbour)._pages
    async with site.signed_in("rita") as client:
        async with connect(address, client.cookies["otklik_session"]) as socket:
            await received(socket)
            assert len(pages) == 1
            socket.transport.abort()
        await until(lambda: not pages)


async def test_two_pages_of_one_agent_show_the_same(site: Site, address: str) -> None:
    async with at_desk(site, "boris") as boris:
        token = boris.client.cookies["otklik_session"]
        async with connect(address, token) as one, connect(address, token) as other:
            await received(one)
            await received(other)
            await boris.put("/api/desk/status", {"status": "not_ready", "reason": "lunch"})
            seen = []
            for socket in (one, other):
                change: dict[str, Any] = {}
                while change.get("set", {}).get("agent", {}).get("reason") != "lunch":
                    change = await received(socket)
                seen.append(change["set"]["agent"])
            assert seen[0] == seen[1]
