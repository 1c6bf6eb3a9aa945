"""The running program: database, switchboard, telephony, web server; started in order, stopped in the reverse one."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TextIO

import structlog
import uvicorn
from fastapi import FastAPI
from obstore.store import LocalStore, MemoryStore

from otklik.assembly import demo, report
from otklik.assembly.folder import Premises, running_database, running_pids
from otklik.assembly.late import LateVoice
from otklik.assembly.logs import configure
from otklik.assembly.memory import settle_memory
from otklik.assembly.telephony import Telephony, refuse_taken_sip_port
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
        listener = stack.enter_context(_listen(settings.http_host, settings.http_port))
        refuse_taken_sip_port(settings)
        priority.raise_own()
        stop, started = _stop_on_signals()
        url, postgres = await _database_url(settings, folder, show, stack)
        folder.keep_database(url)
        await asyncio.to_thread(migrate_database, url)
        database = await Database.open(url)
        stack.push_async_callback(database.close)
        made = await demo.prepare(database, folder)
        objects = LocalStore(folder.path / "objects", mkdir=True)
        telephony = Telephony(settings, folder.path, objects, made, show)
        holder = f"{socket.gethostname()}:{folder.path}:{folder.secret('installation', 6)}"
        exchange = Exchange(
            database, url, telephony.voice, time.time, holder, elapsed=_elapsed, log_keep_days=settings.log_keep_days
        )
        simulation = demo.Simulation(options.demo_rate, exchange.refresh_all)
        await telephony.prepare()
        stack.push_async_callback(telephony.stop)
        await _open(exchange, telephony.voice, simulation)
        program = Program(settings, database, exchange, telephony, simulation)
        async with program.running(listener) as failed:
            started()

            def describe() -> dict[str, object]:
                processes = {"otklik": os.getpid(), "postgres": postgres(), **telephony.processes()}
                return report.description(settings, processes, made)

            run_file = folder.write_run(describe())
            settle_memory()
            show.ready(settings, made, simulation.calls_per_minute, run_file, time.monotonic() - began)
            await _until(stop, failed, meanwhile=lambda: folder.write_run(describe()))
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
    ) -> None:
        self._settings = settings
        self._database = database
        self._exchange = exchange
        self._telephony = telephony
        self._simulation = simulation

    @asynccontextmanager
    async def running(self, listener: socket.socket) -> AsyncIterator[asyncio.Event]:
        """Serves inside the block; the event is set if a part ended by itself."""
        failed = asyncio.Event()
        server = _Server(_server_config(self._app()))
        parts: list[asyncio.Task[None]] = []

        def begin(name: str, work: Coroutine[object, object, None]) -> None:
            parts.append(asyncio.create_task(self._supervise(work, failed), name=name))

        begin("switchboard", self._exchange.run())
        try:
            await self._telephony.start(self._exchange)
            await self._exchange.reconcile()
            begin("telephony", self._telephony.run())
            begin("simulation", self._simulation.run(lambda: self._telephony.customers))
            begin("web", server.serve(sockets=[listener]))
            while not server.started and not failed.is_set():  # noqa: ASYNC110  uvicorn tells its start by a flag only
                await asyncio.sleep(0.01)
            yield failed
        finally:
            await self._exchange.stop_taking()
            self._exchange.close_feeds()
            server.should_exit = True
            await asyncio.wait([part for part in parts if part.get_name() == "web"] or parts[:1], timeout=5)
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            await self._exchange.close()

    async def _supervise(self, work: Coroutine[object, object, None], failed: asyncio.Event) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001  reported, then the whole program stops in order
            log.exception("part_failed")
            failed.set()

    def _app(self) -> FastAPI:
        settings = self._settings
        return web.create_app(
            database=self._database,
            inbox=self._exchange,
            live=self._exchange,
            voice=self._telephony.voice,
            objects=self._telephony.objects,
            telephony=self._telephony.voice.state,
            findings=lambda: findings(settings, self._database.url, self._telephony),
            demo=self._simulation,
            inquiry=self._exchange.why,
            sip_upstream=self._telephony.sip_upstream,
            ice_servers=_ice_servers(settings),
            public_url=settings.public_url,
            metrics_public=settings.metrics_public,
        )


class _Server(uvicorn.Server):
    """Signals are ours: the parts stop in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server_config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=128 * 1024,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


async def findings(settings: Settings, database_url: str | None, telephony: Telephony) -> list[Finding]:
    """Everything `doctor` and the System screen tell."""
    return [*await telephony.findings(), *await report.database_findings(database_url)]


async def doctor(settings: Settings) -> int:
    """Prints the findings; 1 if something is a fault. Starts nothing and changes nothing."""
    folder = settings.data_dir
    telephony = Telephony(settings, folder, MemoryStore(), None, report.Progress(sys.stdout), running_pids(folder))
    found = await findings(settings, settings.database_url, telephony)
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
        url, _ = await _database_url(settings, folder, report.Progress(out), stack)
        yield url


async def _database_url(
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


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """Bound at once, so that a taken port is told before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise AppError("port_in_use", port=port, purpose="HTTP", setting="OTKLIK_HTTP_PORT") from error
            reason = error.strerror or str(error)
            raise AppError("address_unusable", address=f"{host}:{port}", reason=reason) from error
        listener.set_inheritable(False)
        yield listener


def _stop_on_signals() -> tuple[asyncio.Event, Callable[[], None]]:
    """Set by the first signal. Until the returned function is called (all has started) that signal also cancels the
    start: whatever already runs is stopped in order."""
    stop = asyncio.Event()
    starting = asyncio.current_task()

    def signalled() -> None:
        nonlocal starting
        stop.set()
        if starting is not None:
            starting.cancel()
            starting = None

    def started() -> None:
        nonlocal starting
        starting = None

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, signalled)
    return stop, started


async def _until(*events: asyncio.Event, meanwhile: Callable[[], object]) -> None:
    """`meanwhile` is done every second: `run.json` follows children that were started again."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    while not (await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=1.0))[0]:
        meanwhile()
    for wait in waits:
        wait.cancel()


def _elapsed() -> float:
    """Seconds that nobody can set and that, where the system tells, also pass while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _ice_servers(settings: Settings) -> list[dict[str, object]]:
    servers: list[dict[str, object]] = []
    if settings.stun_urls:
        servers.append({"urls": list(settings.stun_urls)})
    if settings.turn_urls:
        secret = {"username": settings.turn_user, "credential": settings.turn_password}
        servers.append({"urls": list(settings.turn_urls), **secret})
    return servers
