"""Which tenants this process leads where several share them: free leases up to a fair share, quiet ones given back.

A living process keeps what it leads while somebody is on the line or at work there. What a dead one led is free when its
lease has run out.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

import structlog

from otklik.contact.ids import TenantId
from otklik.errors import AppError, PeerError
from otklik.storage.engine import Database
from otklik.storage.log import LeaseHeld
from otklik.switchboard.exchange import Exchange
from otklik.switchboard.figures import LEADING
from otklik.switchboard.presence import Beat, Presence
from otklik.tenancy import store as tenancy

log = structlog.get_logger()

LOOK_SECONDS = 1.0


class Sharing:
    """`run` it beside the exchange."""

    def __init__(
        self,
        exchange: Exchange,
        database: Database,
        presence: Presence,
        process: str,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """`ready`: may this process lead centres now? It may not while another one uses its telephone switch."""
        self._ready = ready
        self._exchange = exchange
        self._database = database
        self._presence = presence
        self._process = process

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except PeerError as error:
                log.warning("tenants_not_shared", reason=str(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Once: give back a quiet tenant if we have too many, take free ones if we have too few."""
        if not self._ready():
            for tenant in self._exchange.led():  # taken before there was a switch: nobody is on the line
                await self._exchange.give_up(tenant)
            return
        async with self._database.lookup() as connection:
            tenants = await tenancy.tenants(connection)
        ours = [tenant for tenant in tenants if self._exchange.leads(tenant)]
        others = [
            beat for beat in self._presence.present("switchboard") if beat.process != self._process and beat.ready
        ]
        wanted, surplus = shares(tenants, ours, others)
        for tenant in [quiet for quiet in self._exchange.quiet() if surplus > 0][:surplus]:
            log.info("tenant_given_up", tenant=tenant)
            await self._exchange.give_up(tenant)
            self._presence.beat()
        for tenant in wanted:
            await self._take(tenant)
        LEADING.set(len(self._exchange.led()))

    async def _take(self, tenant: TenantId) -> None:
        try:
            await self._exchange.take_over(tenant)
        except LeaseHeld as held:
            log.info("lease_held", tenant=tenant, holder=held.holder, seconds=round(held.seconds, 1))
            return
        except AppError as refusal:  # this one stands still, the others are served
            log.error("tenant_not_taken", tenant=tenant, reason=str(refusal))
            return
        log.info("tenant_taken", tenant=tenant)
        self._presence.beat()


def shares(tenants: Sequence[TenantId], ours: Sequence[TenantId], others: Sequence[Beat]) -> tuple[list[TenantId], int]:
    """The free tenants that we should take, and how many of ours are too many. All processes reckon alike."""
    fair = math.ceil(len(tenants) / (len(others) + 1))
    led_elsewhere = {tenant for beat in others for tenant in beat.tenants}
    free = [tenant for tenant in tenants if tenant not in led_elsewhere and tenant not in ours]
    return free[: max(0, fair - len(ours))], max(0, len(ours) - fair)
