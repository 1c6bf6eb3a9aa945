"""The running program: database, switchboard, telephony, web server; started in order, stopped in the reverse one."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TextIO

import structlog
from fastapi import FastAPI
from obstore.store import LocalStore, MemoryStore

from otklik.assembly import demo, report
from otklik.assembly.folder import Premises, running_database, running_parts, running_pids
from otklik.assembly.handlers import confined_handlers, handlers_finding, rehearsed_handlers
from otklik.assembly.late import LateVoice
from otklik.assembly.logs import configure
from otklik.assembly.memory import settle_memory
from otklik.assembly.outer import closed_with, mail_servers, outer_findings, outer_systems, push_services
from otklik.assembly.recognisers import lacks, recogniser_finding
from otklik.assembly.server import Parts, Server, elapsed, listen, stop_on_signals, until
from otklik.assembly.telephony import Telephony, refuse_taken_sip_port
from otklik.contact.configuration import Configuration
from otklik.contact.ids import TenantId
from otklik.contact.ports import Handlers, Outside, Pushing
from otklik.embedded import priority
from otklik.embedded.findings import Finding
from otklik.embedded.postgres import EmbeddedPostgres, start_postgres
from otklik.errors import AppError
from otklik.settings import Settings
from otklik.storage.engine import Database
from otklik.storage.engine import migrate as migrate_database
from otklik.storage.fitness import check as check_database
from otklik.storage.log import LeaseHeld
from otklik.switchboard.exchange import Exchange
from otklik.switchboard.jobs import clear_sounds, keep_log
from otklik.switchboard.pushing import Pushes
from otklik.tenancy import store as tenancy
from otklik.web import app as web

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What `otklik run` was asked beside the settings. `demo_rate`: simulated calls per minute, None without demo."""

    demo_rate: float | None = None


async def run(settings: Settings, options: RunOptions) -> int:
    """Start everything, serve until SIGINT or SIGTERM, stop everything. The exit status of the program."""
    began = time.monotonic()
    show = report.Progress(sys.stdout)
    async with AsyncExitStack() as stack:
        folder = Premises.open(settings.data_dir)
        stack.callback(folder.close)
        configure(folder.path, form=settings.log_format, level=settings.log_level)
        listener = stack.enter_context(listen(settings.http_host, settings.http_port))
        refuse_taken_sip_port(settings)
        priority.raise_own()
        stop, started = stop_on_signals()
        url, postgres = await embedded_or_own(settings, folder, show, stack)
        folder.keep_database(url)
        await asyncio.to_thread(migrate_database, url)
        database = await Database.open(url)
        stack.push_async_callback(database.close)
        made = await demo.prepare(database, folder)
        objects = LocalStore(settings.objects_dir or folder.path / "objects", mkdir=True)
        telephony = Telephony(settings, folder.path, objects, made, show)
        holder = f"{socket.gethostname()}:{folder.path}:{folder.secret('installation', 6)}"
        outside = outer_systems(settings)
        stack.push_async_callback(outside.close)
        handlers = confined_handlers()
        stack.push_async_callback(handlers.close)
        exchange = Exchange(
            database, url, telephony.voice, time.time, holder, outside=outside, handlers=handlers, elapsed=elapsed
        )
        simulation = demo.Simulation(options.demo_rate, exchange.refresh_all)
        await telephony.prepare()
        stack.push_async_callback(telephony.stop)
        await _open(exchange, telephony.voice, simulation)
        rehearsals = rehearsed_handlers()
        stack.push_async_callback(rehearsals.close)
        asked = closed_with(stack, outer_systems(settings))  # apart from calls' own: no desk keeps a scenario waiting
        pushing = closed_with(stack, push_services(settings, folder))
        program = Program(settings, database, exchange, telephony, simulation, rehearsals, asked, pushing)
        async with program.running(listener) as failed:
            started()

            def describe() -> dict[str, object]:
                processes = {"otklik": os.getpid(), "postgres": postgres(), **telephony.processes()}
                return report.description(settings, processes, made)

            run_file = folder.write_run(describe())
            settle_memory()
            show.ready(settings, made, simulation.calls_per_minute, run_file, time.monotonic() - began)
            await until(stop, failed, meanwhile=lambda: folder.write_run(describe()))
            show.line("Останавливаюсь… / Stopping…")
    return 1 if failed.is_set() else 0


