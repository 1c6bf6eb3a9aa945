"""What is done on a schedule and belongs to no centre. So far that is one thing: old months of the log are dropped."""

from __future__ import annotations

import asyncio

import structlog

from otklik.errors import PeerError
from otklik.storage.engine import Database

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
