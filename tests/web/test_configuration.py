"""The set-up over HTTP: read, planned, applied while customers wait, refused with the place, and taken back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Json, Site, apply, calling, current, refusal, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Configured
from otklik.contact.ports import Watcher
from otklik.routing import LiveContact
from otklik.tenancy import demo


async def change(client: httpx.AsyncClient, old: str, new: str) -> Json:
    """Apply the present set-up with one thing changed."""
    before = await current(client)
    assert old in before["text"]
    answer = await apply(client, before["text"].replace(old, new), before["version"])
    assert answer.status_code == 200, answer.text
    made: Json = answer.json()
    return made


def contact_of(site: Site, call: SimulatedCall) -> LiveContact:
    found = site.exchange._centres[site.tenant].engine.contact(call.contact)
    assert found is not None
    return found


async def hang_up(site: Site, call: SimulatedCall) -> None:
    call.hang_up()
    await until(lambda: site.exchange._centres[site.tenant].engine.contact(call.contact) is None)


async def waiting(site: Site, key: str) -> SimulatedCall:
    call = await calling(site)
    await until(lambda: call.said)
    call.press(key)
    await until(lambda: contact_of(site, call).queue is not None)
    await until(lambda: contact_of(site, call).vip)  # found by the number meanwhile; it moves the place
    return call


async def test_set_up_is_shown_as_yaml_with_its_version(admin: httpx.AsyncClient) -> None:
    found = await current(admin)
    assert found["version"] >= 1
    assert "login: anna" in found["text"]
    assert (await admin.get("/api/configuration", params={"version": found["version"]})).json() == found
    assert refusal(await admin.get("/api/configuration", params={"version": 999})) == (404, "config_no_version")


async def test_applied_set_up_is_in_force_at_once_and_is_a_version_with_its_author(
    site: Site, admin: httpx.AsyncClient
) -> None:
    before = await current(admin)
    wanted = before["text"].replace("name: Продажи", "name: Отдел продаж\n    ring_seconds: 33")
    answer = await apply(admin, wanted, before["version"], "Longer ring")
    made = answer.json()
    assert made["version"] == before["version"] + 1
    assert [(each["kind"], each["place"], each["after"]) for each in made["changes"]] == [
        ("~", "queues.sales.name", "Отдел продаж"),
        ("~", "queues.sales.ring_seconds", 33.0),
    ]
    engine = site.exchange._centres[site.tenant].engine
    assert engine.queue_name(demo.SALES) == "Отдел продаж"
    versions = (await admin.get("/api/configuration/versions")).json()["versions"]
    assert (versions[0]["version"], versions[0]["by"], versions[0]["comment"]) == (
        made["version"],
        "Администратор",
        "Longer ring",
    )


async def test_same_set_up_again_makes_no_version(admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    answer = await apply(admin, before["text"], before["version"])
    assert (answer.status_code, answer.json()["version"], answer.json()["changes"]) == (200, before["version"], [])


async def test_plan_tells_changes_and_faults_and_changes_nothing(admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    wanted = before["text"].replace("name: Продажи", "name: Продажи\n    ring_seconds: 5\n    wrapup: 3")
    answer = (await admin.post("/api/configuration/plan", json={"text": wanted})).json()
    (fault,) = [fault for fault in answer["faults"] if not fault["warning"]]
    assert (fault["place"], fault["code"]) == ("queues[0].wrapup", "config_unknown_field")
    assert wanted.splitlines()[fault["line"] - 1] == "    wrapup: 3"
    assert await current(admin) == before


async def test_bad_set_up_is_refused_with_the_place_and_changes_nothing(site: Site, admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    answer = await apply(admin, before["text"].replace("queue: sales", "queue: nowhere", 1), before["version"])
    assert refusal(answer) == (400, "config_rejected")
    error = answer.json()["error"]
    assert "scenarios[0].choices[0].queue" in error["message"]
    assert "nowhere" in error["message"]
    assert [fault["code"] for fault in error["faults"]] == ["config_no_queue"]
    assert await current(admin) == before


async def test_two_people_cannot_undo_one_another_unawares(admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    await change(admin, "name: Продажи", "name: Первый")
    answer = await apply(admin, before["text"].replace("Поддержка", "Второй"), before["version"])
    assert refusal(answer) == (412, "config_conflict")
    assert answer.json()["error"]["version"] == before["version"] + 1
    no_version = await admin.put("/api/configuration", json={"text": before["text"]})
    assert refusal(no_version) == (428, "config_version_required")


async def test_of_two_changes_at_once_one_is_refused(admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    wanted = [before["text"].replace("name: Продажи", f"name: {name}") for name in ("Один", "Два")]
    answers = await asyncio.gather(*(apply(admin, each, before["version"]) for each in wanted))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    winner = next(each for each, answer in zip(wanted, answers, strict=True) if answer.status_code == 200)
    assert (await current(admin))["text"] == winner


async def test_number_of_another_contact_centre_is_refused(site: Site, admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    answer = await apply(admin, before["text"].replace("'1000'", "'91000'"), before["version"])
    assert refusal(answer) == (409, "config_number_taken")
    assert await current(admin) == before


async def test_earlier_version_can_be_taken_back(site: Site, admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    made = await change(admin, "name: Продажи", "name: Ошибка")
    headers = {"If-Match": str(made["version"])}
    answer = await admin.post("/api/configuration/rollback", json={"version": before["version"]}, headers=headers)
    assert answer.status_code == 200, answer.text
    again = await current(admin)
    assert (again["text"], again["version"]) == (before["text"], made["version"] + 1)
    assert site.exchange._centres[site.tenant].engine.queue_name(demo.SALES) == "Продажи"
    nothing = await admin.post("/api/configuration/rollback", json={"version": 999}, headers={"If-Match": "999"})
    assert refusal(nothing) == (412, "config_conflict")


async def test_nobody_loses_the_place_when_the_set_up_changes(site: Site, admin: httpx.AsyncClient) -> None:
    menu = await calling(site)
    sales, support = await waiting(site, "1"), await waiting(site, "2")
    before = {call: contact_of(site, call).key for call in (sales, support)}
    await change(admin, "name: Поддержка", "name: Поддержка\n    ring_seconds: 9")
    assert {call: contact_of(site, call).key for call in (sales, support)} == before
    # The queue is gone: whoever waits in it moves to the first one and keeps the place by time.
    wanted = (await current(admin))["text"].replace("support", "help")
    answer = await apply(admin, wanted, (await current(admin))["version"])
    assert answer.status_code == 200, answer.text
    assert (contact_of(site, support).queue, contact_of(site, support).key) == ("sales", before[support])
    assert contact_of(site, sales).key == before[sales]
    menu.press("2")
    await until(lambda: contact_of(site, menu).queue is not None)
    for call in (menu, sales, support):
        await hang_up(site, call)


async def test_talk_goes_on_while_the_agent_is_taken_out_of_every_queue(
    site: Site, admin: httpx.AsyncClient, anna: AtDesk
) -> None:
    call = await anna.talk()
    before = await current(admin)
    lines = before["text"].splitlines()
    first = lines.index("  - login: anna")
    without = [line for number, line in enumerate(lines) if number not in range(first + 1, first + 4)]
    answer = await apply(admin, "\n".join(without), before["version"])
    assert {each["place"] for each in answer.json()["changes"]} == {
        "agents.anna.queues.sales",
        "agents.anna.queues.support",
    }
    assert call.hears == {"agent"}
    assert (await anna.state())["contacts"][0]["state"] == "talking"


async def test_new_number_is_answered_without_a_restart_and_an_old_one_no_longer(
    site: Site, admin: httpx.AsyncClient
) -> None:
    await change(admin, "number: '2000'", "number: '+7 (495) 000-20-00'")
    assert site.voice.arrive("2000", None) is None
    call = await calling(site, "74950002000")
    assert contact_of(site, call).entry_point == "english"
    await hang_up(site, call)


RULES = """\
    time_zone: Europe/Moscow
    rules:
      - id: nuisance
        when: {caller_prefix: ['+7916']}
        to: {reject: {text: Номер не обслуживается., language: ru}}
