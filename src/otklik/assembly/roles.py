"""`otklik run --role`: one process of several that share the work over one database. docs/adr/0016 says why so.

`switchboard` leads centres and has the telephones, `web` serves pages, `jobs` does what runs on a schedule, `peers` keeps
PostgreSQL and Asterisk running for the others where the installation has none of its own. None needs another to start:
each waits, says so, and goes on by itself.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal, get_args

import structlog
from obstore.store import LocalStore, MemoryStore

from otklik.assembly import demo, report
from otklik.assembly.folder import Premises, running_asterisk, running_database, running_pids
from otklik.assembly.handlers import confined_handlers, rehearsed_handlers
from otklik.assembly.logs import configure
from otklik.assembly.memory import settle_memory
from otklik.assembly.outer import closed_with, mail_servers, outer_systems, push_services
from otklik.assembly.program import RunOptions, embedded_or_own, findings, ice_servers
from otklik.assembly.recognisers import lacks
from otklik.assembly.server import Parts, Server, elapsed, listen, stop_on_signals, until
from otklik.assembly.telephony import Joining, Telephony, refuse_taken_sip_port
from otklik.contact.ids import TenantId
from otklik.embedded import priority
from otklik.embedded.findings import Finding
from otklik.errors import AppError
from otklik.settings import Settings
from otklik.storage.bus import Bus
from otklik.storage.claim import Claim
from otklik.storage.engine import Database
from otklik.storage.engine import migrate as migrate_database
from otklik.storage.fitness import check as check_database
from otklik.switchboard.exchange import Exchange
from otklik.switchboard.jobs import clear_sounds, keep_log
from otklik.switchboard.presence import Beat, Led, Presence
from otklik.switchboard.presence import Role as BusRole
from otklik.switchboard.pushing import Pushes
from otklik.switchboard.requests import Requests
from otklik.switchboard.satellite import Satellite
from otklik.switchboard.sharing import Sharing
from otklik.web import app as web
from otklik.web.waiting import Front

log = structlog.get_logger()

Role = Literal["switchboard", "web", "jobs", "peers"]
ROLES = get_args(Role)
WAIT_SECONDS = 0.5
LOOK_SECONDS = 0.05
_NO_DATABASE = (
    "Жду базу данных: запустите `otklik run --role peers` с той же папкой данных или укажите свою в OTKLIK_DATABASE_URL.\n"
    "Waiting for the database: start `otklik run --role peers` on the same data folder, or name your own in"
    " OTKLIK_DATABASE_URL."
)


async def run(settings: Settings, role: Role, options: RunOptions) -> int:
    """Serve until SIGINT or SIGTERM. The exit status: 1 if a part could not go on, and a fresh start may help."""
    async with AsyncExitStack() as stack:
        place = Place.open(settings, role, stack)
        if role in ("switchboard", "peers"):  # whose children, the switch and the database, go before other work
            priority.raise_own()
        stop, started = stop_on_signals()
        place.parts.begin("web", place.server.serve(sockets=[place.listener]))
        stack.push_async_callback(place.parts.stop, place.server)
        work = {"switchboard": _switchboard, "web": _web, "jobs": _jobs, "peers": _peers}[role]
        async with work(place, options) as describe:
            started()
            settle_memory()
            run_file = place.folder.write_run(describe())
            place.show.line(f"Отклик: {role} готов / is ready. {place.url}, {run_file}")
            await until(stop, place.parts.failed, meanwhile=lambda: place.folder.write_run(describe()))
            place.show.line("Останавливаюсь… / Stopping…")
    return 1 if place.parts.failed.is_set() else 0


Describe = Callable[[], dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a process of one role works, from its first moment on."""

    settings: Settings
    role: Role
    name: str
    folder: Premises
    show: report.Progress
    listener: socket.socket
    front: Front
    server: Server
    parts: Parts

    @classmethod
    def open(cls, settings: Settings, role: Role, stack: AsyncExitStack) -> Place:
        port, setting = _port(settings, role)
        part = f"{role}-{port}"
        folder = Premises.open(settings.data_dir, part)
        stack.callback(folder.close)
        configure(folder.path, form=settings.log_format, level=settings.log_level, name=part)
        listener = stack.enter_context(listen(settings.http_host, port, setting))
        if role == "peers":
            refuse_taken_sip_port(settings)
        front = Front(role)
        return cls(
            settings=settings,
            role=role,
            name=secrets.token_hex(8),
            folder=folder,
            show=report.Progress(sys.stdout),
            listener=listener,
            front=front,
            server=Server(front),
            parts=Parts(),
        )

    @property
    def url(self) -> str:
        return report.url(self.settings) if self.role == "web" else f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    async def database(self, stack: AsyncExitStack) -> Database:
        """The database, as soon as it is there, with this version's schema."""
        url = await self._reachable()
        await asyncio.to_thread(migrate_database, url)
        database = await Database.open(url)
        stack.push_async_callback(database.close)
        return database

    async def _reachable(self) -> str:
        """Waits for a database that does not answer; raises `AppError` for one that will not do."""
        told = ""
        while True:
            url = self.settings.database_url or running_database(self.folder.path)
            faults = await check_database(url) if url else []
            if url and not faults:
                self.folder.keep_database(url)
                return url
            text = _NO_DATABASE
            for fault in faults:
                if fault.code != "database_unreachable":
                    raise AppError(fault.code, 503, field=None, **fault.data)
                text = f"{fault.message('ru')}\n{fault.message('en')}"
            if text != told:
                self.show.line(text)
                told = text
            await asyncio.sleep(WAIT_SECONDS)

    def beat(self, role: BusRole) -> Beat:
        return Beat(process=self.name, role=role, host=socket.gethostname(), pid=os.getpid())

    def description(self, processes: dict[str, int | None] | None = None, made: demo.Demo | None = None) -> Describe:
        def describe() -> dict[str, object]:
            about = report.description(self.settings, {"otklik": os.getpid(), **(processes or {})}, made)
            return about | {"role": self.role, "url": self.url, "http_port": self.listener.getsockname()[1]}

        return describe


