"""What every process of ours needs: a listening socket taken at once, a web server on it, an end in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Iterator

import structlog
import uvicorn
from starlette.types import ASGIApp

from otklik.errors import AppError

log = structlog.get_logger()


class Server(uvicorn.Server):
    """Signals are ours: the parts stop in order."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="none",
                http="httptools",
                ws="websockets-sansio",
                lifespan="off",
                ws_per_message_deflate=False,
                ws_max_size=128 * 1024,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=3,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def until_started(self, failed: asyncio.Event) -> None:
        while not self.started and not failed.is_set():  # noqa: ASYNC110  uvicorn tells its start by a flag only
            await asyncio.sleep(0.01)


class Parts:
    """What runs at the same time in a process. `failed` is set if one ended with an exception: then all stop."""

    def __init__(self) -> None:
        self.failed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, name: str, work: Coroutine[object, object, None]) -> None:
        self._tasks.append(asyncio.create_task(self._supervise(work), name=name))

    async def stop(self, server: Server) -> None:
        """The web server first, which lets its answers go out; then all others at once."""
        server.should_exit = True
        await asyncio.wait([task for task in self._tasks if task.get_name() == "web"] or self._tasks[:1], timeout=5)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _supervise(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001  reported, then the whole program stops in order
            log.exception("part_failed")
            self.failed.set()


@contextlib.contextmanager
def listen(host: str, port: int, setting: str = "OTKLIK_HTTP_PORT") -> Iterator[socket.socket]:
    """Bound at once, so that a taken port is told before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise AppError("port_in_use", port=port, purpose="HTTP", setting=setting) from error
            reason = error.strerror or str(error)
            raise AppError("address_unusable", address=f"{host}:{port}", reason=reason) from error
        listener.set_inheritable(False)
        yield listener


def stop_on_signals() -> tuple[asyncio.Event, Callable[[], None]]:
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


async def until(*events: asyncio.Event, meanwhile: Callable[[], object]) -> None:
    """`meanwhile` is done every second: `run.json` follows children that were started again."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    while not (await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=1.0))[0]:
        meanwhile()
    for wait in waits:
        wait.cancel()


def elapsed() -> float:
    """Seconds that nobody can set and that, where the system tells, also pass while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
