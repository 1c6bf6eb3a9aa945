"""A crash with 10,000 contacts open: how soon the first decision falls, and what a snapshot costs those who wait for it.

The log is written and folded by the product itself on a real database; half of the contacts came after the snapshot.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from pathlib import Path

import structlog
import uvloop
from uuid_utils import uuid7

from bench._figures import load, percentile, report
from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.facts import Configured, ContactArrived, ContactQueued, Fact, ShiftStarted
from otklik.contact.ids import AgentId, ContactId, EntryPointId, TenantId
from otklik.customer import store as customers
from otklik.embedded.postgres import start_postgres
from otklik.storage.engine import Database, migrate
from otklik.storage.log import EventLog
from otklik.switchboard import snapshot
from otklik.switchboard.centre import Centre
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import store as tenancy
from otklik.tenancy.demo import SALES

OPEN = 10_000
GOAL_SECONDS = 2.0
GOAL_STALL_MS = 10.0
BATCH = 500
PAUSE_SECONDS = 0.001
QUIET_SECONDS = 1.0


class Stalls:
    """How long the loop did not come round, beyond the millisecond that it was asked to sleep."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(PAUSE_SECONDS)
            self.milliseconds.append((time.perf_counter() - began - PAUSE_SECONDS) * 1000)


async def measure(folder: Path) -> dict[str, float]:
    postgres = await start_postgres(folder / "postgres", lambda _: None)
    try:
        await asyncio.to_thread(migrate, postgres.url)
        database = await Database.open(postgres.url)
        tenant = (await tenancy.seed_demo(database, "set by nobody", customers.add_demo)).tenant
        async with database.transaction(tenant) as connection:
            configured = Configured(configuration=await tenancy.configuration(connection))
        await database.close()
        await _write(postgres.url, tenant, [configured])
        await _arrive(postgres.url, tenant, OPEN // 2)
        await _save(postgres.url)
        await _arrive(postgres.url, tenant, OPEN // 2)
        return await _recover(postgres.url, tenant)
    finally:
        await postgres.stop()


async def _arrive(url: str, tenant: TenantId, contacts: int) -> None:
    facts: list[Fact] = []
    for _ in range(contacts):
        contact = ContactId(str(uuid7()))
        facts += [
            ContactArrived(
                contact=contact, channel="voice", entry_point=EntryPointId("none"), dnis="1", leg=contact, ani="+7916"
            ),
            ContactQueued(contact=contact, queue=SALES),
        ]
    await _write(url, tenant, facts)


async def _write(url: str, tenant: TenantId, facts: list[Fact]) -> None:
    log = EventLog(url, tenant)
    await log.take("bench", 600)
    for first in range(0, len(facts), BATCH):
        await log.append([(time.time(), fact) for fact in facts[first : first + BATCH]])
    await log.release()


async def _open(url: str) -> tuple[Exchange, Database]:
    database = await Database.open(url)
    exchange = Exchange(database, url, SimulatedVoice(), time.time, "bench")
    await exchange.open(lambda: {"up": True, "advice": None}, lambda: None)
    return exchange, database


async def _save(url: str) -> None:
    exchange, database = await _open(url)
    (centre,) = exchange._centres.values()
    await snapshot.save(centre)
    await centre.cards.close()
    await centre.event_log.release()
    await database.close()


async def _stalls(centre: Centre) -> dict[str, float]:
    """While a snapshot of all contacts is taken, and as long before it while nothing happens."""
    stalls = Stalls()
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(QUIET_SECONDS)
    quiet = max(stalls.milliseconds)
    stalls.milliseconds.clear()
    began = time.perf_counter()
    await snapshot.save(centre)
    seconds = time.perf_counter() - began
    watching.cancel()
    return {
        "snapshot_s": seconds,
        "snapshot_stall_max_ms": max(stalls.milliseconds),
        "snapshot_stall_p95_ms": percentile(stalls.milliseconds, 0.95),
        "quiet_stall_max_ms": quiet,
    }


async def _recover(url: str, tenant: TenantId) -> dict[str, float]:
    """From the first line of a start to the answer to an agent's first wish, decided after its fact was committed."""
    began = time.perf_counter()
    exchange, database = await _open(url)
    opened = time.perf_counter()
    (centre,) = exchange._centres.values()
    running = asyncio.create_task(exchange.run())

    agent = (await _agents(database, tenant))[0]
    await exchange.submit(tenant, ShiftStarted(agent=agent))
    decided = time.perf_counter()
    assert len(list(centre.engine.contacts())) == OPEN
    await centre.cards.close()
    await centre.projector.flush()
    stalls = await _stalls(centre)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await centre.event_log.release()
    await database.close()
    return {"opened_s": opened - began, "first_decision_s": decided - began} | stalls


async def _agents(database: Database, tenant: TenantId) -> list[AgentId]:
    async with database.transaction(tenant) as connection:
        return [agent.id for agent in (await tenancy.configuration(connection)).agents]


def main() -> int:
    before = load()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        figures = uvloop.run(measure(Path(folder)))
    return report(
        "recovery",
        figures | {"contacts_open": OPEN, "load_before": before},
        peer={"first_decision_s": GOAL_SECONDS, "snapshot_stall_max_ms": GOAL_STALL_MS},
        ratio=figures["first_decision_s"] / GOAL_SECONDS,
        goal=f"the first decision within {GOAL_SECONDS:g} s; a snapshot holds nobody up for {GOAL_STALL_MS:g} ms",
        holds=figures["first_decision_s"] <= GOAL_SECONDS and figures["snapshot_stall_max_ms"] <= GOAL_STALL_MS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