def _port(settings: Settings, role: Role) -> tuple[int, str]:
    if role == "web":
        return settings.http_port, "OTKLIK_HTTP_PORT"
    return settings.health_port + ("switchboard", "jobs", "peers").index(role), "OTKLIK_HEALTH_PORT"


@asynccontextmanager
async def _peers(place: Place, options: RunOptions) -> AsyncIterator[Describe]:
    """PostgreSQL and Asterisk, each unless the installation has its own. Nothing of ours runs here, so that this
    process is never the one to be restarted."""
    settings, folder = place.settings, place.folder
    async with AsyncExitStack() as stack:
        url, postgres = await embedded_or_own(settings, folder, place.show, stack)
        folder.keep_database(url)
        await asyncio.to_thread(migrate_database, url)
        database = await Database.open(url, pool_size=1)
        stack.push_async_callback(database.close)
        made = await demo.prepare(database, folder)
        before = running_asterisk(folder.path)
        telephony = Telephony(settings, folder.path, MemoryStore(), made, place.show, before=before)
        stack.push_async_callback(telephony.stop)

        def state() -> dict[str, object]:
            return {"up": "asterisk" in telephony.processes() if settings.asterisk_ari_url is None else None}

        place.front.app = web.create_monitor(
            role="peers", database=database, telephony=state, metrics_public=settings.metrics_public
        )
        if settings.asterisk_ari_url is None:
            await telephony.prepare()
            folder.keep_asterisk(telephony.address())
            place.parts.begin("telephony", telephony.run())

        def describe() -> dict[str, object]:
            if settings.asterisk_ari_url is None and running_asterisk(folder.path) != telephony.address():
                folder.keep_asterisk(telephony.address())
            return place.description({"postgres": postgres(), **telephony.processes()}, made)()

        yield describe