"""


async def test_entry_rule_turns_a_caller_away_and_the_journal_says_by_which_rule(
    site: Site, admin: httpx.AsyncClient
) -> None:
    await change(admin, "    time_zone: Europe/Moscow\n", RULES)
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: not call.alive)
    assert call.said == ["Номер не обслуживается."]

    async def record() -> Any:
        query = "select outcome, entry_rule from contact where id = :contact"
        async with site.database.transaction(site.tenant) as connection:
            return (await connection.execute(text(query), {"contact": call.contact})).one_or_none()

    await site.exchange._centres[site.tenant].projector.flush()
    assert await record() == ("rejected", "rule:nuisance")
    shown = (await admin.get(f"/api/contacts/{call.contact}")).json()
    assert (shown["outcome"], shown["entry_rule"]) == ("rejected", "rule:nuisance")


SWITCH = "incident_switches: [{to: {queue: support}}]\n"


async def test_supervisor_switches_an_incident_and_every_new_caller_is_diverted_until_it_is_off(
    site: Site, admin: httpx.AsyncClient
) -> None:
    async with site.signed_in("olga") as olga:
        refused = await olga.put("/api/incidents", json={"on": True})
        assert refusal(refused) == (409, "no_such_incident_switch")
        before = await current(admin)
        await apply(admin, before["text"] + SWITCH, before["version"])
        assert (await floor(site))["incidents"] == [
            {"entry_point": None, "name": None, "since": None, "repaired_by": None, "texts": {}}
        ]
        assert (await olga.put("/api/incidents", json={"on": True})).status_code == 204
        (shown,) = (await floor(site))["incidents"]
        assert shown["since"] is not None
        call = await calling(site)
        admission = contact_of(site, call).admission
        assert admission is not None
        assert (contact_of(site, call).queue, admission.rule) == ("support", "incident")
        assert (await olga.put("/api/incidents", json={"on": False})).status_code == 204
        other = await calling(site)
        assert contact_of(site, other).queue is None
        for each in (call, other):
            await hang_up(site, each)
    marks = "select array_agg(what order by at) from audit where what like 'incident%'"
    assert (await site.scalar(marks))[-2:] == ["incident_on", "incident_off"]


async def floor(site: Site) -> Json:
    feed = site.exchange.subscribe(site.tenant, Watcher(person="olga", floor=True))
    try:
        page = FollowedPage()
        await page.read(feed)
        seen: Json = page.state["floor"]
        return seen
    finally:
        feed.close()


async def test_set_up_that_the_centre_cannot_take_is_not_kept(
    site: Site, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await current(admin)
    centre = site.exchange._centres[site.tenant]
    monkeypatch.setattr(centre, "_stopping", True)
    answer = await apply(admin, before["text"].replace("Продажи", "Никогда"), before["version"])
    assert refusal(answer) == (503, "centre_stopping")
    monkeypatch.setattr(centre, "_stopping", False)
    assert await current(admin) == before


async def test_numbers_of_one_tenant_leave_those_of_another_alone(site: Site, admin: httpx.AsyncClient) -> None:
    configuration = site.exchange._centres[site.tenant].engine.configuration
    await site.exchange.submit(site.tenant, Configured(configuration=replace(configuration, entry_points=())))
    assert site.exchange.entry_point("1000") is None
    assert site.exchange.entry_point("91000") == (site.neighbour, "russian")
    await site.exchange.submit(site.tenant, Configured(configuration=configuration))
    assert site.exchange.entry_point("+1000") == (site.tenant, "russian")
