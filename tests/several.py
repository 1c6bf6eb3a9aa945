"""Switchboards and pages as processes of their own have them, on one event loop: each with a bus and a pool of its own.

They know of each other only what a real process would: through PostgreSQL.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from otklik.contact.ids import TenantId
from otklik.contact.ports import Lines
from otklik.storage.bus import Bus
from otklik.storage.engine import Database
from otklik.switchboard.exchange import Exchange
from otklik.switchboard.presence import Beat, Led, Presence
from otklik.switchboard.requests import Requests
from otklik.switchboard.satellite import Satellite
from otklik.switchboard.sharing import Sharing

UP: dict[str, object] = {"up": True, "advice": None}
_numbers = itertools.count(1)


@dataclass
class Apart:
    """What both have. `die` ends it as kill -9 does: no goodbye."""

    name: str
    bus: Bus
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def die(self) -> None:
        for task in self.tasks:
            task.cancel()
        ended = await asyncio.gather(*self.tasks, return_exceptions=True)
        assert not [each for each in ended if isinstance(each, Exception)]
        self.tasks.clear()


@dataclass
class Leader(Apart):
    """Beats and requests of an exchange; with `sharing` also which tenants it leads."""

    exchange: Exchange = field(kw_only=True)
    presence: Presence = field(kw_only=True)
    requests: Requests = field(kw_only=True)
    sharing: Sharing = field(kw_only=True)

    @classmethod
    def of(
        cls, url: str, exchange: Exchange, lines: Lines, database: Database, *,
        demo: Callable[[], dict[str, object] | None] = lambda: None, set_rate: Callable[[float], None] = lambda rate: None,
        shares: bool = False,
    ) -> Leader:  # fmt: skip
        name = f"leader{next(_numbers)}"
        bus = Bus(url, name)

        def beat() -> Beat:
            led = {tenant: Led(epoch=epoch, last_seq=seq) for tenant, (epoch, seq) in exchange.led().items()}
            return Beat(process=name, role="switchboard", host="here", pid=1, telephony=UP, demo=demo(), tenants=led)

        presence = Presence(bus, beat, asyncio.get_running_loop().time)
        requests = Requests(bus, exchange, lines, set_rate)
        sharing = Sharing(exchange, database, presence, name)
        made = cls(name, bus, exchange=exchange, presence=presence, requests=requests, sharing=sharing)
        works = [bus.run(), presence.run(), *([sharing.run()] if shares else [])]
        made.tasks += [asyncio.create_task(work) for work in works]
        return made

    async def die(self) -> None:
        await super().die()
        await self.requests.close()


@dataclass
class Pages(Apart):
    """Shadows of all centres, and the way to their leaders."""

    database: Database = field(kw_only=True)
    satellite: Satellite = field(kw_only=True)

    @classmethod
    async def open(cls, url: str) -> Pages:
        name = f"pages{next(_numbers)}"
        bus, database, elapsed = Bus(url, name), await Database.open(url), asyncio.get_running_loop().time
        presence = Presence(bus, lambda: Beat(process=name, role="web", host="here", pid=2), elapsed)
        satellite = Satellite(database, url, bus, presence, time.time, elapsed)
        made = cls(name, bus, database=database, satellite=satellite)
        made.tasks += [asyncio.create_task(each.run()) for each in (bus, presence, satellite)]
        return made

    def led(self, *tenants: TenantId) -> bool:
        """Have all these a shadow, and a leader?"""
        return all(self.satellite.knows(each) and self.satellite.switchboard(each)["up"] for each in tenants)

    async def die(self) -> None:
        self.satellite.close_feeds()
        await super().die()
        await self.database.close()
