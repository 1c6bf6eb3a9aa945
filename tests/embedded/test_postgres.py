"""The embedded PostgreSQL, for real: starts, second starts, kills, and folders in a bad state."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from otklik.embedded.faults import Unavailable
from otklik.embedded.postgres import EmbeddedPostgres, start_postgres
from otklik.embedded.postgres_home import REACHABLE_PLACE, RunAs
from otklik.errors import AppError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database folder that was used and closed; tests take copies."""

    async def make() -> Path:
        folder = tmp_path_factory.mktemp("made") / "postgres"
        server = await start_postgres(folder, lambda _: None)
        await ask(server, "CREATE TABLE kept (what text)")
        await ask(server, "INSERT INTO kept VALUES ('Ёлка')")
        await server.stop()
        return folder

    # A loop of its own: the module's other loop is busy with the tests.
    with asyncio.Runner() as runner:
        return runner.run(make())


@pytest.fixture
def folder(made: Path, short_folder: Path) -> Path:
    shutil.copytree(made, short_folder / "postgres")
    return short_folder / "postgres"


def quiet(_: str) -> None:
    pass


async def ask(server: EmbeddedPostgres, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(server.url, autocommit=True) as connection:
        cursor = await connection.execute(query.encode())
        return await cursor.fetchall() if cursor.description else []


async def test_fresh_folder_becomes_a_database_whose_owner_is_no_superuser(short_folder: Path) -> None:
    server = await start_postgres(short_folder / "postgres", quiet)
    try:
        rows = await ask(server, "SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = user")
        assert rows == [("otklik", False, False)]
        await ask(server, "CREATE EXTENSION pg_trgm")
        await ask(server, "CREATE ROLE otklik_app NOLOGIN")
        assert await ask(server, "SELECT similarity('Ива', 'ива') > 0, lower('ЁЖ'), current_setting('fsync')") == [
            (True, "ёж", "on")
        ]
    finally:
        await server.stop()


async def test_it_is_reached_by_a_private_socket_with_a_password_and_not_by_network(folder: Path) -> None:
    server = await start_postgres(folder, quiet)
    try:
        assert await ask(server, "SHOW listen_addresses") == [("",)]
        sockets = Path(unquote(server.url.partition("host=")[2]))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
        password = (folder / "password").read_text()
        with pytest.raises(psycopg.OperationalError, match="password"):
            await psycopg.AsyncConnection.connect(server.url.replace(password, "wrong"))
    finally:
        await server.stop()


async def test_second_start_makes_no_cluster_anew_and_has_kept_everything(folder: Path) -> None:
    """Making one is most of a first start."""
    made = (folder / "cluster/PG_VERSION").stat()
    server = await start_postgres(folder, quiet)
    try:
        assert await ask(server, "SELECT what FROM kept") == [("Ёлка",)]
    finally:
        await server.stop()
    found = (folder / "cluster/PG_VERSION").stat()
    assert (found.st_ino, found.st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


async def test_a_second_copy_on_the_same_folder_is_refused_by_name(folder: Path) -> None:
    server = await start_postgres(folder, quiet)
    try:
        with pytest.raises(AppError) as refused:
            await start_postgres(folder, quiet)
        assert refused.value.code == "database_folder_in_use"
        assert str(os.getpid()) in refused.value.message("ru")
        assert await ask(server, "SELECT 1") == [(1,)]
    finally:
        await server.stop()


async def test_killed_database_is_back_with_all_that_was_committed(folder: Path) -> None:
    server = await start_postgres(folder, quiet)
    try:
        first = server.pid
        assert first is not None
        await ask(server, "INSERT INTO kept SELECT 'row ' || n FROM generate_series(1, 1000) n")
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(20):
            while server.pid in (None, first) or not await answers(server):
                await asyncio.sleep(0.02)
        assert await ask(server, "SELECT count(*) FROM kept") == [(1001,)]
    finally:
        await server.stop()


async def answers(server: EmbeddedPostgres) -> bool:
    try:
        return await ask(server, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


async def test_pid_file_of_a_dead_server_whose_number_is_now_a_strangers_is_cleared(folder: Path) -> None:
    lines = [str(os.getppid()), str(folder / "cluster"), "1", "5432", str(folder / "run"), "", "", "ready"]
    (folder / "cluster/postmaster.pid").write_text("\n".join(lines) + "\n")
    server = await start_postgres(folder, quiet)
    try:
        assert await ask(server, "SELECT 1") == [(1,)]
    finally:
        await server.stop()


async def test_folder_of_another_major_version_is_refused_and_not_touched(folder: Path) -> None:
    (folder / "cluster/PG_VERSION").write_text("17\n")
    with pytest.raises(AppError) as refused:
        await start_postgres(folder, quiet)
    assert refused.value.code == "database_folder_other_major"
    assert "PostgreSQL 17" in refused.value.message("ru")
    assert "PostgreSQL 18" in refused.value.message("en")
    assert (folder / "cluster/PG_VERSION").read_text() == "17\n"


async def test_a_making_that_was_interrupted_is_begun_afresh(short_folder: Path) -> None:
    folder = short_folder / "postgres"
    half = folder / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = await start_postgres(folder, quiet)
    try:
        assert await ask(server, "SELECT 1") == [(1,)]
        assert not half.exists()
    finally:
        await server.stop()


async def test_a_server_that_does_not_start_says_why_and_leaves_the_folder_free(folder: Path) -> None:
    settings = folder / "cluster/postgresql.conf"
    whole = settings.read_text()
    settings.write_text(whole + "\nshared_buffers = nonsense\n")
    with pytest.raises(Unavailable) as refused:
        await start_postgres(folder, quiet)
    assert "shared_buffers" in refused.value.message("ru")
    settings.write_text(whole)
    server = await start_postgres(folder, quiet)
    await server.stop()


async def test_a_folder_too_deep_for_a_socket_gets_one_elsewhere(made: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 25) / "postgres"
    shutil.copytree(made, deep)
    server = await start_postgres(deep, quiet)
    try:
        assert await ask(server, "SELECT what FROM kept") == [("Ёлка",)]
        sockets = Path(unquote(server.url.partition("host=")[2]))
        assert sockets.parent == Path("/tmp")
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    finally:
        await server.stop()
    assert not sockets.exists()


# Root has two ways, an ordinary user one.
WAYS: tuple[RunAs, ...] = ("namespace", "account") if os.geteuid() == 0 else ("auto",)


@pytest.fixture
def unreachable() -> Iterator[Path]:
    """A folder that an unprivileged account cannot reach, as a home of root's."""
    folder = Path("/root" if os.geteuid() == 0 else Path.home()) / f".otklik-test-{os.getpid()}"
    folder.mkdir(mode=0o700)
    yield folder
    moved = folder / "postgres/cluster"
    if moved.is_symlink() and REACHABLE_PLACE in moved.resolve().parents:
        shutil.rmtree(moved.resolve().parent)
        with contextlib.suppress(OSError):
            REACHABLE_PLACE.rmdir()
    shutil.rmtree(folder)


@pytest.mark.parametrize("run_as", WAYS)
async def test_it_runs_for_root_as_somebody_else_and_keeps_its_data(unreachable: Path, run_as: RunAs) -> None:
    folder = unreachable / "postgres"
    server = await start_postgres(folder, quiet, run_as=run_as)
    try:
        await ask(server, "CREATE TABLE kept AS SELECT 'Ёлка' AS what")
        assert server.pid is not None
        if run_as == "account":
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    finally:
        await server.stop()
    again = await start_postgres(folder, quiet)
    try:
        assert await ask(again, "SELECT what FROM kept") == [("Ёлка",)]
    finally:
        await again.stop()
