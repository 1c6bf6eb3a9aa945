"""All centres that run in this process, as channels and pages see them: `Inbox` and `Live` for every tenant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from uuid_utils import uuid7

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Decision
from otklik.contact.facts import CallsOutChanged, Configured, Fact, ShiftEnded
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, QueueId, TenantId
from otklik.contact.music import USUAL
from otklik.contact.ports import Handlers, Outside, Subscription, Voice, Watcher
from otklik.desk import view
from otklik.desk.calling import phone_book, planned_calls
from otklik.errors import AppError, PeerError
from otklik.routing import Candidate, Engine
from otklik.routing.entry import digits
from otklik.storage.engine import Database
from otklik.storage.log import Deposed, EventLog, LeaseHeld
from otklik.supervision import alerts
from otklik.supervision.figures import queue_figures
from otklik.switchboard import recovery, retelling, snapshot
from otklik.switchboard.centre import Centre
from otklik.switchboard.clock import SteadyClock
from otklik.switchboard.figures import LEASE_EPOCH
from otklik.switchboard.retelling import Step
from otklik.telephones import store as telephones
from otklik.tenancy import store as tenancy

log = structlog.get_logger()

LEASE_SECONDS = 10.0
SHIFT_CHECK_SECONDS = 60.0
ALERTS_SECONDS = 1.0
SNAPSHOT_SECONDS = 30.0


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
        outside: Outside | None = None,
        handlers: Handlers | None = None,
        elapsed: Callable[[], float] | None = None,
        open_log: Callable[[str, TenantId], EventLog] = EventLog,
        pages_elsewhere: bool = False,
    ) -> None:
        """`clock` is the wall's; `elapsed` counts seconds and cannot be set, by default the event loop's.
        `pages_elsewhere`: other processes serve pages of these centres."""
        self._database = database
        self._url = database_url
        self._voice = voice
        self._outside = outside
        self._handlers = handlers
        self._clock = clock
        self._holder = holder
        self._elapsed = elapsed
        self._open_log = open_log
        self._pages_elsewhere = pages_elsewhere
        self._telephony: Callable[[], dict[str, object]] = lambda: {"up": True, "advice": None}
        self._demo: Callable[[], dict[str, object] | None] = lambda: None
        self._centres: dict[TenantId, Centre] = {}
        self._numbers: dict[str, tuple[TenantId, EntryPointId]] = {}
        self._refreshes: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self._leading: dict[TenantId, asyncio.Task[None]] = {}
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

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        centre = self._centres.get(tenant)
        return centre.recordings.tune(centre.engine.contact(contact)) if centre is not None else USUAL

    def _learn(self, tenant: TenantId, fact: Fact) -> None:
        """Numbers lead to the entry points of the set-up that is in force."""
        if isinstance(fact, Configured):
            others = {number: found for number, found in self._numbers.items() if found[0] != tenant}
            entries = fact.configuration.entry_points
            self._numbers = others | {digits(each.number): (tenant, each.id) for each in entries}

    # Live

    def subscribe(self, tenant: TenantId, watcher: Watcher) -> Subscription:
        return self._centre(tenant).feed.subscribe(watcher)

    def own_state(self, tenant: TenantId, agent: AgentId) -> dict[str, Any]:
        return self._centre(tenant).feed.own_state(agent)

    def refresh(self, tenant: TenantId, agent: AgentId) -> None:
        self._in_background(self._centre(tenant).feed.refresh(agent), f"refresh {agent}")

    def customer_changed(self, tenant: TenantId, customer: CustomerId) -> None:
        if centre := self._centres.get(tenant):
            self._in_background(centre.feed.customer_changed(customer), f"customer {customer}")

    def _in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._refreshes.add(task)
        task.add_done_callback(self._refreshes.discard)

    def phone_book(self, tenant: TenantId, agent: AgentId) -> list[dict[str, Any]]:
        return phone_book(self._centre(tenant).engine, agent)

    def colleagues(self, tenant: TenantId, agent: AgentId) -> list[dict[str, object]]:
        return view.colleagues(self._centre(tenant).engine, agent)

    def queue_figures(self, tenant: TenantId) -> dict[str, object]:
        return queue_figures(self._centre(tenant).engine)

    def beside(self, tenant: TenantId, contact: ContactId) -> list[Candidate]:
        return self._centre(tenant).engine.explain(contact, self._centre(tenant).clock())

    def before(self, tenant: TenantId, agent: AgentId) -> list[Candidate]:
        return self._centre(tenant).engine.explain_agent(agent, self._centre(tenant).clock())

    def planned_calls(self, tenant: TenantId) -> list[dict[str, object]]:
        return planned_calls(self._centre(tenant).engine)

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
        centre = self._centre(tenant)
        return centre.engine.callback_times(queue, entry_point, since, limit, alone=alone, now=centre.clock())

    async def written(self, tenant: TenantId) -> None:
        if centre := self._centres.get(tenant):
            await centre.projector.flush()

    def refresh_all(self) -> None:
        for centre in list(self._centres.values()):
            centre.feed.refresh_all()

    async def why(self, tenant: TenantId, contact: ContactId, until: int | None = None) -> list[Step]:
        """See `retelling.why`. One question at a time: calls go first."""
        async with self._asking:
            log_of = EventLog(self._url, tenant)
            return await retelling.why(log_of, contact, until=until, farthest=retelling.FARTHEST)

    # for those that share the tenants, and for pages in another process

    def leads(self, tenant: TenantId) -> bool:
        return tenant in self._centres

    def engines(self) -> dict[TenantId, Engine]:
        """Of the centres that are led here, to be looked at."""
        return {tenant: centre.engine for tenant, centre in self._centres.items()}

    def last_seq(self, tenant: TenantId) -> int:
        return self._centre(tenant).last_seq

    def led(self) -> dict[TenantId, tuple[int, int]]:
        """The epoch of each lease, and how far the log goes."""
        return {tenant: (centre.event_log.epoch, centre.last_seq) for tenant, centre in self._centres.items()}

    def quiet(self) -> list[TenantId]:
        """The tenants with nobody on the line and nobody at work."""
        return [
            tenant
            for tenant, centre in self._centres.items()
            if not any(True for _ in centre.engine.contacts())
            and all(agent.state == "offline" for agent in centre.engine.agents())
        ]

    # life

    def show(self, telephony: Callable[[], dict[str, object]], demo: Callable[[], dict[str, object] | None]) -> None:
        """What pages tell of the switch and of simulated customers, in centres that are opened from now on."""
        self._telephony, self._demo = telephony, demo

    async def open(
        self, telephony: Callable[[], dict[str, object]], demo: Callable[[], dict[str, object] | None]
    ) -> None:
        """Take every tenant's lease, recover it from its log, tell it its present set-up. One whose log cannot be told stands
        still and its numbers lead nowhere; that is raised where none is left to be served."""
        self.show(telephony, demo)
        async with self._database.lookup() as connection:
            tenants = await tenancy.tenants(connection)
            numbers = await tenancy.entry_points(connection)
        refused: list[AppError] = []
        for tenant in tenants:
            try:
                self._centres[tenant] = await self._open(tenant)
            except AppError as refusal:
                log.error("tenant_not_taken", tenant=tenant, reason=str(refusal))
                refused.append(refusal)
        if refused and not self._centres:
            raise refused[0]
        self._numbers = {number: found for number, found in numbers.items() if found[0] in self._centres}

    async def _open(self, tenant: TenantId) -> Centre:
        event_log = self._open_log(self._url, tenant)
        try:
            epoch = await event_log.take(self._holder, LEASE_SECONDS)
        except LeaseHeld:
            await event_log.close()
            raise
        LEASE_EPOCH.labels(tenant).set(epoch)
        clock = SteadyClock(self._clock, self._elapsed or asyncio.get_running_loop().time)
        centre = Centre(
            tenant,
            database=self._database,
            event_log=event_log,
            voice=self._voice,
            outside=self._outside,
            handlers=self._handlers,
            clock=clock,
        )
        centre.feed.telephony, centre.feed.demo = self._telephony, self._demo
        centre.feed.elsewhere = self._pages_elsewhere
        try:
            clock.go_on_from(await recovery.recover(centre))
            if centre.engine.calls_out != self._voice.calls_out():
                centre.post(CallsOutChanged(possible=self._voice.calls_out()))
            centre.post(Configured(configuration=await self._configuration(tenant)))
        except BaseException:
            await event_log.close()
            raise
        return centre

    async def _configuration(self, tenant: TenantId) -> Configuration:
        async with self._database.transaction(tenant) as connection:
            return await tenancy.configuration(connection)

    async def take_over(self, tenant: TenantId) -> None:
        """While `run` runs: lead one tenant more. Raises `LeaseHeld`."""
        assert self._group is not None, "run first"
        async with self._database.lookup() as connection:
            self._numbers = await tenancy.entry_points(connection)
        centre = self._centres[tenant] = await self._open(tenant)
        self._leading[tenant] = self._group.create_task(self._lead_until_deposed(centre), name=f"leads {tenant}")
        try:
            await self._reconcile(centre)
        except PeerError as error:  # the switch does it by itself when it is back
            log.error("not_reconciled", tenant=tenant, reason=str(error))

    async def give_up(self, tenant: TenantId) -> None:
        """Lead this tenant no longer; somebody else may, at once."""
        centre = self._centres[tenant]
        await centre.drain()
        del self._centres[tenant]
        centre.feed.close()
        leading = self._leading.pop(tenant)
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)
        await _close(centre)

    async def reconcile(self) -> None:
        """Ask the telephone switch which of the contacts that were open are still there."""
        for centre in list(self._centres.values()):
            await self._reconcile(centre)

    async def _reconcile(self, centre: Centre) -> None:
        open_contacts, over = centre.lines()
        try:
            await self._voice.reconcile(centre.tenant, open_contacts, over)
        finally:
            centre.resume()
            await self._tell_telephones(centre)

    async def _tell_telephones(self, centre: Centre) -> None:
        """After the calls: a telephone that is refused costs nobody else anything. An account that is kept no longer goes."""
        async with self._database.transaction(centre.tenant) as connection:
            kept = await telephones.telephones(connection)
        told = dict.fromkeys(agent.id for agent in centre.engine.agents()) | {
            agent: each.telephone for agent, each in kept.items()
        }
        for agent, telephone in told.items():
            try:
                await self._voice.set_telephone(centre.tenant, agent, telephone)
            except PeerError as error:  # the switch has it in mind, and makes it when it connects anew
                log.error("telephone_not_told", tenant=centre.tenant, agent=agent, reason=str(error))

    async def run(self) -> None:
        """Until cancelled; ends with an exception if a centre cannot go on."""
        try:
            await self._run()
        finally:
            for centre in list(self._centres.values()):
                await centre.outboxes.close()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            for centre in list(self._centres.values()):
                group.create_task(_lead(centre), name=f"leads {centre.tenant}")
            group.create_task(self._keep_shifts(), name="shifts")

    async def _lead_until_deposed(self, centre: Centre) -> None:
        """Who shares the tenants goes on with the others."""
        try:
            await _lead(centre)
        except* Deposed:
            self._centres.pop(centre.tenant, None)
            self._leading.pop(centre.tenant, None)
            centre.feed.close()
            await centre.outboxes.close()
            await centre.cards.close()
            await centre.letters.close()
            await centre.asking.close()
            await centre.handling.close()
            await centre.event_log.close()

    async def _keep_shifts(self) -> None:
        while True:
            await asyncio.sleep(SHIFT_CHECK_SECONDS)
            try:
                await self.end_abandoned_shifts()
            except PeerError as error:
                log.error("shifts_not_checked", reason=str(error))

    async def end_abandoned_shifts(self) -> None:
        """Whose session has run out without a word is no longer at work, and the telephone line goes with it."""
        for tenant, centre in list(self._centres.items()):
            in_shift = [
                agent.id
                for agent in centre.engine.agents()
                if agent.state != "offline" and not (agent.reachable and agent.phone == "page")
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
        for centre in list(self._centres.values()):
            await centre.drain()

    def close_feeds(self) -> None:
        for centre in list(self._centres.values()):
            centre.feed.close()

    async def close(self) -> None:
        """After `run` was cancelled: write what is left and give the leases back."""
        for centre in list(self._centres.values()):
            await _close(centre)

    def _centre(self, tenant: TenantId) -> Centre:
        centre = self._centres.get(tenant)
        if centre is None:
            raise AppError("centre_stopping", 503)
        return centre


async def _lead(centre: Centre) -> None:
    """Until cancelled; ends with an exception if the centre cannot go on."""
    async with asyncio.TaskGroup() as group:
        group.create_task(centre.run(), name=f"centre {centre.tenant}")
        group.create_task(centre.timers.run(), name=f"timers {centre.tenant}")
        group.create_task(centre.projector.run(), name=f"projector {centre.tenant}")
        group.create_task(centre.faults.run(), name=f"faults {centre.tenant}")
        group.create_task(centre.decided.run(), name=f"decided {centre.tenant}")
        group.create_task(centre.feed.run(), name=f"feed {centre.tenant}")
        group.create_task(_watch(centre), name=f"alerts {centre.tenant}")
        group.create_task(_keep_lease(centre), name=f"lease {centre.tenant}")
        group.create_task(_keep_snapshots(centre), name=f"snapshots {centre.tenant}")


async def _close(centre: Centre) -> None:
    await centre.outboxes.close()
    await centre.cards.close()
    await centre.letters.close()
    await centre.asking.close()
    await centre.handling.close()
    try:
        await centre.projector.flush()
        await centre.decided.flush()
        await centre.faults.flush()
        await snapshot.save(centre)
        await centre.projector.close()
    except Exception:  # noqa: BLE001  the log is complete; the next start folds it
        log.exception("close_incomplete", tenant=centre.tenant)
    try:
        await centre.event_log.release()
    except PeerError as error:
        log.warning("lease_not_released", tenant=centre.tenant, reason=str(error))


async def _watch(centre: Centre) -> None:
    """What supervisors are to be told of becomes facts, so that it is known everywhere and after a restart."""
    while True:
        await asyncio.sleep(ALERTS_SECONDS)
        for fact in alerts.news(centre.engine, centre.clock(), lambda: str(uuid7())):
            centre.post(fact)


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
