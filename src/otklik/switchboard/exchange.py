"""All centres that run in this process, as channels and pages see them: `Inbox` and `Live` for every tenant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from otklik.contact.decisions import Decision
from otklik.contact.facts import Configured, Fact, ShiftEnded
from otklik.contact.ids import AgentId, ContactId, EntryPointId, TenantId
from otklik.contact.ports import Subscription, Voice, Watcher
from otklik.desk import view
from otklik.errors import AppError, PeerError
from otklik.routing.entry import digits
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard import recovery, retelling, snapshot
from otklik.switchboard.centre import Centre
from otklik.switchboard.clock import SteadyClock
from otklik.switchboard.figures import LEASE_EPOCH
from otklik.switchboard.retelling import Step
from otklik.tenancy import store as tenancy

log = structlog.get_logger()

LEASE_SECONDS = 10.0
SHIFT_CHECK_SECONDS = 60.0
SNAPSHOT_SECONDS = 30.0
RETENTION_SECONDS = 86_400.0


class Exchange:
    """Opens a centre for each tenant and keeps it running; implements `Inbox` and `Live`."""

    def __init__(
        self,
        database: Database,
        database_url: str,
        voice: Voice,
        clock: Callable[[], float],
        holder: str,
        *,
        elapsed: Callable[[], float] | None = None,
        open_log: Callable[[str, TenantId], EventLog] = EventLog,
        log_keep_days: int | None = None,
    ) -> None:
        """`clock` is the wall's; `elapsed` counts seconds and cannot be set, by default the event loop's."""
        self._database = database
        self._url = database_url
        self._voice = voice
        self._clock = clock
        self._holder = holder
        self._elapsed = elapsed
        self._open_log = open_log
        self._log_keep_days = log_keep_days
        self._centres: dict[TenantId, Centre] = {}
        self._numbers: dict[str, tuple[TenantId, EntryPointId]] = {}
        self._refreshes: set[asyncio.Task[None]] = set()
        self._asking = asyncio.Lock()

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

    def colleagues(self, tenant: TenantId, agent: AgentId) -> list[dict[str, object]]:
        return view.colleagues(self._centre(tenant).engine, agent)

    async def written(self, tenant: TenantId) -> None:
        if centre := self._centres.get(tenant):
            await centre.projector.flush()

    def refresh_all(self) -> None:
        for centre in self._centres.values():
            centre.feed.refresh_all()

    async def why(self, tenant: TenantId, contact: ContactId, until: int | None = None) -> list[Step]:
        """See `retelling.why`. One question at a time: calls go first."""
        async with self._asking:
            log_of = EventLog(self._url, tenant)
            return await retelling.why(log_of, contact, until=until, farthest=retelling.FARTHEST)

    # life

    async def open(
        self, telephony: Callable[[], dict[str, object]], demo: Callable[[], dict[str, object] | None]
    ) -> None:
        """Take every tenant's lease, recover it from its log, tell it its present set-up."""
        async with self._database.lookup() as connection:
            tenants = await tenancy.tenants(connection)
            self._numbers = await tenancy.entry_points(connection)
        for tenant in tenants:
            event_log = self._open_log(self._url, tenant)
            epoch = await event_log.take(self._holder, LEASE_SECONDS)
            LEASE_EPOCH.labels(tenant).set(epoch)
            clock = SteadyClock(self._clock, self._elapsed or asyncio.get_running_loop().time)
            centre = Centre(tenant, database=self._database, event_log=event_log, voice=self._voice, clock=clock)
            centre.feed.telephony, centre.feed.demo = telephony, demo
            clock.go_on_from(await recovery.recover(centre))
            async with self._database.transaction(tenant) as connection:
                centre.post(Configured(configuration=await tenancy.configuration(connection)))
            self._centres[tenant] = centre

    async def reconcile(self) -> None:
        """Ask the telephone switch which of the contacts that were open are still there."""
        for tenant, centre in self._centres.items():
            open_contacts, over = centre.lines()
            await self._voice.reconcile(tenant, open_contacts, over)
            centre.resume()

    async def run(self) -> None:
        """Until cancelled; ends with an exception if a centre cannot go on."""
        try:
            await self._run()
        finally:
            for centre in self._centres.values():
                await centre.outboxes.close()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for centre in self._centres.values():
                group.create_task(centre.run(), name=f"centre {centre.tenant}")
                group.create_task(centre.timers.run(), name=f"timers {centre.tenant}")
                group.create_task(centre.projector.run(), name=f"projector {centre.tenant}")
                group.create_task(centre.decided.run(), name=f"decided {centre.tenant}")
                group.create_task(centre.feed.run(), name=f"feed {centre.tenant}")
                group.create_task(_keep_lease(centre), name=f"lease {centre.tenant}")
                group.create_task(_keep_snapshots(centre), name=f"snapshots {centre.tenant}")
            group.create_task(self._keep_shifts(), name="shifts")
            if self._log_keep_days is not None:
                group.create_task(self._keep_log(self._log_keep_days), name="retention")

    async def _keep_shifts(self) -> None:
        while True:
            await asyncio.sleep(SHIFT_CHECK_SECONDS)
            try:
                await self.end_abandoned_shifts()
            except PeerError as error:
                log.error("shifts_not_checked", reason=str(error))

    async def _keep_log(self, days: int) -> None:
        while True:
            try:
                for partition, kept in await self._database.drop_old_facts(days):
                    log.info("log_partition", partition=partition, dropped=kept is None, reason=kept)
            except PeerError as error:
                log.error("log_not_shortened", reason=str(error))
            await asyncio.sleep(RETENTION_SECONDS)

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
                await centre.decided.flush()
                await snapshot.save(centre)
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
                await snapshot.save(centre)
                saved = centre.last_seq
            except PeerError as error:
                log.error("snapshot_not_saved", tenant=centre.tenant, reason=str(error))
