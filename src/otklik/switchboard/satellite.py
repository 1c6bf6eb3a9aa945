"""All centres as a process sees them that leads none: shadows to look at, and the bus to ask their leaders.

Implements `Inbox`, `Live` and `Lines` for the pages. (A satellite exchange is one whose calls are switched elsewhere.)
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

import structlog

from otklik.contact.decisions import Decision
from otklik.contact.facts import Fact
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, QueueId, TenantId
from otklik.contact.music import USUAL
from otklik.contact.ports import DeskTelephone, Subscription, Watcher
from otklik.desk import view
from otklik.desk.calling import phone_book, planned_calls
from otklik.errors import AppError, PeerError
from otklik.routing import Candidate
from otklik.storage import codec
from otklik.storage.bus import Bus
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.supervision.figures import queue_figures
from otklik.switchboard import retelling
from otklik.switchboard.asking import ANSWER_SECONDS, Asking
from otklik.switchboard.clock import SteadyClock
from otklik.switchboard.figures import REQUEST_SECONDS
from otklik.switchboard.presence import Presence
from otklik.switchboard.retelling import Step
from otklik.switchboard.shadow import Shadow
from otklik.tenancy import store as tenancy

log = structlog.get_logger()

LOG_CHANNEL: Final = "otklik_log"
"""`append_facts` says tenant:number here with every batch."""
REFRESHED: Final = "otklik_refreshed"
CUSTOMER_CHANGED: Final = "otklik_customer"
TENANTS_SECONDS = 5.0
BEHIND_SECONDS = 5.0
"""A shadow that lags so long says so on its pages."""
STARTING: Final[dict[str, object]] = {
    "up": False,
    "advice": {
        "ru": "Коммутатор ещё не отвечает. Что с телефонией, будет видно, когда он заработает.",
        "en": "The switchboard does not answer yet. What is the matter with telephony is seen when it does.",
    },
}


class Satellite:
    """Give it the bus before the bus runs; then `run` it."""

    def __init__(
        self,
        database: Database,
        url: str,
        bus: Bus,
        presence: Presence,
        clock: Callable[[], float],
        elapsed: Callable[[], float],
    ) -> None:
        self._database = database
        self._url = url
        self._bus = bus
        self._presence = presence
        self._clock = clock
        self._elapsed = elapsed
        self._asking = Asking(bus, presence)
        self._shadows: dict[TenantId, Shadow] = {}
        self._shown: dict[TenantId, object] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        bus.on(LOG_CHANNEL, self._log_grew)
        bus.on(REFRESHED, self._refreshed)
        bus.on(CUSTOMER_CHANGED, self._customer_changed)
        presence.when_heard(self._look_around)

    # Inbox

    def post(self, tenant: TenantId, fact: Fact) -> None:
        """As `Inbox.post`, but lost if nobody leads the centre now."""
        self._asking.tell(tenant, "fact", codec.dump(fact), kind=codec.KINDS[type(fact)])

    async def submit(self, tenant: TenantId, fact: Fact) -> list[Decision]:
        """As `Inbox.submit`: committed, handled, and known to our own pages. What was decided is known to the leader
        alone, and nothing is returned of it."""
        shadow = self._shadow(tenant)
        try:
            with REQUEST_SECONDS.time():
                async with asyncio.timeout(ANSWER_SECONDS):
                    beside = {"ani": codec.number_in(fact), "request": codec.request_in(fact)}
                    kind = codec.KINDS[type(fact)]
                    answer = await self._asking.ask(tenant, "fact", codec.dump(fact), kind=kind, **beside)
                    await shadow.reached(answer["seq"])
        except TimeoutError as error:
            raise AppError("centre_overloaded", 503) from error
        return []

    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None:
        """No call arrives here."""
        return None

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        """Nor does one wait here."""
        return USUAL

    # Lines

    def up(self) -> bool:
        """The leader says what is the matter when it is asked."""
        return True

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        try:
            answer = await self._asking.ask(tenant, "provision", agent=agent)
        except TimeoutError as error:
            raise PeerError("telephony", "timeout", retryable=True) from error
        return answer["user"], answer["password"]

    async def deprovision(self, agent: AgentId) -> None:
        """Whoever has the line removes it; the others ignore that."""
        self._asking.tell(None, "deprovision", agent=agent)

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        """It is written down already: whoever leads later reads it."""
        told = asdict(telephone) if telephone is not None else None
        try:
            await self._asking.ask(tenant, "set_telephone", agent=agent, telephone=told)
        except TimeoutError as error:
            raise PeerError("telephony", "timeout", retryable=True) from error

    # Live

    def subscribe(self, tenant: TenantId, watcher: Watcher) -> Subscription:
        return self._shadow(tenant).feed.subscribe(watcher)

    def own_state(self, tenant: TenantId, agent: AgentId) -> dict[str, Any]:
        return self._shadow(tenant).feed.own_state(agent)

    def refresh(self, tenant: TenantId, agent: AgentId) -> None:
        """Here at once, and on the pages that other processes serve."""
        self._bus.say(REFRESHED, json.dumps({"tenant": tenant, "agent": agent, "by": self._bus.name}))
        self._refresh(tenant, agent)

    def customer_changed(self, tenant: TenantId, customer: CustomerId) -> None:
        """Here at once, on the pages that other processes serve, and at the leader, whose routing learns of it."""
        told = {"tenant": tenant, "customer": customer}
        self._bus.say(CUSTOMER_CHANGED, json.dumps(told | {"by": self._bus.name}))
        self._asking.tell(tenant, "customer_changed", customer=customer)
        self._reload_cards(tenant, customer)

    def phone_book(self, tenant: TenantId, agent: AgentId) -> list[dict[str, Any]]:
        return phone_book(self._shadow(tenant).engine(), agent)

    def colleagues(self, tenant: TenantId, agent: AgentId) -> list[dict[str, object]]:
        return view.colleagues(self._shadow(tenant).engine(), agent)

    def queue_figures(self, tenant: TenantId) -> dict[str, object]:
        return queue_figures(self._shadow(tenant).engine())

    def beside(self, tenant: TenantId, contact: ContactId) -> list[Candidate]:
        return self._shadow(tenant).engine().explain(contact, self._clock())

    def before(self, tenant: TenantId, agent: AgentId) -> list[Candidate]:
        return self._shadow(tenant).engine().explain_agent(agent, self._clock())

    def planned_calls(self, tenant: TenantId) -> list[dict[str, object]]:
        return planned_calls(self._shadow(tenant).engine())

    def callback_times(
        self,
        tenant: TenantId,
        queue: QueueId | None,
        entry_point: EntryPointId | None,
        since: float,
        limit: int,
        *,
        alone: bool = False,
    ) -> list[float]:
        engine = self._shadow(tenant).engine()
        return engine.callback_times(queue, entry_point, since, limit, alone=alone, now=self._clock())

    async def written(self, tenant: TenantId) -> None:
        """While nobody leads the centre nothing happens in it, and history is shown as it stands."""
        with suppress(AppError, TimeoutError):
            await self._asking.ask(tenant, "written")

    async def why(self, tenant: TenantId, contact: ContactId, until: int | None = None) -> list[Step]:
        """See `retelling.why`. One question at a time: pages go first."""
        async with self._one_at_a_time:
            log_of = EventLog(self._url, tenant)
            return await retelling.why(log_of, contact, until=until, farthest=retelling.FARTHEST)

    # what the leaders tell

    def telephony(self, tenant: TenantId | None = None) -> dict[str, object]:
        """Of the tenant's switch; of all: the first that is down."""
        tenants = [tenant] if tenant is not None else list(self._shadows)
        found = [beat.telephony for each in tenants if (beat := self._presence.leader(each)) and beat.telephony]
        return next((state for state in found if not state["up"]), found[0]) if found else STARTING

    def sip_upstream(self, tenant: TenantId) -> str | None:
        leader = self._presence.leader(tenant)
        return leader.sip_upstream if leader is not None else None

    def demo(self) -> dict[str, object] | None:
        return next((beat.demo for beat in self._presence.present("switchboard") if beat.demo is not None), None)

    def set_demo_rate(self, calls_per_minute: float) -> None:
        self._asking.tell(None, "demo_rate", rate=calls_per_minute)

    def knows(self, tenant: TenantId) -> bool:
        """Has the tenant's shadow been level with the log?"""
        return tenant in self._shadows and self._shadows[tenant].ready

    def led(self) -> bool:
        """Does somebody lead every centre?"""
        return bool(self._shadows) and all(self._presence.leader(tenant) is not None for tenant in self._shadows)

    def switchboard(self, tenant: TenantId) -> dict[str, object]:
        """For the pages: does somebody lead the centre, and are we level with it?"""
        if self._presence.leader(tenant) is None:
            return {"up": False, "reason": "away"}
        behind = self._shadows[tenant].behind_seconds(self._elapsed()) > BEHIND_SECONDS
        return {"up": False, "reason": "behind"} if behind else {"up": True, "reason": None}

    # life

    async def run(self) -> None:
        """Until cancelled; waits for the database if it is away."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    try:
                        for tenant in await self._new_tenants():
                            shadow = self._shadows[tenant] = self._open(tenant)
                            group.create_task(shadow.run(), name=f"shadow {tenant}")
                    except PeerError as error:
                        log.warning("tenants_unknown", reason=str(error))
                    await asyncio.sleep(TENANTS_SECONDS if self._shadows else 0.3)
        finally:
            for task in tuple(self._background):
                task.cancel()
            await asyncio.gather(*self._background, return_exceptions=True)

    def close_feeds(self) -> None:
        for shadow in self._shadows.values():
            shadow.feed.close()

    async def _new_tenants(self) -> list[TenantId]:
        async with self._database.lookup() as connection:
            return [each for each in await tenancy.tenants(connection) if each not in self._shadows]

    def _open(self, tenant: TenantId) -> Shadow:
        clock = SteadyClock(self._clock, self._elapsed)
        shadow = Shadow(tenant, self._database, EventLog(self._url, tenant), clock)
        shadow.feed.telephony = lambda: self.telephony(tenant)
        shadow.feed.switchboard = lambda: self.switchboard(tenant)
        shadow.feed.demo = self.demo
        return shadow

    def _shadow(self, tenant: TenantId) -> Shadow:
        shadow = self._shadows.get(tenant)
        if shadow is None or not shadow.ready:
            raise AppError("switchboard_away", 503)
        return shadow

    def _log_grew(self, text: str) -> None:
        tenant, _, seq = text.rpartition(":")
        if shadow := self._shadows.get(TenantId(tenant)):
            shadow.news(int(seq), self._elapsed())

    def _refreshed(self, text: str) -> None:
        told = json.loads(text)
        if told["by"] != self._bus.name:
            self._refresh(TenantId(told["tenant"]), AgentId(told["agent"]))

    def _refresh(self, tenant: TenantId, agent: AgentId) -> None:
        if shadow := self._shadows.get(tenant):
            self._in_background(shadow.refresh(agent), f"refresh {agent}")

    def _customer_changed(self, text: str) -> None:
        told = json.loads(text)
        if told["by"] != self._bus.name:
            self._reload_cards(TenantId(told["tenant"]), CustomerId(told["customer"]))

    def _reload_cards(self, tenant: TenantId, customer: CustomerId) -> None:
        if shadow := self._shadows.get(tenant):
            self._in_background(shadow.feed.customer_changed(customer), f"customer {customer}")

    def _in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _look_around(self) -> None:
        """Beats tell how far the log goes, should its own word have been missed; pages hear who came and went."""
        for tenant, shadow in self._shadows.items():
            leader = self._presence.leader(tenant)
            if leader is not None:
                shadow.news(leader.tenants[tenant].last_seq, self._elapsed())
            shown = (self.telephony(tenant), self.switchboard(tenant), self.demo())
            if shown != self._shown.get(tenant):
                self._shown[tenant] = shown
                shadow.feed.show_all()