@asynccontextmanager
async def _switchboard(place: Place, options: RunOptions) -> AsyncIterator[Describe]:
    async with AsyncExitStack() as stack:
        database = await place.database(stack)
        made = await demo.prepare(database, place.folder)
        switchboard = Switchboard(place, database, made, options)
        place.front.app = web.create_monitor(
            role="switchboard",
            database=database,
            telephony=lambda: switchboard.telephony.voice.state() if switchboard.ready() else {"up": None},
            switchboard=lambda: bool(switchboard.exchange.led()) or not switchboard.ready(),
            metrics_public=place.settings.metrics_public,
        )
        async with switchboard.running():
            yield place.description(made=made)


class Switchboard:
    """The parts of a process that leads centres."""

    def __init__(self, place: Place, database: Database, made: demo.Demo | None, options: RunOptions) -> None:
        self._place = place
        settings, folder, url = place.settings, place.folder, database.url
        objects = LocalStore(settings.objects_dir or folder.path / "objects", mkdir=True)
        self._claim: Claim | None = None
        self._url = url
        joining = Joining(find=lambda: running_asterisk(folder.path), claim=self._take_switch, hold=self._hold_switch)
        self.telephony = Telephony(settings, folder.path, objects, made, place.show, joining=joining)
        part = f"{place.role}-{place.listener.getsockname()[1]}"
        holder = f"{socket.gethostname()}:{folder.path}:{folder.secret('installation', 6)}:{part}"
        self._bus = Bus(url, place.name)
        self._outside = outer_systems(settings)
        self._handlers = confined_handlers()
        self.exchange = Exchange(
            database,
            url,
            self.telephony.voice,
            time.time,
            holder,
            outside=self._outside,
            handlers=self._handlers,
            elapsed=elapsed,
            pages_elsewhere=True,
        )
        self._services = push_services(settings, folder)
        self._pushes = Pushes(self.exchange.engines, database, self._services, time.time)
        self._presence = Presence(self._bus, self._beat, elapsed)
        self._simulation = demo.Simulation(options.demo_rate, self._presence.beat)
        self._requests = Requests(self._bus, self.exchange, self.telephony.voice, self._simulation.set_rate)
        self._sharing = Sharing(self.exchange, database, self._presence, place.name, self.ready)
        self.exchange.show(self.telephony.voice.state, self._simulation.state)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        parts = self._place.parts
        await self.telephony.prepare()
        parts.begin("switchboard", self.exchange.run())
        await self.telephony.start(self.exchange)
        try:
            parts.begin("bus", self._bus.run())
            parts.begin("presence", self._presence.run())
            parts.begin("telephony", self.telephony.run())
            parts.begin("simulation", self._simulation.run(lambda: self.telephony.customers if self.ready() else None))
            parts.begin("sharing", self._sharing.run())
            parts.begin("pushes", self._pushes.run())
            yield
        finally:
            await self.exchange.stop_taking()
            self._presence.goodbye()
            await self._requests.close()
            await parts.stop(self._place.server)
            await self.exchange.close()
            await self._outside.close()
            await self._handlers.close()
            await self._services.close()
            await self.telephony.stop()
            if self._claim is not None:
                await self._claim.close()

    def ready(self) -> bool:
        """May we lead centres? Not while another process uses our telephone switch."""
        return not self.telephony.found or (self._claim is not None and self._claim.held)

    def _beat(self) -> Beat:
        led = {tenant: Led(epoch=epoch, last_seq=seq) for tenant, (epoch, seq) in self.exchange.led().items()}
        beat = self._place.beat("switchboard")
        return replace(
            beat,
            telephony=self.telephony.voice.state(),
            sip_upstream=self.telephony.sip_upstream(),
            demo=self._simulation.state(),
            ready=self.ready(),
            tenants=led,
        )

    async def _take_switch(self, name: str) -> None:
        self._claim = Claim(self._url, name)
        await self._claim.take()
        while not self.exchange.led():  # noqa: ASYNC110  leases of a dead process tell nobody that they have run out
            await asyncio.sleep(LOOK_SECONDS)

    async def _hold_switch(self) -> None:
        assert self._claim is not None
        await self._claim.hold()


