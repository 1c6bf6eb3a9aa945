"""Durable assignments: a call comes in, its fact is committed, it is decided, and the ring is performed at the switch.

The whole switchboard with the telephone simulator on a real PostgreSQL with fsync on. First as many as go through; then half of
that, evenly, for the latency of each. The limits stand beside the figures; so does the disk's own fdatasync.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import logging
import pstats
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import structlog
import uvloop
from sqlalchemy import text

from bench._figures import cpu_seconds, load, percentile, report
from otklik.assembly.memory import settle_memory
from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.configuration import Agent, EntryPoint, Scenario
from otklik.contact.decisions import Offer, VoiceDecision
from otklik.contact.facts import AgentReachable, ShiftStarted, StatusChosen
from otklik.contact.ids import AgentId, ContactId, EntryPointId, ScenarioId, TenantId
from otklik.customer import store as customers
from otklik.embedded.postgres import start_postgres
from otklik.storage.engine import Database, migrate
from otklik.switchboard.centre import Centre
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import store as tenancy
from otklik.tenancy.demo import SALES

GOAL_PER_S = 2_000
GOAL_MS = 20.0
AGENTS = 200
SECONDS = 5.0
AT_ONCE = 300
"""Calls under way at a time when as many as possible go through."""


class Timed(SimulatedVoice):
    """Each ring ends the customer's call, and so frees the agent for the next. Callers withhold their number unless
    `number` is set: then each needs a look-up of the customer before it rings."""

    number: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self.began: dict[ContactId, float] = {}
        self.milliseconds: list[float] = []
        self.rung = asyncio.Semaphore(0)

    async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
        await super().perform(tenant, decision)
        if isinstance(decision, Offer):
            began = self.began.pop(decision.contact, None)
            if began is not None:
                self.milliseconds.append((time.perf_counter() - began) * 1000)
                self.rung.release()
                call = self._calls.get(decision.contact)
                if call is not None:
                    call.hang_up()

    def call(self) -> None:
        call = self.arrive("3000", self.number)
        if call is not None:
            self.began[call.contact] = time.perf_counter()


async def measure(folder: Path, seconds: float, profile: bool) -> dict[str, float]:
    postgres = await start_postgres(folder / "postgres", lambda _: None)
    try:
        await asyncio.to_thread(migrate, postgres.url)
        database = await Database.open(postgres.url)
        tenant = (await tenancy.seed_demo(database, "set by nobody", customers.add_demo)).tenant
        await _prepare(database, tenant)
        voice = Timed()
        exchange = Exchange(database, postgres.url, voice, time.time, "bench")
        await exchange.open(lambda: {"up": True, "advice": None}, lambda: None)
        await voice.start(exchange)
        running = asyncio.create_task(exchange.run())
        await _agents(exchange, voice, tenant)
        assert postgres.pid is not None
        settle_memory()
        figures = await _through(voice, seconds, profile, postgres.pid)
        await _rest(exchange._centres[tenant])
        figures |= await _evenly(voice, GOAL_PER_S / 2, seconds)
        await _rest(exchange._centres[tenant])
        voice.number = "+79160000001"
        numbered = await _through(voice, seconds, False, postgres.pid)
        figures["with_customer_looked_up_per_s"] = numbered["assignments_per_s"]
        figures["idle_agents"] = sum(agent.free for agent in exchange._centres[tenant].engine.agents())
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await exchange.close()
        await database.close()
    finally:
        await postgres.stop()
    return figures


async def _prepare(database: Database, tenant: TenantId) -> None:
    """One more number that leads straight into the queue, and two hundred agents in it."""
    scenario = Scenario(
        id=ScenarioId("direct"), language="ru", greeting="", prompt="", choices=(), otherwise=SALES, wrong_choice=""
    )
    entry = EntryPoint(id=EntryPointId("direct"), number="3000", scenario=scenario.id)
    async with database.transaction(tenant) as connection:
        people = await connection.execute(
            text(
                "insert into person (tenant_id, id, login, password_hash, name, role) select current_tenant(), uuidv7(),"
                " 'bench' || n, '', 'Agent ' || n, 'agent' from generate_series(1, :agents) n returning id, name"
            ),
            {"agents": AGENTS},
        )
        agents = tuple(Agent(id=AgentId(row.id), name=row.name, queues={SALES: 5}) for row in people)
        present = await tenancy.configuration(connection)
        wanted = replace(
            present,
            queues=tuple(replace(queue, wrap_up_seconds=0, announce_every_seconds=0) for queue in present.queues),
            agents=(*present.agents, *agents),
            scenarios=(*present.scenarios, scenario),
            entry_points=(*present.entry_points, entry),
        )
        await tenancy.save_configuration(connection, wanted)


async def _agents(exchange: Exchange, voice: Timed, tenant: TenantId) -> None:
    engine = exchange._centres[tenant].engine
    while not engine.configuration.agents:
        await asyncio.sleep(0.01)
    for agent in engine.configuration.agents:
        await voice.provision(tenant, agent.id)
        voice.phone(agent.id).registered = True
        exchange.post(tenant, ShiftStarted(agent=agent.id))
        exchange.post(tenant, AgentReachable(agent=agent.id))
        await exchange.submit(tenant, StatusChosen(agent=agent.id, status="ready"))


async def _through(voice: Timed, seconds: float, profile: bool, postgres: int) -> dict[str, float]:
    profiler = cProfile.Profile() if profile else None
    for _ in range(AT_ONCE):
        voice.call()
    ours, theirs = time.process_time(), cpu_seconds(postgres, apart=set())
    if profiler is not None:
        profiler.enable()
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        await voice.rung.acquire()
        done += 1
        voice.call()
    lasted = time.perf_counter() - began
    if profiler is not None:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
    ours, theirs = time.process_time() - ours, cpu_seconds(postgres, apart=set()) - theirs
    return {
        "assignments_per_s": done / lasted,
        "through_p99_ms": percentile(voice.milliseconds, 0.99),
        "cpu_per_assignment_ms": ours / done * 1000,
        "postgres_cpu_per_assignment_ms": theirs / done * 1000,
    }


async def _rest(centre: Centre) -> None:
    """Until everything of the rush is over and written."""
    async with asyncio.timeout(60):
        while list(centre.engine.contacts()) or centre._waiting:
            await asyncio.sleep(0.05)
    await centre.projector.flush()


async def _evenly(voice: Timed, per_second: float, seconds: float) -> dict[str, float]:
    """Calls at fixed instants, whatever the centre is doing: one that is slow is not asked less."""
    voice.milliseconds.clear()
    began, made = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        while made < passed * per_second:
            voice.call()
            made += 1
        await asyncio.sleep(0.001)
    async with asyncio.timeout(20):
        while voice.began:
            await asyncio.sleep(0.01)
    return {
        "even_per_s": made / seconds,
        "assignment_p50_ms": percentile(voice.milliseconds, 0.5),
        "assignment_p95_ms": percentile(voice.milliseconds, 0.95),
        "assignment_p99_ms": percentile(voice.milliseconds, 0.99),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    before = load()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        figures = uvloop.run(measure(Path(folder), asked.seconds, asked.profile))
    return report(
        "durable",
        figures | {"load_before": before},
        peer={"assignments_per_s": GOAL_PER_S, "assignment_p99_ms": GOAL_MS},
        ratio=figures["assignments_per_s"] / GOAL_PER_S,
        goal=f"{GOAL_PER_S} durable assignments a second; at half of that, p99 within {GOAL_MS:g} ms",
        holds=figures["assignments_per_s"] >= GOAL_PER_S and figures["assignment_p99_ms"] <= GOAL_MS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
