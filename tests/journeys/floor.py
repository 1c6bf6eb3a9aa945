"""The live floor as a supervisor's page has it: snapshot and sequenced changes, folded; for tests to wait on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.feed import FollowedPage
from tests.product import Product

State = dict[str, Any]
PATIENCE_SECONDS = 30.0
"""On a machine that has much else to do; whoever is quicker waits no longer for it."""


class Floor:
    """Keeps following through restarts of the feed. `state` is empty until the first snapshot."""

    def __init__(self, product: Product, login: str = "olga") -> None:
        self._product = product
        self._login = login
        self._changed = asyncio.Condition()
        self._page = FollowedPage()

    async def follow(self) -> None:
        """Until cancelled."""
        with self._product.signed_in(self._login) as client:
            while True:
                with contextlib.suppress(ConnectionClosed, OSError, httpx.TransportError):
                    await self._follow_one(client.cookies["otklik_session"])
                self._page.state = {}
                await asyncio.sleep(0.2)  # the server is being restarted

    async def _follow_one(self, cookie: str) -> None:
        url = self._product.url.replace("http", "ws", 1) + "/api/live"
        headers = {"Cookie": f"otklik_session={cookie}"}
        async with connect(url, origin=self._product.url, additional_headers=headers, max_size=None) as socket:  # type: ignore[arg-type]
            async for text in socket:
                self._page.take(str(text))
                async with self._changed:
                    self._changed.notify_all()

    @property
    def state(self) -> State:
        return self._page.state

    async def until(self, what: str, condition: Callable[[], bool], timeout_seconds: float = PATIENCE_SECONDS) -> None:
        """Woken by changes of the feed and twice a second."""
        deadline = time.monotonic() + timeout_seconds
        while not (self.state and condition()):
            if time.monotonic() > deadline:
                seen = json.dumps({key: self.state.get(key) for key in ("floor", "queues")}, ensure_ascii=False)
                raise AssertionError(f"not within {timeout_seconds:g} s: {what}; the floor shows {seen[:3000]}")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5), self._changed:
                    await self._changed.wait()

    # what is seen

    def contact(self, ani: str | None) -> State | None:
        """The open contact from this number; one on the line rather than one that is to be called later."""
        open_ones = [one for one in self.state.get("floor", {}).get("contacts", []) if one["ani"] == ani]
        return min(open_ones, key=lambda one: one["state"] == "postponed", default=None)

    def contacts(self) -> list[State]:
        return list(self.state["floor"]["contacts"])

    def agent(self, name: str) -> State:
        return next(one for one in self.state["floor"]["agents"] if one["name"] == name)

    def waiting(self, queue: str) -> int:
        """How many wait in the queue with this id."""
        return next(int(one["waiting"]) for one in self.state["queues"] if one["id"] == queue)

    async def until_contact(self, ani: str | None, *states: str, timeout_seconds: float = PATIENCE_SECONDS) -> State:
        """The open contact from this number, once it is in one of the states."""

        def there() -> bool:
            contact = self.contact(ani)
            return contact is not None and contact["state"] in states

        await self.until(f"contact of {ani} is {' or '.join(states)}", there, timeout_seconds)
        contact = self.contact(ani)
        assert contact is not None
        return contact

    async def until_gone(self, ani: str | None, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        await self.until(f"no open contact of {ani}", lambda: self.contact(ani) is None, timeout_seconds)
