"""A whole centre on a real database with the telephone simulator: facts, log, engine, outboxes, feed."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from tests.conftest import unsynced

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.facts import ShiftStarted, StatusChosen
from otklik.contact.ids import AgentId, TenantId
from otklik.contact.ports import Handlers, Outside
from otklik.customer import store as customers
from otklik.embedded.postgres import EmbeddedPostgres, start_postgres
from otklik.storage.engine import Database, migrate
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import store as tenancy

PASSWORD = "correct-horse"
numbers = itertools.count(1)


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    running = await unsynced(await start_postgres(tmp_path_factory.mktemp("switchboard") / "postgres", lambda _: None))
    await asyncio.to_thread(migrate, running.url)
    database = await Database.open(running.url)
    await tenancy.seed_demo(database, PASSWORD, customers.add_demo)
    await database.close()
    yield running
    await running.stop()


@pytest.fixture
async def database_url(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """A copy of the seeded demo database."""
    name = f"copy{next(numbers)}"
    async with await psycopg.AsyncConnection.connect(
        server.superuser_url.replace("/otklik?", "/postgres?"), autocommit=True
    ) as connection:
        copy = sql.SQL("create database {} template otklik owner otklik strategy file_copy").format(
            sql.Identifier(name)
        )
        await connection.execute(copy)
    yield server.url.replace("/otklik?", f"/{name}?")


@dataclass
class Running:
    """An exchange that runs, with its simulator. `kill` ends it as a crash would: nothing is said goodbye to."""

    exchange: Exchange
    voice: SimulatedVoice
    database: Database
    tenant: TenantId
    task: asyncio.Task[None]

    async def kill(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        for centre in self.exchange._centres.values():
            await centre.outboxes.close()
            await centre.cards.close()
            await centre.asking.close()
            await centre.handling.close()
            await centre.event_log.close()
        await self.database.close()

    async def stop(self) -> None:
        await self.exchange.stop_taking()
        self.exchange.close_feeds()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.exchange.close()
        await self.database.close()

    def agent(self, name: str) -> AgentId:
        configuration = self.exchange._centres[self.tenant].engine.configuration
        return next(agent.id for agent in configuration.agents if agent.name.startswith(name))

    async def ready(self, name: str) -> AgentId:
        agent = self.agent(name)
        await self.exchange.submit(self.tenant, ShiftStarted(agent=agent))
        await self.voice.provision(self.tenant, agent)
        self.voice.phone(agent).register()
        await self.exchange.submit(self.tenant, StatusChosen(agent=agent, status="ready"))
        return agent


async def open_centre(
    url: str,
    voice: SimulatedVoice | None = None,
    holder: str = "test",
    outside: Outside | None = None,
    handlers: Handlers | None = None,
) -> Running:
    voice = voice or SimulatedVoice()
    database = await Database.open(url)
    exchange = Exchange(database, url, voice, time.time, holder, outside=outside, handlers=handlers)
    await exchange.open(lambda: {"up": True, "advice": None}, lambda: None)
    await voice.start(exchange)
    await exchange.reconcile()
    task = asyncio.create_task(exchange.run())
    async with database.lookup() as connection:
        tenant = (await tenancy.tenants(connection))[0]
    await until(lambda: bool(exchange._centres[tenant].engine.configuration.queues))
    return Running(exchange, voice, database, tenant, task)


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition of another task; a test that waits in vain fails here."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


@pytest.fixture
async def outside() -> None:
    """Whom scenarios ask outside: nobody, unless a file has somebody."""


@pytest.fixture
async def handlers() -> None:
    """Where the code of tenants runs: nowhere, unless a file says."""


@pytest.fixture
async def running(database_url: str, outside: Outside | None, handlers: Handlers | None) -> AsyncIterator[Running]:
    centre = await open_centre(database_url, outside=outside, handlers=handlers)
    yield centre
    if not centre.task.done():
        await centre.stop()
