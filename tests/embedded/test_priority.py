"""The switch, the database and the event loop go before all else, as far as this machine lets us; nothing else does."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from otklik.embedded import child, findings, priority

ALLOWED = priority.NICE if priority.may_raise() else os.getpriority(os.PRIO_PROCESS, 0)
FAMILY = """
    import json, os, subprocess, sys, threading
    from otklik.embedded import priority

    def nice(pid=0):
        return os.getpriority(os.PRIO_PROCESS, pid)

    seen = {"raised": priority.raise_own(), "loop": nice()}
    thread = threading.Thread(target=lambda: seen.update(thread=nice()))
    thread.start()
    thread.join()
    ask = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
    seen["child"] = int(subprocess.run([sys.executable, "-c", ask], capture_output=True).stdout)
    print(json.dumps(seen))
"""


def test_only_the_thread_of_the_event_loop_goes_first() -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(FAMILY)], capture_output=True, text=True, check=True)
    raised = ALLOWED == priority.NICE
    usual = 0 if raised else os.getpriority(os.PRIO_PROCESS, 0)
    assert json.loads(done.stdout) == {"raised": raised, "loop": ALLOWED, "thread": usual, "child": usual}


@pytest.mark.parametrize(("nice", "expected"), [(priority.NICE, ALLOWED), (0, os.getpriority(os.PRIO_PROCESS, 0))])
async def test_a_child_goes_first_if_it_is_told_to(tmp_path: Path, nice: int, expected: int) -> None:
    words = (sys.executable, "-I", "-S", "-c", "import time; print('ready', flush=True); time.sleep(60)")
    running = child.start(child.Program(argv=words, log=tmp_path / "log", cwd=tmp_path, nice=nice))
    try:
        async with asyncio.timeout(30):
            while "ready" not in (tmp_path / "log").read_text():
                await asyncio.sleep(0.01)
        assert os.getpriority(os.PRIO_PROCESS, running.pid) == expected
    finally:
        running.kill()


def test_doctor_says_whether_we_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "may_raise", lambda: False)
    told = findings.processors()
    assert (told.state, told.found) == ("ok", f"{os.cpu_count()}, nice 0")
    assert told.advice is not None and "LimitNICE" in told.advice["en"] + told.advice["ru"]
