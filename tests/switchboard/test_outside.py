"""Scenarios that ask outside, in the running centre: a real database file, a real server, crashes and callers who do not wait."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.integrations.test_services import Peer, says
from tests.switchboard.conftest import Running, open_centre, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import Answered, Configured
from otklik.contact.flow import (
    Block,
    BranchBlock,
    Case,
    CollectBlock,
    Comparison,
    FetchBlock,
    Flow,
    HangUpBlock,
    LookUpBlock,
    QueueBlock,
    SmsBlock,
)
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.outside import Connection, Request, Service, TextMessages
from otklik.integrations.outside import OuterSystems
from otklik.integrations.secrets import Secrets
from otklik.storage.log import EventLog

SALES, SUPPORT = QueueId("sales"), QueueId("support")
COLLECT = CollectBlock(text={"ru": "Номер заказа"}, into="number", max_digits=6)
SENT = Case(exit="sent", attributes=(Comparison(attribute="order.state", one_of=("отправлен",)),))


def flow(asks: LookUpBlock | FetchBlock) -> Flow:
    asking = {"look_up": asks} if isinstance(asks, LookUpBlock) else {"fetch": asks}
    return Flow(
        id=ScenarioId("order"),
        languages=("ru",),
        otherwise=SUPPORT,
        blocks=(
            Block(id="number", collect=COLLECT, exits={"done": "ask"}),
            Block(
                id="ask",
                name="Заказ",
                exits={"found": "which", "not_found": "none", "failed": "sales"},
                **asking,
            ),
            Block(id="which", branch=BranchBlock(cases=(SENT,)), exits={"sent": "bye", "otherwise": "sales"}),
            Block(id="bye", hang_up=HangUpBlock(text={"ru": "Заказ {number} {order.state}"})),
            Block(id="none", hang_up=HangUpBlock(text={"ru": "Такого заказа нет"})),
            Block(id="sales", queue=QueueBlock(queue=SALES)),
        ),
    )


LOOK_UP = flow(LookUpBlock(connection="shop", statement="order", parameters={"number": "{number}"}, into="order"))
FETCH = flow(FetchBlock(service="shop", request="order", parameters={"number": "{number}"}, into="order"))
BY_NUMBER = flow(LookUpBlock(connection="shop", statement="caller", parameters={"phone": "{ani}"}, into="order"))
SMS = Flow(
    id=ScenarioId("sms"),
    languages=("ru",),
    otherwise=SUPPORT,
    blocks=(
        Block(id="sms", sms=SmsBlock(text={"ru": "Мы на Длинной, 7"}), exits={"done": "bye", "failed": "sales"}),
        Block(id="bye", hang_up=HangUpBlock(text={"ru": "Отправлено"})),
        Block(id="sales", queue=QueueBlock(queue=SALES)),
    ),
)
SHOP = Connection(
    id="shop",
    url_secret="SHOP",
    statements={
        "order": "select state from orders where number = :number",
        "caller": "select state from orders where phone = :phone",
    },
    timeout_seconds=1,
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as made:
        made.execute("create table orders (number integer, state text, phone text)")
        made.execute("insert into orders values (4711, 'отправлен', '+79990000000'), (4712, 'оплачен', '')")
    made.close()
    return tmp_path / "shop.db"


@pytest.fixture
async def outside(shop: Path) -> AsyncIterator[OuterSystems]:
    made = OuterSystems(Secrets({"OTKLIK_SECRET_SHOP": f"sqlite:///{shop}"}))
    yield made
    await made.close()


async def configure(running: Running, drawn: Flow, service: Service | None = None) -> None:
    configuration = running.exchange._centres[running.tenant].engine.configuration
    entries = tuple(replace(each, scenario=drawn.id, rules=()) for each in configuration.entry_points)
    changed = replace(
        configuration,
        flows=(drawn,),
        entry_points=entries,
        connections=(SHOP,),
        services=(service,) if service is not None else (),
        sms=TextMessages(service="shop", request="send"),
    )
    await running.exchange.submit(running.tenant, Configured(configuration=changed))


async def call(running: Running, keys: str) -> SimulatedCall:
    made = running.voice.arrive("1000", "+79990000000")
    assert made is not None
    await until(lambda: made.said and made.said[-1] == "Номер заказа")
    made.press(keys)
    return made


async def queued(running: Running, contact: ContactId) -> dict[str, str]:
    """What the contact has with it in the queue for sales."""
    engine = running.exchange._centres[running.tenant].engine
    await until(lambda: (found := engine.contact(contact)) is not None and found.queue == SALES)
    found = engine.contact(contact)
    assert found is not None
    return dict(found.attributes)


async def answers(running: Running, database_url: str) -> list[Answered]:
    log = EventLog(database_url, running.tenant)
    found = [fact async for _, _, fact in log.read(0) if isinstance(fact, Answered)]
    await log.close()
    return found


async def test_caller_hears_what_the_database_says(running: Running) -> None:
    await configure(running, LOOK_UP)
    sent = await call(running, "4711#")
    await until(lambda: sent.said[-1] == "Заказ 4711 отправлен")
    await until(lambda: not sent.alive)


async def test_caller_is_routed_by_what_the_database_says_and_it_goes_along(running: Running) -> None:
    await configure(running, LOOK_UP)
    paid = await call(running, "4712#")
    assert await queued(running, paid.contact) == {"number": "4712", "order.state": "оплачен"}


async def test_caller_is_told_that_there_is_no_such_order(running: Running) -> None:
    await configure(running, LOOK_UP)
    none = await call(running, "9999#")
    await until(lambda: none.said[-1] == "Такого заказа нет")


async def test_callers_number_is_asked_about_and_is_in_no_log(running: Running) -> None:
    await configure(running, BY_NUMBER)
    sent = await call(running, "1#")
    await until(lambda: sent.said[-1] == "Заказ 1 отправлен")
    centre = running.exchange._centres[running.tenant]
    await centre.decided.flush()
    async with running.database.transaction(running.tenant) as connection:
        rows = [str(row[0]) for row in await connection.execute(text("select body::text from fact"))]
    assert any("order.state" in row or '"state"' in row for row in rows)
    assert not any("79990000000" in row for row in rows)


async def test_locked_database_costs_its_caller_the_limit_and_nobody_else_anything(
    running: Running, shop: Path, database_url: str
) -> None:
    await configure(running, LOOK_UP)
    locker = sqlite3.connect(shop)
    locker.execute("begin exclusive")
    stuck = await call(running, "4711#")
    await until(lambda: stuck.contact in running.exchange._centres[running.tenant].asking._asked)
    other = running.voice.arrive("1000", "+79990000001")
    assert other is not None
    await until(lambda: other.said == ["Номер заказа"])
    await queued(running, stuck.contact)
    locker.rollback()
    locker.close()
    assert [(each.outcome, each.reason, each.block) for each in await answers(running, database_url)] == [
        ("failed", "late", "Заказ")
    ]


async def test_caller_who_hangs_up_meanwhile_is_asked_about_no_longer(running: Running, database_url: str) -> None:
    async def never(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    peer, server = await serving(Peer(never))
    await configure(running, FETCH, service(peer))
    gone = await call(running, "4711#")
    await until(lambda: peer.asked)
    gone.hang_up()
    await until(lambda: not running.exchange._centres[running.tenant].asking._asked)
    assert await answers(running, database_url) == []
    server.close()


async def serving(peer: Peer) -> tuple[Peer, asyncio.Server]:
    server = await asyncio.start_server(peer.serve, "127.0.0.1", peer.port)
    peer.port = server.sockets[0].getsockname()[1]
    return peer, server


def service(peer: Peer) -> Service:
    request = Request(path="/orders", method="POST", body={"number": "{number}"})
    return Service(id="shop", url=f"http://127.0.0.1:{peer.port}", requests={"order": request}, timeout_seconds=20)


@pytest.mark.parametrize("orderly", [False, True], ids=["killed", "stopped"])
async def test_question_under_way_at_a_crash_is_asked_again_with_the_same_key(
    database_url: str, outside: OuterSystems, orderly: bool
) -> None:
    hold = asyncio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        await hold.wait()
        await says('{"state": "отправлен"}'.encode())(writer)

    peer, server = await serving(Peer(late))
    before = await open_centre(database_url, outside=outside)
    await configure(before, FETCH, service(peer))
    sent = await call(before, "4711#")
    await until(lambda: len(peer.asked) == 1)
    await (before.stop() if orderly else before.kill())
    after = await open_centre(database_url, before.voice, outside=outside)
    await until(lambda: len(peer.asked) == 2)
    hold.set()
    await until(lambda: sent.said[-1] == "Заказ 4711 отправлен")
    keys = {line for asked in peer.asked for line in asked.split("\r\n") if line.startswith("Idempotency-Key")}
    assert len(keys) == 1
    await after.stop()
    server.close()


@pytest.mark.parametrize("orderly", [False, True], ids=["killed", "stopped"])
async def test_what_was_answered_before_a_crash_is_not_asked_again(
    database_url: str, outside: OuterSystems, orderly: bool
) -> None:
    peer, server = await serving(Peer(says('{"state": "отправлен"}'.encode())))
    drawn = replace(FETCH, blocks=tuple(ask_again(each) for each in FETCH.blocks))
    before = await open_centre(database_url, outside=outside)
    await configure(before, drawn, service(peer))
    sent = await call(before, "4711#")
    await until(lambda: sent.said[-1] == "Заказ отправлен. Ещё?")
    await (before.stop() if orderly else before.kill())
    after = await open_centre(database_url, before.voice, outside=outside)
    await until(lambda: sent.said[-2:] == ["Заказ отправлен. Ещё?"] * 2)
    sent.press("1#")
    await until(lambda: sent.said[-1] == "Заказ 1 отправлен")
    assert len(peer.asked) == 1
    await after.stop()
    server.close()


@pytest.mark.parametrize("orderly", [False, True], ids=["killed", "stopped"])
async def test_message_under_way_at_a_crash_is_sent_again_with_the_same_key_and_its_number_is_in_no_log(
    database_url: str, outside: OuterSystems, orderly: bool
) -> None:
    before = await open_centre(database_url, outside=outside)
    peer, server, caller, hold = await sms_under_way(before)
    await (before.stop() if orderly else before.kill())
    after = await open_centre(database_url, before.voice, outside=outside)
    await until(lambda: len(peer.asked) == 2)
    hold.set()
    await until(lambda: caller.said == ["Отправлено"])
    assert (
        len({line for asked in peer.asked for line in asked.split("\r\n") if line.startswith("Idempotency-Key")}) == 1
    )
    assert all('"+79990000000"' in asked for asked in peer.asked)
    await after.stop()
    server.close()


async def test_a_message_is_sent_though_the_caller_hangs_up_meanwhile(database_url: str, outside: OuterSystems) -> None:
    running = await open_centre(database_url, outside=outside)
    peer, server, caller, hold = await sms_under_way(running)
    caller.hang_up()
    asking = running.exchange._centres[running.tenant].asking
    await until(lambda: asking._leaving)
    (sending,) = asking._leaving
    hold.set()
    await sending
    assert not sending.cancelled() and not asking._asked
    await running.stop()
    server.close()


async def sms_under_way(running: Running) -> tuple[Peer, asyncio.Server, SimulatedCall, asyncio.Event]:
    """To a service that answers when it is let."""
    hold = asyncio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        await hold.wait()
        await says(b"")(writer)

    peer, server = await serving(Peer(late))
    await configure(running, SMS, sms_service(peer))
    caller = running.voice.arrive("1000", "+79990000000")
    assert caller is not None
    await until(lambda: len(peer.asked) == 1)
    return peer, server, caller, hold


def sms_service(peer: Peer) -> Service:
    request = Request(path="/sms", method="POST", body={"to": "{to}", "text": "{text}"})
    return Service(id="shop", url=f"http://127.0.0.1:{peer.port}", requests={"send": request}, timeout_seconds=20)


def ask_again(block: Block) -> Block:
    """In place of the branch: one more question."""
    if block.id != "which":
        return block
    more = replace(COLLECT, text={"ru": "Заказ {order.state}. Ещё?"})
    return Block(id="which", collect=more, exits={"done": "bye"})
