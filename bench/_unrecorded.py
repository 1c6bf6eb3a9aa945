"""The product's way of a call in a process of its own, for a comparison with a bare queue: exchange, engine, event log and
Asterisk adapter as the server runs them, with agents on plain SIP telephones, without pages and without recording.

`python -m bench._unrecorded` with `Order` as JSON on its input; then a number of agents on each line, answered by "ready".
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from pathlib import Path

import msgspec
import structlog
import uvloop
from obstore.store import MemoryStore

from bench import durable
from otklik.assembly.memory import settle_memory
from otklik.assembly.server import elapsed
from otklik.channels.voice.ami import AmiAddress
from otklik.channels.voice.ari import AriAddress
from otklik.channels.voice.asterisk import AsteriskVoice
from otklik.channels.voice.call import Call
from otklik.channels.voice.speech import EspeakSpeech
from otklik.contact.facts import ShiftStarted, StatusChosen
from otklik.contact.ids import TenantId
from otklik.customer import store as customers
from otklik.embedded import priority
from otklik.storage.engine import Database
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import store as tenancy


class Order(msgspec.Struct):
    """Where the database and the switch are, and how many agents there will be at most."""

    database: str
    ari_url: str
    ari_user: str
    ari_password: str
    ami_host: str
    ami_port: int
    ami_password: str
    folder: str
    agents: int


class Unrecorded(AsteriskVoice):
    def record(self, call: Call) -> None:
        pass


async def main(order: Order) -> None:
    database = await Database.open(order.database)
    tenant = (await tenancy.seed_demo(database, "set by nobody", customers.add_demo)).tenant
    await durable._prepare(database, tenant)
    voice = Unrecorded(
        AriAddress(url=order.ari_url, user=order.ari_user, password=order.ari_password),
        AmiAddress(host=order.ami_host, port=order.ami_port, user=order.ari_user, password=order.ami_password),
        speech=EspeakSpeech((), Path(order.folder)),
        recordings=Path(order.folder),
        objects=MemoryStore(),
        music=Path(order.folder) / "music",
        phone="sip",
    )
    exchange = Exchange(database, order.database, voice, time.time, "bench", elapsed=elapsed)
    await exchange.open(lambda: {"up": True, "advice": None}, lambda: None)
    running = asyncio.create_task(exchange.run())
    await voice.start(exchange)
    await exchange.reconcile()
    try:
        await _serve(order, exchange, voice, tenant)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await voice.close()
        await exchange.close()
        await database.close()


async def _serve(order: Order, exchange: Exchange, voice: AsteriskVoice, tenant: TenantId) -> None:
    engine = exchange._centres[tenant].engine
    async with asyncio.timeout(10):
        while not engine.configuration.agents:
            await asyncio.sleep(0.01)
    agents = [agent.id for agent in engine.configuration.agents][-order.agents :]
    accounts = [await voice.provision(tenant, agent) for agent in agents]
    _tell(msgspec.json.encode(accounts).decode())
    settle_memory()
    lines = await _lines()
    at_work = 0
    while line := await lines.readline():
        for agent in agents[at_work : int(line)]:
            await exchange.submit(tenant, ShiftStarted(agent=agent))
            await exchange.submit(tenant, StatusChosen(agent=agent, status="ready"))
        at_work = max(at_work, int(line))
        _tell("ready")


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    priority.raise_own()
    uvloop.run(main(msgspec.json.decode(sys.stdin.readline(), type=Order)))
