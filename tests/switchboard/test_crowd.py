"""A bad day: tens of thousands of customers wait at once. Decisions go on, in order; memory is bounded; a snapshot is taken while calls
go on, and a centre that dies comes back with all of them. Nothing here asserts how long anything takes."""

from __future__ import annotations

import asyncio
import os
import zlib
from dataclasses import replace
from pathlib import Path

from tests.switchboard.dry import AGENTS, TENANT, DryDay
from tests.switchboard.fate import Fate
from tests.switchboard.hazard import NOON, Life

from otklik.contact.configuration import Configuration, Destination, EntryRule
from otklik.contact.facts import (
    AgentReachable,
    Configured,
    ContactArrived,
    CustomerLeft,
    Fact,
    OfferAnswered,
    OfferDeclined,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import ContactId, EntryPointId
from otklik.routing import ContactState
from otklik.storage import codec
from otklik.switchboard import snapshot
from otklik.switchboard.centre import Centre

CROWD = int(os.environ.get("OTKLIK_TEST_CROWD", "20000"))
"""In each run of the tests a fifth: a hundred thousand take minutes where others keep the cores busy."""
MOST_BYTES_EACH = 10_000
"""Of the process, its log in memory and the accounts of this test included."""


class CrowdedDay(DryDay):
    def _lay_knife(self, centre: Centre, fate: Fate) -> None:
        """No comparison of the whole state before and after each fact."""


def set_up(known: Configuration) -> Configuration:
    """Everybody to the first queue, without limits; what was written waits there as a call would."""
    straight = (EntryRule(id="all", to=Destination(queue=known.queues[0].id)),)
    entries = tuple(replace(entry, rules=straight) for entry in known.entry_points)
    queues = tuple(
        replace(
            queue,
            max_waiting=0,
            max_wait_seconds=0.0,
            otherwise=None,
            overflow=(),
            requires="",
            rings=(),
            personal_seconds=0.0,
            last_agent_seconds=0.0,
        )
        for queue in known.queues
    )
    return replace(known, queues=queues, entry_points=entries)


def name(number: int) -> ContactId:
    return ContactId(f"01a2223a-0000-7000-9000-{number:012}")


def arrival(number: int, entry_point: EntryPointId) -> Fact:
    return ContactArrived(
        contact=name(number),
        channel="web",
        entry_point=entry_point,
        dnis="",
        leg="web",
        ani=None,
    )


def come_before(day: DryDay) -> None:
    """The log of a life that nobody saw: all of them have come."""
    entry = day.set_up.entry_points[0].id
    facts: list[Fact] = [Configured(configuration=day.set_up), *(arrival(number, entry) for number in range(CROWD))]
    for number, fact in enumerate(facts):
        day.store.facts.append((NOON - 200.0 + number / 1000, codec.KINDS[type(fact)], codec.dump(fact), None))


async def until_level(life: Life) -> None:
    """All that a beginning centre tells itself has been taken."""
    while life.centre._waiting or life.log().appending:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096


async def decided(life: Life, *facts: Fact) -> None:
    await asyncio.gather(*(life.centre.submit(fact) for fact in facts))


async def work(life: Life, rounds: int) -> list[ContactId]:
    """Each agent takes what is offered, declines now and then, and ends it; who was taken, in order."""
    engine, taken = life.centre.engine, list[ContactId]()
    for number in range(rounds):
        for agent in AGENTS:
            hands = engine.contacts_of(agent.id)
            found = engine.contact(hands[0]) if len(hands) == 1 else None
            assert found is not None, "somebody waits, and an agent has nothing"
            if number % 10 == 9:
                await decided(life, OfferDeclined(contact=found.id, agent=agent.id, offer=found.offer))
                continue
            taken.append(found.id)
            await decided(life, OfferAnswered(contact=found.id, agent=agent.id, offer=found.offer))
            await decided(life, CustomerLeft(contact=found.id, cause="hung_up"))
            await decided(life, WrapUpFinished(contact=found.id, agent=agent.id, disposition="resolved"))
    return taken


async def test_a_crowd_waits_and_the_centre_goes_on_is_kept_and_comes_back() -> None:
    day = CrowdedDay(1)
    day.set_up = set_up(day.set_up)
    come_before(day)
    before = resident_bytes()
    life = await day.begin(Fate())
    assert life is not None
    engine = life.centre.engine
    await until_level(life)
    assert sum(queue.waiting for queue in engine.queues()) == CROWD
    assert (resident_bytes() - before) / CROWD < MOST_BYTES_EACH
    for agent in AGENTS:
        await decided(life, ShiftStarted(agent=agent.id), AgentReachable(agent=agent.id))
        await decided(life, StatusChosen(agent=agent.id, status="ready"))
    taken = await work(life, 8)
    assert taken == sorted(taken), "whoever came first is served first"
    saving = asyncio.create_task(snapshot.save(life.centre))
    taken += await work(life, 8)
    await saving
    seq, body = day.store.snapshots[-1]
    kept = snapshot.load(seq, body, TENANT)
    assert kept is not None and len(kept.engine.contacts) > CROWD - 100
    assert len(zlib.decompress(body)) / CROWD < 2_000
    taken += await work(life, 5)
    assert len(taken) == len(set(taken))
    was = {contact.id: contact.state for contact in engine.contacts()}
    await day.end(life)
    again = await day.begin(Fate())
    assert again is not None
    await day.settle(again, 60.0)
    back = {contact.id: contact.state for contact in again.centre.engine.contacts()}
    assert back.keys() == was.keys(), "nobody is lost, and nobody came twice"
    waits = ContactState.WAITING
    assert sum(each is waits for each in back.values()) >= sum(each is waits for each in was.values())
    for agent in AGENTS:
        await decided(again, AgentReachable(agent=agent.id), StatusChosen(agent=agent.id, status="ready"))
    later = await work(again, 8)
    assert set(later).isdisjoint(taken) and later
    await day.end(again)
