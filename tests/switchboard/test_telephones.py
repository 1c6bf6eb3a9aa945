"""Desk telephones and numbers outside over a restart of ours: what the switch is told, and what becomes of a ring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.facts import Configured, PhoneChosen, ShiftStarted, StatusChosen
from otklik.contact.ids import AgentId, TenantId
from otklik.contact.phone import Phone
from otklik.contact.ports import DeskTelephone
from otklik.errors import PeerError
from otklik.telephones import store


async def keep(running: Running, agent: AgentId, user: str) -> None:
    async with running.database.transaction(running.tenant) as connection:
        assert await store.keep(connection, agent, DeskTelephone(user=user, digest="0" * 32), agent)


class Refusing(SimulatedVoice):
    """It refuses every telephone that is to be made."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str | None] = []

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        self.asked.append(telephone.user if telephone is not None else None)
        if telephone is not None:
            raise PeerError("simulator", "refused", retryable=False)
        await super().set_telephone(tenant, agent, telephone)


async def test_telephone_that_is_refused_costs_neither_the_calls_nor_the_other_telephones(database_url: str) -> None:
    before = await open_centre(database_url)
    await keep(before, before.agent("Анна"), "desk-anna")
    await keep(before, before.agent("Борис"), "desk-boris")
    call = before.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    await before.kill()
    switch = Refusing()  # the call is not there any more
    after = await open_centre(database_url, switch)
    assert {"desk-anna", "desk-boris", None} == set(switch.asked)
    await until(lambda: after.exchange._centres[after.tenant].engine.contact(call.contact) is None)
    await after.stop()


async def test_account_that_is_kept_no_longer_goes_at_a_restart(database_url: str) -> None:
    before = await open_centre(database_url)
    anna = before.agent("Анна")
    await before.voice.set_telephone(before.tenant, anna, DeskTelephone(user="desk-old", digest="0" * 32))
    await before.kill()
    after = await open_centre(database_url, before.voice)
    assert after.voice.phone(anna, "desk").user == ""
    await after.stop()


@pytest.mark.parametrize("phone", ["desk", "outside"])
async def test_ring_away_from_the_page_is_void_after_a_restart(database_url: str, phone: Phone) -> None:
    before = await open_centre(database_url)
    anna = before.agent("Анна")
    engine = before.exchange._centres[before.tenant].engine
    agents = tuple(
        replace(each, desk_telephone=True, outside_number="+79160000001") for each in engine.configuration.agents
    )
    await before.exchange.submit(before.tenant, Configured(configuration=replace(engine.configuration, agents=agents)))
    await before.exchange.submit(before.tenant, ShiftStarted(agent=anna))
    await before.exchange.submit(before.tenant, PhoneChosen(agent=anna, phone=phone))
    if phone == "desk":
        await keep(before, anna, "desk-anna")
        await before.voice.set_telephone(before.tenant, anna, DeskTelephone(user="desk-anna", digest="0" * 32))
        before.voice.phone(anna, "desk").register()
    await before.exchange.submit(before.tenant, StatusChosen(agent=anna, status="ready"))
    call = before.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    await until(lambda: before.voice.phone(anna, phone).ringing)
    await before.kill()
    after = await open_centre(database_url, before.voice)
    engine = after.exchange._centres[after.tenant].engine

    def void() -> bool:
        contact = engine.contact(call.contact)
        return contact is not None and (contact.state == "waiting" or contact.offer > 1)

    await until(void)
    async with after.database.transaction(after.tenant) as connection:
        told = await connection.execute(text("select body->>'phone' from fact where kind = 'agent_unreachable'"))
        assert phone in told.scalars().all()
    assert call.alive
    await after.stop()
