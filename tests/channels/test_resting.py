"""When a customer who waits goes into the holding bridge, and what becomes of it if the switch refuses or does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from otklik.channels.voice import resting
from otklik.channels.voice.ari import Reply
from otklik.channels.voice.dialogue import Dialogue
from otklik.contact.ids import ContactId
from otklik.errors import PeerError

C1 = ContactId("c1")
AWAY = PeerError("asterisk", "not connected", retryable=True)
DONE = Reply(204, "No Content", "")
REFUSED = Reply(409, "Conflict", "")


class Call:
    """With its wire, on which the last command gets `answer`."""

    contact, channel, alive = C1, "customer", True

    def __init__(self, *, sending: PeerError | None = None, answer: PeerError | Reply = DONE) -> None:
        self.joined = False
        self.sent = list[str]()
        self.speaking: int | None = None
        self.answered = asyncio.Event()
        self.answered.set()
        self._sending, self._answer = sending, answer
        self._work = set[asyncio.Task[None]]()

    @property
    def dialogue(self) -> Dialogue:
        return cast(Dialogue, SimpleNamespace(speech=self.speaking))

    def send(
        self, method: str, path: str, body: Mapping[str, object] | None = None, **query: str
    ) -> asyncio.Future[Reply]:
        if self._sending is not None:
            raise self._sending
        self.sent.append(f"{method} {path}")
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        future.set_result(DONE)
        return future

    async def reply(self, future: asyncio.Future[Reply]) -> Reply:
        await self.answered.wait()
        if isinstance(self._answer, PeerError):
            raise self._answer
        return self._answer

    def command(self, method: str, path: str, **query: str) -> None:
        self.sent.append(f"{method} {path}")

    async def settle(self) -> None: ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._work.add(asyncio.create_task(work))

    async def done(self) -> None:
        await asyncio.sleep(0.01)
        await asyncio.gather(*self._work)


ENTERS = [f"POST bridges/{resting.room_of(C1)}/addChannel"]
LEAVES = f"POST bridges/{resting.room_of(C1)}/removeChannel"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "AFTER_SECONDS", 0.0)


async def test_who_waits_goes_in_once_and_comes_out_once(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    rest.begin()
    rest.begin()
    await call.done()
    rest.begin()
    await call.done()
    assert (call.sent, rest.inside) == (ENTERS, True)
    rest.leave()
    rest.leave()
    assert (call.sent, rest.inside) == ([*ENTERS, LEAVES], False)


async def test_a_wait_that_is_over_sooner_takes_nobody_anywhere(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    rest.begin()
    rest.end()
    await call.done()
    assert (call.sent, rest.inside) == ([], False)


async def test_who_talks_is_left_where_they_are(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    rest.begin()
    call.joined = True
    await call.done()
    assert (call.sent, rest.inside) == ([], False)


async def test_who_is_told_something_goes_in_when_it_is_over(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    call.speaking = 7
    rest.begin()
    await call.done()
    assert call.sent == []
    call.speaking = None
    await call.done()
    assert (call.sent, rest.inside) == (ENTERS, True)


async def test_who_is_announced_something_comes_out_and_goes_in_again(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    rest.begin()
    await call.done()
    rest.pause()
    call.speaking = 8
    await call.done()
    assert (call.sent, rest.inside) == ([*ENTERS, LEAVES], False)
    call.speaking = None
    await call.done()
    assert (call.sent, rest.inside) == ([*ENTERS, LEAVES, *ENTERS], True)


async def test_without_a_connection_nobody_is_inside(at_once: None) -> None:
    call = Call(sending=AWAY)
    rest = resting.Rest(call, call)
    rest.begin()
    await call.done()
    assert not rest.inside


@pytest.mark.parametrize("answer", [AWAY, REFUSED])
async def test_where_nobody_knows_whether_the_customer_is_inside_they_are_taken_out(
    at_once: None, answer: PeerError | Reply
) -> None:
    call = Call(answer=answer)
    rest = resting.Rest(call, call)
    rest.begin()
    await call.done()
    assert (call.sent, rest.inside) == ([*ENTERS, LEAVES], False)


@pytest.mark.parametrize("answer", [AWAY, REFUSED])
async def test_who_was_connected_meanwhile_is_left_in_the_conversation(
    at_once: None, answer: PeerError | Reply
) -> None:
    call = Call(answer=answer)
    call.answered.clear()
    rest = resting.Rest(call, call)
    rest.begin()
    await asyncio.sleep(0.01)
    rest.end()
    call.joined = True
    call.answered.set()
    await call.done()
    assert call.sent == ENTERS
