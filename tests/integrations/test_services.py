"""Real HTTP servers, good and bad: what is found, and that a slow, dead, lying or luring one costs its own caller alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import pytest

from otklik.contact.ids import TenantId
from otklik.contact.outside import Request, Service
from otklik.errors import PeerError
from otklik.integrations.secrets import Secrets
from otklik.integrations.services import LARGEST_BYTES, Services

ACME = TenantId("acme")
Answering = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """Keeps what it was asked; answers as it is told."""

    answering: Answering
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """The head and the body of each request."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                (int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("Content-Length")), 0
            )
            self.asked.append(head + (await reader.readexactly(length)).decode())
            await self.answering(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def says(body: bytes, status: str = "200 OK", more: str = "") -> Answering:
    async def answer(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return answer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    made = Peer(says(b"{}"))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.fixture
async def services() -> AsyncIterator[Services]:
    made = Services(Secrets({"OTKLIK_SECRET_KEY": "hush"}))
    yield made
    await made.close()


def service(peer: Peer, **changes: object) -> Service:
    requests = {
        "order": Request(path="/orders/{number}", query={"full": "{number}"}, values={"state": "order.state"}),
        "top": Request(path="/orders"),
        "deep": Request(path="/orders", values={"first": "orders.0.state", "none": "orders.9.state"}),
        "note": Request(path="/notes", method="POST", body={"text": "Order {number}"}),
    }
    made = Service(
        id="delivery",
        url=f"http://127.0.0.1:{peer.port}/v1/",
        secret_headers={"X-Key": "KEY"},
        requests=requests,
        timeout_seconds=2,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # of the test's own making


async def ask(services: Services, asked: Service, request: str, number: str = "4711") -> dict[str, str] | None:
    return await services.ask(ACME, asked, request, {"number": number}, "contact-3")


async def failure(services: Services, asked: Service, request: str = "top") -> str:
    with pytest.raises(PeerError) as raised:
        await ask(services, asked, request)
    return raised.value.reason


async def test_named_values_of_the_answer_are_found(services: Services, peer: Peer) -> None:
    peer.answering = says(json.dumps({"order": {"state": "sent", "name": "Ivan"}}).encode())
    assert await ask(services, service(peer), "order") == {"state": "sent"}
    head = peer.asked[0]
    assert head.startswith("GET /v1/orders/4711?full=4711 HTTP/1.1")
    assert "X-Key: hush" in head


async def test_without_names_whatever_stands_at_the_top_is_found(services: Services, peer: Peer) -> None:
    peer.answering = says(b'{"state": "sent", "paid": true, "total": 12.5, "none": null, "rows": [1]}')
    assert await ask(services, service(peer), "top") == {"state": "sent", "paid": "true", "total": "12.5"}
    peer.answering = says(b'{"orders": [{"state": "sent"}]}')
    assert await ask(services, service(peer), "deep") == {"first": "sent"}


@pytest.mark.parametrize(
    "answering",
    [says(b"no", "404 Not Found"), says(b"", "204 No Content"), says(b"null"), says(b"[]"), says(b"", "410 Gone")],
    ids=["404", "204", "null", "empty", "410"],
)
async def test_there_is_no_such_thing(services: Services, peer: Peer, answering: Answering) -> None:
    peer.answering = answering
    assert await ask(services, service(peer), "top") is None


@pytest.mark.parametrize("keyed", ["..", ".", "", "../admin", "a/b", "..\\admin", "4711\r\nX-Evil: 1", "%2e%2e/admin"])
async def test_what_could_be_another_path_is_not_even_asked_for(services: Services, peer: Peer, keyed: str) -> None:
    assert await ask(services, service(peer), "order", keyed) is None
    assert peer.asked == []


@pytest.mark.parametrize("keyed", ["1?admin=1", "1#x", "1&full=2", "'; drop table", "%2e%2e", "@evil.example", "ъ"])
async def test_whatever_is_keyed_stays_one_part_of_the_path(services: Services, peer: Peer, keyed: str) -> None:
    peer.answering = says(b'{"order": {"state": "sent"}}')
    assert await ask(services, service(peer), "order", keyed) == {"state": "sent"}
    path, _, query = peer.asked[0].split(" ")[1].partition("?")
    assert path.startswith("/v1/orders/") and path.count("/") == 3 and ".." not in path
    assert unquote(path.rpartition("/")[2]) == keyed
    assert query.startswith("full=") and "&" not in query


async def test_post_is_sent_with_a_key_by_which_it_is_done_once(services: Services, peer: Peer) -> None:
    peer.answering = says(b'{"id": 7}', "201 Created")
    assert await ask(services, service(peer), "note", '4711", "admin": "yes') == {"id": "7"}
    assert "Idempotency-Key: contact-3" in peer.asked[0]
    assert json.loads(peer.asked[0].partition("\r\n\r\n")[2]) == {"text": 'Order 4711", "admin": "yes'}


async def test_other_host_is_not_followed_to(services: Services, peer: Peer) -> None:
    other = Peer(says(b'{"state": "stolen"}'))
    server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    peer.answering = says(b"", "302 Found", f"Location: http://127.0.0.1:{port}/\r\n")
    assert await failure(services, service(peer)) == "refused"
    assert other.asked == []
    server.close()


async def _silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then: never silent for long, and never ready."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _flood(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b" " * LARGEST_BYTES)
        await writer.drain()


async def _dies(writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"state": ')
    await writer.drain()
    writer.transport.abort()


async def _rubbish(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\x01rubbish\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        (_silence, "late"),
        (_drip, "late"),
        (_flood, "too_large"),
        (_dies, "unreachable"),
        (_rubbish, "unreachable"),
        (says(b"<html>"), "unreadable"),
        (says(b'"text"'), "unreadable"),
        (says(b"\xff\xfe"), "unreadable"),
        (says(b"[" * 60_000), "unreadable"),
        (says(b"{}", more="Content-Encoding: gzip\r\n"), "unreadable"),
        (says(json.dumps({"state": "x" * 2_000}).encode()), "too_large"),
        (says(json.dumps({str(n): n for n in range(60)}).encode()), "too_large"),
        (says(b"{}", "500 Internal Server Error"), "refused"),
        (says(b"{}", "401 Unauthorized"), "refused"),
    ],
)
async def test_bad_answer_has_failed_in_time(services: Services, peer: Peer, answering: Answering, reason: str) -> None:
    peer.answering = answering
    assert await failure(services, service(peer, timeout_seconds=0.5 if reason == "late" else 20)) == reason


async def test_answer_to_something_else_is_none(services: Services, peer: Peer) -> None:
    peer.answering = says(b'{"error": "try later"}')
    assert await failure(services, service(peer), "order") == "unreadable"


async def test_service_that_is_gone_cannot_be_reached(services: Services) -> None:
    assert await failure(services, service(Peer(says(b""), port=9))) == "unreachable"


async def test_slow_service_holds_up_nobody_who_asks_another(services: Services, peer: Peer) -> None:
    peer.answering = _silence
    quick = Peer(says(b'{"state": "sent"}'))
    server = await asyncio.start_server(quick.serve, "127.0.0.1", 0)
    quick.port = server.sockets[0].getsockname()[1]
    assert await ask(services, service(quick, id="quick"), "top") == {"state": "sent"}
    slow = [asyncio.ensure_future(failure(services, service(peer, timeout_seconds=2, at_once=2))) for _ in range(20)]
    await asyncio.sleep(0)
    assert await ask(services, service(quick, id="quick"), "top") == {"state": "sent"}
    assert [each.result() for each in slow if each.done()] == []
    assert await asyncio.gather(*slow) == ["late"] * 20
    server.close()


async def test_no_more_than_allowed_ask_at_once(services: Services, peer: Peer) -> None:
    under_way, most = 0, 0

    async def slow(writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        await says(b'{"state": "sent"}')(writer)

    peer.answering = slow
    modest = service(peer, timeout_seconds=20, at_once=2)
    assert await asyncio.gather(*(ask(services, modest, "top") for _ in range(20))) == [{"state": "sent"}] * 20
    assert most == 2


async def test_secret_that_nobody_has_given_is_told(services: Services, peer: Peer) -> None:
    assert await failure(services, service(peer, secret_headers={"X-Key": "OTHER"})) == "secret"
    assert peer.asked == []


async def test_changed_set_up_counts_from_the_next_question(services: Services, peer: Peer) -> None:
    peer.answering = says(b'{"state": "sent"}')
    await ask(services, service(peer), "top")
    await ask(services, service(peer, secret_headers={}), "top")
    assert ["X-Key" in head for head in peer.asked] == [True, False]


async def test_what_is_to_be_done_is_done_whatever_the_service_says_of_it(services: Services, peer: Peer) -> None:
    for answering in (says(b""), says(b"", "204 No Content"), says(b"OK 17", "201 Created")):
        peer.answering = answering
        await services.tell(ACME, service(peer), "note", {"number": "4711"}, "contact-3")
    assert all("Idempotency-Key: contact-3" in asked for asked in peer.asked)


@pytest.mark.parametrize("answering", [says(b"", "404 Not Found"), says(b"{}", "500 Oh"), says(b"", "302 Found")])
async def test_what_is_refused_is_not_done(services: Services, peer: Peer, answering: Answering) -> None:
    peer.answering = answering
    with pytest.raises(PeerError, match="refused"):
        await services.tell(ACME, service(peer), "note", {"number": "4711"}, "contact-3")


async def test_where_values_are_named_one_must_stand_in_the_answer(services: Services, peer: Peer) -> None:
    asked = service(peer, requests={"send": Request(path="/sms", method="POST", values={"id": "id"})})
    peer.answering = says(b'{"id": 17}')
    await services.tell(ACME, asked, "send", {}, "contact-3")
    peer.answering = says(b'{"error": "no money"}')
    with pytest.raises(PeerError):
        await services.tell(ACME, asked, "send", {}, "contact-3")
