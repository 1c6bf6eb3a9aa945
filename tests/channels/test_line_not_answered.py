"""A line that Asterisk does not answer: it has hung up meanwhile, mostly, and where it has not, an operator is told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from otklik.channels.voice.ari import Reply
from otklik.channels.voice.call import Call
from otklik.channels.voice.node import Node
from otklik.contact.ids import ContactId, TenantId


class Asterisk:
    """Fails to answer any line. `status`: of whoever asks after the line then."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.asked: list[str] = []

    def send(self, method: str, path: str, body: object = None, **query: str) -> asyncio.Future[Reply]:
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        answer.set_result(Reply(500, "Internal Server Error", "Failed to answer channel"))
        return answer

    async def reply(self, future: asyncio.Future[Reply]) -> Reply:
        return await future

    async def request(self, method: str, path: str, *, accept: tuple[int, ...]) -> Reply:
        self.asked.append(f"{method} {path}")
        assert self.status in (200, *accept)
        return Reply(self.status, "", "")


@pytest.mark.parametrize(("status", "level"), [(404, "debug"), (200, "warning")])
async def test_a_line_that_is_not_answered_is_told_of_unless_it_is_gone(status: int, level: str) -> None:
    asterisk = Asterisk(status)
    node = cast(Node[Call], SimpleNamespace(ari=asterisk))
    call = Call(node, tenant=TenantId("t"), contact=ContactId("c"), channel="customer")
    call.send("POST", "channels/customer/answer")
    with capture_logs() as logs:
        await call.settle()
    told: list[dict[str, Any]] = [dict(each) for each in logs]
    assert [(each["log_level"], each["reason"]) for each in told] == [(level, "Failed to answer channel")]
    assert asterisk.asked == ["GET channels/customer"]
