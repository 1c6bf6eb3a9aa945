"""When a customer who waits goes into the bridge, and what becomes of it if the switch refuses or does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
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
        self.bridges = set[ContactId]()
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

    def join(self, bridge: ContactId, *, first: Sequence[str] = ()) -> None:
        self.bridges.add(bridge)
        self.sent.append(f"join {bridge} {' '.join(first)}")

    def command(self, method: str, path: str, **query: str) -> None:
        self.sent.append(f"{method} {path}")

    async def settle(self) -> None: ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._work.add(asyncio.create_task(work))

    async def done(self) -> None:
        await asyncio.sleep(0.01)
        await asyncio.gather(*self._work)


ENTERS = ["POST bridges/c1", "POST bridges/c1/addChannel"]


@pytest.fixture(autouse=True)
def enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "ENABLED", True)


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
    assert (call.sent, call.bridges, rest.inside) == (ENTERS, {C1}, True)
    assert (rest.end(), rest.end()) == (True, False)


async def test_a_wait_that_is_over_sooner_takes_nobody_anywhere(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    rest.begin()
    assert not rest.end()
    await call.done()
    assert (call.sent, rest.inside) == ([], False)


async def test_a_bridge_in_which_somebody_was_is_left_alone(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call, call)
    call.bridges.add(C1)
    rest.begin()
    await call.done()
    call.bridges.clear()
    rest.begin()
    call.bridges.add(C1)  # in the second before it would be done
    await call.done()
    assert call.sent == []


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


async def test_without_a_connection_nobody_is_inside(at_once: None) -> None:
    call = Call(sending=AWAY)
    rest = resting.Rest(call, call)
    rest.begin()
    await call.done()
    assert (call.bridges, rest.inside) == (set(), False)


@pytest.mark.parametrize("answer", [AWAY, REFUSED])
async def test_where_nobody_knows_whether_the_customer_is_inside_both_are_brought_there_later(
    at_once: None, answer: PeerError | Reply
) -> None:
    call = Call(answer=answer)
    rest = resting.Rest(call, call)
    rest.begin()
    await call.done()
    assert (call.bridges, rest.inside) == (set(), False)
    assert call.sent == [*ENTERS, "POST bridges/c1/removeChannel"]


@pytest.mark.parametrize("answer", [AWAY, REFUSED])
async def test_who_was_connected_in_the_belief_that_the_customer_was_inside_gets_the_customer(
    at_once: None, answer: PeerError | Reply
) -> None:
    call = Call(answer=answer)
    call.answered.clear()
    rest = resting.Rest(call, call)
    rest.begin()
    await asyncio.sleep(0.01)
    assert rest.end()
    call.joined = True
    call.answered.set()
    await call.done()
    assert (call.bridges, call.sent) == ({C1}, [*ENTERS, "join c1 customer"])
