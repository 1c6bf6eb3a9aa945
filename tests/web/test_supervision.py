"""A supervisor beside a call over HTTP: from the first ring to the call taken over; and over agents' statuses and shifts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from tests.web.conftest import AtDesk, Site, at_desk, calling, refusal, until
from tests.web.overseeing import Overseeing, hears, overseeing

from otklik.contact.facts import Configured, WrapUpFinished

Json = dict[str, Any]


@pytest.fixture
async def olga(site: Site) -> AsyncIterator[Overseeing]:
    async with overseeing(site) as made:
        yield made


async def test_who_hears_whom_follows_what_the_supervisor_chooses_and_both_pages_say_so(
    site: Site, anna: AtDesk, olga: Overseeing
) -> None:
    call = await anna.talk()
    mine = site.voice.phone(anna.agent)
    await olga.join(call)
    await until(lambda: olga.phone.hears == {"agent", "customer"})
    assert call.hears == {"agent"}
    assert mine.hears == {"customer"}
    shown = (await olga.state())["supervision"]
    assert (shown["contact"], shown["now"], shown["agent"]["id"]) == (call.contact, "listen", anna.agent)
    for way, customer, agent in (
        ("whisper", {"agent"}, {"customer", "supervisor"}),
        ("barge", {"agent", "supervisor"}, {"customer", "supervisor"}),
        ("listen", {"agent"}, {"customer"}),
    ):
        assert (await olga.go_over(call, way)).status_code == 204
        await until(partial(hears, call, customer))
        await until(partial(hears, mine, agent))
        seen = await anna.until(lambda seen: seen["contacts"][0]["supervisors"])
        assert [each["way"] for each in seen["contacts"][0]["supervisors"]] == [way]
    floor = (await olga.state())["floor"]["agents"]
    contact = next(each["contact"] for each in floor if each["id"] == anna.agent)
    assert (contact["id"], contact["supervisors"][0]["way"]) == (call.contact, "listen")
    left = await olga.client.delete(f"/api/supervision/contacts/{call.contact}/join")
    assert left.status_code == 204
    await until(lambda: olga.phone.hears == set())
    await olga.is_out()
    assert call.hears == {"agent"}


async def test_taken_over_the_supervisor_has_the_contact_and_does_with_it_what_an_agent_does(
    site: Site, anna: AtDesk, olga: Overseeing
) -> None:
    call = await anna.talk()
    await olga.join(call, "whisper")
    assert (await olga.ask(call, "take-over")).status_code == 204
    await until(lambda: call.hears == {"supervisor"})
    await anna.until(lambda seen: seen["contacts"][0]["state"] == "wrap_up" and seen["contacts"][0]["taken_by"])
    (hand,) = (await olga.state())["contacts"]
    assert (hand["id"], hand["state"]) == (call.contact, "talking")
    desk = f"/api/desk/contacts/{call.contact}"
    assert (await olga.client.post(f"{desk}/hold", json={})).status_code == 204
    await until(lambda: call.hears == {"music"})
    assert (await olga.client.post(f"{desk}/retrieve", json={})).status_code == 204
    assert (await olga.client.post(f"{desk}/end", json={})).status_code == 204
    await until(lambda: not call.alive)
    saved = await olga.client.post(
        f"{desk}/wrap-up", json={"disposition": "order", "note": "Уладила", "then": "ready", "reason": None}
    )
    assert saved.status_code == 204, saved.text
    assert (await olga.state())["agent"] is None
    await site.inbox.submit(site.tenant, WrapUpFinished(contact=call.contact, agent=anna.agent, disposition="resolved"))
    told = (await olga.client.get(f"/api/contacts/{call.contact}")).json()
    course = [(each["what"], each["text"]) for each in told["timeline"]]
    assert ("supervision_started", "whisper") in course and ("contact_taken_over", None) in course
    assert [what for what, _ in course].count("offer_answered") == 1
    assert (told["agent"]["id"], told["disposition"]["id"]) == (olga.id, "order")
    steps = (await olga.client.get(f"/api/contacts/{call.contact}/why")).json()["steps"]
    over = next(each for each in steps if each["what"] == "contact_taken_over")
    assert over["en"].startswith("Ольга Петрова takes the conversation over → ")


async def test_every_intervention_is_written_down(site: Site, anna: AtDesk, olga: Overseeing) -> None:
    call = await anna.talk()
    await olga.join(call)
    await olga.go_over(call, "barge")
    assert (await olga.ask(call, "end")).status_code == 204
    await until(lambda: not call.alive)
    rows = await site.scalar(
        "select array_agg(what order by at) from audit"
        f" where contact_id = '{call.contact}' and person_id = '{olga.id}' and address <> ''"
    )
    assert rows == ["call_listen", "call_barge", "call_ended"]


async def test_listening_is_hidden_from_the_agent_where_the_tenant_wants_it_so(
    site: Site, anna: AtDesk, olga: Overseeing
) -> None:
    known = site.exchange._centre(site.tenant).engine.configuration
    await site.inbox.submit(site.tenant, Configured(configuration=replace(known, listening_shown=False)))
    try:
        call = await anna.talk()
        await olga.join(call)
        assert (await anna.state())["contacts"][0]["supervisors"] == []
        await olga.go_over(call, "whisper")
        await anna.until(lambda seen: seen["contacts"][0]["supervisors"])
    finally:
        await site.inbox.submit(site.tenant, Configured(configuration=known))


async def test_what_cannot_be_is_refused_and_the_call_goes_on(site: Site, anna: AtDesk, olga: Overseeing) -> None:
    call = await anna.talk()
    assert refusal(await olga.ask(call, "take-over")) == (409, "not_joined")
    assert refusal(await olga.go_over(call, "barge")) == (409, "not_joined")
    assert (await olga.ask(call, "join", {"way": "shout"})).status_code == 400
    assert refusal(
        await anna.client.post(f"/api/supervision/contacts/{call.contact}/join", json={"way": "listen"})
    ) == (403, "not_permitted")
    assert call.hears == {"agent"}
    call.hang_up()
    await anna.until(lambda seen: seen["contacts"][0]["state"] == "wrap_up")
    assert refusal(await olga.ask(call, "join", {"way": "listen"})) == (409, "nobody_talks")


async def test_who_joins_as_the_call_ends_is_hung_up(anna: AtDesk, olga: Overseeing) -> None:
    call = await anna.talk()
    assert (await olga.ask(call, "join", {"way": "listen"})).status_code == 204
    await until(lambda: olga.phone.ringing)
    call.hang_up()
    olga.phone.answer()
    await until(lambda: olga.phone.leg is None or not olga.phone.leg.alive)
    await olga.is_out()


async def test_a_page_loaded_again_is_rung_again_and_hears_on(anna: AtDesk, olga: Overseeing) -> None:
    call = await anna.talk()
    await olga.join(call, "whisper")
    assert (await olga.client.post("/api/desk/softphone", json={})).status_code == 200
    assert (await olga.ask(call, "join", {"way": "whisper"})).status_code == 204
    await until(lambda: olga.phone.rejoins and olga.phone.ringing)
    olga.phone.answer()
    await until(lambda: olga.phone.hears == {"agent", "customer"})
    shown = (await olga.state())["supervision"]
    assert (shown["now"], shown["rings"]) == ("whisper", None)


async def test_a_supervisor_sets_a_status_and_ends_a_shift_and_an_agent_may_not(site: Site, olga: Overseeing) -> None:
    async with at_desk(site, "kate") as kate:
        path = f"/api/supervision/agents/{kate.agent}"
        assert (
            await olga.client.put(f"{path}/status", json={"status": "not_ready", "reason": "lunch"})
        ).status_code == 204
        seen = await kate.state()
        assert (seen["agent"]["state"], seen["agent"]["reason"]) == ("not_ready", "lunch")
        wrong = await olga.client.put(f"{path}/status", json={"status": "not_ready", "reason": "nothing"})
        assert (wrong.status_code, wrong.json()["error"]["field"]) == (409, "reason")
        assert refusal(await kate.client.delete(f"{path}/shift")) == (403, "not_permitted")
        assert (await olga.client.delete(f"{path}/shift")).status_code == 204
        assert (await kate.state())["agent"]["state"] == "offline"
        assert refusal(await olga.client.put(f"{path}/status", json={"status": "ready"})) == (409, "no_such_agent")
        forced = await site.scalar(
            f"select array_agg(distinct kind order by kind) from fact where body->>'by' = '{olga.id}' and kind like 's%'"
        )
        assert forced == ["shift_ended", "status_chosen"]


async def test_a_supervisor_is_told_why_an_agent_gets_nothing(site: Site, olga: Overseeing) -> None:
    call = await calling(site)
    async with at_desk(site, "kate") as kate:
        path = f"/api/supervision/agents/{kate.agent}/why"
        assert (await olga.client.get(path)).json()["contacts"] == []
        await kate.client.put("/api/desk/status", json={"status": "not_ready", "reason": "lunch"})
        call.press("2")
        await until(lambda: call.hears == {"music"})
        told = (await olga.client.get(path)).json()
        assert told["agent"]["name"] == "Kate Wilson"
        (waits,) = told["contacts"]
        assert (waits["contact"], waits["rule"]) == (call.contact, "not_ready")
        assert waits["queue"]["name"] and waits["ru"] == "не готов" and waits["waited_seconds"] >= 0
        assert refusal(await kate.client.get(path)) == (403, "not_permitted")
        assert refusal(await olga.client.get(f"/api/supervision/agents/{uuid4()}/why")) == (404, "not_found")
    call.hang_up()
