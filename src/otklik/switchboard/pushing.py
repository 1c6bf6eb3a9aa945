"""Looks every second for what people are to be told of while their page is closed, and has it sent. Whoever leads a centre does.

What stood before this process began to look was told by another one, or is no news. Nothing waits for a push service: what
cannot be sent in time is dropped, and said in the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import structlog

from otklik.contact.ids import TenantId
from otklik.contact.ports import Pushing
from otklik.errors import PeerError
from otklik.push import store
from otklik.push.limits import Rests
from otklik.push.news import LASTS_SECONDS, Kind, News, message, standing
from otklik.push.store import Kept
from otklik.routing import Engine
from otklik.storage.engine import Database

log = structlog.get_logger()

LOOK_SECONDS = 1.0
ASK_LOOKS = 5
"""The database is asked with every fifth look, or when there is news anyway."""
DUE_WITHIN_SECONDS = 600.0
"""A task that came due longer ago is no news."""
WAITING = 500
"""So many messages may wait to be sent."""
SENDERS = 8


@dataclass(slots=True)
class _Looking:
    """At one tenant."""

    began: float
    asked_at: float | None = None
    """When the database was asked last."""
    wanted: set[Kind] = field(default_factory=set)
    known: set[News] = field(default_factory=set)
    due: set[tuple[str, str]] = field(default_factory=set)
    """Tasks that have been told of, and whose they are; those of the last minutes."""


class Pushes:
    def __init__(
        self,
        engines: Callable[[], dict[TenantId, Engine]],
        database: Database,
        services: Pushing,
        clock: Callable[[], float],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._engines = engines
        self._database = database
        self._services = services
        self._clock = clock
        self._look_seconds = look_seconds
        self._looking: dict[TenantId, _Looking] = {}
        self._rests = Rests()
        self._queue: asyncio.Queue[tuple[float, TenantId, Kept, News]] = asyncio.Queue(WAITING)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(self._send())
            while True:
                await self._look()
                await asyncio.sleep(self._look_seconds)

    async def _look(self) -> None:
        engines, now = self._engines(), self._clock()
        for tenant in set(self._looking) - set(engines):
            del self._looking[tenant]
        for tenant, engine in engines.items():
            try:
                await self._look_at(tenant, engine, now)
            except PeerError as error:
                log.warning("push_not_looked_up", tenant=tenant, reason=str(error))
            except Exception:  # whatever one tenant's trouble is, the others are told
                log.exception("push_look_failed", tenant=tenant)

    async def _look_at(self, tenant: TenantId, engine: Engine, now: float) -> None:
        looking = self._looking.setdefault(tenant, _Looking(began=now))
        there = standing(engine, now, looking.wanted)
        fresh = there - looking.known if looking.asked_at is not None else set()
        looking.known = there
        if fresh or looking.asked_at is None or now - looking.asked_at >= ASK_LOOKS * self._look_seconds:
            await self._tell(tenant, engine, looking, fresh, now)

    async def _tell(self, tenant: TenantId, engine: Engine, looking: _Looking, fresh: set[News], now: float) -> None:
        async with self._database.transaction(tenant) as connection:
            wanted = await store.wanted(connection)
            gained = wanted - looking.wanted  # what stands when somebody first wants to be told of it is no news
            looking.known |= standing(engine, now, gained)
            looking.wanted, looking.asked_at = wanted, now
            since = max(looking.began, now - DUE_WITHIN_SECONDS)
            due = set(await store.due(connection, since, now)) if "task" in wanted else set()
            told, looking.due = due if "task" in gained else looking.due, due
            news = [*fresh, *(News(kind="task", to=whose, about=task) for whose, task in due - told)]
            told_to = await store.wanting(connection, news)
        for each, browser in told_to:
            if self._rests.rests(browser.address.endpoint, now):
                continue
            try:
                self._queue.put_nowait((now, tenant, browser, each))
            except asyncio.QueueFull:
                log.warning("push_dropped", tenant=tenant, kind=each.kind)

    async def _send(self) -> None:
        while True:
            seen, tenant, browser, news = await self._queue.get()
            now = self._clock()
            left = int(seen + LASTS_SECONDS.get(news.kind, 600) - now)
            if left <= 0 or self._rests.rests(browser.address.endpoint, now):
                log.info("push_dropped", tenant=tenant, kind=news.kind)
                continue
            body = msgspec.json.encode(message(news, browser.language))
            try:
                await self._services.push(browser.address, body, topic=_topic(news), lasts_seconds=left)
                self._rests.answered(browser.address.endpoint)
            except PeerError as error:
                await self._failed(tenant, browser, news, error)
            except Exception:  # one message that cannot be made ends no sender
                log.exception("push_not_sent", tenant=tenant, kind=news.kind)

    async def _failed(self, tenant: TenantId, browser: Kept, news: News, error: PeerError) -> None:
        log.info("push_failed", tenant=tenant, kind=news.kind, reason=error.reason)
        if error.reason != "gone":
            self._rests.failed(browser.address.endpoint, self._clock())
            return
        try:
            async with self._database.transaction(tenant) as connection:
                await store.remove(connection, browser.id)
        except PeerError as away:
            log.warning("push_not_forgotten", tenant=tenant, reason=str(away))


def _topic(news: News) -> str:
    """RFC 8030: up to 32 letters of base64url; what still waits at the service under the same is replaced."""
    return news.about.split(" ")[0].replace("-", "") if news.kind == "offer" else news.kind
