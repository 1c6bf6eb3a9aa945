"""Switchboards and pages in processes of their own: what pages see, who leads, and what happens when one is gone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from tests.feed import FollowedPage
from tests.several import Leader, Pages
from tests.switchboard.conftest import Running, until
from tests.switchboard.fate import Killed
from tests.switchboard.hazard import Day
from uuid_utils import uuid7

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.facts import AgentReachable, ShiftStarted, StatusChosen
from otklik.contact.ids import AgentId, TenantId
from otklik.contact.ports import Watcher
from otklik.embedded.postgres import EmbeddedPostgres
from otklik.errors import AppError, PeerError
from otklik.storage import claim
from otklik.storage.bus import PIECE_BYTES, Bus
from otklik.storage.claim import Claim
from otklik.storage.engine import Database
from otklik.storage.log import EventLog
from otklik.switchboard import asking, exchange, presence, sharing, snapshot
from otklik.switchboard import shadow as shadows
from otklik.switchboard.exchange import Exchange
from otklik.switchboard.presence import Beat, Led
from otklik.switchboard.sharing import shares
from otklik.tenancy import store as tenancy

NOBODY = AgentId("00000000-0000-7000-8000-000000000000")


@pytest.fixture
async def pages(running: Running, database_url: str) -> AsyncIterator[Pages]:
    made = await Pages.open(database_url)
    yield made
    await made.die()


@pytest.fixture
async def leader(running: Running, pages: Pages, database_url: str) -> AsyncIterator[Leader]:
    made = Leader.of(database_url, running.exchange, running.voice, running.database)
    await until(lambda: pages.led(running.tenant))
    yield made
    await made.die()


# what pages see


@pytest.mark.parametrize("seed", [21, 22])
async def test_pages_that_follow_a_switchboard_through_its_deaths_know_what_it_knows(
    database_url: str, seed: int
) -> None:
    day, pages = Day(database_url, seed), await Pages.open(database_url)
    for _ in range(12):
        fate = day.fate()
        life = await day.begin(fate)
        if life is None:
            continue
        with suppress(Killed):
            await day._live(life, 25)
            await day.settle(life)
            await until(lambda: pages.satellite.knows(day.tenant))
            shadow = pages.satellite._shadows[day.tenant]
            await shadow.reached(life.centre.last_seq)
            assert shadow.engine().snapshot() == life.centre.engine.snapshot()
        await day.end(life)
    await pages.die()
    await day.evening()


async def test_who_asks_sees_the_own_wish_and_a_refusal_has_its_reason(
    running: Running, pages: Pages, leader: Leader
) -> None:
    anna = running.agent("Анна")
    with pytest.raises(AppError) as refused:
        await pages.satellite.submit(running.tenant, StatusChosen(agent=anna, status="ready"))
    assert (refused.value.code, refused.value.status) == ("not_in_shift", 409), refused.value.data
    for number in range(20):
        await pages.satellite.submit(running.tenant, ShiftStarted(agent=anna))
        reason = ("lunch", "break")[number % 2]
        await pages.satellite.submit(running.tenant, StatusChosen(agent=anna, status="not_ready", reason=reason))
        page = pages.satellite.subscribe(running.tenant, Watcher(person=anna, agent=anna))
        seen = FollowedPage()
        await seen.read(page)
        page.close()
        assert seen.state["agent"]["reason"] == reason


async def test_card_comes_to_the_page_of_another_process(running: Running, pages: Pages, leader: Leader) -> None:
    anna = await running.ready("Анна")
    page = pages.satellite.subscribe(running.tenant, Watcher(person=anna, agent=anna))
    call = running.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    async with asyncio.timeout(30):
        shown: object = None
        while shown != "Иван Петров":
            for contact in json.loads(await page.next()).get("set", {}).get("contacts", []):
                shown = (contact["customer"] or {}).get("name")
    page.close()


async def test_draft_typed_in_one_process_is_shown_by_the_pages_of_another(
    running: Running, pages: Pages, leader: Leader, database_url: str
) -> None:
    heard: list[AgentId] = []
    other = await Pages.open(database_url)
    await until(lambda: other.led(running.tenant))
    other.satellite._refresh = lambda tenant, agent: heard.append(agent)  # type: ignore[method-assign]
    pages.satellite.refresh(running.tenant, NOBODY)
    await until(lambda: heard == [NOBODY])
    await other.die()


# deaths


async def test_without_a_switchboard_a_click_is_refused_at_once_and_never_done_later(
    running: Running, pages: Pages, leader: Leader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "AWAY_SECONDS", 0.5)
    monkeypatch.setattr(presence, "BEAT_SECONDS", 0.1)
    submit = running.exchange.submit

    async def never(*_: object) -> object:
        return await asyncio.Event().wait()

    monkeypatch.setattr(running.exchange, "submit", never)
    anna = running.agent("Анна")
    under_way = asyncio.create_task(pages.satellite.submit(running.tenant, ShiftStarted(agent=anna)))
    await until(lambda: leader.requests._tasks)
    await leader.die()
    for wish in (under_way, pages.satellite.submit(running.tenant, ShiftStarted(agent=anna))):
        async with asyncio.timeout(30):
            with pytest.raises(AppError) as refused:
                await wish
        assert (refused.value.code, refused.value.status) == ("switchboard_away", 503)
    assert pages.satellite.switchboard(running.tenant) == {"up": False, "reason": "away"}
    monkeypatch.setattr(running.exchange, "submit", submit)
    again = Leader.of(pages.database.url, running.exchange, running.voice, running.database)
    await until(lambda: pages.led(running.tenant))
    found = running.exchange._centres[running.tenant].engine.agent(anna)
    assert found is not None and found.state == "offline"
    await pages.satellite.submit(running.tenant, ShiftStarted(agent=anna))
    await again.die()


async def test_database_killed_under_load_pages_and_switchboard_find_each_other_again(
    running: Running, pages: Pages, leader: Leader, server: EmbeddedPostgres
) -> None:
    outcomes: list[str] = []
    agents = [agent.id for agent in running.exchange._centres[running.tenant].engine.configuration.agents]

    async def click() -> None:
        while True:
            for agent in agents:
                try:
                    await pages.satellite.submit(running.tenant, ShiftStarted(agent=agent))
                    outcomes.append("done")
                except (AppError, PeerError) as error:
                    outcomes.append(error.code if isinstance(error, AppError) else error.peer)
                    await asyncio.sleep(0.01)

    clicking = asyncio.create_task(click())
    await until(lambda: len(outcomes) > 20)
    killed = server.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    # Who was asking just then is refused: by the database, or because nobody answered while it came back.
    await until(lambda: server.pid not in (None, killed) and set(outcomes) > {"done"}, 30)
    before = len(outcomes)
    await until(lambda: outcomes[before:][-20:] == ["done"] * 20, 30)
    clicking.cancel()
    assert set(outcomes) <= {"done", "database", "switchboard_away", "centre_overloaded"}
    shadow, centre = pages.satellite._shadows[running.tenant], running.exchange._centres[running.tenant]
    # The last click may still be on its way: what is the same in the end counts.
    await until(lambda: shadow.engine().snapshot() == centre.engine.snapshot())


async def test_wishes_beyond_the_limit_are_refused_at_once(
    running: Running, pages: Pages, leader: Leader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "UNANSWERED_LIMIT", 5)
    anna = running.agent("Анна")
    wishes = [pages.satellite.submit(running.tenant, ShiftStarted(agent=anna)) for _ in range(20)]
    ended = await asyncio.gather(*wishes, return_exceptions=True)
    refused = [each.code for each in ended if isinstance(each, AppError)]
    assert refused == ["centre_overloaded"] * 15


async def test_shadow_that_is_far_behind_goes_on_from_a_newer_snapshot(
    running: Running, pages: Pages, leader: Leader, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = pages.satellite._shadows[running.tenant]
    monkeypatch.setattr(shadows, "FAR_BEHIND", 10)
    following = shadow._log.following
    for _ in range(40):
        running.exchange.post(running.tenant, AgentReachable(agent=running.agent("Анна")))
    await running.exchange.submit(running.tenant, ShiftStarted(agent=running.agent("Анна")))
    await snapshot.save(running.exchange._centres[running.tenant])
    last = running.exchange.last_seq(running.tenant)
    # What it still folds would take it forward again: it is to be level, and to wait for news.
    await until(lambda: (shadow.seq, shadow._known, shadow._behind_since) == (last, last, None))
    asked: list[int] = []

    async def watched(after: int, limit: int) -> object:
        asked.append(after)
        return await following(after, limit)

    monkeypatch.setattr(shadow._log, "following", watched)
    shadow.seq = 0  # as if it had fallen that far behind
    shadow._news.set()
    await until(lambda: asked)
    assert asked[0] == running.exchange.last_seq(running.tenant)
    assert shadow.engine().snapshot() == running.exchange._centres[running.tenant].engine.snapshot()


# who leads


@dataclass
class Desk:
    """A switchboard that shares the tenants, with a telephone switch of its own."""

    exchange: Exchange
    voice: SimulatedVoice
    database: Database
    leader: Leader
    running: asyncio.Task[None]

    @classmethod
    async def open(cls, url: str, name: str) -> Desk:
        database, voice = await Database.open(url), SimulatedVoice()
        made = Exchange(database, url, voice, time.time, name)
        await voice.start(made)
        running = asyncio.create_task(made.run())
        return cls(made, voice, database, Leader.of(url, made, voice, database, shares=True), running)

    async def die(self) -> None:
        await self.leader.die()
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        for centre in self.exchange._centres.values():
            await centre.outboxes.close()
            await centre.cards.close()
            await centre.event_log.close()
        await self.database.close()


@dataclass
class Two:
    url: str
    tenants: list[TenantId] = field(default_factory=list)


@pytest.fixture
async def four_tenants(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Two:
    monkeypatch.setattr(exchange, "LEASE_SECONDS", 1.5)
    monkeypatch.setattr(presence, "AWAY_SECONDS", 0.6)
    monkeypatch.setattr(presence, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(sharing, "LOOK_SECONDS", 0.1)
    database = await Database.open(database_url)
    for number in range(3):
        made = TenantId(str(uuid7()))
        async with database.transaction(made) as connection:
            await tenancy.add_tenant(connection, name=f"Центр {number}", provider=f"Провайдер {number}", is_demo=False)
    async with database.lookup() as connection:
        tenants = await tenancy.tenants(connection)
    await database.close()
    return Two(database_url, tenants)


async def test_two_switchboards_share_the_tenants_and_the_living_one_takes_those_of_the_dead(four_tenants: Two) -> None:
    one = await Desk.open(four_tenants.url, "one")
    await until(lambda: len(one.exchange.led()) == 4)
    two = await Desk.open(four_tenants.url, "two")
    await until(lambda: (len(one.exchange.led()), len(two.exchange.led())) == (2, 2))
    assert set(one.exchange.led()) | set(two.exchange.led()) == set(four_tenants.tenants)
    await one.die()
    await until(lambda: len(two.exchange.led()) == 4, exchange.LEASE_SECONDS + 3)
    await two.die()


async def test_a_tenant_with_somebody_at_work_is_not_given_back(four_tenants: Two) -> None:
    one = await Desk.open(four_tenants.url, "one")
    await until(lambda: len(one.exchange.led()) == 4)
    busy = next(tenant for tenant, centre in one.exchange._centres.items() if centre.engine.configuration.agents)
    anna = one.exchange._centres[busy].engine.configuration.agents[0].id
    await one.exchange.submit(busy, ShiftStarted(agent=anna))
    two = await Desk.open(four_tenants.url, "two")
    await until(lambda: (len(one.exchange.led()), len(two.exchange.led())) == (2, 2))
    assert busy in one.exchange.led()
    await one.die()
    await two.die()


def test_shares_are_fair_and_what_lives_elsewhere_is_left_there() -> None:
    a, b, c, d, e = (TenantId(name) for name in "abcde")
    other = Beat(process="o", role="switchboard", host="h", pid=1, tenants={c: Led(epoch=1, last_seq=1)})
    everybody = [a, b, c, d, e]
    assert shares(everybody, [], []) == (everybody, 0)
    assert shares(everybody, [a], [other]) == ([b, d], 0)
    assert shares(everybody, [a, b, d, e], [other]) == ([], 1)
    assert shares(everybody, everybody, []) == ([], 0)
    assert shares([], [], [other]) == ([], 0)


async def test_one_process_at_a_time_has_a_switch_also_after_the_database_was_away(
    database_url: str, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "STEADY_SECONDS", 4.0)
    one, two = Claim(database_url, "the switch"), Claim(database_url, "the switch")
    await one.take()
    holding, waiting = asyncio.create_task(one.hold()), asyncio.create_task(two.take())
    await until(lambda: two._connection is not None)  # it waits, and will notice
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await until(lambda: one._connection is None)
    await until(lambda: one._locked)  # a killed database takes its time to be back
    assert not two.held
    holding.cancel()
    await asyncio.gather(holding, return_exceptions=True)
    await one.close()
    await asyncio.wait_for(waiting, claim.STEADY_SECONDS + 20)
    assert two.held
    await two.close()


# the bus


async def test_messages_of_any_length_arrive_whole_and_in_order(database_url: str) -> None:
    said = ["a" * PIECE_BYTES, "короткое", "ж" * 50_000, "{}", '"' * (3 * PIECE_BYTES), "#решётка"]
    heard: list[str] = []
    here, there = Bus(database_url, "here"), Bus(database_url, "there")
    there.on("talk", heard.append)
    tasks = [asyncio.create_task(bus.run()) for bus in (here, there)]
    await until(lambda: here.connected and there.connected)
    for text in said:
        here.say("talk", text)
    await until(lambda: len(heard) == len(said))
    assert heard == said
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_switchboard_deposed_in_one_tenant_goes_on_with_the_others(four_tenants: Two) -> None:
    one = await Desk.open(four_tenants.url, "one")
    await until(lambda: len(one.exchange.led()) == 4)
    taken = four_tenants.tenants[0]
    thief = EventLog(four_tenants.url, taken)
    await thief.take("one", 60)  # by its own name: as if its lease had run out while it slept
    await until(lambda: taken not in one.exchange.led())
    assert len(one.exchange.led()) == 3 and not one.running.done()
    await thief.close()
    await one.die()
