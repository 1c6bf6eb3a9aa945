"""One fact into the event log, committed: what every step of a call waits for before anything is decided from it.

The peer is the disk itself: an 8 kB write and fdatasync in the same folder, taken in turn with each append.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

import uvloop
from uuid_utils import uuid7

from bench._figures import load, percentile, report, spread
from otklik.contact.facts import Fact, OfferAnswered
from otklik.contact.ids import AgentId, ContactId, OfferNumber, TenantId
from otklik.embedded.postgres import start_postgres
from otklik.storage.engine import Database, migrate
from otklik.storage.log import EventLog
from otklik.tenancy import store as tenancy

GOAL_MS = 0.5
WARM_UP = 300
SINGLE = 3000
BATCH = 500
BATCHES = 40
PAGE = b"\x55" * 8192


async def measure(folder: Path) -> tuple[list[float], list[float], float]:
    """Milliseconds of each append, of each fdatasync, and facts per second in batches."""
    postgres = await start_postgres(folder / "postgres", lambda _: None)
    try:
        log = await _log(postgres.url)
        appends, syncs = await _in_turn(log, folder)
        began = time.perf_counter()
        for _ in range(BATCHES):
            await log.append([(time.time(), _fact()) for _ in range(BATCH)])
        rate = BATCH * BATCHES / (time.perf_counter() - began)
        await log.release()
    finally:
        await postgres.stop()
    return appends, syncs, rate


async def _log(url: str) -> EventLog:
    await asyncio.to_thread(migrate, url)
    database, tenant = await Database.open(url), TenantId(str(uuid7()))
    async with database.transaction(tenant) as connection:
        await tenancy.add_tenant(connection, name="bench", provider="bench", is_demo=False)
    await database.close()
    log = EventLog(url, tenant)
    await log.take("bench", 600)
    return log


async def _in_turn(log: EventLog, folder: Path) -> tuple[list[float], list[float]]:
    appends, syncs = list[float](), list[float]()
    file = os.open(folder / "peer", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.write(file, PAGE * 512)
        os.fsync(file)
        for number in range(WARM_UP + SINGLE):
            fact, began = _fact(), time.perf_counter()
            await log.append([(time.time(), fact)])
            committed = time.perf_counter()
            os.pwrite(file, PAGE, number % 512 * len(PAGE))
            os.fdatasync(file)
            appends.append((committed - began) * 1000)
            syncs.append((time.perf_counter() - committed) * 1000)
    finally:
        os.close(file)
    return appends[WARM_UP:], syncs[WARM_UP:]


def _fact() -> Fact:
    return OfferAnswered(contact=ContactId(str(uuid7())), agent=AgentId(str(uuid7())), offer=OfferNumber(1))


def main() -> int:
    before = load()
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        appends, syncs, rate = uvloop.run(measure(Path(folder)))
    ours = percentile(appends, 0.5) - percentile(syncs, 0.5)
    return report(
        "append",
        spread("append", appends) | {"beyond_disk_p50_ms": ours, "batched_facts_per_s": rate, "load_before": before},
        peer=spread("fdatasync", syncs),
        ratio=percentile(appends, 0.5) / percentile(syncs, 0.5),
        goal=f"a committed fact costs under {GOAL_MS} ms beyond the disk's own fdatasync (median)",
        holds=ours < GOAL_MS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
