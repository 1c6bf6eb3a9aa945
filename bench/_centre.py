"""The product on a database that was prepared for measuring: one more number, which leads straight into a queue.

The prompts of a real number would hide what is measured; everything else is as in a fresh installation.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from tests.product import Product
from tests.sip_phone import SipPhone

from otklik.contact.configuration import EntryPoint, Scenario
from otklik.contact.flow import Flow
from otklik.contact.ids import EntryPointId, ScenarioId
from otklik.customer import store as customers
from otklik.embedded.postgres import EmbeddedPostgres, start_postgres
from otklik.storage.engine import Database, migrate
from otklik.tenancy import store as tenancy
from otklik.tenancy.demo import SALES

DIRECT = "3000"
"""No greeting, no menu: at once into the queue `sales`."""
MENU = "1000"
_SCENARIO = Scenario(
    id=ScenarioId("direct"), language="ru", greeting="", prompt="", choices=(), otherwise=SALES, wrong_choice=""
)


@dataclass(frozen=True, slots=True)
class Centre:
    """A running copy. `pids`: of otklik, asterisk and postgres."""

    folder: Path
    product: Product
    pids: dict[str, int]

    @property
    def sip(self) -> tuple[str, int]:
        return "127.0.0.1", self.product.sip_port

    def metrics(self) -> dict[str, float]:
        """Prometheus' counters by name with labels."""
        lines = httpx.get(f"{self.product.url_on_loopback}/metrics", timeout=5).text.splitlines()
        pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}


@asynccontextmanager
async def running(scenarios: Mapping[str, Scenario | Flow] | None = None) -> AsyncIterator[Centre]:
    """Started from nothing (but Asterisk is taken from the cache), stopped and removed at the end. `scenarios`: more numbers,
    and where each of them leads."""
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as name:
        folder = Path(name)
        database = await start_postgres(folder / "postgres", lambda _: None)
        try:
            await _prepare(database, {DIRECT: _SCENARIO, **(scenarios or {})})
            product = await asyncio.to_thread(Product(folder / "product", DATABASE_URL=database.url).start)
            try:
                yield Centre(folder, product, {**product.processes(), "postgres": _pid(database)})
            finally:
                await asyncio.to_thread(product.stop)
        finally:
            await database.stop()


def _number(number: str, scenario: Scenario | Flow) -> EntryPoint:
    return EntryPoint(id=EntryPointId(scenario.id), number=number, scenario=scenario.id, name=scenario.id)


def _pid(database: EmbeddedPostgres) -> int:
    assert database.pid is not None
    return database.pid


async def _prepare(database: EmbeddedPostgres, scenarios: Mapping[str, Scenario | Flow]) -> None:
    await asyncio.to_thread(migrate, database.url)
    opened = await Database.open(database.url)
    tenant = (await tenancy.seed_demo(opened, "set again at the start", customers.add_demo)).tenant
    async with opened.transaction(tenant) as connection:
        present = await tenancy.configuration(connection)
        wanted = replace(
            present,
            queues=tuple(replace(queue, wrap_up_seconds=0, announce_every_seconds=0) for queue in present.queues),
            scenarios=(*present.scenarios, *(each for each in scenarios.values() if isinstance(each, Scenario))),
            flows=(*present.flows, *(each for each in scenarios.values() if isinstance(each, Flow))),
            entry_points=(*present.entry_points, *(_number(*each) for each in scenarios.items())),
        )
        await tenancy.save_configuration(connection, wanted)
    await opened.close()


class Customer(SipPhone):
    """Sound for a call that is over may still come to a port that is a new phone's by now."""

    def _arrived(self, packet: bytes) -> None:
        if packet[:1].isascii():
            super()._arrived(packet)


class Caller(Customer):
    """A telephone that notes when its last INVITE left it."""

    invited_at = 0.0

    async def __aenter__(self) -> Caller:
        await super().__aenter__()
        return self

    def _send(self, lines: list[str], body: str) -> None:
        if lines[0].startswith("INVITE "):
            self.invited_at = time.time()
        super()._send(lines, body)


def waiting(client: httpx.Client) -> int:
    """How many contacts wait or ring now, as the supervisor's journal counts them."""
    answer = client.get("/api/contacts", params={"scope": "all", "limit": "200", "outcome": "open"})
    assert answer.status_code == 200, answer.text
    return sum(row["stage"] in ("waiting", "offered") for row in answer.json()["contacts"])
