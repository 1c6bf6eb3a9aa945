"""The demo tenant as this installation has it (password, telephones), and the simulated customers who call it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from otklik.assembly.folder import Premises
from otklik.channels.voice.demo import DemoCustomers
from otklik.contact.ids import TenantId
from otklik.customer import store as customers
from otklik.embedded.asterisk import Phone
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.tenancy.demo import DemoSeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What is printed at the start and written to `run.json`."""

    seed: DemoSeed
    password: str
    phones: tuple[Phone, ...]


async def prepare(database: Database, folder: Premises) -> Demo | None:
    """Seed the demo tenant if the database has no tenant at all; None if it belongs to somebody else."""
    async with database.alone("otklik.demo"):
        known = folder.has_secret("demo-password")
        password = folder.secret("demo-password", length=9)
        phone = Phone(user="phone1", password=folder.secret("phone1-password", length=9), name="Настольный телефон")
        async with database.lookup() as connection:
            tenants = await tenancy.tenants(connection)
        found = await _demo_tenant(database, tenants)
        if tenants and found is None:
            return None
        if found is not None and known:
            return Demo(seed=DemoSeed(tenant=found, created=False), password=password, phones=(phone,))
        return Demo(
            seed=await tenancy.seed_demo(database, password, customers.add_demo), password=password, phones=(phone,)
        )


async def _demo_tenant(database: Database, tenants: list[TenantId]) -> TenantId | None:
    for tenant in tenants:
        async with database.transaction(tenant) as connection:
            if await tenancy.is_demo(connection):
                return tenant
    return None


class Simulation:
    """Simulated customers; implements the control behind `/api/demo`. They exist only with `--demo`."""

    def __init__(self, calls_per_minute: float | None, changed: Callable[[], None]) -> None:
        self._rate = calls_per_minute
        self._changed = changed
        self._customers: DemoCustomers | None = None

    def state(self) -> dict[str, object] | None:
        """For the live feed; None when no simulated customers call."""
        return None if self._rate is None else {"calls_per_minute": self._rate}

    @property
    def calls_per_minute(self) -> float | None:
        return self._rate

    def set_rate(self, calls_per_minute: float) -> None:
        """0 stops the calls; 60 is the most."""
        self._rate = calls_per_minute
        if self._customers is not None:
            self._customers.calls_per_minute = calls_per_minute
        self._changed()

    async def run(self, customers: Callable[[], DemoCustomers | None]) -> None:
        """Until cancelled; without `--demo` ends at once: nobody calls. Waits for telephony if it is not there yet."""
        if self._rate is None:
            return
        while (found := customers()) is None:  # noqa: ASYNC110  telephony may be fetched at any later time
            await asyncio.sleep(1.0)
        self._customers = found
        found.calls_per_minute = self._rate
        await found.run()
