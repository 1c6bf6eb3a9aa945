"""The supervisor's floor: an agent's change, from the moment it is told until it is painted, in one real Chromium.

1,000 agents who change 300 times a second between them, 200 floors open; beside it, in the same run, the feed without rows: the
whole floor composed and encoded for every page, as often as it was before.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench._figures import load, percentile, report
from bench._hall import RunningHall
from bench._pages import chromium
from bench._painted import Painted, open_floor
from bench._sockets import sockets

AGENTS, FLOORS, CHANGES = 1_000, 200, 300.0
NAIVE_FLOORS = 10
"""More of them and nothing is left to measure."""
MARK_SECONDS = 0.4
SECONDS = 30.0
LIMIT_MS = 200.0


async def _work(hall: RunningHall, seconds: float, mark_seconds: float) -> float:
    """CPU of the server while its agents work, seconds a second."""
    began = await hall.ask("work", per_second=CHANGES, mark_seconds=mark_seconds)
    await asyncio.sleep(seconds)
    ended = await hall.ask("rest")
    return float((ended["cpu"] - began["cpu"]) / (ended["at"] - began["at"]))


async def _floors(hall: RunningHall, floors: int, folder: Path, alone: float) -> tuple[list[float], float]:
    """Milliseconds from each change to its paint; microseconds of CPU that one socket costs a second."""
    async with chromium(folder) as browser, sockets(hall.address, hall.supervisors[1:floors]):
        page = await open_floor(browser, hall)
        await hall.ask("marks")
        busy = await _work(hall, SECONDS, MARK_SECONDS)
        await asyncio.sleep(1.0)
        delays = (await Painted.of(page)).after((await hall.ask("marks"))["marks"])
    return delays, (busy - alone) / floors * 1e6


async def _measure() -> dict[str, float]:
    hall = await RunningHall.start(AGENTS, FLOORS)
    try:
        with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
            alone = await _work(hall, SECONDS / 3, 0.0)
            delays, cost = await _floors(hall, FLOORS, Path(folder), alone)
            await hall.ask("naive")
            naive, naive_cost = await _floors(hall, NAIVE_FLOORS, Path(folder), alone)
    finally:
        await hall.stop()
    return {
        "painted_p50_ms": percentile(delays, 0.5),
        "painted_p99_ms": percentile(delays, 0.99),
        "painted": len(delays),
        "cpu_us_per_socket_second": cost,
        "whole_painted_p99_ms": percentile(naive, 0.99),
        "whole_cpu_us_per_socket_second": naive_cost,
    }


def main() -> int:
    before = load()
    figures = asyncio.run(_measure())
    peer = {name.removeprefix("whole_"): figures.pop(name) for name in list(figures) if name.startswith("whole_")}
    return report(
        "floor",
        figures | {"load_before": before},
        peer=peer,
        ratio=figures["cpu_us_per_socket_second"] / peer["cpu_us_per_socket_second"],
        goal=f"a change is painted within {LIMIT_MS:g} ms (p99), and a socket costs a tenth of one without rows at most",
        holds=figures["painted_p99_ms"] <= LIMIT_MS
        and figures["cpu_us_per_socket_second"] <= peer["cpu_us_per_socket_second"] / 10,
    )


if __name__ == "__main__":
    raise SystemExit(main())
