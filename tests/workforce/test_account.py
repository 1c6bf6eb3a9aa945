"""The table of working time: what is written stays exact, is cut to days, and takes no word back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import AgentId, TenantId
from otklik.contact.working_time import Stretch
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy
from otklik.workforce import store
from otklik.workforce.day import Day, days

MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC).timestamp()
"""In Berlin it is one o'clock, and the day has 23 hours."""
BERLIN = ZoneInfo("Europe/Berlin")
(UTC_DAY,) = days(date(2026, 3, 29), date(2026, 3, 29), UTC)


@pytest.fixture
async def connection(database: Database, tenant: TenantId) -> AsyncIterator[AsyncConnection]:
    async with database.transaction(tenant) as opened:
        yield opened


@pytest.fixture
async def anna(connection: AsyncConnection) -> AgentId:
    agents = (await tenancy.configuration(connection)).agents
    return next(each.id for each in agents if each.name.startswith("Анна"))


def stretch(agent: AgentId, began: float, ended: float | None, **others: Any) -> Stretch:
    """Seconds since midnight UTC."""
    told: dict[str, Any] = {
        "agent": agent,
        "shift_at": MIDNIGHT + began,
        "began_at": MIDNIGHT + began,
        "ended_at": None if ended is None else MIDNIGHT + ended,
        "status": "ready",
        "reason": None,
        "activity": None,
        "contact": None,
        "channel": None,
    }
    return Stretch(**told | others)


async def told(
    connection: AsyncConnection, agent: AgentId, day: Day = UTC_DAY
) -> list[tuple[str, float, float | None]]:
    """State, and from when to when in seconds since midnight UTC."""
    return [
        (
            each.activity or each.reason or each.status,
            each.began_at.timestamp() - MIDNIGHT,
            None if each.ended_at is None else each.ended_at.timestamp() - MIDNIGHT,
        )
        for each in await store.stretches(connection, day, agent)
    ]


async def test_the_last_word_of_a_stretch_counts_and_an_earlier_word_comes_too_late(
    connection: AsyncConnection, anna: AgentId
) -> None:
    open_one, closed = stretch(anna, 100, None), stretch(anna, 100, 160)
    await store.save(connection, [open_one, closed, stretch(anna, 160, 200, activity="talking")])
    await store.save(connection, [open_one])
    assert await told(connection, anna) == [("ready", 100.0, 160.0), ("talking", 160.0, 200.0)]


async def test_what_lasted_no_time_gives_way_to_what_began_in_the_same_instant(
    connection: AsyncConnection, anna: AgentId
) -> None:
    await store.save(connection, [stretch(anna, 100, None, reason="shift"), stretch(anna, 100, 100, reason="shift")])
    assert await told(connection, anna) == []
    assert sum(each.milliseconds for each in await store.sums(connection, [UTC_DAY])) == 0
    await store.save(connection, [stretch(anna, 100, None)])
    assert await told(connection, anna) == [("ready", 100.0, 86_400.0)], "it goes on, beyond that day"


async def test_shift_over_midnight_is_cut_and_each_day_has_its_part(connection: AsyncConnection, anna: AgentId) -> None:
    await store.save(
        connection, [stretch(anna, -7200, 3600.5), stretch(anna, 3600.5, 4000, status="not_ready", reason="lunch")]
    )
    two = list(days(date(2026, 3, 28), date(2026, 3, 29), UTC))
    found = {(each.day.day, each.reason or each.state): each.milliseconds for each in await store.sums(connection, two)}
    assert found == {(28, "ready"): 7_200_000, (29, "ready"): 3_600_500, (29, "lunch"): 399_500}
    assert await told(connection, anna) == [("ready", 0.0, 3600.5), ("lunch", 3600.5, 4000.0)]
    ((berlin,),) = [list(days(date(2026, 3, 29), date(2026, 3, 29), BERLIN))]
    assert (await told(connection, anna, berlin))[0] == ("ready", -3600.0, 3600.5)


async def test_of_somebody_else_and_of_other_days_nothing_is_told(connection: AsyncConnection, anna: AgentId) -> None:
    other = next(each.id for each in (await tenancy.configuration(connection)).agents if each.id != anna)
    await store.save(
        connection, [stretch(anna, -90_000, -86_400), stretch(other, 10, 20), stretch(anna, 86_400, 86_500)]
    )
    assert await told(connection, anna) == []
    assert [each.agent for each in await store.sums(connection, [UTC_DAY])] == [other]
    assert await store.sums(connection, [UTC_DAY], anna) == []


async def test_shift_that_goes_on_is_counted_up_to_now_and_says_so(connection: AsyncConnection, anna: AgentId) -> None:
    now = datetime.now(UTC)
    (today,) = days(now.date(), now.date(), UTC)
    await store.save(connection, [stretch(anna, now.timestamp() - MIDNIGHT - 5.0, None)])
    (found,) = await store.sums(connection, [today], anna)
    assert found.on_shift and found.milliseconds < 60_000
    (whole,) = await store.stretches(connection, today, anna)
    assert whole.ended_at is None


INSTANTS = st.lists(st.floats(0, 86_400 - 1e-3).map(lambda each: round(each, 6)), min_size=2, max_size=40, unique=True)


async def test_sums_of_a_shift_are_its_length_to_the_millisecond(connection: AsyncConnection, anna: AgentId) -> None:
    """However its instants lie between milliseconds."""
    made: list[list[float]] = []

    @given(INSTANTS)
    def collect(instants: list[float]) -> None:
        made.append(sorted(instants))

    collect()
    for number, instants in enumerate(made):
        shift = 86_400.0 * number
        parts = [
            stretch(anna, shift + begins, shift + ends, reason=None if n % 3 else "lunch")
            for n, (begins, ends) in enumerate(pairwise(instants))
        ]
        await store.save(connection, parts)
    for number, instants in enumerate(made):
        first = date.fromordinal(date(2026, 3, 29).toordinal() + number)
        found = await store.sums(connection, list(days(first, first, UTC)), anna)
        length = _milliseconds(86_400.0 * number + instants[-1]) - _milliseconds(86_400.0 * number + instants[0])
        assert sum(each.milliseconds for each in found) == length, instants


def _milliseconds(seconds: float) -> int:
    """As the database knows the instant: to the microsecond."""
    return round((MIDNIGHT + seconds) * 1e6) // 1000
