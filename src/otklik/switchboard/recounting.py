"""Working time told anew from the log, as far back as the log goes: for shifts from before there was an account of them."""

from __future__ import annotations

from otklik.contact.working_time import Stretch
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard import snapshot as snapshots
from otklik.switchboard.deciding import Deciding
from otklik.switchboard.recovery import restore
from otklik.switchboard.retelling import fold
from otklik.workforce import store

AT_ONCE = 500
"""Stretches written in one go."""


async def recount(event_log: EventLog, database: Database) -> int:
    """How many stretches were told. Beside a running program, and as often as one likes: what is there stays as it is."""
    deciding, seq = await _earliest(event_log)
    waiting: list[Stretch] = []
    count = 0
    async for _, at, fact in event_log.read(seq):
        waiting += fold(deciding, fact, at).stretches
        if len(waiting) >= AT_ONCE:
            count += await _write(database, event_log, waiting)
            waiting = []
    return count + await _write(database, event_log, waiting)


async def _write(database: Database, event_log: EventLog, stretches: list[Stretch]) -> int:
    if stretches:
        async with database.transaction(event_log.tenant) as connection:
            await store.save(connection, stretches)
    return sum(each.ended_at is not None for each in stretches)


async def _earliest(event_log: EventLog) -> tuple[Deciding, int]:
    """The state from which everything that the log still holds can be told: its beginning, or the earliest snapshot that knows
    what was dropped."""
    first = await event_log.first()
    if first is None or first == 1:
        return Deciding(), 0
    deciding, seq, before = Deciding(), 0, None
    while (found := await event_log.last_snapshot(before)) is not None and found[0] >= first - 1:
        before = found[0]
        if (loaded := snapshots.load(*found, event_log.tenant)) is not None:
            deciding, seq = Deciding(), found[0]
            restore(deciding, loaded)
    return deciding, seq
