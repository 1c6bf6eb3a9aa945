"""Every table keeps tenants apart; the tests read the list of tables from the database, so that none is forgotten."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.conftest import Databases
from uuid_utils import uuid7

from otklik.contact.decisions import ReportFault
from otklik.contact.facts import ContactArrived, VerbFinished
from otklik.contact.ids import AgentId, ContactId, EntryPointId, ScenarioId, TenantId
from otklik.contact.ports import DeskTelephone, PushAddress
from otklik.contact.record import ContactRecord, Segment
from otklik.contact.working_time import Stretch
from otklik.correspondence import store as correspondence
from otklik.correspondence.letter import WebKey
from otklik.customer import store as customers
from otklik.customer.card import NewCustomer
from otklik.customer.notes import NewTask
from otklik.customer.store import merges, notes
from otklik.desk import store as desk
from otklik.desk.card import Draft
from otklik.flows import store as flows
from otklik.follow_up import store as follow_up
from otklik.handlers import store as handlers
from otklik.knowledge import store as knowledge
from otklik.knowledge.article import Use, Written
from otklik.push import store as push
from otklik.storage.address import APP_ROLE, SESSION_OPTIONS
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.supervision import store as supervision
from otklik.talk import store as talk
from otklik.telephones import store as telephones
from otklik.tenancy import store as tenancy
from otklik.workforce import store as workforce


@dataclass
class Full:
    """A database in which the demo tenant has at least one row in every table."""

    url: str
    superuser_url: str
    tenant: TenantId
    tables: list[str]


def arrived(contact: ContactId) -> ContactArrived:
    return ContactArrived(
        contact=contact,
        channel="voice",
        entry_point=EntryPointId("russian"),
        dnis="1000",
        leg="leg",
        ani="+79161234567",
    )


def record(contact: ContactId, agent: AgentId) -> ContactRecord:
    return ContactRecord(
        contact=contact,
        channel="voice",
        entry_point=EntryPointId("russian"),
        dnis="1000",
        leg="leg",
        ani="+79161234567",
        arrived_at=1_790_000_000.0,
        queued_at=None,
        answered_at=None,
        ended_at=None,
        outcome="open",
        stage="scenario",
        customer=None,
        queue=None,
        agent=agent,
        choices=(),
        wait_seconds=0,
        talk_seconds=0,
        hold_seconds=0,
        wrap_up_seconds=0,
        disposition=None,
        recording_key=None,
        recording_seconds=None,
        segments=(Segment(kind="scenario", started_at=1_790_000_000.0, ended_at=None),),
    )


def stretch(agent: AgentId) -> Stretch:
    return Stretch(
        agent=agent,
        shift_at=1_790_000_000.0,
        began_at=1_790_000_000.0,
        ended_at=None,
        status="ready",
        reason=None,
        activity=None,
        contact=None,
        channel=None,
    )


@pytest.fixture(scope="module")
async def full(databases: Databases) -> AsyncIterator[Full]:
    url, tenant = await databases.seeded(), databases.seeded_tenant
    database = await Database.open(url)
    contact = ContactId(str(uuid7()))
    async with database.transaction(tenant) as connection:
        agent = (await tenancy.configuration(connection)).agents[0].id
        await tenancy.open_session(connection, agent, b"hash", "127.0.0.1")
        await tenancy.audit(connection, agent, "tested", contact=contact)
        await desk.save_records(connection, [record(contact, agent)])
        await desk.save_draft(connection, contact, agent, Draft(note="hello"))
        key = WebKey(tenant=tenant, id=str(uuid7()), entry_point=EntryPointId("russian"))
        await correspondence.save_first(connection, contact, key, text="hello", sender={}, fields={})
        await correspondence.add_key(connection, name="site", entry_point=key.entry_point, token_hash=b"hash", by=agent)
        telephone = DeskTelephone(user="desk-1", digest="digest")
        await telephones.keep(connection, agent, telephone, agent)
        await follow_up.plan(connection, contact, agent, ContactId(str(uuid7())))
        browser = PushAddress(endpoint="https://push.example.com/1", p256dh="BA", auth="AA")
        await push.keep(connection, agent, browser, ["task"])
        await supervision.add_wallboard(connection, name="hall", token_hash=b"hash", by=agent)
        await supervision.write_notice(connection, text="lunch at two", by=agent, name="Olga")
        answered = talk.Kept(agent=agent, name=None, script="s", title="S", version=1, given=[], told=[])
        await talk.save(connection, contact, answered)
        article = await knowledge.add(connection, Written(title="T", body="b", language="en"), agent, publish=True)
        await knowledge.use(connection, article, contact, agent, Use(helped=True))
        await flows.save_draft(connection, ScenarioId("menu"), 0, 1, {"id": "menu"}, agent)
        fault = ReportFault(contact=contact, scenario=ScenarioId("menu"), block="", reason="?")
        await handlers.keep_faults(connection, [(1_790_000_000.0, fault)])
        await workforce.save(connection, [stretch(agent)])
        await a_merged_customer_with_everything(connection, agent)
    log = EventLog(url, tenant)
    await log.take("test", 60)
    said = VerbFinished(contact=contact, step=1, outcome="heard", said="hello")
    seq = await log.append([(1_790_000_000.0, arrived(contact)), (1_790_000_001.0, said)])
    await log.save_snapshot(seq, b"state")
    await log.save_decided([(seq, 1, b"decisions")])
    await log.release()
    await database.close()
    superuser_url = databases.superuser_url(url)
    async with await psycopg.AsyncConnection.connect(superuser_url) as connection:
        found = await connection.execute(
            "select relname from pg_class where relnamespace = 'otklik'::regnamespace and relkind in ('r', 'p')"
            " and not relispartition order by relname"
        )
        tables = [row[0] for row in await found.fetchall()]
    yield Full(url, superuser_url, tenant, tables)


async def a_merged_customer_with_everything(connection: AsyncConnection, person: str) -> None:
    one, other = [await customers.create(connection, NewCustomer(name=name), [], person) for name in ("One", "Other")]
    await notes.add_note(connection, one, person, "a note", pinned=True)
    await notes.add_task(connection, one, person, NewTask(text="a task"))
    await merges.merge(connection, (one, {"name": "One"}), (other, {"name": "Other"}), {}, person, "")
    third = await customers.create(connection, NewCustomer(name="Third"), [], person)
    await merges.say_distinct(connection, one, third, person)


async def test_every_table_has_a_tenant_and_forced_security_with_a_policy_on_it(full: Full) -> None:
    query = """
      select c.relname, c.relrowsecurity, c.relforcerowsecurity,
             exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull),
             exists (select from pg_policy p where p.polrelid = c.oid and p.polroles = '{0}' and p.polcmd = '*'
                       and pg_get_expr(p.polqual, c.oid) = '(tenant_id = otklik.current_tenant())'
                       and pg_get_expr(p.polwithcheck, c.oid) = '(tenant_id = otklik.current_tenant())')
        from pg_class c where c.relnamespace = 'otklik'::regnamespace and c.relkind in ('r', 'p')"""
    async with await psycopg.AsyncConnection.connect(full.superuser_url) as connection:
        found = await (await connection.execute(query)).fetchall()
    partitions = {name for name, *_ in found if name.startswith("fact_")}
    assert len(partitions) == 4, "the default one and three months"
    assert [name for name, *holds in found if holds != [True, True, True, True]] == []


async def test_the_app_role_owns_nothing_bypasses_nothing_and_cannot_rewrite_history(full: Full) -> None:
    async with await psycopg.AsyncConnection.connect(full.superuser_url) as connection:
        owned = await connection.execute(
            "select relname from pg_class where relowner = %s::regrole union all"
            " select proname from pg_proc where proowner = %s::regrole",
            (APP_ROLE, APP_ROLE),
        )
        role = await connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit from pg_roles"
            " where rolname = %s",
            (APP_ROLE,),
        )
        privileges = await connection.execute(
            "select relname, has_table_privilege(%s, c.oid, 'update, delete, truncate') from pg_class c"
            " where relnamespace = 'otklik'::regnamespace and (relname like 'fact%%' or relname = 'audit')"
            " and relkind in ('r', 'p')",
            (APP_ROLE,),
        )
        assert await owned.fetchall() == []
        assert await role.fetchone() == (False,) * 6
        assert [name for name, may in await privileges.fetchall() if may] == []


async def test_only_the_look_ups_open_a_table_to_the_owner(full: Full) -> None:
    async with await psycopg.AsyncConnection.connect(full.superuser_url) as connection:
        found = await connection.execute(
            "select c.relname, p.polname from pg_policy p join pg_class c on c.oid = p.polrelid"
            " where p.polname <> 'tenant' order by 1, 2"
        )
        definers = await connection.execute(
            "select proname from pg_proc where pronamespace = 'otklik'::regnamespace and prosecdef order by 1"
        )
        assert await found.fetchall() == [
            ("entry_point", "lookup"),
            ("person", "lookup"),
            ("session", "lookup"),
            ("session", "lookup_touch"),
            ("tenant", "lookup"),
            ("wallboard", "lookup"),
            ("web_key", "lookup"),
        ]
        assert [row[0] for row in await definers.fetchall()] == [
            "drop_old_facts",
            "entry_points",
            "login",
            "prepare_partitions",
            "session_person",
            "tenants",
            "wallboard_of",
            "web_key_of",
        ]


async def test_another_tenant_and_no_tenant_see_change_and_add_nothing_in_any_table(full: Full) -> None:
    assert {"contact", "fact", "person"} < set(full.tables)
    async with await psycopg.AsyncConnection.connect(full.superuser_url) as everything:
        rows = {}
        for table in full.tables:
            name = sql.Identifier("otklik", table)
            found = await everything.execute(sql.SQL("select to_jsonb(t)::text from {} t limit 1").format(name))
            row = await found.fetchone()
            assert row is not None, f"{table}: nothing there, so nothing was tried"
            rows[table] = row[0]
    async with await psycopg.AsyncConnection.connect(full.url, options=SESSION_OPTIONS, autocommit=True) as app:
        for tenant, table in itertools.product((str(uuid7()), ""), full.tables):
            await app.execute("select set_config('otklik.tenant', %s, false)", (tenant,))
            assert await attempts(app, table, rows[table]) == ["nothing"] * 3 + ["refused"], (tenant, table)


async def attempts(app: psycopg.AsyncConnection[tuple[object, ...]], table: str, row: str) -> list[str]:
    """What select, update, delete and insert of somebody else's row come to."""
    name = sql.Identifier("otklik", table)
    outcomes = []
    for statement in (
        sql.SQL("select 1 from {}").format(name),
        sql.SQL("update {} set tenant_id = tenant_id").format(name),
        sql.SQL("delete from {}").format(name),
    ):
        try:
            outcomes.append("nothing" if (await app.execute(statement)).rowcount == 0 else "touched")
        except errors.InsufficientPrivilege as err:
            outcomes.append("nothing" if "permission denied" in str(err) else str(err))
    try:
        insert = sql.SQL("insert into {} select * from jsonb_populate_record(null::{}, %s::jsonb)").format(name, name)
        await app.execute(insert, (row,))
        outcomes.append("inserted")
    except errors.InsufficientPrivilege as err:
        outcomes.append("refused" if "row-level security" in str(err) else str(err))
    return outcomes


async def test_partitions_cannot_be_reached_round_their_parent(full: Full) -> None:
    async with await psycopg.AsyncConnection.connect(full.url, options=SESSION_OPTIONS) as app:
        with pytest.raises(errors.InsufficientPrivilege):
            await app.execute("select * from otklik.fact_default")


async def test_reset_role_does_not_lead_back_to_the_owner(full: Full) -> None:
    async with await psycopg.AsyncConnection.connect(full.url, options=SESSION_OPTIONS) as app:
        await app.execute("reset role")
        assert await (await app.execute("select current_user")).fetchone() == (APP_ROLE,)


async def test_a_pooled_connection_forgets_the_tenant_of_the_transaction_before(full: Full) -> None:
    database = await Database.open(full.url, pool_size=1)
    async with database.transaction(full.tenant) as connection:
        assert (await connection.execute(text("select count(*) from person"))).scalar_one() == 5
    async with database.lookup() as connection:
        assert (await connection.execute(text("select count(*) from person"))).scalar_one() == 0
    await database.close()
