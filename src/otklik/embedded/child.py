"""A child program that dies with us: own session (Ctrl-C reaches only us), own log file, orderly stop, restart.

The kernel ties the child to the *thread* that forked it (PR_SET_PDEATHSIG), so children are started from the main
thread only. Works in any asyncio loop: the end of a child is seen through its pidfd (Linux 5.3 and later).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Final, Literal

from otklik.errors import AppError, PeerError

LEASH: Final = Path(__file__).with_name("leash.py")
LOG_LIMIT_BYTES: Final = 8 * 1024 * 1024
FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 10.0
SETTLED_AFTER_SECONDS: Final = 60.0

Report = Callable[[str], None]
Identity = Literal["namespace"] | tuple[int, int] | None
"""Who the child is: as we are (None), nobody in a user namespace of its own, or another (uid, gid)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """How to run a tool: the words before its own arguments, and the variables it needs beside the usual ones."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to start. `argv[0]` is an absolute path; `env` is the whole environment; output goes to the end of `log`."""

    argv: tuple[str, ...]
    log: Path
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    death_signal: signal.Signals = signal.SIGTERM
    """Sent to the child by the kernel when we die."""
    stop_signal: signal.Signals = signal.SIGTERM
    identity: Identity = None
    umask: int = 0o077
    open_files: int | None = None
    """Soft limit of open files, as far as the hard limit allows; None leaves ours."""
    nice: int = 0
    """How readily it lets others go first; below 0 as far as we may. 0: as we were before we raised ourselves."""


class Child:
    """A running child. Owned by one event loop; `stop` or `kill` must be called once."""

    def __init__(self, popen: subprocess.Popen[bytes], program: Program) -> None:
        self.pid = popen.pid
        self.program = program
        self._popen = popen
        self._gone = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._pidfd = os.pidfd_open(popen.pid)
        self._loop.add_reader(self._pidfd, self._reap)

    def _reap(self) -> None:
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1
        self._popen.wait()
        self._gone.set()

    @property
    def status(self) -> int | None:
        """None while it runs; else its exit status, negative for a signal."""
        return self._popen.returncode if self._gone.is_set() else None

    async def wait(self) -> int:
        await self._gone.wait()
        return int(self._popen.returncode)

    def send(self, number: signal.Signals) -> None:
        if not self._gone.is_set():
            self._popen.send_signal(number)

    async def stop(self, timeout_seconds: float = 5.0) -> int:
        """Ask it to stop, wait, then kill it with everything in its session. Twice is allowed."""
        self.send(self.program.stop_signal)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self.wait()
        except TimeoutError:
            self.kill()
            return await self.wait()

    def kill(self) -> None:
        """End it now, with everything in its session, and reap it; for a start that failed half-way."""
        if not self._gone.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._reap()


def start(program: Program) -> Child:
    """Start it on the leash. Call from the main thread, inside the event loop. Raises `OSError`."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are started from the main thread: the kernel ties them to the thread that forked")
    order = {
        "parent": os.getpid(),
        "argv": program.argv,
        "env": dict(program.env),
        "cwd": str(program.cwd),
        "umask": program.umask,
        "identity": program.identity,
        "death_signal": int(program.death_signal),
        "open_files": program.open_files,
        "nice": program.nice,
    }
    with open_log(program.log) as log:
        popen = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LEASH), json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )
    return Child(popen, program)


async def run(program: Program, timeout_seconds: float) -> int:
    """Run it to its end on the leash and return its status; killed after the timeout, which raises `TimeoutError`."""
    child = start(program)
    try:
        async with asyncio.timeout(timeout_seconds):
            return await child.wait()
    finally:
        child.kill()


async def end_stranger(pid: int, timeout_seconds: float) -> None:
    """Kill a process that is not our child and wait until it is gone. Raises `OSError` if it cannot be killed;
    `TimeoutError`, which is one, if it is not gone in time."""
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    number = os.pidfd_open(pid)
    loop.add_reader(number, gone.set)
    try:
        signal.pidfd_send_signal(number, signal.SIGKILL)
        async with asyncio.timeout(timeout_seconds):
            await gone.wait()
    finally:
        loop.remove_reader(number)
        os.close(number)


def open_log(path: Path) -> FileIO:
    """The end of a log file of ours (0600); a long one is put aside first as `<name>.1`."""
    put_aside(path)
    return FileIO(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a")


def put_aside(log: Path) -> bool:
    """Rename a log that has grown long to `<name>.1`, in place of the one there; True if it was."""
    if not log.exists() or log.stat().st_size <= LOG_LIMIT_BYTES:
        return False
    log.replace(log.with_name(log.name + ".1"))
    return True


def last_lines(path: Path, since_bytes: int = 0, lines: int = 5) -> str:
    """What a child said at the end of its log, for a message to a person."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(since_bytes, file.tell() - 8192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-lines:])


class Kept:
    """A child that is started again whenever it dies, after a pause that grows from 50 ms to 10 s while it keeps
    dying within a minute. `begin` starts it and returns when it is ready to work; it cleans up after its own failure."""

    def __init__(self, name: str, begin: Callable[[], Awaitable[Child]], report: Report) -> None:
        self._name = name
        self._begin = begin
        self._report = report
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """None while it is down."""
        return self._child.pid if self._child is not None and self._child.status is None else None

    async def start(self) -> None:
        """Raises what `begin` raises; only what was once ready is kept."""
        self._child = await self._begin()
        self._watch = asyncio.get_running_loop().create_task(self._keep(self._child), name=f"keep {self._name}")

    async def stop(self, timeout_seconds: float = 5.0) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        if self._child is not None:
            await self._child.stop(timeout_seconds)
            self._child = None

    async def _keep(self, child: Child) -> None:
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE_SECONDS
        while True:
            born = clock()
            status = await child.wait()
            self._report(f"{self._name}: ended with status {status}, starting it again")
            if clock() - born > SETTLED_AFTER_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            child, pause = await self._start_again(pause)

    async def _start_again(self, pause: float) -> tuple[Child, float]:
        while True:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            try:
                self._child = await self._begin()
            except (AppError, PeerError, OSError) as err:
                self._report(f"{self._name}: not started: {err}")
            else:
                self.restarts += 1
                return self._child, pause
