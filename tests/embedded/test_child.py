"""How a child lives: it dies with its parent, stops when asked, is killed when it does not listen, and is kept alive."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from otklik.embedded import child
from otklik.errors import PeerError


def program(code: str, folder: Path, **changes: object) -> child.Program:
    """A child that runs this Python text."""
    fields: dict[str, object] = {
        "argv": (sys.executable, "-I", "-S", "-c", textwrap.dedent(code)),
        "env": {},
        "log": folder / "log",
        "cwd": folder,
    }
    return child.Program(**{**fields, **changes})  # type: ignore[arg-type]


SLEEP = "import time; print('ready', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


async def ready(log: Path, times: int = 1) -> None:
    async with asyncio.timeout(30):
        while not log.exists() or log.read_text().count("ready") < times:
            await asyncio.sleep(0.01)


async def test_child_stops_when_asked_and_says_how(tmp_path: Path) -> None:
    running = child.start(program(SLEEP, tmp_path))
    await ready(tmp_path / "log")
    assert running.status is None
    assert await running.stop() == -signal.SIGTERM
    assert running.status == -signal.SIGTERM
    assert await running.stop() == -signal.SIGTERM


async def test_child_that_does_not_listen_is_killed_with_its_own_children(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}]); {DEAF}"
    running = child.start(program(code, tmp_path))
    await ready(tmp_path / "log", times=2)
    grandchildren = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    assert await running.stop(timeout_seconds=0.1) == -signal.SIGKILL
    assert len(grandchildren) == 1
    async with asyncio.timeout(30):
        while alive(int(grandchildren[0])):
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    """A corpse that nobody has buried yet is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_ctrl_c_in_the_terminal_does_not_reach_children(tmp_path: Path) -> None:
    running = child.start(program(SLEEP, tmp_path))
    try:
        assert os.getsid(running.pid) == os.getpgid(running.pid) == running.pid
    finally:
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "kill"])
async def test_child_dies_with_its_parent(tmp_path: Path, number: signal.Signals) -> None:
    parent = f"""
        import asyncio, pathlib, signal, sys
        from otklik.embedded import child
        async def main():
            program = child.Program(argv=(sys.executable, "-c", {SLEEP!r}),
                log=pathlib.Path({str(tmp_path / "log")!r}), cwd=pathlib.Path("/"))
            print(child.start(program).pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(parent)], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        await ready(tmp_path / "log")
        assert alive(pid)
        running.send_signal(number)
    async with asyncio.timeout(30):
        while alive(pid):
            await asyncio.sleep(0.01)


def test_child_whose_parent_is_already_gone_never_starts(tmp_path: Path) -> None:
    """The parent may die between the fork and the leash; then the child's parent is another process."""
    order: dict[str, object] = {
        "parent": 1 if os.getpid() != 1 else 2,
        "argv": [sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"],
        "env": {},
        "cwd": "/",
        "umask": 0o077,
        "identity": None,
        "death_signal": 15,
        "open_files": None,
        "nice": 0,
    }
    done = subprocess.run([sys.executable, "-I", "-S", str(child.LEASH), json.dumps(order)], timeout=10)
    assert done.returncode == 0
    assert not (tmp_path / "ran").exists()


async def test_children_are_refused_to_other_threads(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="main thread"):
        await asyncio.to_thread(child.start, program(SLEEP, tmp_path))


async def test_a_program_that_cannot_be_started_says_why_in_its_log(tmp_path: Path) -> None:
    missing = program(SLEEP, tmp_path, argv=("/nowhere/at/all",))
    assert await child.run(missing, 10) == 126
    assert "No such file" in child.last_lines(tmp_path / "log")


async def test_a_run_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        await child.run(program(DEAF, tmp_path), 0.2)


async def test_child_sees_only_the_environment_it_was_given(tmp_path: Path) -> None:
    given = program("import os; print(sorted(os.environ.items()))", tmp_path, env={"LC_ALL": "C"})
    assert await child.run(given, 10) == 0
    assert "('LC_ALL', 'C')" in child.last_lines(tmp_path / "log")
    assert "PATH" not in child.last_lines(tmp_path / "log")


async def test_files_of_a_child_are_private_and_it_may_open_many(tmp_path: Path) -> None:
    code = "import resource; open('made', 'w'); print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    assert await child.run(program(code, tmp_path, open_files=600), 10) == 0
    assert (tmp_path / "made").stat().st_mode & 0o077 == 0
    assert child.last_lines(tmp_path / "log") == "600"


async def test_a_process_that_is_no_child_of_ours_is_gone_once_it_is_ended() -> None:
    code = "held = bytearray(200_000_000); print('ready', flush=True); input()"  # what it holds takes time to give back
    words = [sys.executable, "-I", "-S", "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as stranger:
        assert stranger.stdout is not None and stranger.stdout.readline() == b"ready\n"
        await child.end_stranger(stranger.pid, 30)
        assert stranger.poll() == -signal.SIGKILL


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * (child.LOG_LIMIT_BYTES + 1))
    with child.open_log(log) as file:
        file.write(b"new\n")
    assert log.read_text() == "new\n"
    assert (tmp_path / "log.1").stat().st_size == child.LOG_LIMIT_BYTES + 1


async def test_kept_child_is_started_again_after_growing_pauses(tmp_path: Path) -> None:
    said: list[str] = []
    starts: list[float] = []

    async def begin() -> child.Child:
        starts.append(time.monotonic())
        running = child.start(program(SLEEP, tmp_path))
        await ready(tmp_path / "log", times=len(starts))
        return running

    kept = child.Kept("sleeper", begin, said.append)
    await kept.start()
    for restarts in (1, 2):
        first = kept.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(30):
            while kept.restarts < restarts:
                await asyncio.sleep(0.01)
        assert kept.pid not in (None, first)
    await kept.stop()
    assert kept.pid is None
    assert said == ["sleeper: ended with status -9, starting it again"] * 2
    assert starts[2] - starts[1] >= 2 * child.FIRST_PAUSE_SECONDS


async def test_kept_child_is_tried_again_while_it_does_not_start(tmp_path: Path) -> None:
    said: list[str] = []
    tries = 0

    async def begin() -> child.Child:
        nonlocal tries
        tries += 1
        if tries in (2, 3):
            raise PeerError("sleeper", "not today", retryable=True)
        return child.start(program(SLEEP, tmp_path))

    kept = child.Kept("sleeper", begin, said.append)
    await kept.start()
    pid = kept.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        while kept.restarts == 0:
            await asyncio.sleep(0.01)
    await kept.stop()
    assert said[1:] == ["sleeper: not started: sleeper: not today"] * 2
    assert tries == 4