class Program:
    """The parts that run together once all is prepared."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        exchange: Exchange,
        telephony: Telephony,
        simulation: demo.Simulation,
        rehearsals: Handlers,
        outside: Outside,
        pushing: Pushing,
    ) -> None:
        self._settings = settings
        self._database = database
        self._exchange = exchange
        self._telephony = telephony
        self._simulation = simulation
        self._rehearsals = rehearsals
        self._outside = outside
        self._pushing = pushing

    @asynccontextmanager
    async def running(self, listener: socket.socket) -> AsyncIterator[asyncio.Event]:
        """Serves inside the block; the event is set if a part ended by itself."""
        server = Server(self._app())
        parts = Parts()
        parts.begin("switchboard", self._exchange.run())
        if self._settings.log_keep_days is not None:
            parts.begin("retention", keep_log(self._database, self._settings.log_keep_days))
        parts.begin("sounds", clear_sounds(self._database, self._telephony.objects, time.time))
        try:
            await self._telephony.start(self._exchange)
            await self._exchange.reconcile()
            parts.begin("telephony", self._telephony.run())
            parts.begin("simulation", self._simulation.run(lambda: self._telephony.customers))
            pushes = Pushes(self._exchange.engines, self._database, self._pushing, time.time)
            parts.begin("pushes", pushes.run())
            parts.begin("web", server.serve(sockets=[listener]))
            await server.until_started(parts.failed)
            yield parts.failed
        finally:
            await self._exchange.stop_taking()
            self._exchange.close_feeds()
            await parts.stop(server)
            await self._exchange.close()

    def _app(self) -> FastAPI:
        settings = self._settings
        return web.create_app(
            database=self._database,
            inbox=self._exchange,
            live=self._exchange,
            lines=self._telephony.voice,
            objects=self._telephony.objects,
            telephony=self._telephony.voice.state,
            findings=lambda tenant: findings(
                settings, self._database.url, self._telephony, self._database, tenant=tenant
            ),
            outside=self._outside,
            posting=mail_servers(settings),
            pushing=self._pushing,
            demo=self._simulation,
            inquiry=self._exchange.why,
            sip_upstream=lambda tenant: self._telephony.sip_upstream(),
            hung_up=self._telephony.hung_up,
            ice_servers=ice_servers(settings),
            public_url=settings.public_url,
            metrics_public=settings.metrics_public,
            sip_server=report.sip_server(settings),
            lacks=lacks(settings),
            handlers=self._rehearsals,
        )


async def findings(
    settings: Settings,
    database_url: str | None,
    telephony: Telephony,
    database: Database | None,
    *,
    tenant: TenantId | None = None,
) -> list[Finding]:
    """Everything `doctor` and the System screen tell; without a `database` nothing of what tenants have set up. `tenant`: who looks
    at it, and of whose set-up alone it tells; None: whoever has the machine."""
    set_up = [] if database is None else await _configurations(database, tenant)
    found = [each for _, each in set_up]
    calls_out = report.calls_out_finding(settings.trunk_out, found)
    heard = recogniser_finding(settings, telephony.recogniser, found)
    machine, own, handlers, stored, outer = await asyncio.gather(
        telephony.findings(),
        telephony.own_findings(found),
        handlers_finding(any(each.handlers for each in found)),
        report.database_findings(database_url),
        outer_findings(settings, set_up),
    )
    return [*machine, *own, handlers, calls_out, heard, *stored, *outer]


async def _configurations(database: Database, only: TenantId | None) -> list[tuple[TenantId, Configuration]]:
    async with database.lookup() as connection:
        known = await tenancy.tenants(connection)
    found = []
    for tenant in known if only is None else [only]:
        async with database.transaction(tenant) as connection:
            found.append((tenant, await tenancy.configuration(connection)))
    return found


async def doctor(settings: Settings) -> int:
    """Prints the findings; 1 if something is a fault. Starts nothing and changes nothing."""
    folder = settings.data_dir
    telephony = Telephony(settings, folder, MemoryStore(), None, report.Progress(sys.stdout), running_pids(folder))
    async with AsyncExitStack() as stack:
        database = None
        if (url := settings.database_url or running_database(folder)) is not None and not await check_database(url):
            database = await Database.open(url)
            stack.push_async_callback(database.close)
        found = await findings(settings, settings.database_url, telephony, database)
    if parts := running_parts(folder):
        found.append(report.parts_finding(parts))
    report.print_findings(found)
    return 1 if any(finding.state == "fault" for finding in found) else 0


async def migrate(settings: Settings) -> int:
    async with opened(settings) as url:
        await asyncio.to_thread(migrate_database, url)
    print("Схема базы данных обновлена. / The database schema is up to date.")
    return 0


async def retention(settings: Settings) -> int:
    """Does now what `run` does daily; 1 if something old had to be kept."""
    days = settings.log_keep_days
    if days is None:
        print("Журнал событий хранится весь (OTKLIK_LOG_KEEP_DAYS не задан). / The whole event log is kept.")
        return 0
    async with opened(settings, beside=True) as url:
        database = await Database.open(url)
        try:
            found = await database.drop_old_facts(days)
        finally:
            await database.close()
    for partition, kept in found:
        print(f"{partition}: удалён / dropped" if kept is None else f"{partition}: оставлен / kept: {kept}")
    print(f"{len(found)} старше {days} дней / older than {days} days")
    return 1 if any(kept is not None for _, kept in found) else 0


async def set_password(settings: Settings, login: str, secret: str) -> int:
    async with opened(settings) as url:
        database = await Database.open(url)
        try:
            await tenancy.set_password(database, login, secret)
        finally:
            await database.close()
    print(f"{login}: пароль изменён, прежние сеансы закрыты. / password changed, earlier sessions are closed.")
    return 0


def openapi() -> dict[str, object]:
    return web.openapi()


@asynccontextmanager
async def opened(settings: Settings, out: TextIO = sys.stdout, *, beside: bool = False) -> AsyncIterator[str]:
    """The database for a short command, checked; `beside`: also while `run` uses the same folder. `out`: for what
    goes on."""
    async with AsyncExitStack() as stack:
        try:
            folder = Premises.open(settings.data_dir)
        except AppError as error:
            url = settings.database_url or running_database(settings.data_dir)
            if not beside or error.code != "data_folder_in_use" or url is None:
                raise
            yield url
            return
        stack.callback(folder.close)
        url, _ = await embedded_or_own(settings, folder, report.Progress(out), stack)
        yield url


async def embedded_or_own(
    settings: Settings, folder: Premises, show: report.Progress, stack: AsyncExitStack
) -> tuple[str, Callable[[], int | None]]:
    """The owner's URL, checked, and the server's process id if it is ours."""

    def pid() -> int | None:
        return server.pid if server is not None else None

    server: EmbeddedPostgres | None = None
    if settings.database_url:
        url = settings.database_url
    else:
        show.line("PostgreSQL…")
        server = await start_postgres(folder.path / "postgres", lambda text: log.info("postgres", text=text))
        stack.push_async_callback(server.stop)
        url = server.url
    for fault in await check_database(url):
        raise AppError(fault.code, 503, field=None, **fault.data)
    return url, pid


async def _open(exchange: Exchange, voice: LateVoice, simulation: demo.Simulation) -> None:
    try:
        await exchange.open(voice.state, simulation.state)
    except LeaseHeld as held:
        raise AppError("lease_held", 503, holder=held.holder, seconds=round(held.seconds) + 1) from held


def ice_servers(settings: Settings) -> list[dict[str, object]]:
    servers: list[dict[str, object]] = []
    if settings.stun_urls:
        servers.append({"urls": list(settings.stun_urls)})
    if settings.turn_urls:
        secret = {"username": settings.turn_user, "credential": settings.turn_password}
        servers.append({"urls": list(settings.turn_urls), **secret})
    return servers
