"""Screens on the wall: opened by a link's secret, with figures and nobody's name, dark as soon as the link is revoked."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
import websockets
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Site, refusal
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from otklik.tenancy.attempts import FREE_PER_LOGIN, Attempts
from otklik.tenancy.password import token_hash
from otklik.web import wallboard


@pytest.fixture
async def admin(site: Site) -> Any:
    async with site.signed_in("admin") as client:
        yield client


async def made(admin: httpx.AsyncClient, name: str = "Зал") -> tuple[str, str]:
    """Its id and its secret."""
    answer = await admin.post("/api/wallboards", json={"name": name})
    assert answer.status_code == 201, answer.text
    path, _, token = answer.json()["path"].partition("#")
    assert path == "/wall"
    return answer.json()["id"], token


def connect(address: str, origin: str | None = None) -> websockets.connect:
    return websockets.connect(
        f"ws://{address}/api/wallboard", origin=websockets.Origin(origin or f"http://{address}"), proxy=None
    )


async def read(socket: ClientConnection) -> str:
    async with asyncio.timeout(30):
        return str(await socket.recv())


async def code(socket: ClientConnection) -> int | None:
    try:
        while True:
            await read(socket)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


async def opened(socket: ClientConnection, token: str) -> tuple[str, FollowedPage]:
    await socket.send(json.dumps({"token": token}))
    named = json.loads(await read(socket))
    page = FollowedPage()
    page.take(await read(socket))
    return named["name"], page


async def test_screen_shows_the_figures_as_they_change_and_nobody(
    site: Site, admin: httpx.AsyncClient, address: str, anna: AtDesk
) -> None:
    _, token = await made(admin)
    async with connect(address) as socket:
        name, page = await opened(socket, token)
        assert name == "Зал"
        assert {queue["name"] for queue in page.state["wall"]["queues"]} == {"Продажи", "Поддержка"}
        call = await anna.talk()
        while page.state["wall"]["agents"]["busy"] != 1:
            page.take(await read(socket))
        shown = json.dumps(page.state, ensure_ascii=False)
        for personal in ("Анна", anna.agent, "79161234567", call.contact):
            assert personal not in shown
        assert set(page.state) == {"now", "floor", "wall"} and page.state["floor"] is None


async def test_revoked_link_goes_dark_and_opens_nothing_any_more(
    site: Site, admin: httpx.AsyncClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wallboard, "CHECK_SECONDS", 0.05)
    link, token = await made(admin)
    async with connect(address) as socket:
        await opened(socket, token)
        assert (await admin.delete(f"/api/wallboards/{link}")).status_code == 204
        assert await code(socket) == wallboard.NO_SUCH_LINK
    async with connect(address) as socket:
        await socket.send(json.dumps({"token": token}))
        assert await code(socket) == wallboard.NO_SUCH_LINK
    assert refusal(await admin.delete(f"/api/wallboards/{link}")) == (404, "not_found")


async def test_secret_is_kept_as_a_hash_and_shown_once(site: Site, admin: httpx.AsyncClient) -> None:
    link, token = await made(admin, "Вход")
    query = "select encode(token_hash, 'hex') from wallboard where id = :id"
    assert await site.scalar(query, id=link) == token_hash(token).hex()
    listed = (await admin.get("/api/wallboards")).json()
    assert [each["name"] for each in listed if each["id"] == link] == ["Вход"]
    assert token not in json.dumps(listed)


@pytest.mark.parametrize("said", ["nonsense", "[]", '{"token": 7}', '{"token": "made-up"}'])
async def test_wrong_secret_opens_nothing(site: Site, address: str, said: str) -> None:
    site.app.state.attempts = Attempts()
    async with connect(address) as socket:
        await socket.send(said)
        assert await code(socket) == wallboard.NO_SUCH_LINK


async def test_guessing_is_slowed_down(site: Site, admin: httpx.AsyncClient, address: str) -> None:
    site.app.state.attempts = Attempts()
    codes = []
    for number in range(FREE_PER_LOGIN + 2):
        async with connect(address) as socket:
            await socket.send(json.dumps({"token": f"guess{number}"}))
            codes.append(await code(socket))
    assert codes[0] == wallboard.NO_SUCH_LINK
    assert codes[-1] == wallboard.TOO_MANY
    site.app.state.attempts = Attempts()


async def test_silent_opener_is_let_go(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallboard, "ASK_SECONDS", 0.05)
    async with connect(address) as socket:
        assert await code(socket) == 1000