@asynccontextmanager
async def _web(place: Place, options: RunOptions) -> AsyncIterator[Describe]:
    settings, folder = place.settings, place.folder
    async with AsyncExitStack() as stack:
        database = await place.database(stack)
        bus = Bus(database.url, place.name)
        presence = Presence(bus, lambda: place.beat("web"), elapsed)
        satellite = Satellite(database, database.url, bus, presence, time.time, elapsed)
        machine = Telephony(settings, folder.path, MemoryStore(), None, place.show, running_pids(folder.path))

        async def found(tenant: TenantId) -> list[Finding]:
            there = [beat for role in get_args(BusRole) for beat in presence.present(role)]
            parts = report.parts_finding([(beat.role, f"{beat.host}:{beat.pid}") for beat in there])
            return [parts, *await findings(settings, database.url, machine, database, tenant=tenant)]

        rehearsals = rehearsed_handlers()
        stack.push_async_callback(rehearsals.close)
        pushing = closed_with(stack, push_services(settings, folder))
        outside = closed_with(stack, outer_systems(settings))
        place.front.app = web.create_app(
            database=database,
            inbox=satellite,
            live=satellite,
            lines=satellite,
            objects=LocalStore(settings.objects_dir or folder.path / "objects", mkdir=True),
            telephony=satellite.telephony,
            findings=found,
            outside=outside,
            posting=mail_servers(settings),
            pushing=pushing,
            demo=RemoteDemo(satellite),
            inquiry=satellite.why,
            sip_upstream=satellite.sip_upstream,
            ice_servers=ice_servers(settings),
            public_url=settings.public_url,
            metrics_public=settings.metrics_public,
            sip_server=report.sip_server(settings),
            lacks=lacks(settings),
            role="web",
            switchboard=satellite.led,
            handlers=rehearsals,
        )
        place.parts.begin("bus", bus.run())
        place.parts.begin("presence", presence.run())
        place.parts.begin("pages", satellite.run())
        try:
            yield place.description()
        finally:
            presence.goodbye()
            satellite.close_feeds()
            await place.parts.stop(place.server)


@asynccontextmanager
async def _jobs(place: Place, options: RunOptions) -> AsyncIterator[Describe]:
    async with AsyncExitStack() as stack:
        database = await place.database(stack)
        bus = Bus(database.url, place.name)
        presence = Presence(bus, lambda: place.beat("jobs"), elapsed)
        place.front.app = web.create_monitor(
            role="jobs", database=database, metrics_public=place.settings.metrics_public
        )
        place.parts.begin("bus", bus.run())
        place.parts.begin("presence", presence.run())
        if place.settings.log_keep_days is not None:
            place.parts.begin("retention", keep_log(database, place.settings.log_keep_days))
        objects = LocalStore(place.settings.objects_dir or place.folder.path / "objects", mkdir=True)
        place.parts.begin("sounds", clear_sounds(database, objects, time.time))
        try:
            yield place.description()
        finally:
            presence.goodbye()
            await place.parts.stop(place.server)


class RemoteDemo:
    """Simulated customers of another process."""

    def __init__(self, satellite: Satellite) -> None:
        self._satellite = satellite
        self._asked: tuple[float, float] | None = None

    def state(self) -> dict[str, object] | None:
        """What was asked for is true before the switchboard has said so."""
        told = self._satellite.demo()
        if told is not None and self._asked is not None and elapsed() < self._asked[1]:
            return {"calls_per_minute": self._asked[0]}
        return told

    def set_rate(self, calls_per_minute: float) -> None:
        self._asked = calls_per_minute, elapsed() + 1.5
        self._satellite.set_demo_rate(calls_per_minute)
