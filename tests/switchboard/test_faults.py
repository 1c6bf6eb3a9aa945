"""Days on which the centre is killed again and again, at every step of a contact's life; the long run is bench/faults."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import get_args

import pytest
from tests.switchboard.conftest import until
from tests.switchboard.fate import Fate
from tests.switchboard.hazard import Day, Hazards

from otklik.contact.facts import DeclineLapsed, Fact, ShiftStarted
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.embedded.postgres import EmbeddedPostgres
from otklik.storage.log import Deposed
from otklik.switchboard import snapshot
from otklik.switchboard.clock import SLEW, SteadyClock
from otklik.switchboard.timers import TIMERS, Timers


@pytest.mark.parametrize("seed", range(1, 5))
async def test_centre_killed_anywhere_loses_nobody_and_offers_nobody_twice(database_url: str, seed: int) -> None:
    day = Day(database_url, seed)
    for _ in range(45):
        await day.live(steps=25)
    await day.evening()


@pytest.fixture(autouse=True)
def snapshots_are_taken_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a dozen contacts change many times while one is being taken."""
    monkeypatch.setattr(snapshot, "FEW", 2)
    monkeypatch.setattr(snapshot, "SLICE", 2)


async def test_database_killed_under_load_loses_nobody(database_url: str, server: EmbeddedPostgres) -> None:
    day = Day(database_url, seed=11)
    life = await day.begin(Fate())
    assert life is not None
    for step in range(300):
        day.somebody_does_something(life)
        await asyncio.sleep(0)
        if step == 150:
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        while not await life.database.up():
            await asyncio.sleep(0.05)
    # All that was held back while the database was away is committed before this one, however long that takes.
    life.exchange.post(day.tenant, ShiftStarted(agent=day.configuration.agents[0].id))
    await until(lambda: not life.centre._waiting and not life.log().appending, seconds=60)
    await day.settle(life, seconds=30)
    day.check_switch(life)
    await day.check_fold(life)
    await day.end(life)
    await day.evening()


async def test_deposed_in_the_middle_of_a_batch_it_writes_and_performs_nothing_more(database_url: str) -> None:
    day = Day(database_url, seed=12, hazards=Hazards(repeats=False))
    old = await day.begin(Fate())
    assert old is not None
    for _ in range(60):
        day.somebody_does_something(old)
        await asyncio.sleep(0)
    posted: list[Fact] = []

    async def keep_busy() -> None:
        while True:
            for _ in range(45):
                posted.append(ShiftStarted(agent=AgentId(f"00000000-0000-7000-8000-{len(posted):012}")))
                old.exchange.post(day.tenant, posted[-1])
            await asyncio.sleep(0.001)

    busy = asyncio.create_task(keep_busy())
    await until(lambda: old.log().appending)
    new = await day.begin(Fate())
    assert new is not None and old.task is not None
    with pytest.raises(ExceptionGroup) as failure:
        await old.task
    busy.cancel()
    assert failure.group_contains(Deposed)
    performed = old.wire.performed
    for _ in range(100):
        day.somebody_does_something(new)
        await asyncio.sleep(0)
    await day.settle(new)
    day.check_switch(new)
    await day.check_fold(new)
    assert old.wire.performed == performed
    written = [fact for _, fact in day.ledger.confirmed.values() if isinstance(fact, ShiftStarted)]
    assert posted[0] in written and posted[-1] not in written
    await day.end(old)
    await day.end(new)
    await day.evening()


class Walls:
    """A wall's clock that is set, and time that passes."""

    def __init__(self) -> None:
        self.wall = 1_000_000.0
        self.passed = 0.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.passed += seconds


def test_a_clock_set_an_hour_forwards_misses_no_ringing_call_and_is_followed_slowly() -> None:
    walls = Walls()
    clock = SteadyClock(lambda: walls.wall, lambda: walls.passed)
    walls.wall += 3600
    walls.pass_(20)
    assert clock() == pytest.approx(1_000_020 + 20 * SLEW)
    for _ in range(3600):
        walls.pass_(30)
        clock()
    assert clock() == pytest.approx(walls.wall)


def test_a_clock_set_an_hour_back_never_goes_back_and_timers_still_fire() -> None:
    walls, fired = Walls(), list[Fact]()
    clock = SteadyClock(lambda: walls.wall, lambda: walls.passed)
    timers = Timers(clock, fired.append)
    timer = DeclineLapsed(contact=ContactId("c"), agent=AgentId("a"), offer=OfferNumber(1))
    timers.set(clock() + 20, timer)
    before = clock()
    walls.wall -= 3600
    assert clock() >= before
    walls.pass_(20 / (1 - SLEW) + 0.001)
    timers.fire_due()
    assert fired == [timer]


def test_after_a_start_with_a_clock_that_lags_time_goes_on_from_the_log() -> None:
    walls = Walls()
    clock = SteadyClock(lambda: walls.wall, lambda: walls.passed)
    clock.go_on_from(1_000_500.0)
    walls.pass_(10)
    assert clock() == pytest.approx(1_000_510, abs=1)


async def test_timers_fire_within_a_second_of_a_clock_that_was_pushed_forward() -> None:
    walls, fired = Walls(), list[Fact]()
    timers = Timers(lambda: walls.wall, fired.append)
    timers.set(walls.wall + 3600, DeclineLapsed(contact=ContactId("c"), agent=AgentId("a"), offer=OfferNumber(1)))
    running = asyncio.create_task(timers.run())
    await asyncio.sleep(0)
    walls.wall += 3600  # as after a night's sleep of the machine
    await until(lambda: fired)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def test_every_timer_is_known_as_one_when_the_log_is_folded() -> None:
    named = {kind for kind in get_args(Fact) if kind.__name__.endswith(("Due", "Expired", "Lapsed"))}
    assert named <= set(get_args(TIMERS))
