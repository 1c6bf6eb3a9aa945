"""One tenant's centre as its pages see it, in a process that does not lead it: a snapshot and the log folded onto it.

Decides the same as the centre does, since it is the same code over the same facts, and performs nothing. It is a moment
behind; who has submitted a fact waits with `reached` until the shadow knows it.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from contextlib import suppress

import structlog

from otklik.contact.decisions import Decision, Offer, Rejoin
from otklik.contact.facts import Fact
from otklik.contact.ids import AgentId, ContactId, TenantId
from otklik.errors import PeerError
from otklik.routing.engine import Engine
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard.cards import Cards
from otklik.switchboard.clock import SteadyClock
from otklik.switchboard.deciding import Deciding
from otklik.switchboard.feed import Feed
from otklik.switchboard.figures import SHADOW_BEHIND
from otklik.switchboard.letters import Letters
from otklik.switchboard.retelling import stand_before

log = structlog.get_logger()

FACTS_AT_ONCE = 500
FACTS_BETWEEN_BREATHS = 25
"""Folded without a breath: about a millisecond, then pages are answered."""
CHECK_SECONDS = 5.0
"""The log is looked at this often even if nobody says that there is anything new."""
RETRY_SECONDS = 0.5
FAR_BEHIND = 20_000
"""Facts. Then a snapshot is looked for that knows more than the shadow does."""
NEWEST = 2**62


class Shadow:
    """`run` it. `news` tells it how far the log goes; `feed` serves its pages."""

    def __init__(self, tenant: TenantId, database: Database, event_log: EventLog, clock: SteadyClock) -> None:
        self.tenant = tenant
        self.seq = 0
        self.ready = False
        """Has been level with the log once: pages may look."""
        self._log = event_log
        self._clock = clock
        self._deciding = Deciding()
        self._cards = Cards(tenant, database, lambda fact: None, self._open, self._card_came)
        self._letters = Letters(tenant, database, lambda: self.feed.refresh_all())
        self.feed = Feed(self.engine, self._cards, clock, self._letters)
        self._known = 0
        self._behind_since: float | None = None
        self._news = asyncio.Event()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = 0
        self._pushes: set[asyncio.Task[None]] = set()

    def engine(self) -> Engine:
        return self._deciding.engine

    def behind_seconds(self, now: float) -> float:
        """How long it has not been level with what it was told of the log."""
        return now - self._behind_since if self._behind_since is not None else 0.0

    def news(self, seq: int, now: float) -> None:
        """The log goes to this number now, or further."""
        if seq <= self._known:
            return
        self._known = seq
        if self._behind_since is None and seq > self.seq:
            self._behind_since = now
        self._news.set()

    async def reached(self, seq: int) -> None:
        """Wait until fact `seq` is folded, and the pages have been told of it."""
        if self.seq >= seq:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._waiting, (seq, self._order, done))
        self._news.set()
        await done

    async def refresh(self, agent: AgentId) -> None:
        with suppress(PeerError):
            await self.feed.refresh(agent)

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.feed.run(), name=f"feed {self.tenant}")
                group.create_task(self._follow(), name=f"shadow {self.tenant}")
        finally:
            self.feed.close()
            for push in tuple(self._pushes):
                push.cancel()
            await asyncio.gather(*self._pushes, return_exceptions=True)
            await self._cards.close()
            await self._letters.close()
            await self._log.close()

    async def _follow(self) -> None:
        while True:
            try:
                if not self.ready or self._known - self.seq > FAR_BEHIND:
                    await self._stand()
                await self._catch_up()
                await self._until_news()
            except PeerError as error:
                log.warning("shadow_waits", tenant=self.tenant, reason=str(error))
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # noqa: BLE001  a log that a newer version writes must not end the pages of others
                log.exception("shadow_failed", tenant=self.tenant, seq=self.seq)
                self.ready = False
                await asyncio.sleep(RETRY_SECONDS)

    async def _until_news(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CHECK_SECONDS):
                await self._news.wait()

    async def _stand(self) -> None:
        """On the newest snapshot, if that is further than we are."""
        found = await self._log.last_snapshot()
        if self.ready and (found is None or found[0] <= self.seq):
            return
        self._deciding, self.seq = await stand_before(self._log, NEWEST)
        self._clock.go_on_from(self.engine().outline().now)

    async def _catch_up(self) -> None:
        while True:
            self._news.clear()
            facts = await self._log.following(self.seq, FACTS_AT_ONCE)
            for first in range(0, len(facts), FACTS_BETWEEN_BREATHS):
                self._fold(facts[first : first + FACTS_BETWEEN_BREATHS])
                await asyncio.sleep(0)
            if len(facts) < FACTS_AT_ONCE:
                break
        if self.seq >= self._known:
            self._behind_since = None
        SHADOW_BEHIND.labels(self.tenant).set(max(0, self._known - self.seq))
        if not self.ready:
            self.ready = True
            self._cards.load_later((contact.id, contact.ani) for contact in self.engine().contacts())
            self._letters.stand(self.engine().contacts())
            self.feed.show_all()

    def _fold(self, facts: Sequence[tuple[int, float, Fact]]) -> None:
        for seq, at, fact in facts:
            self._clock.go_on_from(at)
            decisions = self._decide(fact, at)
            self.seq = seq
            if self.ready:
                self._cards.follow(fact)
                self._letters.follow(fact)
                self._show_rings(decisions)
        touched = self.engine().take_touched()
        if self.ready:
            self.feed.touched(touched)
        while self._waiting and self._waiting[0][0] <= self.seq:
            _, _, done = heapq.heappop(self._waiting)
            if not done.done():
                done.set_result(None)

    def _decide(self, fact: Fact, at: float) -> list[Decision]:
        """What raised in the centre raises here too, and decided nothing there."""
        try:
            return self._deciding.decide(fact, at)
        except Exception:  # noqa: BLE001  the running centre went on after it, and so must its shadow
            log.exception("shadow_decide_failed", tenant=self.tenant, fact=type(fact).__name__)
            return []

    def _show_rings(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, Offer | Rejoin):
                push = asyncio.create_task(self._show_ring(decision), name=f"ring {decision.contact}")
                self._pushes.add(push)
                push.add_done_callback(self._pushes.discard)

    async def _show_ring(self, decision: Offer | Rejoin) -> None:
        await self._cards.ready(decision.contact)
        await self._letters.ready(decision.contact)
        self.feed.push(decision.agent)

    def _card_came(self, contact: ContactId) -> None:
        found = self.engine().contact(contact)
        if found is not None and found.agent is not None:
            self.feed.push(found.agent)

    def _open(self, contact: ContactId) -> bool:
        return self.engine().contact(contact) is not None
