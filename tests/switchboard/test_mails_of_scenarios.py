"""The block `mail` in the running centre: an address that a stranger has named is written to seldom, one of the set-up at will."""

from __future__ import annotations

import pytest
from tests.switchboard.conftest import Running, open_centre
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
from otklik.contact.flow import Block, Flow, MailBlock, QueueBlock, SetBlock
from otklik.contact.handler import Handler
from otklik.contact.ids import ScenarioId
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
