"""Scenarios of written requests in the running centre: a real mail server, and a program that ends while the mail is on its way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.switchboard.conftest import Running, open_centre, until
from tests.web.test_answering import SmtpServer, smtp

from otklik.answering import store
from otklik.contact.facts import Answered, Configured, ContactArrived
from otklik.contact.flow import (
    AskBlock,
    Block,
    BranchBlock,
    Case,
    Comparison,
    Flow,
    HangUpBlock,
    QueueBlock,
    SayBlock,
    WaitBlock,
)
from otklik.contact.handler import Handler
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.outside import Mail
from otklik.integrations.handlers.outside import ConfinedHandlers, Times
from otklik.integrations.outside import OuterSystems
from otklik.integrations.secrets import Secrets
from otklik.storage.log import EventLog
from otklik.switchboard import snapshot
from otklik.tenancy.document import storable_body

__all__ = ["smtp"]

SALES, SUPPORT = QueueId("sales"), QueueId("support")
REQUEST = {"mail": "ivan@example.com", "name": "Ivan Petrov", "subject": "Kettle", "order": "4711"}
KNOWN = Case(exit="known", attributes=(Comparison(attribute="request.order", one_of=("4711",)),))
HELLO = Block(id="hello", say=SayBlock(text={"en": "Dear {request.name}, thank you."}), exits={"done": "which"})
WHICH = Block(id="which", branch=BranchBlock(cases=(KNOWN,)), exits={"known": "bye", "otherwise": "sales"})
BYE = Block(id="bye", hang_up=HangUpBlock(text={"en": "Order {request.order} comes on Wednesday."}))
TO_SALES = Block(id="sales", queue=QueueBlock(queue=SALES))
LETTER = "Dear Ivan Petrov, thank you.\r\n\r\nOrder 4711 comes on Wednesday."


def flow(*blocks: Block) -> Flow:
    return Flow(
        id=ScenarioId("letters"), name="Letters", languages=("en",), otherwise=SUPPORT, written=True, blocks=blocks
    )


DRAWN = flow(HELLO, WHICH, BYE, TO_SALES)


@pytest.fixture
async def outside() -> AsyncIterator[OuterSystems]:
    made = OuterSystems(Secrets({}))
    yield made
    await made.close()


async def configure(running: Running, port: int | None, drawn: Flow | Handler = DRAWN, *others: Flow) -> None:
    known = running.exchange._centres[running.tenant].engine.configuration
    entries = tuple(replace(each, scenario=drawn.id, rules=()) for each in known.entry_points)
    mail = Mail(server="127.0.0.1", port=port, security="none", sender="help@example.com") if port else None
    made = {"flows": (drawn, *others)} if isinstance(drawn, Flow) else {"handlers": (drawn,)}
    changed = replace(known, entry_points=entries, mail=mail, **made)
    async with running.database.transaction(running.tenant) as connection:
        version = (
            "insert into configuration (tenant_id, version, body)"
            " select current_tenant(), max(version) + 1, cast(:body as jsonb) from configuration"
        )
        await connection.execute(text(version), {"body": storable_body(changed)})
    await running.exchange.submit(running.tenant, Configured(configuration=changed))


async def write(running: Running, contact: ContactId | None = None, request: dict[str, str] = REQUEST) -> ContactId:
    """What an agent has entered."""
    contact = contact or ContactId(str(uuid4()))
    entry = running.exchange._centres[running.tenant].engine.configuration.entry_points[0].id
    async with running.database.transaction(running.tenant) as connection:
        await store.enter(connection, contact, str(uuid4()), "Where is it?", request)
    arrived = ContactArrived(
        contact=contact, channel="web", entry_point=entry, dnis="", leg="desk", ani=None, request=request
    )
    await running.exchange.submit(running.tenant, arrived)
    return contact


async def outcome(running: Running, contact: ContactId, seconds: float = 10) -> tuple[str, str | None]:
    """In which queue it waits, or how it has ended."""
    engine = running.exchange._centres[running.tenant].engine

    def gone() -> bool:
        found = engine.contact(contact)
        return found is None or found.queue is not None

    await until(gone, seconds)
    found = engine.contact(contact)
    if found is not None:
        return str(found.queue), None
    record = engine.record(contact)
    assert record is not None
    return "", record.outcome


async def ours(running: Running, contact: ContactId) -> list[tuple[str, str | None]]:
    async with running.database.transaction(running.tenant) as connection:
        query = text("select delivery, failure from letter where contact_id = :contact and sender ? 'scenario'")
        return [(row.delivery, row.failure) for row in await connection.execute(query, {"contact": contact})]


async def reasons(running: Running, database_url: str) -> list[tuple[str, str]]:
    log = EventLog(database_url, running.tenant)
    found = [fact async for _, _, fact in log.read(0) if isinstance(fact, Answered) and fact.reply]
    await log.close()
    return [(each.outcome, each.reason) for each in found]


async def test_who_wrote_is_answered_by_mail_and_served_without_an_agent(running: Running, smtp: SmtpServer) -> None:
    await configure(running, smtp.port)
    contact = await write(running)
    assert await outcome(running, contact) == ("", "served")
    (message,) = smtp.messages
    assert "To: ivan@example.com" in message and "Subject: Re: Kettle" in message and LETTER in message
    assert "Auto-Submitted: auto-replied" in message
    assert await ours(running, contact) == [("sent", None)]
    centre = running.exchange._centres[running.tenant]
    await centre.decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        facts = "select body::text from fact where contact_id = :contact"
        rows = [str(row[0]) for row in await connection.execute(text(facts), {"contact": contact})]
    assert rows
    assert not any(value in row for row in rows for value in REQUEST.values())


async def test_another_request_waits_for_an_agent_after_its_mail(running: Running, smtp: SmtpServer) -> None:
    await configure(running, smtp.port)
    contact = await write(running, request={"mail": "olga@example.com", "name": "Olga"})
    assert await outcome(running, contact) == (SALES, None)
    (message,) = smtp.messages
    assert "Subject: =?utf-8?" in message and "Dear Olga, thank you.\r\n" in message


@pytest.mark.parametrize(
    ("request_", "mail", "reason", "failure"),
    [({"name": "Ivan"}, True, "no_address", "no_address"), (REQUEST, False, "unknown", "no_server")],
)
async def test_without_an_address_or_a_server_the_mail_is_kept_and_the_course_says_so(
    running: Running,
    smtp: SmtpServer,
    database_url: str,
    request_: dict[str, str],
    mail: bool,
    reason: str,
    failure: str,
) -> None:
    await configure(running, smtp.port if mail else None)
    contact = await write(running, request=request_)
    await outcome(running, contact)
    assert await reasons(running, database_url) == [("failed", reason)]
    assert (smtp.messages, await ours(running, contact)) == ([], [("failed", failure)])


async def test_an_address_that_has_had_enough_is_written_to_no_more_and_the_contact_goes_on(
    running: Running, smtp: SmtpServer, database_url: str
) -> None:
    await configure(running, smtp.port)
    of_one = (
        "ivan@example.com",
        "IVAN@example.com",
        "I <ivan@Example.com>",
        "(x)ivan@example.com",
        "ivan+1@example.com",
    )
    assert len(of_one) == store.MOST_A_DAY
    for each in of_one:
        assert await outcome(running, await write(running, request={**REQUEST, "mail": each})) == ("", "served")
    contact = await write(running)
    assert await outcome(running, contact) == ("", "served")
    assert await ours(running, contact) == [("failed", "too_many")]
    assert (await reasons(running, database_url))[-1] == ("failed", "too_many")
    await outcome(running, await write(running, request={**REQUEST, "mail": "olga@example.com"}))
    assert len(smtp.messages) == len(of_one) + 1
    async with running.database.transaction(running.tenant) as connection:
        await connection.execute(text("update letter set written_at = written_at - interval '1 day'"))
    await outcome(running, await write(running))
    assert len(smtp.messages) == len(of_one) + 2


async def test_a_question_leads_to_the_default_queue_and_nothing_is_sent(running: Running, smtp: SmtpServer) -> None:
    menu = Block(id="which", ask=AskBlock(text={"en": "Press 1"}, keys={"1": "Yes"}), exits={"1": "sales"})
    await configure(running, smtp.port, flow(HELLO, menu, TO_SALES))
    contact = await write(running)
    assert await outcome(running, contact) == (SUPPORT, None)
    assert smtp.messages == []


@pytest.mark.parametrize("orderly", [False, True], ids=["killed", "stopped"])
async def test_a_mail_on_its_way_as_the_program_ends_is_not_sent_again(
    database_url: str, outside: OuterSystems, smtp: SmtpServer, orderly: bool
) -> None:
    smtp.goes_on.clear()
    before = await open_centre(database_url, outside=outside)
    await configure(before, smtp.port)
    contact = await write(before)
    await until(lambda: smtp.messages)
    await (before.stop() if orderly else before.kill())
    after = await open_centre(database_url, before.voice, outside=outside)
    assert await outcome(after, contact) == ("", "served")
    assert await reasons(after, database_url) == [("failed", "interrupted")]
    smtp.goes_on.set()
    assert (len(smtp.messages), await ours(after, contact)) == (1, [("sending", None)])
    await after.stop()


async def test_a_mail_that_was_not_begun_as_the_program_ends_is_sent_afterwards(
    database_url: str, outside: OuterSystems, smtp: SmtpServer
) -> None:
    before = await open_centre(database_url, outside=outside)
    await configure(before, smtp.port)
    contact = ContactId(str(uuid4()))
    async with before.database.transaction(before.tenant) as connection:
        lock = "select pg_advisory_xact_lock(hashtextextended(:about, 0))"
        await connection.execute(text(lock), {"about": f"letter {contact}"})
        await write(before, contact)
        await until(lambda: before.exchange._centres[before.tenant].asking._asked)
        await before.exchange._centres[before.tenant].asking.close()
    await before.kill()
    assert smtp.messages == []
    after = await open_centre(database_url, before.voice, outside=outside)
    assert await outcome(after, contact) == ("", "served")
    assert (len(smtp.messages), await ours(after, contact)) == (1, [("sent", None)])
    await after.stop()


async def test_a_mail_that_had_gone_before_anybody_was_told_is_not_sent_again(
    running: Running, smtp: SmtpServer, database_url: str
) -> None:
    await configure(running, smtp.port)
    contact = ContactId(str(uuid4()))
    async with running.database.transaction(running.tenant) as connection:
        sender = {"mail": "ivan@example.com", "subject": "", "scenario": "Letters", "step": "4"}
        sent = await store.reply(connection, contact, "…", sender)
        await store.delivered(connection, contact, sent.number, "sent", None)
        await connection.execute(text("update letter set number = 2 where contact_id = :contact"), {"contact": contact})
    await write(running, contact)
    assert await outcome(running, contact) == ("", "served")
    assert (smtp.messages, await reasons(running, database_url)) == ([], [("found", "")])


async def test_what_was_gathered_and_the_words_outlive_a_snapshot(
    database_url: str, outside: OuterSystems, smtp: SmtpServer
) -> None:
    wait = Block(id="wait", wait=WaitBlock(wait_seconds=0.5), exits={"done": "which"})
    drawn = flow(replace(HELLO, exits={"done": "wait"}), wait, WHICH, BYE, TO_SALES)
    before = await open_centre(database_url, outside=outside)
    await configure(before, smtp.port, drawn)
    contact = await write(before)
    await snapshot.save(before.exchange._centres[before.tenant])
    await before.kill()
    after = await open_centre(database_url, before.voice, outside=outside)
    assert await outcome(after, contact) == ("", "served")
    assert await reasons(after, database_url) == [("found", "")]
    (message,) = smtp.messages
    assert LETTER in message
    await after.stop()


CODE = """
async def scenario(contact):
    await contact.say(f"Dear {contact.attributes['request.name']}, thank you.")
    contact.set(order=contact.attributes["request.order"])
    if contact.attributes["request.order"] == "4711":
        await contact.say(f"Order {contact.attributes['order']} comes on Wednesday.")
        await contact.hang_up()
"""


async def test_python_serves_written_requests_and_what_was_written_does_not_go_into_the_log(
    database_url: str, outside: OuterSystems, smtp: SmtpServer
) -> None:
    handlers = ConfinedHandlers(Times(step=20.0, start=60.0, turn=20.0))
    running = await open_centre(database_url, outside=outside, handlers=handlers)
    coded = Handler(id=ScenarioId("coded"), name="Letters", language="en", otherwise=SUPPORT, code=CODE, written=True)
    await configure(running, smtp.port, coded)
    request = {**REQUEST, "name": "Jan"}
    contact = await write(running, request=request)
    assert await outcome(running, contact, 60) == ("", "served")
    assert LETTER.replace("Ivan Petrov", "Jan") in smtp.messages[0]
    async with running.database.transaction(running.tenant) as connection:
        facts = "select body::text from fact where contact_id = :contact"
        rows = [str(row[0]) for row in await connection.execute(text(facts), {"contact": contact})]
    assert not any(value in row for row in rows for value in request.values()), rows
    await running.stop()
    await handlers.close()
