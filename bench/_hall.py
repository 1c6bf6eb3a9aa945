"""A hall of agents: the real pages, switchboard and database with the telephone simulator, in a process of its own.

`python -m bench._hall AGENTS SUPERVISORS` prints one JSON line when it is up, then answers orders: one JSON line each on
its input, one on its output. What the agents do is told to the switchboard as facts, so that HTTP is not measured along.
The loop and the collector are set as `otklik run` sets them.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from obstore.store import LocalStore

from otklik.assembly.demo import Simulation
from otklik.assembly.memory import settle_memory
from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact.configuration import Agent, EntryPoint, Queue, Scenario
from otklik.contact.facts import AgentReachable, ContactFinished, ShiftStarted, StatusChosen, WrapUpFinished
from otklik.contact.ids import AgentId, EntryPointId, QueueId, ScenarioId, TenantId
from otklik.customer import store as customers
from otklik.embedded.postgres import start_postgres
from otklik.integrations.mail import MailServers
from otklik.integrations.secrets import Secrets
from otklik.storage.engine import Database, migrate
from otklik.supervision.floor import Floor
from otklik.switchboard import feed as feeds
from otklik.switchboard.board import Board
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import store as tenancy
from otklik.tenancy.password import hashed, new_token, token_hash
from otklik.web.app import create_app

PASSWORD = "bench bench bench"  # of people who exist for a minute
DIRECT = "3000"
HALL = QueueId("hall")
ALONE = QueueId("alone")
"""Only the agent whose page is looked at is in it."""
WATCHED = "Аа первая"
"""The name of that agent: the first of any list."""
Json = dict[str, Any]


@dataclass
class Hall:
    database: Database
    exchange: Exchange
    voice: SimulatedVoice
    tenant: TenantId
    agents: list[AgentId]
    marks: list[float] = field(default_factory=list)
    """When the watched agent was changed, or a call came for it."""
    working: asyncio.Task[None] | None = None

    @property
    def watched(self) -> AgentId:
        return self.agents[0]

    async def begin(self) -> None:
        for agent in self.agents:
            self.exchange.post(self.tenant, ShiftStarted(agent=agent))
            self.exchange.post(self.tenant, AgentReachable(agent=agent))
        await self.voice.provision(self.tenant, self.watched)
        self.voice.phone(self.watched).register()
        await self.exchange.submit(self.tenant, StatusChosen(agent=self.watched, status="ready"))

    async def work(self, per_second: float, mark_seconds: float) -> None:
        """The others go to breaks in turn, so many changes a second; the watched one every so many seconds."""
        turn = cycle(enumerate(self.agents[1:]))
        began, done, marked = time.monotonic(), 0, time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            due = int((time.monotonic() - began) * per_second)
            while done < due:
                number, agent = next(turn)
                reason = ("lunch", "break")[(done // len(self.agents) + number) % 2]
                self.exchange.post(self.tenant, StatusChosen(agent=agent, status="not_ready", reason=reason))
                done += 1
            if mark_seconds and time.monotonic() - marked >= mark_seconds:
                marked = time.monotonic()
                status: Any = ("ready", "not_ready")[len(self.marks) % 2 == 0]
                reason_of = "lunch" if status == "not_ready" else None
                self.marks.append(time.time())
                self.exchange.post(self.tenant, StatusChosen(agent=self.watched, status=status, reason=reason_of))

    async def ring(self) -> None:
        """One call for the watched agent; over and wrapped up when it returns."""
        await self.exchange.submit(self.tenant, StatusChosen(agent=self.watched, status="ready"))
        self.marks.append(time.time())
        call = self.voice.arrive(DIRECT, "+79161234567")
        assert call is not None
        phone = self.voice.phone(self.watched)
        await _until(lambda: phone.ringing)
        await asyncio.sleep(0.4)
        phone.answer()
        await _until(lambda: call.hears == {"agent"})
        await self.exchange.submit(self.tenant, ContactFinished(contact=call.contact, agent=self.watched))
        done = WrapUpFinished(contact=call.contact, agent=self.watched, disposition="resolved")
        await self.exchange.submit(self.tenant, done)

    async def obey(self, order: Json) -> Json:
        match order["do"]:
            case "work":
                self.working = asyncio.create_task(self.work(order["per_second"], order["mark_seconds"]))
            case "rest" if self.working is not None:
                self.working.cancel()
                with suppress(asyncio.CancelledError):
                    await self.working
                self.working = None
            case "ring":
                await self.ring()
            case "naive":
                _be_naive(self)
            case "marks":
                told, self.marks = self.marks, []
                return {"marks": told}
        return {"cpu": time.process_time(), "at": time.time()}


class _WholeBoard(Board):
    """The peer: what a feed is without rows. Every page composes and encodes the whole floor with every change."""

    feed: feeds.Feed

    def after(self, seq: int) -> tuple[str, int]:
        anew = Floor()
        anew.follow(self.feed._engine(), (), ())
        whole = {"type": "shared", "of": self.of, "seq": self.seq, "whole": anew.whole()}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")), self.seq


def _be_naive(hall: Hall) -> None:
    """Pages opened from now on, that is."""
    feed = hall.exchange._centres[hall.tenant].feed
    feed._floor_board = board = _WholeBoard("floor", feed._floor.whole)
    board.feed = feed
    feeds.FLOOR_SECONDS = feeds.GATHER_SECONDS


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.001)


async def _people(database: Database, tenant: TenantId, agents: int, supervisors: int) -> tuple[list[AgentId], Json]:
    """Adds them; the ids of the agents, and the sessions of all."""
    secret = await asyncio.to_thread(hashed, PASSWORD)
    ids: list[AgentId] = []
    sessions: Json = {"agents": [], "supervisors": []}
    async with database.transaction(tenant) as connection:
        for number in range(agents + supervisors):
            role: Any = "agent" if number < agents else "supervisor"
            name = f"Сотрудник {number:04}" if number else WATCHED
            person = tenancy.NewPerson(login=f"bench{number}", name=name, role=role, password_hash=secret)
            identity = await tenancy.add_person(connection, person)
            token = new_token()
            await tenancy.open_session(connection, identity, token_hash(token), "127.0.0.1")
            sessions[f"{role}s"].append(token)
            if role == "agent":
                ids.append(AgentId(identity))
        present = await tenancy.configuration(connection)
        scenario = Scenario(
            id=ScenarioId("direct"), language="ru", greeting="", prompt="", choices=(), otherwise=ALONE, wrong_choice=""
        )
        queues = (Queue(id=HALL, name="Зал"), Queue(id=ALONE, name="Одна", announce_every_seconds=0))
        wanted = replace(
            present,
            queues=(*present.queues, *queues),
            scenarios=(*present.scenarios, scenario),
            entry_points=(
                *present.entry_points,
                EntryPoint(id=EntryPointId("direct"), number=DIRECT, scenario=scenario.id),
            ),
            agents=tuple(
                Agent(
                    id=each,
                    name=WATCHED if not number else f"Сотрудник {number:04}",
                    queues={HALL if number else ALONE: 5},
                )
                for number, each in enumerate(ids)
            ),
        )
        await tenancy.save_configuration(connection, wanted)
    return ids, sessions


@asynccontextmanager
async def _open(folder: Path, agents: int, supervisors: int) -> AsyncIterator[tuple[Hall, Json]]:
    postgres = await start_postgres(folder / "postgres", lambda _: None)
    await asyncio.to_thread(migrate, postgres.url)
    database = await Database.open(postgres.url)
    tenant = (await tenancy.seed_demo(database, PASSWORD, customers.add_demo)).tenant
    ids, sessions = await _people(database, tenant, agents, supervisors)
    voice = SimulatedVoice()
    exchange = Exchange(database, postgres.url, voice, time.time, "bench")
    simulation = Simulation(0.0, exchange.refresh_all)
    await exchange.open(lambda: {"up": True, "advice": None}, simulation.state)
    await voice.start(exchange)
    running = asyncio.create_task(exchange.run())
    app = create_app(
        database=database,
        inbox=exchange,
        live=exchange,
        lines=voice,
        objects=LocalStore(folder),
        posting=MailServers(Secrets({})),
        telephony=lambda: {"up": True, "advice": None},
        findings=_nothing_found,
        demo=simulation,
        inquiry=exchange.why,
        sip_upstream=lambda tenant: None,
        hung_up=lambda contact, offer: None,
        lacks=("trunk", "recogniser"),
        ice_servers=[],
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await _until(lambda: server.started)
        hall = Hall(database, exchange, voice, tenant, ids)
        yield hall, sessions | {"address": f"127.0.0.1:{listener.getsockname()[1]}", "password": PASSWORD}
        exchange.close_feeds()
        server.should_exit = True
        await serving
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await exchange.close()
    await database.close()
    await postgres.stop()


async def _nothing_found(tenant: TenantId) -> list[Any]:
    return []


async def _serve(agents: int, supervisors: int) -> None:
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as name:
        async with _open(Path(name), agents, supervisors) as (hall, known):
            await hall.begin()
            settle_memory()
            print(json.dumps(known), flush=True)
            loop = asyncio.get_running_loop()
            while line := await loop.run_in_executor(None, sys.stdin.readline):
                print(json.dumps(await hall.obey(json.loads(line))), flush=True)


class RunningHall:
    """The other end: `start` it, `ask` it, `stop` it."""

    def __init__(self, process: asyncio.subprocess.Process, known: Json) -> None:
        self._process = process
        self.address: str = known["address"]
        self.password: str = known["password"]
        self.agents: list[str] = known["agents"]
        """Their sessions; the first is the watched one's."""
        self.supervisors: list[str] = known["supervisors"]

    @staticmethod
    async def start(agents: int, supervisors: int) -> RunningHall:
        words = [sys.executable, "-m", "bench._hall", str(agents), str(supervisors)]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, limit=2**24)
        return RunningHall(process, await _line(process))

    async def ask(self, do: str, **words: object) -> Json:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **words}).encode() + b"\n")
        return await _line(self._process)

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(30):
            await self._process.wait()


async def _line(process: asyncio.subprocess.Process) -> Json:
    """Logs go the same way, and are no JSON."""
    assert process.stdout is not None
    async with asyncio.timeout(180):
        while line := await process.stdout.readline():
            if line.startswith(b"{"):
                told: Json = json.loads(line)
                return told
    raise RuntimeError("the hall has closed")


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
