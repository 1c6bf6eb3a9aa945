"""Callbacks over HTTP: a supervisor, and nobody else, cancels one before the customer is called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from tests.web.conftest import AtDesk, Site, at_desk, refusal, until

from otklik.assembly.report import calls_out_finding
from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.configuration import Destination, Exit
from otklik.contact.facts import Configured
from otklik.tenancy import demo
from otklik.tenancy import store as tenancy

IVAN = "+79161234567"


@pytest.fixture
async def boris(site: Site) -> AsyncIterator[AtDesk]:
    """The star is for being called back, in each queue; he has not begun to take calls."""
    async with site.database.transaction(site.tenant) as connection:
        known = await tenancy.configuration(connection)
    star = (Exit(digit="*", to=Destination(callback=True)),)
    changed = replace(known, queues=tuple(replace(queue, exits=star) for queue in known.queues))
    await site.inbox.submit(site.tenant, Configured(configuration=changed))
    async with at_desk(site, "boris") as made:
        await made.put("/api/desk/status", {"status": "not_ready", "reason": "lunch"})
        yield made
    await site.inbox.submit(site.tenant, Configured(configuration=known))


async def wants_to_be_called_back(site: Site) -> SimulatedCall:
    call = site.voice.arrive("1000", IVAN)
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: call.hears == {"music"})
    call.press("*")
    await until(lambda: not call.alive)
    return call


async def cancel(site: Site, contact: str, login: str) -> Any:
    async with site.signed_in(login) as client:
        return await client.post(f"/api/contacts/{contact}/callback/cancel", json={})


async def test_supervisor_cancels_a_callback_and_nobody_else_can(site: Site, boris: AtDesk) -> None:
    call = await wants_to_be_called_back(site)
    assert refusal(await cancel(site, call.contact, "anna")) == (403, "not_permitted")
    assert refusal(await cancel(site, call.contact, "boris")) == (403, "not_permitted")
    assert refusal(await cancel(site, call.contact, "rita")) == (409, "no_such_contact"), "of another tenant"
    assert (await cancel(site, call.contact, "olga")).status_code == 204
    assert refusal(await cancel(site, call.contact, "olga")) == (409, "no_such_contact")
    row = await outcome(site, call)
    assert (row["outcome"], row["callback_attempts"], row["agent"]) == ("callback_cancelled", 0, None)


async def test_callback_is_not_cancelled_any_more_once_the_customer_is_called(site: Site, boris: AtDesk) -> None:
    call = await wants_to_be_called_back(site)
    await boris.put("/api/desk/status", {"status": "ready", "reason": None})
    phone = site.voice.phone(boris.agent)
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: site.voice.dialled(IVAN))
    assert refusal(await cancel(site, call.contact, "olga")) == (409, "move_not_allowed")
    line = site.voice.dialled(IVAN)
    assert line is not None
    line.answer()
    await until(lambda: line.hears == {"agent"})
    assert refusal(await cancel(site, call.contact, "olga")) == (409, "move_not_allowed")


async def test_call_that_is_on_the_line_has_no_callback_to_cancel(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    assert refusal(await cancel(site, call.contact, "olga")) == (409, "no_such_callback")
    assert call.hears == {"agent"}


async def outcome(site: Site, call: SimulatedCall) -> Any:
    async with site.signed_in("olga") as client, asyncio.timeout(30):
        while (row := (await client.get(f"/api/contacts/{call.contact}")).json()).get("outcome") in (None, "open"):
            await asyncio.sleep(0.005)
        return row


def test_queues_that_promise_callbacks_without_a_trunk_are_named_to_the_administrator() -> None:
    star = (Exit(digit="*", to=Destination(callback=True)),)
    sales, support = demo.CONFIGURATION.queues
    promising = replace(demo.CONFIGURATION, queues=(replace(sales, exits=star), support))
    found = calls_out_finding(None, [demo.CONFIGURATION, promising])
    assert (found.id, found.state, found.found) == ("calls_out", "warning", "Продажи")
    assert found.advice is not None and all("OTKLIK_TRUNK_OUT" in advice for advice in found.advice.values())
    assert calls_out_finding(None, [demo.CONFIGURATION]).state == "ok"
    assert calls_out_finding("sip.example.com", [promising]).found == "sip.example.com"
