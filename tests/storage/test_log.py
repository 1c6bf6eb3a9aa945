"""The event log on a real database: order, exactness, the fence, and what is left after a broken connection."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.conftest import Databases
from uuid_utils import uuid7

from otklik.contact.configuration import Configuration, Queue
from otklik.contact.facts import Configured, ContactArrived, CustomerLeft, Fact, OfferAnswered, VerbFinished
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, QueueId, TenantId
from otklik.storage import codec
from otklik.storage.engine import Database
from otklik.storage.log import Deposed, EventLog, LeaseHeld, LogUnavailable
from otklik.tenancy import store as tenancy


def contact_id() -> ContactId:
    return ContactId(str(uuid7()))


def arrived(contact: ContactId, ani: str | None = "+79161234567", dnis: str = "1000") -> ContactArrived:
    return ContactArrived(
        contact=contact, channel="voice", entry_point=EntryPointId("russian"), dnis=dnis, leg="leg", ani=ani
    )


@pytest.fixture(scope="module")
async def url(databases: Databases) -> str:
    return await databases.seeded()


@pytest.fixture
async def tenant(url: str) -> TenantId:
    """A tenant of its own for each test, so that they share a database."""
    made = TenantId(str(uuid7()))
    database = await Database.open(url)
    async with database.transaction(made) as connection:
        await tenancy.add_tenant(connection, name="A", provider="P", is_demo=False)
    await database.close()
    return made


@pytest.fixture
async def log(url: str, tenant: TenantId) -> AsyncIterator[EventLog]:
    made = EventLog(url, tenant)
    await made.take("first", 60)
    yield made
    await made.close()


async def told(log: EventLog, after: int = 0) -> list[tuple[int, float, Fact]]:
    return [each async for each in log.read(after)]


async def test_facts_come_back_in_order_whole_and_with_the_same_instants_to_the_last_bit(log: EventLog) -> None:
    contact, agent = contact_id(), AgentId(str(uuid7()))
    facts: list[tuple[float, Fact]] = [
        (1_790_000_000.1234567, Configured(configuration=Configuration(queues=(Queue(id=QueueId("q"), name="Й"),)))),
        (math.nextafter(1_790_000_000.2, 2e9), arrived(contact)),
        (1_790_000_000.3, arrived(contact_id(), ani=None)),
        (1_790_000_001.0, OfferAnswered(contact=contact, agent=agent, offer=OfferNumber(1))),
    ]
    assert await log.append(facts[:1]) == 1
    assert await log.append(facts[1:]) == 4
    assert await told(log) == [(seq, at, fact) for seq, (at, fact) in enumerate(facts, 1)]
    assert await told(log, after=3) == [(4, *facts[3])]


async def test_the_calling_number_is_not_in_the_log_and_is_gone_when_it_is_erased(
    log: EventLog, url: str, tenant: TenantId, databases: Databases
) -> None:
    contact = contact_id()
    await log.append([(1_790_000_000.0, arrived(contact))])
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(url)) as everything:
        body = await (
            await everything.execute("select body::text from otklik.fact where tenant_id = %s", (tenant,))
        ).fetchone()
        assert body is not None and "9161234567" not in body[0]
        await everything.execute("delete from otklik.contact_party")
    assert await told(log) == [(1, 1_790_000_000.0, arrived(contact, ani=None))]


async def test_what_a_customer_said_is_not_in_the_log_and_is_gone_when_it_is_erased(
    log: EventLog, url: str, tenant: TenantId, databases: Databases
) -> None:
    contact = contact_id()

    def heard(step: int, said: str) -> VerbFinished:
        return VerbFinished(
            contact=contact, step=step, outcome="heard", digits="2", confidence=0.9, said=said, block="menu"
        )

    facts: list[Fact] = [arrived(contact), heard(1, "моя карта 4276"), heard(2, "да"), heard(3, "")]
    await log.append([(1_790_000_000.0, fact) for fact in facts])
    assert [fact for _, _, fact in await told(log)] == facts
    assert [fact for _, _, fact in await log.following(0, 10)] == facts
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(url)) as everything:
        bodies = await (
            await everything.execute("select body::text from otklik.fact where tenant_id = %s", (tenant,))
        ).fetchall()
        assert len(bodies) == 4 and "4276" not in str(bodies)
        await everything.execute("delete from otklik.contact_said")
    assert [fact for _, _, fact in await told(log)] == [arrived(contact), heard(1, ""), heard(2, ""), heard(3, "")]


async def test_text_that_postgresql_cannot_hold_does_not_stop_the_log(log: EventLog) -> None:
    await log.append([(1.0, arrived(contact_id(), ani="+7\x00916\ud800", dnis="10\x0000\udfff"))])
    ((_, _, fact),) = await told(log)
    assert isinstance(fact, ContactArrived)
    assert (fact.ani, fact.dnis) == ("+7916", "1000")


async def test_lease_is_held_until_it_runs_out_or_is_given_back(log: EventLog, url: str, tenant: TenantId) -> None:
    second = EventLog(url, tenant)
    with pytest.raises(LeaseHeld) as held:
        await second.take("second", 60)
    assert held.value.holder == "first"
    assert 50 < held.value.seconds <= 60
    await log.release()
    assert await second.take("second", 0.05) == 2
    await asyncio.sleep(0.06)
    assert await log.take("first", 60) == 3
    await second.close()


async def test_the_same_holder_takes_its_own_lease_again_at_once(log: EventLog, url: str, tenant: TenantId) -> None:
    restarted = EventLog(url, tenant)
    assert await restarted.take("first", 60) == 2
    await restarted.close()


async def test_deposed_writer_writes_nothing(log: EventLog, url: str, tenant: TenantId) -> None:
    await log.append([(1.0, arrived(contact_id()))])
    second = EventLog(url, tenant)
    await second.take("first", 60)
    assert second.last_seq == 1
    with pytest.raises(Deposed):
        await log.append([(2.0, arrived(contact_id()))])
    with pytest.raises(Deposed):
        await log.renew()
    assert [seq for seq, _, _ in await told(second)] == [1]
    assert await second.append([(3.0, arrived(contact_id()))]) == 2
    await second.close()


async def test_every_fact_is_in_the_log_once_though_connections_are_cut_all_the_time(
    log: EventLog, url: str, databases: Databases
) -> None:
    facts = [(float(number), CustomerLeft(contact=contact_id(), cause="hung_up")) for number in range(300)]
    dice = random.Random(7)

    async def cut() -> None:
        async with await psycopg.AsyncConnection.connect(databases.superuser_url(url), autocommit=True) as superuser:
            while True:
                await superuser.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
                await asyncio.sleep(dice.random() * 0.04)

    cutting = asyncio.create_task(cut())
    try:
        for at, fact in facts:
            await append_stubbornly(log, at, fact)
    finally:
        cutting.cancel()
        await asyncio.gather(cutting, return_exceptions=True)
    assert await told(log) == [(seq, at, fact) for seq, (at, fact) in enumerate(facts, 1)]


async def test_batch_whose_answer_was_lost_is_not_written_again(
    log: EventLog, url: str, tenant: TenantId, databases: Databases
) -> None:
    facts: list[tuple[float, Fact]] = [(float(n), CustomerLeft(contact=contact_id(), cause="hung_up")) for n in (1, 2)]
    await log.append(facts[:1])
    batch, _ = codec.dump_batch(facts[1:])
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(url), autocommit=True) as everything:
        # The server did what it was told, and died before it could say so.
        await everything.execute("select otklik.append_facts(%s, %s, %s::jsonb, null)", (tenant, log.epoch, batch))
        await everything.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert await log.append(facts[1:]) == 2
    assert [seq for seq, _, _ in await told(log)] == [1, 2]


async def append_stubbornly(log: EventLog, at: float, fact: Fact) -> None:
    while True:
        try:
            await log.append([(at, fact)])
            return
        except LogUnavailable:
            continue


async def test_the_newest_two_snapshots_and_the_first_of_each_day_are_kept(
    log: EventLog, url: str, tenant: TenantId, databases: Databases
) -> None:
    assert await log.last_snapshot() is None
    for seq in (1, 2, 3, 4, 5):
        await log.save_snapshot(seq, bytes([seq]) * 1000)
        if seq == 2:
            async with await psycopg.AsyncConnection.connect(databases.superuser_url(url)) as everything:
                await everything.execute("update otklik.snapshot set saved_at = saved_at - interval '1 day'")
    assert await log.last_snapshot() == (5, b"\x05" * 1000)
    assert await log.last_snapshot(before=5) == (4, b"\x04" * 1000)
    assert await log.last_snapshot(before=1) is None
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(url)) as everything:
        kept = await everything.execute("select seq from otklik.snapshot where tenant_id = %s order by seq", (tenant,))
        assert await kept.fetchall() == [(1,), (3,), (4,), (5,)]


async def test_each_append_tells_the_last_number_once(log: EventLog, url: str, tenant: TenantId) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listener:
        await listener.execute("listen otklik_log")
        await log.append([(float(n), arrived(contact_id())) for n in range(3)])
        heard = [notice.payload async for notice in listener.notifies(timeout=5, stop_after=1)]
    assert heard == [f"{tenant}:3"]


async def test_facts_lie_in_the_partition_of_their_month_and_strays_in_the_default_one(
    log: EventLog, url: str, tenant: TenantId, databases: Databases
) -> None:
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(url)) as everything:
        found = await everything.execute("select extract(epoch from now())::float8, to_char(now(), 'YYYY_MM')")
        now, month = await found.fetchone() or (0.0, "")
        await log.append([(now, arrived(contact_id())), (1.0, arrived(contact_id()))])
        places = await everything.execute(
            "select tableoid::regclass::text, seq from otklik.fact where tenant_id = %s order by seq", (tenant,)
        )
        assert await places.fetchall() == [(f"otklik.fact_{month}", 1), ("otklik.fact_default", 2)]


async def test_coming_months_get_their_partitions_even_if_a_stray_lies_in_the_default_one(
    log: EventLog, url: str, databases: Databases
) -> None:
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(url), autocommit=True) as everything:
        await log.append([(await after_months(everything, 4), arrived(contact_id()))])
        made = await everything.execute("select otklik.prepare_partitions(6)")
        assert await made.fetchone() == (3,)
        again = await everything.execute("select otklik.prepare_partitions(6)")
        assert await again.fetchone() == (0,)
        security = await everything.execute(
            "select bool_and(relrowsecurity and relforcerowsecurity) from pg_class where relname like 'fact\\_%'"
            " and relkind = 'r'"
        )
        assert await security.fetchone() == (True,)


async def after_months(connection: psycopg.AsyncConnection[tuple[float]], months: int) -> float:
    found = await connection.execute(
        "select extract(epoch from date_trunc('month', now()) + make_interval(months => %s, days => 10))::float8",
        (months,),
    )
    row = await found.fetchone()
    assert row is not None
    return row[0]


async def test_logs_of_two_tenants_do_not_meet(log: EventLog, url: str, tenant: TenantId) -> None:
    await log.append([(1.0, arrived(contact_id()))])
    stranger = EventLog(url, TenantId(str(uuid7())))
    assert await told(stranger) == []
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        await stranger.take("nobody", 60)
    await stranger.close()
