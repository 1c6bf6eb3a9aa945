"""When a customer who waits goes into the bridge, and what becomes of it if the switch does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest

from otklik.channels.voice import resting
from otklik.contact.ids import ContactId
from otklik.errors import PeerError

C1 = ContactId("c1")
AWAY = PeerError("asterisk", "not connected", retryable=True)


class Call:
    contact, channel, alive = C1, "customer", True

    def __init__(self, *, sending: PeerError | None = None, replying: PeerError | None = None) -> None:
        self.bridges = set[ContactId]()
        self.joined = list[str]()
        self.settled = asyncio.Event()
        self._sending, self._replying = sending, replying
        self._work = set[asyncio.Task[None]]()

    def join(self, bridge: ContactId, *, first: Sequence[str] = ()) -> None:
        self.bridges.add(bridge)
        if self._sending is not None:
            raise self._sending
        self.joined += first

    async def settle(self) -> None:
        self.settled.set()
        if self._replying is not None:
            raise self._replying

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._work.add(asyncio.create_task(work))

    async def done(self) -> None:
        await asyncio.gather(*self._work)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "AFTER_SECONDS", 0.0)


async def test_who_waits_goes_in_once_and_comes_out_once(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call)
    rest.begin()
    rest.begin()
    await call.settled.wait()
    rest.begin()
    await asyncio.sleep(0)
    assert (call.joined, call.bridges, rest.inside) == (["customer"], {C1}, True)
    assert (rest.end(), rest.end()) == (True, False)


async def test_a_wait_that_is_over_sooner_takes_nobody_anywhere(at_once: None) -> None:
    call = Call()
    rest = resting.Rest(call)
    rest.begin()
    assert not rest.end()
    await asyncio.sleep(0.01)
    assert (call.joined, rest.inside) == ([], False)


async def test_a_bridge_in_which_somebody_was_is_left_alone(at_once: None) -> None:
    call = Call()
    call.bridges.add(C1)
    rest = resting.Rest(call)
    rest.begin()
    await asyncio.sleep(0.01)
    assert call.joined == []


@pytest.mark.parametrize(("sending", "replying"), [(AWAY, None), (None, AWAY)])
async def test_where_nobody_knows_whether_the_customer_is_inside_both_are_brought_there_later(
    at_once: None, sending: PeerError | None, replying: PeerError | None
) -> None:
    call = Call(sending=sending, replying=replying)
    rest = resting.Rest(call)
    rest.begin()
    await asyncio.sleep(0.01)
    await call.done()
    assert (call.bridges, rest.inside) == (set(), False)
