"""One real PostgreSQL for all tests; each test that writes works on a database of its own, copied in some 50 ms."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from otklik.contact.ids import TenantId
from otklik.customer import store as customers
from otklik.embedded.postgres import EmbeddedPostgres, start_postgres
from otklik.storage.engine import Database, migrate
from otklik.tenancy import store as tenancy

PASSWORD = "correct-horse"

# On a busy machine a sound example takes as long as it takes. In CI the same examples are tried each time: a change is judged by
# itself and not by chance, which looks further on the machines of those who write.
settings.register_profile(
    "otklik", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("otklik")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who listens to a browser comes first, the longest files next, then the other journeys; all else as it was."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("alone"):
            return 0
        if item.get_closest_marker("timeout"):
            return 1
        return 2 if "journeys" in item.path.parts else 3

    items.sort(key=place)


class OneBrowserFirst(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """The first worker takes the journeys; others come to them once all else is given out and nobody listens to a browser
    any more, nor is going to: beside whoever listens there is no other browser. Until then they wait."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._alone: dict[str, bool] = {}

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        super().mark_test_complete(node, item_index, duration)
        for other in self.nodes:
            if other is not node and other in self.registered_collections:
                self._reschedule(other)  # it may have waited for this

    def _assign_work_unit(self, node: WorkerController) -> None:
        if node is not self.nodes[0]:
            rest = next((file for file in self.workqueue if "/journeys/" not in file), None)
            if rest is not None:
                self.workqueue.move_to_end(rest, last=False)
            elif self._somebody_listens():
                return
        super()._assign_work_unit(node)

    def _somebody_listens(self) -> bool:
        begun = [
            file for units in self.assigned_work.values() for file, unit in units.items() if not all(unit.values())
        ]
        return any(self._is_alone(file) for file in (*self.workqueue, *begun))

    def _is_alone(self, file: str) -> bool:
        """By its text: whoever gives tests out knows no marks."""
        if file not in self._alone:
            self._alone[file] = "/journeys/" in file and "mark.alone" in (self.config.rootpath / file).read_text()
        return self._alone[file]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return OneBrowserFirst(config, log) if config.getvalue("dist") == "loadfile" else None


@dataclass
class Databases:
    """Makes databases on the shared server; their owner is no superuser, as in a real installation."""

    server: EmbeddedPostgres
    seeded_tenant: TenantId = TenantId("")
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def empty(self, options: str = "") -> str:
        """The owner's URL of a new database; `options` go to CREATE DATABASE."""
        return await self._create(f"template template0 {options}" if options else "")

    async def seeded(self) -> str:
        """The owner's URL of a migrated copy with the demo tenant in it."""
        return await self._create("template seeded strategy file_copy")

    async def seed(self) -> None:
        await self._create("", name="seeded")
        url = self.url("seeded")
        await asyncio.to_thread(migrate, url)
        database = await Database.open(url)
        self.seeded_tenant = (await tenancy.seed_demo(database, PASSWORD, customers.add_demo)).tenant
        await database.close()

    def url(self, name: str) -> str:
        return self.server.url.replace("/otklik?", f"/{name}?")

    def superuser_url(self, url: str) -> str:
        """Of the same database, past all row-level security."""
        name = url.rsplit("/", 1)[1].split("?")[0]
        return self.server.superuser_url.replace("/otklik?", f"/{name}?")

    async def _create(self, options: str, name: str | None = None) -> str:
        name = name or f"test{next(self._numbers)}"
        statement = f"create database {name} owner otklik {options}"
        async with await psycopg.AsyncConnection.connect(self.server.superuser_url, autocommit=True) as connection:
            await connection.execute(sql.SQL(statement))
        return self.url(name)


async def unsynced(server: EmbeddedPostgres) -> EmbeddedPostgres:
    """What tests write outlives a killed server but not a machine that dies: a database is copied some ten times as fast."""
    async with await psycopg.AsyncConnection.connect(server.superuser_url, autocommit=True) as connection:
        await connection.execute("alter system set fsync = off")
        await connection.execute("select pg_reload_conf()")
    return server


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    running = await unsynced(await start_postgres(tmp_path_factory.mktemp("database") / "postgres", lambda _: None))
    yield running
    await running.stop()


@pytest.fixture(scope="session")
async def databases(postgres: EmbeddedPostgres) -> Databases:
    made = Databases(postgres)
    await made.seed()
    return made


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    """A database with the demo tenant, for one test."""
    opened = await Database.open(await databases.seeded())
    yield opened
    await opened.close()


@pytest.fixture
def tenant(databases: Databases) -> TenantId:
    """The demo tenant of `database`."""
    return databases.seeded_tenant
