"""The card on the screen: a call for one agent, from its arrival at the switchboard until the card is painted.

One real Chromium, and 999 more desks open, whose agents change 100 times a second between them. The telephone is the
simulator: what is measured is the log, the routing, the customer's card, the feed and the page. The limit is ours.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench._figures import load, percentile, report
from bench._hall import RunningHall
from bench._pages import chromium
from bench._painted import Painted, open_desk
from bench._sockets import sockets

DESKS, CHANGES = 1_000, 100.0
CALLS = 200
LIMIT_MS = 200.0


async def _measure() -> tuple[list[float], float]:
    hall = await RunningHall.start(DESKS, 0)
    try:
        with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
            async with chromium(Path(folder)) as browser, sockets(hall.address, hall.agents[1:]):
                page = await open_desk(browser, hall)
                began = await hall.ask("work", per_second=CHANGES, mark_seconds=0)
                for _ in range(CALLS):
                    await hall.ask("ring")
                    await asyncio.sleep(0.1)
                ended = await hall.ask("rest")
                delays = (await Painted.of(page)).after((await hall.ask("marks"))["marks"])
    finally:
        await hall.stop()
    return delays, (ended["cpu"] - began["cpu"]) / (ended["at"] - began["at"]) / DESKS * 1e6


def main() -> int:
    before = load()
    delays, cost = asyncio.run(_measure())
    figures = {
        "card_p50_ms": percentile(delays, 0.5),
        "card_p99_ms": percentile(delays, 0.99),
        "cards": float(len(delays)),
        "cpu_us_per_desk_second": cost,
    }
    return report(
        "screen_pop",
        figures | {"load_before": before},
        peer={"card_p99_ms": LIMIT_MS},
        ratio=figures["card_p99_ms"] / LIMIT_MS,
        goal=f"with {DESKS} desks open the card is painted {LIMIT_MS:g} ms after the call came (p99)",
        holds=figures["card_p99_ms"] <= LIMIT_MS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
