"""A supervisor answers for an agent over HTTP: from the floor, audited, explained, and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from tests.web.conftest import AtDesk, Site, calling, refusal, until
from tests.web.overseeing import Overseeing, hears, overseeing

from otklik.contact.facts import WrapUpFinished


@pytest.fixture
async def olga(site: Site) -> AsyncIterator[Overseeing]:
    async with overseeing(site) as made:
        yield made


async def test_supervisor_answers_what_rings_at_an_agent_and_has_it(
    site: Site,
    anna: AtDesk,
    olga: Overseeing,
) -> None:
    call = await calling(site)
    call.press("1")
    theirs = site.voice.phone(anna.agent)
    await until(lambda: theirs.ringing)
    answer = await olga.ask(call, "answer")
    assert answer.status_code == 204, answer.text
    await until(lambda: not theirs.ringing)
    await until(lambda: olga.phone.ringing)
    assert olga.phone.placed, "the page answers by itself"
    olga.phone.answer()
    await until(partial(hears, call, {"supervisor"}))
    seen = await anna.until(lambda seen: not seen["contacts"])
    assert seen["agent"]["state"] == "ready", "nothing was missed"
    again = await olga.ask(call, "answer")
    assert refusal(again) == (409, "nobody_rings")
    desk = f"/api/desk/contacts/{call.contact}"
    assert (await olga.client.post(f"{desk}/end", json={})).status_code == 204
    await until(lambda: not call.alive)
    await site.inbox.submit(site.tenant, WrapUpFinished(contact=call.contact, agent=olga.id, disposition="resolved"))
    told = (await olga.client.get(f"/api/contacts/{call.contact}")).json()
    assert (told["agent"]["id"], told["outcome"]) == (olga.id, "answered")
    assert "contact_answered_for" in [each["what"] for each in told["timeline"]]
    steps = (await olga.client.get(f"/api/contacts/{call.contact}/why")).json()["steps"]
    assert any(each["ru"].startswith("Ольга Петрова отвечает за оператора →") for each in steps)
    audited = await site.scalar(
        "select count(*) from audit where what = 'call_answered_for' and contact_id = :id", id=call.contact
    )
    assert audited == 1


async def test_of_two_who_answer_in_the_same_moment_one_has_it(
    site: Site,
    anna: AtDesk,
    olga: Overseeing,
) -> None:
    call = await calling(site)
    call.press("1")
    theirs = site.voice.phone(anna.agent)
    await until(lambda: theirs.ringing)
    asking = asyncio.create_task(olga.ask(call, "answer"))
    theirs.answer()
    answer = await asking
    if answer.status_code == 204:
        await until(lambda: olga.phone.ringing)
        olga.phone.answer()
        await until(partial(hears, call, {"supervisor"}))
        await until(lambda: not theirs.hears)
    else:
        assert refusal(answer) == (409, "nobody_rings")
        await until(partial(hears, call, {"agent"}))
    call.hang_up()
    await until(lambda: not call.alive)


async def test_without_the_permission_nobody_answers_for_another(site: Site, anna: AtDesk) -> None:
    call = await calling(site)
    call.press("1")
    await until(lambda: site.voice.phone(anna.agent).ringing)
    answer = await anna.client.post(f"/api/supervision/contacts/{call.contact}/answer", json={})
    assert refusal(answer)[0] == 403
    call.hang_up()
