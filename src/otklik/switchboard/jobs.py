"""What is done on a schedule and belongs to no centre: old months of the log are dropped, and sounds that were handed in and never counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime

import structlog
from obstore.store import ObjectStore

from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.prompts import store as prompts
from otklik.prompts.store import KEPT_FOR, HandedIn
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy

log = structlog.get_logger()

RETENTION_SECONDS = 86_400.0
RETRY_SECONDS = 60.0


async def keep_log(database: Database, days: int) -> None:
    """At once and then daily, until cancelled; sooner again if the database was away. Twice at a time does no harm."""
    while True:
        wait = RETENTION_SECONDS
        try:
            for partition, kept in await database.drop_old_facts(days):
                log.info("log_partition", partition=partition, dropped=kept is None, reason=kept)
        except PeerError as error:
            wait = RETRY_SECONDS
            log.error("log_not_shortened", reason=str(error))
        await asyncio.sleep(wait)


async def clear_sounds(database: Database, objects: ObjectStore, clock: Callable[[], float]) -> None:
    """At once and then daily, until cancelled; sooner again if the database or the objects were away. Twice at a time, one waits."""
    while True:
        wait = RETENTION_SECONDS
        try:
            async with database.alone("otklik.sounds"):
                for recording in await clear_unused(database, objects, datetime.fromtimestamp(clock(), UTC)):
                    log.info("sound_cleared", recording=recording)
        except PeerError as error:
            wait = RETRY_SECONDS
            log.error("sounds_not_cleared", reason=str(error))
        await asyncio.sleep(wait)


async def clear_unused(database: Database, objects: ObjectStore, now: datetime) -> list[str]:
    """The sounds that were cleared: handed in long ago, and no version of any tenant's set-up names them. All tenants share a sound."""
    async with database.lookup() as connection:
        tenants = await tenancy.tenants(connection)
    old: dict[str, list[tuple[TenantId, HandedIn]]] = {}
    held: set[str] = set()
    for tenant in tenants:
        for each in await prompts.handed_in(objects, tenant):
            if each.cleared_at <= now:
                old.setdefault(each.recording, []).append((tenant, each))
            else:
                held.add(each.recording)
    held |= await _named(database, tenants, old.keys() - held)
    cleared = []
    for recording, marks in old.items():
        # Handed in again or published meanwhile: reading what all tenants have takes its time.
        if recording not in held and not await _wanted(database, objects, tenants, recording, now):
            await prompts.clear(objects, recording)
            cleared.append(recording)
        for tenant, each in marks:
            await prompts.forget(objects, tenant, each)
    return cleared


async def _wanted(
    database: Database, objects: ObjectStore, tenants: list[TenantId], recording: str, now: datetime
) -> bool:
    for tenant in tenants:
        at = await prompts.handed_in_at(objects, tenant, recording)
        if at is not None and at + KEPT_FOR > now:
            return True
    return bool(await _named(database, tenants, {recording}))


async def _named(database: Database, tenants: list[TenantId], recordings: Collection[str]) -> set[str]:
    found: set[str] = set()
    for tenant in tenants if recordings else ():
        async with database.transaction(tenant) as connection:
            found |= await prompts.named(connection, recordings)
    return found
