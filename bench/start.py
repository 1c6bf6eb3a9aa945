"""From a fresh clone to a running centre, and the start after that: `make run`, as a newcomer types it.

Everything is made anew: environment, browser part, Asterisk, database. Caches of package tools are empty too.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
from tests.product import Running, free_port, free_rtp_ports

from bench._figures import load, report, with_children

ROOT = Path(__file__).resolve().parent.parent
GOAL_SECONDS = 6.0
FRESH_SECONDS = 170.0
SECOND_STARTS = 3
STOP_SECONDS = 20.0
BEAT_SECONDS = 0.02
MARKS = {"environment": "Environment ready", "browser_part": "PostgreSQL", "asterisk_fetched": "Asterisk 2"}
"""Step → what the program prints when it is done."""


class Centre:
    """One clone with its data and its caches, all in one folder."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "otklik"
        self.output = folder / "output.txt"
        self.run_file = folder / "data" / "run.json"
        self._family: set[Running] = set()
        self._program: subprocess.Popen[bytes] | None = None
        # As in a newcomer's shell: above all nothing that forbids Python to keep its bytecode.
        ours = ("PYTHON", "VIRTUAL_ENV", "OTKLIK_")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._environment |= {
            "OTKLIK_DATA_DIR": str(folder / "data"),
            "OTKLIK_CACHE_DIR": str(folder / "cache"),
            "OTKLIK_HTTP_PORT": str(free_port()),
            "OTKLIK_SIP_PORT": str(free_port()),
            "OTKLIK_RTP_PORTS": free_rtp_ports(),
            "XDG_CACHE_HOME": str(folder / "tools"),
            "npm_config_cache": str(folder / "tools" / "npm"),
            "PYTHONUNBUFFERED": "1",
        }
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(self.clone)], check=True)

    def start(self, seconds: float) -> tuple[float, dict[str, float]]:
        """How long it took to be ready, and when each step was seen to be done."""
        began, steps = time.monotonic(), dict[str, float]()
        self.output.unlink(missing_ok=True)
        with self.output.open("wb") as out:
            program = self._program = subprocess.Popen(
                ["make", "run"], cwd=self.clone, env=self._environment, stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        while not self.run_file.exists():
            passed = time.monotonic() - began
            said = self.output.read_text(errors="replace")
            steps |= {step: passed for step, mark in MARKS.items() if mark in said and step not in steps}
            if program.poll() is not None or passed > seconds:
                raise AssertionError(f"not ready after {passed:.0f} s:\n{said[-3000:]}")
            time.sleep(BEAT_SECONDS)
        took = time.monotonic() - began
        self._family = {one for pid in with_children([program.pid]) if (one := Running.of(pid)) is not None}
        return took, steps

    def stop(self) -> float:
        """Ctrl-C in the terminal: everybody in the foreground gets it. Nothing may be left."""
        assert self._program is not None
        began = time.monotonic()
        os.killpg(self._program.pid, signal.SIGINT)
        self._program.wait(STOP_SECONDS)
        while left := [one for one in self._family if one.lives()]:
            if time.monotonic() - began > STOP_SECONDS:
                raise AssertionError(f"still running after Ctrl-C: {left}")
            time.sleep(BEAT_SECONDS)
        self._program = None
        return time.monotonic() - began

    def kill(self) -> None:
        """Whatever is left after a failure; children of the program notice by themselves."""
        if self._program is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._program.pid, signal.SIGKILL)
            self._program.wait()

    def tenant(self) -> str:
        """Made with the database: another database has another one."""
        run = json.loads(self.run_file.read_text())
        login = run["logins"]["administrator"][0]
        words = {"login": login["login"], "password": login["password"]}
        url = f"http://127.0.0.1:{self._environment['OTKLIK_HTTP_PORT']}/api/session"
        answer = httpx.post(url, json=words, headers={"X-Otklik": "1", "Origin": run["url"]}, timeout=10)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["tenant"]["id"])


def main() -> int:
    before = load()
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-"))
    centre = Centre(folder)
    try:
        fresh, steps = centre.start(FRESH_SECONDS)
        tenant, stops, seconds, kept = centre.tenant(), [centre.stop()], list[float](), True
        for _ in range(SECOND_STARTS):
            seconds.append(centre.start(GOAL_SECONDS * 5)[0])
            kept = kept and centre.tenant() == tenant
            stops.append(centre.stop())
    finally:
        centre.kill()
        shutil.rmtree(folder, ignore_errors=True)
    figures = {"fresh_s": fresh, **{f"fresh_until_{step}_s": at for step, at in steps.items()}}
    figures |= {"second_s": sorted(seconds)[len(seconds) // 2], "second_min_s": min(seconds), "stop_s": max(stops)}
    return report(
        "start",
        figures | {"load_before": before},
        peer={"second_s": GOAL_SECONDS},
        ratio=figures["second_s"] / GOAL_SECONDS,
        goal=f"second start under {GOAL_SECONDS:g} s, the data kept, nothing left running after Ctrl-C",
        holds=kept and figures["second_s"] < GOAL_SECONDS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
