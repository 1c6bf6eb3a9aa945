"""On a number that leads straight to a queue: the customer's own manager is rung, not whoever has been free for longer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.configuration import Destination, EntryRule
from otklik.contact.facts import Configured, ContactArrived, CustomerIdentified, CustomerNotFound, Fact, ShiftStarted
from otklik.contact.ids import AgentId
from otklik.switchboard.centre import Centre
from otklik.tenancy.document import storable_body

IVAN, NOBODY = "+79161234567", "+79160000000"


async def straight(running: Running, **words: Any) -> list[Fact]:
    """All numbers lead to a queue of everybody; the facts that are decided from now on."""
    centre = centre_of(running)
    known = centre.engine.configuration
    queue = replace(known.queues[0], everyone=True, **words)
    rules = (EntryRule(id="straight", to=Destination(queue=queue.id)),)
    entries = tuple(replace(each, rules=rules) for each in known.entry_points)
    changed = replace(known, queues=(queue, *known.queues[1:]), entry_points=entries)
    async with running.database.transaction(running.tenant) as connection:
        version = (
            "insert into configuration (tenant_id, version, body)"
            " select current_tenant(), max(version) + 1, cast(:body as jsonb) from configuration"
        )
        await connection.execute(text(version), {"body": storable_body(changed)})
    await running.exchange.submit(running.tenant, Configured(configuration=changed))
    told, decide = list[Fact](), centre.decide

    def noted(fact: Fact, now: float) -> Any:
        told.append(fact)
        return decide(fact, now)

    vars(centre)["decide"] = noted
    return told


def centre_of(running: Running) -> Centre:
    return running.exchange._centres[running.tenant]


async def manages_ivan(running: Running, agent: AgentId) -> None:
    async with running.database.transaction(running.tenant) as connection:
        await connection.execute(
            text("update customer set manager_id = :agent where name like 'Иван%'"), {"agent": agent}
        )


async def rung(running: Running) -> AgentId:
    phones = running.voice._phones
    await until(lambda: any(phone.ringing for phone in phones.values()))
    return next(agent for (agent, _), phone in phones.items() if phone.ringing)


def who(told: list[Fact]) -> list[type[Fact]]:
    return [type(fact) for fact in told if isinstance(fact, CustomerIdentified | CustomerNotFound)]


@pytest.mark.parametrize("number", [IVAN, NOBODY])
async def test_manager_is_rung_on_a_direct_number_and_whoever_is_free_where_nobody_is_known(
    running: Running, number: str
) -> None:
    told = await straight(running, personal_seconds=20.0)
    anna, boris = await running.ready("Анна"), await running.ready("Борис")
    await manages_ivan(running, boris)
    assert running.voice.arrive("1000", number) is not None
    assert await rung(running) == (boris if number == IVAN else anna)
    assert who(told) == [CustomerIdentified if number == IVAN else CustomerNotFound]
    assert [fact.identity_follows for fact in told if isinstance(fact, ContactArrived)] == [True]


async def test_queue_that_tries_nobody_familiar_rings_at_once_and_is_told_of_nobody(running: Running) -> None:
    told = await straight(running)
    anna = await running.ready("Анна")
    assert running.voice.arrive("1000", NOBODY) is not None
    assert await rung(running) == anna
    await until(lambda: not centre_of(running).cards._loading)
    await running.exchange.submit(running.tenant, Configured(configuration=centre_of(running).engine.configuration))
    assert who(told) == []
    assert [fact.identity_follows for fact in told if isinstance(fact, ContactArrived)] == [False]


async def test_who_it_is_is_told_by_the_next_life_where_a_crash_came_between(database_url: str) -> None:
    voice = SimulatedVoice()
    running = await open_centre(database_url, voice)
    await straight(running, personal_seconds=20.0)
    boris = running.agent("Борис")
    for name in ("Анна", "Борис"):
        await running.exchange.submit(running.tenant, ShiftStarted(agent=running.agent(name)))
    await manages_ivan(running, boris)
    centre = centre_of(running)
    vars(centre.cards)["_take"] = lambda *found: None  # it dies before it has said who it is
    call = voice.arrive("1000", IVAN)
    assert call is not None
    await until(lambda: centre.engine.identity_awaited(call.contact))
    await running.kill()
    running = await open_centre(database_url, voice)
    await until(lambda: not centre_of(running).engine.identity_awaited(call.contact))
    await running.ready("Анна")
    await running.ready("Борис")
    assert await rung(running) == boris
    await running.stop()
