"""All centres that run in this process, as channels and pages see them: `Inbox` and `Live` for every tenant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from otklik.contact.decisions import Decision
from otklik.contact.facts import Configured, Fact, ShiftEnded
from otklik.contact.ids import AgentId, EntryPointId, TenantId
from otklik.contact.ports import Subscription, Voice, Watcher
from otklik.errors import AppError, PeerError
from otklik.routing.entry import digits
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard import recovery
from otklik.switchboard.centre import Centre
from otklik.switchboard.figures import LEASE_EPOCH
from otklik.tenancy import store as tenancy

log = structlog.get_logger()

LEASE_SECONDS = 10.0
SHIFT_CHECK_SECONDS = 60.0
SNAPSHOT_SECONDS = 30.0


class Exchange:
    """Opens a centre for each tenant and keeps it running; implements `Inbox` and `Live`."""

    def __init__(
        self, database: Database, database_url: str, voice: Voice, clock: Callable[[], float], holder: str
    ) -> None:
        self._database = database
        self._url = database_url
        self._voice = voice
        self._clock = clock
        self._holder = holder
        self._centres: dict[TenantId, Centre] = {}
        self._numbers: dict[str, tuple[TenantId, EntryPointId]] = {}
        self._refreshes: set[asyncio.Task[None]] = set()

    # Inbox

    def post(self, tenant: TenantId, fact: Fact) -> None:
        self._centre(tenant).post(fact)
        self._learn(tenant, fact)

    async def submit(self, tenant: TenantId, fact: Fact) -> list[Decision]:
        decisions = await self._centre(tenant).submit(fact)
        self._learn(tenant, fact)
        return decisions

    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None:
        return self._numbers.get(dnis) or self._numbers.get(dnis.removeprefix("+"))

    def _learn(self, tenant: TenantId, fact: Fact) -> None:
        """Numbers lead to the entry points of the set-up that is in force."""
        if isinstance(fact, Configured):
            others = {number: found for number, found in self._numbers.items() if found[0] != tenant}
            entries = fact.configuration.entry_points
            self._numbers = others | {digits(each.number): (tenant, each.id) for each in entries}

    # Live

    def subscribe(self, tenant: TenantId, watcher: Watcher) -> Subscription:
        return self._centre(tenant).feed.subscribe(watcher)

    def refresh(self, tenant: TenantId, agent: AgentId) -> None:
        task = asyncio.create_task(self._centre(tenant).feed.refresh(agent), name=f"refresh {agent}")
        self._refreshes.add(task)
        task.add_done_callback(self._refreshes.discard)

    def refresh_all(self) -> None:
        for centre in self._centres.values():
            centre.feed.refresh_all()

    # life

    async def open(
        self, telephony: Callable[[], dict[str, object]], demo: Callable[[], dict[str, object] | None]
    ) -> None:
        """Take every tenant's lease, recover it from its log, tell it its present set-up."""
        async with self._database.lookup() as connection:
            tenants = await tenancy.tenants(connection)
            self._numbers = await tenancy.entry_points(connection)
        for tenant in tenants:
            event_log = EventLog(self._url, tenant)
            epoch = await event_log.take(self._holder, LEASE_SECONDS)
            LEASE_EPOCH.labels(tenant).set(epoch)
            centre = Centre(tenant, database=self._database, event_log=event_log, voice=self._voice, clock=self._clock)
            centre.feed.telephony, centre.feed.demo = telephony, demo
            await recovery.recover(centre)
            async with self._database.transaction(tenant) as connection:
                centre.post(Configured(configuration=await tenancy.configuration(connection)))
            self._centres[tenant] = centre

    async def reconcile(self) -> None:
        """Ask the telephone switch which of the contacts that were open are still there."""
        for tenant, centre in self._centres.items():
            open_contacts = [(contact.id, contact.leg) for contact in centre.engine.contacts() if contact.open]
            await self._voice.reconcile(tenant, open_contacts)
            centre.resume_scenarios()

    async def run(self) -> None:
        """Until cancelled; ends with an exception if a centre cannot go on."""
        async with asyncio.TaskGroup() as group:
            for centre in self._centres.values():
                group.create_task(centre.run(), name=f"centre {centre.tenant}")
                group.create_task(centre.timers.run(), name=f"timers {centre.tenant}")
                group.create_task(centre.projector.run(), name=f"projector {centre.tenant}")
                group.create_task(centre.feed.run(), name=f"feed {centre.tenant}")
                group.create_task(_keep_lease(centre), name=f"lease {centre.tenant}")
                group.create_task(_keep_snapshots(centre), name=f"snapshots {centre.tenant}")
            group.create_task(self._keep_shifts(), name="shifts")

    async def _keep_shifts(self) -> None:
        while True:
            await asyncio.sleep(SHIFT_CHECK_SECONDS)
            try:
                await self.end_abandoned_shifts()
            except PeerError as error:
                log.error("shifts_not_checked", reason=str(error))

    async def end_abandoned_shifts(self) -> None:
        """Whose session has run out without a word is no longer at work, and the telephone line goes with it."""
        for tenant, centre in self._centres.items():
            in_shift = [
                agent.id for agent in centre.engine.agents() if agent.state != "offline" and not agent.reachable
            ]
            if not in_shift:
                continue
            async with self._database.transaction(tenant) as connection:
                signed_in = await tenancy.signed_in_people(connection)
            for agent in in_shift:
                if agent not in signed_in:
                    centre.post(ShiftEnded(agent=agent))
                    await self._voice.deprovision(agent)

    async def stop_taking(self) -> None:
        for centre in self._centres.values():
            await centre.drain()

    def close_feeds(self) -> None:
        for centre in self._centres.values():
            centre.feed.close()

    async def close(self) -> None:
        """After `run` was cancelled: write what is left and give the leases back."""
        for centre in self._centres.values():
            await centre.outboxes.close()
            await centre.cards.close()
            try:
                await centre.projector.flush()
                await recovery.save(centre)
            except Exception:  # noqa: BLE001  the log is complete; the next start folds it
                log.exception("close_incomplete", tenant=centre.tenant)
            try:
                await centre.event_log.release()
            except PeerError as error:
                log.warning("lease_not_released", tenant=centre.tenant, reason=str(error))

    def _centre(self, tenant: TenantId) -> Centre:
        centre = self._centres.get(tenant)
        if centre is None:
            raise AppError("centre_stopping", 503)
        return centre


async def _keep_lease(centre: Centre) -> None:
    while True:
        await asyncio.sleep(LEASE_SECONDS / 3)
        try:
            await centre.event_log.renew()
        except PeerError as error:
            log.error("lease_not_renewed", tenant=centre.tenant, reason=str(error))


async def _keep_snapshots(centre: Centre) -> None:
    saved = centre.last_seq
    while True:
        await asyncio.sleep(SNAPSHOT_SECONDS)
        if centre.last_seq - saved >= recovery.FACTS_BETWEEN_SNAPSHOTS:
            try:
                await recovery.save(centre)
                saved = centre.last_seq
            except PeerError as error:
                log.error("snapshot_not_saved", tenant=centre.tenant, reason=str(error))
