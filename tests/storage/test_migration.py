"""What a database of an earlier version holds is there after the step to this one."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import psycopg
from tests.conftest import Databases

from otklik.contact.configuration import Agent, Scenario
from otklik.contact.ids import AgentId, QueueId, ScenarioId, TenantId
from otklik.storage.engine import Database, migrate
from otklik.tenancy import demo, store

TENANT = "0198c0de-0000-7000-8000-000000000001"
ANNA = "0198c0de-0000-7000-8000-000000000002"
EARLIER = f"""
set otklik.tenant = '{TENANT}';
begin;
insert into otklik.provider (id, tenant_id, name) values ('{TENANT}', '{TENANT}', 'P');
insert into otklik.tenant (tenant_id, provider_id, name) values ('{TENANT}', '{TENANT}', 'T');
commit;
insert into otklik.queue (tenant_id, id, name, ring_seconds, position) values
  ('{TENANT}', 'b', 'Second', 20, 1), ('{TENANT}', 'a', 'First', 33, 0);
insert into otklik.person (tenant_id, id, login, password_hash, name, role) values
  ('{TENANT}', '{ANNA}', 'anna', '', 'Anna', 'agent');
insert into otklik.agent_queue (tenant_id, person_id, queue_id, level) values
  ('{TENANT}', '{ANNA}', 'a', 7), ('{TENANT}', '{ANNA}', 'b', 3);
insert into otklik.scenario (tenant_id, id, name, body) values ('{TENANT}', 's', 'Scenario', '{{
  "language": "ru", "greeting": "g", "prompt": "p", "otherwise": "a", "wrong_choice": "w", "attempts": 2,
  "timeout_seconds": 4, "choices": [{{"digit": "1", "label": "l", "queue": "b"}}]}}');
insert into otklik.entry_point (tenant_id, id, name, number, scenario_id) values ('{TENANT}', 'e', 'Main', '1000', 's');
insert into otklik.reason (tenant_id, id, ru, en) values ('{TENANT}', 'lunch', 'Обед', 'Lunch');
insert into otklik.disposition (tenant_id, id, ru, en) values ('{TENANT}', 'sold', 'Продано', 'Sold');
"""


async def test_set_up_in_tables_becomes_the_first_version_of_the_configuration(databases: Databases) -> None:
    url = await databases.empty("locale 'C.UTF-8'")
    await asyncio.to_thread(migrate, url, "0001")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as owner:
        await owner.execute(EARLIER)
    await asyncio.to_thread(migrate, url)
    database = await Database.open(url)
    async with database.transaction(TenantId(TENANT)) as connection:
        found = await store.configuration_version(connection)
    async with database.lookup() as connection:
        assert await store.entry_points(connection) == {"1000": (TENANT, "e")}
    await database.close()
    assert found is not None
    version, configuration = found
    assert (version.number, version.by) == (1, None)
    assert [(queue.id, queue.name, queue.ring_seconds) for queue in configuration.queues] == [
        ("a", "First", 33.0),
        ("b", "Second", 20.0),
    ]
    assert configuration.agents == (Agent(id=AgentId(ANNA), name="Anna", queues={QueueId("a"): 7, QueueId("b"): 3}),)
    assert configuration.scenarios == (
        Scenario(
            id=ScenarioId("s"),
            language="ru",
            greeting="g",
            prompt="p",
            otherwise=QueueId("a"),
            wrong_choice="w",
            attempts=2,
            timeout_seconds=4.0,
            choices=(replace(demo.CONFIGURATION.scenarios[0].choices[0], label="l", queue=QueueId("b")),),
        ),
    )
    assert [(entry.id, entry.number, entry.scenario, entry.name) for entry in configuration.entry_points] == [
        ("e", "1000", "s", "Main")
    ]
    assert [reason.en for reason in configuration.reasons] == ["Lunch"]
    assert [disposition.ru for disposition in configuration.dispositions] == ["Продано"]
