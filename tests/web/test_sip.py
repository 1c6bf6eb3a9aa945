"""The softphone's way through our server: who may use it, from where it comes to the switch, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import websockets
from tests.web.conftest import Site, until
from tests.web.test_hang_up import bye, invite
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

REGISTER = "REGISTER sip:otklik SIP/2.0\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Switch:
    """Stands for Asterisk's WebSocket: answers every message, remembers who came."""

    connections: list[ServerConnection] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    subprotocols: list[str | None] = field(default_factory=list)

    async def answer(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        self.addresses.append(connection.remote_address[0])
        self.subprotocols.append(connection.subprotocol)
        async for message in connection:
            await connection.send(b"\r\n" if isinstance(message, bytes) else f"SIP/2.0 401 Unauthorized\r\n{message}")


@pytest.fixture
async def switch(site: Site) -> AsyncIterator[Switch]:
    made = Switch()
    async with serve(made.answer, "127.0.0.1", 0, subprotocols=[websockets.Subprotocol("sip")]) as server:
        site.upstream = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws"
        yield made
    site.upstream = None


def connect(
    address: str, token: str | None, *, subprotocol: str | None = "sip", origin: str | None = None
) -> websockets.connect:
    return websockets.connect(
        f"ws://{address}/sip",
        additional_headers={"Cookie": f"otklik_session={token}"} if token else {},
        origin=websockets.Origin(origin or f"http://{address}"),
        subprotocols=[websockets.Subprotocol(subprotocol)] if subprotocol else None,
        proxy=None,
    )


async def closed(socket: ClientConnection) -> int | None:
    try:
        async with asyncio.timeout(30):
            while True:
                await socket.recv()
    except ConnectionClosed as err:
        return err.rcvd.code if err.rcvd else None


async def test_messages_go_both_ways_and_come_from_an_address_that_no_trunk_has(
    site: Site, address: str, switch: Switch
) -> None:
    async with site.signed_in("anna") as client, connect(address, client.cookies["otklik_session"]) as socket:
        assert socket.subprotocol == "sip"
        await socket.send(REGISTER)
        assert await socket.recv() == f"SIP/2.0 401 Unauthorized\r\n{REGISTER}"
        await socket.send(b"\r\n\r\n")
        assert await socket.recv() == b"\r\n"
    assert (switch.addresses, switch.subprotocols) == (["127.0.0.9"], ["sip"])
    await until(lambda: switch.connections[0].close_code is not None)


async def test_a_page_that_hangs_up_is_heard_here_and_its_bye_goes_on_to_the_switch(
    site: Site, address: str, switch: Switch
) -> None:
    async with site.signed_in("anna") as client, connect(address, client.cookies["otklik_session"]) as socket:
        await until(lambda: bool(switch.connections))
        await switch.connections[0].send(invite("one", "c-1", 3))
        assert await socket.recv() == invite("one", "c-1", 3)
        await socket.send(bye("one"))
        assert await socket.recv() == f"SIP/2.0 401 Unauthorized\r\n{bye('one')}"
    assert site.hung_up == [("c-1", 3)]


@pytest.mark.parametrize(
    "begins",
    ["SIP/2.0 302 Moved", "\r\nsip/2.0  301 Moved", "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\nSIP/2.0 300 Any"],
)
async def test_a_page_sends_no_call_on(site: Site, address: str, switch: Switch, begins: str) -> None:
    redirection = f"{begins}\r\nContact: <sip:PJSIP%2Ftrunk%2Fsip%3A+7809@host>\r\nContent-Length: 0\r\n\r\n"
    async with site.signed_in("anna") as client, connect(address, client.cookies["otklik_session"]) as socket:
        await socket.send(redirection)
        assert " 30" not in (said := str(await socket.recv()).partition("\r\n")[2]) and "480 Temporarily" in said
        await socket.send(redirection.encode())
        assert await socket.recv() == b"\r\n"
        await socket.send("SIP/2.0 200 OK\r\n\r\n")
        assert str(await socket.recv()).endswith("SIP/2.0 200 OK\r\n\r\n")


async def test_nobody_without_a_session_comes_through(address: str, switch: Switch) -> None:
    async with connect(address, None) as socket:
        assert await closed(socket) == 4401
    assert switch.addresses == []


@pytest.mark.parametrize(
    ("login", "subprotocol", "origin"),
    [("admin", "sip", None), ("anna", None, None), ("anna", "chat", None), ("anna", "sip", "http://evil.example")],
)
async def test_others_are_not_let_in(
    site: Site, address: str, switch: Switch, login: str, subprotocol: str | None, origin: str | None
) -> None:
    async with site.signed_in(login) as client:
        with pytest.raises(InvalidStatus) as refused:
            await connect(address, client.cookies["otklik_session"], subprotocol=subprotocol, origin=origin)
    assert refused.value.response.status_code == 403
    assert switch.addresses == []


async def test_signing_out_cuts_the_line_at_once(site: Site, address: str, switch: Switch) -> None:
    async with (
        site.signed_in("boris", fresh=True) as client,
        connect(address, client.cookies["otklik_session"]) as socket,
    ):
        await socket.send(REGISTER)
        await socket.recv()
        await client.delete("/api/session")
        assert await closed(socket) == 4401
    await until(lambda: switch.connections[0].close_code is not None)


async def test_page_is_asked_to_come_again_while_there_is_no_switch(site: Site, address: str) -> None:
    async with site.signed_in("anna") as client:
        for upstream in (None, "ws://127.0.0.1:9/ws"):
            site.upstream = upstream
            async with connect(address, client.cookies["otklik_session"]) as socket:
                assert await closed(socket) == 1013
    site.upstream = None


async def test_page_is_closed_when_the_switch_dies(site: Site, address: str, switch: Switch) -> None:
    async with site.signed_in("anna") as client, connect(address, client.cookies["otklik_session"]) as socket:
        await socket.send(REGISTER)
        await socket.recv()
        switch.connections[0].transport.abort()
        assert await closed(socket) in (1000, 1013)


async def test_message_too_large_for_sip_ends_the_connection(site: Site, address: str, switch: Switch) -> None:
    async with site.signed_in("anna") as client, connect(address, client.cookies["otklik_session"]) as socket:
        await socket.send("x" * 70_000)
        assert await closed(socket) == 1000
