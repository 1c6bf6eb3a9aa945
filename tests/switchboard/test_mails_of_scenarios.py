"""The block `mail` in the running centre: an address that a stranger has named is written to seldom, one of the set-up at will."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.switchboard.conftest import Running, open_centre, until
from tests.switchboard.test_written import (
    REQUEST,
    SALES,
    SUPPORT,
    TO_SALES,
    configure,
    flow,
    ours,
    outcome,
    outside,
    write,
)
from tests.web.test_answering import SmtpServer, smtp

from otklik.answering.store import MOST_A_DAY
from otklik.contact.flow import Block, Flow, ListenBlock, MailBlock, QueueBlock, SetBlock, SubFlowBlock
from otklik.contact.handler import Handler
from otklik.contact.ids import AgentId, ScenarioId
from otklik.integrations.handlers.outside import ConfinedHandlers, Times
from otklik.integrations.outside import OuterSystems

__all__ = ["outside", "smtp"]

TEXT = {"en": "We have your request."}
UNSENT = {"done": "sales", "failed": "support"}


def writes_to(recipient: str) -> Block:
    return Block(id="mail", mail=MailBlock(recipient=recipient, subject=TEXT, text=TEXT), exits=UNSENT)


TO_SUPPORT = Block(id="support", queue=QueueBlock(queue=SUPPORT))
KEPT = Block(id="keep", set=SetBlock(attributes={"where": "{request.mail}"}), exits={"done": "mail"})
CODE = """
async def scenario(contact):
    sent = await contact.send_mail(contact.attributes["request.mail"].upper(), "About your request", "We have it.")
    await contact.to_queue("sales" if sent == "done" else "support")
"""
PYTHON = Handler(id=ScenarioId("code"), name="Code", language="en", otherwise=SALES, code=CODE, written=True)


@pytest.mark.parametrize(
    "drawn",
    [
        flow(writes_to("{request.mail}"), TO_SALES, TO_SUPPORT),
        flow(KEPT, writes_to("{where}"), TO_SALES, TO_SUPPORT),
    ],
    ids=["from the request", "by way of an attribute"],
)
async def test_an_address_of_a_strangers_naming_is_written_to_five_times_a_day(
    running: Running, smtp: SmtpServer, drawn: Flow
) -> None:
    await configure(running, smtp.port, drawn)
    for _ in range(MOST_A_DAY):
        contact = await write(running)
        assert await outcome(running, contact) == (SALES, None)
        assert await ours(running, contact) == [("sent", None)], "who gets it reads what was written"
    held_back = await write(running, request={**REQUEST, "mail": "Ivan <IVAN+more@example.com>"})
    assert await outcome(running, held_back) == (SUPPORT, None)
    assert await ours(running, held_back) == [("failed", "too_many")]
    assert await outcome(running, await write(running, request={**REQUEST, "mail": "olga@example.com"})) == (
        SALES,
        None,
    )
    assert len(smtp.messages) == MOST_A_DAY + 1
    assert all("Auto-Submitted: auto-generated" in each for each in smtp.messages)


async def test_so_is_one_that_code_writes_differently(
    database_url: str, outside: OuterSystems, smtp: SmtpServer
) -> None:
    handlers = ConfinedHandlers(Times(step=20.0, start=60.0, turn=20.0))
    running = await open_centre(database_url, outside=outside, handlers=handlers)
    await configure(running, smtp.port, PYTHON)
    for _ in range(MOST_A_DAY):
        assert await outcome(running, await write(running), 60) == (SALES, None)
    held_back = await write(running)
    assert await outcome(running, held_back, 60) == (SUPPORT, None)
    assert await ours(running, held_back) == [("failed", "too_many")]
    assert len(smtp.messages) == MOST_A_DAY
    await running.stop()
    await handlers.close()


async def test_an_address_of_the_set_up_is_written_to_each_time(running: Running, smtp: SmtpServer) -> None:
    await configure(running, smtp.port, flow(writes_to("duty@example.com"), TO_SALES, TO_SUPPORT))
    for _ in range(MOST_A_DAY + 1):
        contact = await write(running)
        assert await outcome(running, contact) == (SALES, None)
        assert await ours(running, contact) == []
    assert len(smtp.messages) == MOST_A_DAY + 1


def shown(running: Running, agent: AgentId) -> list[dict[str, Any]]:
    """The letters of all contacts on the agent's page: who wrote each, and what has become of it."""
    contacts = running.exchange.own_state(running.tenant, agent)["contacts"]
    return [{name: each[name] for name in ("by", "delivery")} for contact in contacts for each in contact["letters"]]


SENT = {"by": "Letters", "delivery": "sent"}
ADDRESS = Block(id="address", listen=ListenBlock(text={"en": "Your address?"}, into="said"), exits={"done": "mail"})
TO_SAID = replace(writes_to("{said}"), name="Mail")


async def test_the_agent_sees_what_a_scenario_has_written_in_a_request(running: Running, smtp: SmtpServer) -> None:
    await configure(running, smtp.port, flow(writes_to("{request.mail}"), TO_SALES, TO_SUPPORT))
    anna = await running.ready("Анна")
    await write(running)
    await until(lambda: shown(running, anna)[1:] == [SENT])


async def test_the_agent_sees_what_a_scenario_has_written_in_a_call_also_after_a_restart(
    database_url: str, outside: OuterSystems, smtp: SmtpServer
) -> None:
    before = await open_centre(database_url, outside=outside)
    await configure(before, smtp.port, flow(ADDRESS, TO_SAID, TO_SALES, TO_SUPPORT))
    call = before.voice.arrive("1000", "+79990000000")
    assert call is not None
    await until(lambda: call.hearing.wanted)
    call.say("ivan@example.com")
    anna = await before.ready("Анна")
    await until(lambda: shown(before, anna) == [SENT])
    before.voice.phone(anna).answer()
    await until(lambda: call.hears == {"agent"})
    await before.kill()
    after = await open_centre(database_url, before.voice, outside=outside)
    await until(lambda: shown(after, anna) == [SENT])
    call.hang_up()
    await after.stop()


async def test_nothing_is_kept_of_the_letters_of_a_contact_that_is_over(running: Running, smtp: SmtpServer) -> None:
    await configure(running, smtp.port)
    contact = await write(running)
    assert await outcome(running, contact) == ("", "served")
    letters = running.exchange._centres[running.tenant].letters
    await until(lambda: not letters._tasks)
    assert letters.known() == {}


async def test_a_mail_of_a_flow_within_another_says_whose_scenario_it_is(running: Running, smtp: SmtpServer) -> None:
    inner = replace(flow(writes_to("{request.mail}"), TO_SALES, TO_SUPPORT), id=ScenarioId("inner"), name="Inner")
    within = Block(id="within", flow=SubFlowBlock(flow=inner.id), name="Within")
    await configure(running, smtp.port, flow(within, TO_SALES, TO_SUPPORT), inner)
    anna = await running.ready("Анна")
    await write(running)
    await until(lambda: shown(running, anna)[1:] == [SENT])
