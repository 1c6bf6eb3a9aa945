"""Working time over HTTP: an agent's shift as it was spent, for supervisors and for the agent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from tests.conftest import Databases
from tests.web.conftest import AtDesk, Site, refusal

from otklik.contact.facts import ContactFinished
from otklik.storage.log import EventLog
from otklik.switchboard.recounting import recount

Json = dict[str, Any]


def today() -> str:
    return datetime.now(UTC).date().isoformat()


async def own_day(anna: AtDesk) -> Json:
    answer = await anna.client.get("/api/desk/working-time", params={"day": today()})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def served(anna: AtDesk) -> str:
    """Lunch, then a call; wrap-up goes on. The contact."""
    await anna.put("/api/desk/status", {"status": "not_ready", "reason": "lunch"})
    await anna.put("/api/desk/status", {"status": "ready", "reason": None})
    call = await anna.talk()
    await anna.site.inbox.submit(anna.site.tenant, ContactFinished(contact=call.contact, agent=anna.agent))
    return call.contact


async def test_agents_day_is_told_stretch_by_stretch_and_sums_to_the_time_in_shift(anna: AtDesk) -> None:
    contact = await served(anna)
    found = await own_day(anna)
    assert [(each["state"], each["reason"], each["contact"]) for each in found["stretches"]][-5:] == [
        ("not_ready", "lunch", None),
        ("ready", None, None),
        ("offered", None, contact),
        ("talking", None, contact),
        ("wrap_up", None, contact),
    ]
    ends = [each["ended_at"] for each in found["stretches"]]
    assert ends[-1] is None and None not in ends[:-1]
    worked = found["worked"]
    assert worked["ended_at"] is None
    assert sum(each["milliseconds"] for each in worked["spent"]) == worked["milliseconds"] > 0


async def test_supervisor_sees_every_agents_day_and_one_of_them_whole(site: Site, anna: AtDesk) -> None:
    await served(anna)
    await own_day(anna)
    async with site.signed_in("olga") as client:
        table = (await client.get("/api/working-time", params={"from": today(), "to": today()})).json()
        one = (await client.get(f"/api/working-time/{anna.agent}", params={"day": today()})).json()
    (row,) = [each for each in table["days"] if each["agent"] == anna.agent]
    assert {"not_ready", "ready", "talking"} <= {each["state"] for each in row["spent"]}
    assert (one["agent"], one["name"], one["stretches"][-1]["state"]) == (anna.agent, row["name"], "wrap_up")


async def test_neighbours_see_none_of_it(site: Site, anna: AtDesk) -> None:
    await own_day(anna)
    async with site.signed_in("rita") as client:
        table = await client.get("/api/working-time", params={"from": today(), "to": today()})
        one = await client.get(f"/api/working-time/{anna.agent}", params={"day": today()})
    assert anna.agent not in {each["agent"] for each in table.json()["days"]}
    assert refusal(one) == (404, "not_found")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "too_many_days"),
        ({"from": "2026-03-01", "to": "2026-04-01"}, "too_many_days"),
        ({"from": "2026-03-01", "to": "2026-03-01", "time_zone": "Europe/Nowhere"}, "no_such_time_zone"),
        ({"from": "yesterday", "to": "2026-03-01"}, "invalid_input"),
    ],
)
async def test_question_that_cannot_be_answered_names_its_field(site: Site, asked: dict[str, str], code: str) -> None:
    async with site.signed_in("olga") as client:
        answer = await client.get("/api/working-time", params=asked)
    assert refusal(answer)[1] == code
    assert answer.json()["error"]["field"] in asked


async def test_log_told_anew_brings_back_what_is_missing_and_changes_nothing_else(
    site: Site, anna: AtDesk, databases: Databases
) -> None:
    await served(anna)
    before = await own_day(anna)
    async with await psycopg.AsyncConnection.connect(databases.superuser_url(site.database.url)) as everything:
        await everything.execute("delete from otklik.working_stretch where activity = 'talking'")
    assert await own_day(anna) != before
    async with asyncio.timeout(30):
        assert await recount(EventLog(site.database.url, site.tenant), site.database) >= len(before["stretches"]) - 1
    assert (await own_day(anna))["stretches"] == before["stretches"]
