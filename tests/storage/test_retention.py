"""The log is shortened by whole months, and never beyond what a snapshot knows."""

from __future__ import annotations

import psycopg
import pytest
from tests.conftest import Databases

from otklik.contact.facts import Fact, ShiftStarted
from otklik.contact.ids import AgentId
from otklik.settings import SettingsFault, load
from otklik.storage.engine import Database
from otklik.storage.log import EventLog

NOBODY = AgentId("00000000-0000-7000-8000-000000000001")


async def old_month(databases: Databases, url: str) -> None:
    """As if the program had run in January 2025."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as owner:
        await owner.execute("set search_path = otklik")
        await owner.execute("create table fact_2025_01 (like fact including defaults including constraints)")
        await owner.execute("select protect_table('fact_2025_01')")
        await owner.execute(
            "alter table fact attach partition fact_2025_01 for values from ('2025-01-01Z') to ('2025-02-01Z')"
        )


async def test_an_old_month_goes_when_a_snapshot_knows_it_and_not_before(databases: Databases) -> None:
    url = await databases.seeded()
    await old_month(databases, url)
    log, database = EventLog(url, databases.seeded_tenant), await Database.open(url)
    await log.take("test", 60)
    facts: list[tuple[float, Fact]] = [(1_736_000_000.0, ShiftStarted(agent=NOBODY))]
    old = await log.append(facts * 3)
    new = await log.append([(1_790_000_000.0, ShiftStarted(agent=NOBODY))])
    ((partition, kept),) = await database.drop_old_facts(31)
    assert partition == "fact_2025_01"
    assert kept is not None and f"fact {old}" in kept
    assert [seq async for seq, _, _ in log.read(0)] == [1, 2, 3, 4]
    await log.save_snapshot(old, b"state")
    assert await database.drop_old_facts(31) == [("fact_2025_01", None)]
    assert [seq async for seq, _, _ in log.read(0)] == [new]
    assert await database.drop_old_facts(31) == []
    await log.release()
    await database.close()


@pytest.mark.parametrize("days", ["0", "7", "30"])
def test_a_log_too_short_to_be_of_use_is_refused(monkeypatch: pytest.MonkeyPatch, days: str) -> None:
    monkeypatch.setenv("OTKLIK_LOG_KEEP_DAYS", days)
    with pytest.raises(SettingsFault, match="at least 31 days"):
        load()
