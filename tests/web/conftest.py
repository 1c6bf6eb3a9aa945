"""The web application over a real database and a real switchboard, with the telephone simulator as its switch.

The tests of `IN_SEVERAL_PROCESSES` run twice: as in one process, and as in several, where pages and switchboard know each
other only by the log and the bus.
"""

from __future__ import annotations

import asyncio
import inspect
import io
import socket
import time
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import numpy as np
import obstore
import pytest
import uvicorn
from fastapi import FastAPI
from obstore.store import LocalStore
from sqlalchemy import text
from tests.conftest import PASSWORD, Databases
from tests.feed import FollowedPage
from tests.several import Leader, Pages
from uuid_utils import uuid7

from otklik.assembly.demo import Simulation
from otklik.channels.voice.simulator import SimulatedCall, SimulatedVoice
from otklik.contact.configuration import Agent, EntryPoint
from otklik.contact.facts import ShiftEnded, WrapUpFinished
from otklik.contact.ids import AgentId, ContactId, EntryPointId, TenantId
from otklik.contact.ports import Inbox, Lines, Live, Watcher
from otklik.contact.record import ContactRecord, Segment
from otklik.desk import store as desk
from otklik.embedded.findings import Finding
from otklik.integrations.handlers.outside import ConfinedHandlers, Times
from otklik.integrations.mail import MailServers
from otklik.integrations.outside import OuterSystems
from otklik.integrations.push_services import PushServices
from otklik.integrations.secrets import Secrets
from otklik.storage.engine import Database
from otklik.switchboard.exchange import Exchange
from otklik.switchboard.feed import Feed
from otklik.switchboard.satellite import Satellite
from otklik.tenancy import demo
from otklik.tenancy import store as tenancy
from otklik.tenancy.api import COOKIE
from otklik.tenancy.password import hashed
from otklik.web.app import create_app

IN_SEVERAL_PROCESSES = (
    "test_by_hand",
    "test_correspondence",
    "test_customers",
    "test_desk",
    "test_live",
    "test_written",
)
Json = dict[str, Any]
KEY = "recordings/one.wav"
PUSH_KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"


@dataclass
class Site:
    """Two tenants: the demo (anna, boris, kate, olga, admin) and its neighbour (zoe an agent, rita a supervisor)."""

    app: FastAPI
    exchange: Exchange
    inbox: Inbox
    live: Live
    voice: SimulatedVoice
    database: Database
    tenant: TenantId
    neighbour: TenantId
    objects: LocalStore
    upstream: str | None = None
    hung_up: list[tuple[str, int]] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def feed(self, tenant: TenantId) -> Feed:
        """Of the pages, wherever they are served."""
        if isinstance(self.live, Satellite):
            return self.live._shadows[tenant].feed
        return self.exchange._centres[tenant].feed

    def client(self, address: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, client=(address, 40_000), raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://otklik.test", headers={"X-Otklik": "1"} | headers, timeout=20
        )

    @asynccontextmanager
    async def signed_in(self, login: str, *, fresh: bool = False) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a session: a new one, or the one that all tests of this login share (argon2 is slow)."""
        async with self.client() as client:
            if fresh or login not in self.cookies:
                answer = await client.post("/api/session", json={"login": login, "password": PASSWORD})
                assert answer.status_code == 200, answer.text
                if not fresh:
                    self.cookies[login] = client.cookies[COOKIE]
            else:
                client.cookies.set(COOKIE, self.cookies[login])
            yield client

    async def person(self, login: str) -> str:
        async with self.database.lookup() as connection:
            known = await tenancy.known_login(connection, login)
        assert known is not None
        return known.person

    async def save(self, **changes: Any) -> ContactRecord:
        """A contact of the past; `changes` from one that anna answered."""
        anna = AgentId(await self.person("anna"))
        tenant = changes.pop("tenant", self.tenant)
        record = replace(past_contact(anna), contact=ContactId(str(uuid7())), **changes)
        async with self.database.transaction(tenant) as connection:
            await desk.save_records(connection, [record])
        return record

    async def scalar(self, query: str, **values: object) -> Any:
        async with self.database.transaction(self.tenant) as connection:
            return (await connection.execute(text(query), values)).scalar()


def past_contact(agent: AgentId) -> ContactRecord:
    began = 1_790_000_000.25
    return ContactRecord(
        contact=ContactId(""),
        channel="voice",
        entry_point=EntryPointId("russian"),
        dnis="1000",
        leg="leg",
        ani="+79161234567",
        arrived_at=began,
        queued_at=began + 10,
        answered_at=began + 20,
        ended_at=began + 80,
        outcome="answered",
        stage="talking",
        customer=None,
        queue=demo.SALES,
        agent=agent,
        choices=("Продажи",),
        wait_seconds=10.0,
        talk_seconds=60.0,
        hold_seconds=0.0,
        wrap_up_seconds=5.5,
        disposition="resolved",
        recording_key=KEY,
        recording_seconds=1.0,
        segments=(
            Segment(kind="scenario", started_at=began, ended_at=began + 10),
            Segment(kind="queue", started_at=began + 10, ended_at=began + 20, queue=demo.SALES),
            Segment(kind="agent", started_at=began + 20, ended_at=began + 80, queue=demo.SALES, agent=agent),
        ),
    )


def recording() -> bytes:
    """One second, stereo: the customer at half of full scale in its first half, the agent at full in the second."""
    samples = np.zeros((8000, 2), dtype="<i2")
    samples[:4000, 0] = 16384
    samples[4000:, 1] = -32768
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return out.getvalue()


async def make_neighbour(database: Database) -> TenantId:
    made = TenantId(str(uuid7()))
    entries = tuple(
        EntryPoint(id=entry.id, number=f"9{entry.number}", scenario=entry.scenario)
        for entry in demo.CONFIGURATION.entry_points
    )
    password_hash = await asyncio.to_thread(hashed, PASSWORD)
    async with database.transaction(made) as connection:
        await tenancy.add_tenant(connection, name="Соседи", provider="Другой провайдер", is_demo=False)
        zoe = tenancy.NewPerson(login="zoe", name="Zoe Neighbour", role="agent", password_hash=password_hash)
        agent = Agent(id=AgentId(await tenancy.add_person(connection, zoe)), name=zoe.name, queues={demo.SALES: 10})
        rita = tenancy.NewPerson(login="rita", name="Rita", role="supervisor", password_hash=password_hash)
        await tenancy.add_person(connection, rita)
        wanted = replace(demo.CONFIGURATION, entry_points=entries, agents=(agent,))
        await tenancy.save_configuration(connection, wanted)
    return made


async def findings(tenant: TenantId) -> list[Finding]:
    title = {"ru": "Версия базы", "en": "Database version"}
    advice = {"ru": "Обновите.", "en": "Upgrade."}
    return [Finding(id="database", state="warning", title=title, found="18.6", advice=advice)]  # type: ignore[arg-type]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "site" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in IN_SEVERAL_PROCESSES:
        metafunc.parametrize("site", ["one process", "several"], indirect=True, scope="session")


@pytest.fixture(scope="session")
async def site(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Site]:
    url = await databases.seeded()
    database = await Database.open(url)
    neighbour = await make_neighbour(database)
    objects = LocalStore(tmp_path_factory.mktemp("objects"))
    await obstore.put_async(objects, KEY, recording())
    voice = SimulatedVoice()
    outside = OuterSystems(Secrets({}))
    exchange = Exchange(database, url, voice, time.time, "tests of web", outside=outside)
    simulation = Simulation(6.0, exchange.refresh_all)
    await exchange.open(lambda: {"up": True, "advice": None}, simulation.state)
    await voice.start(exchange)
    running = asyncio.create_task(exchange.run())
    several = getattr(request, "param", "one process") == "several"
    handlers = ConfinedHandlers(Times(step=20.0, start=60.0, turn=20.0), newest_alone=True)
    async with pages_apart(url, exchange, voice, simulation) if several else nullcontext() as satellite:
        where: Exchange | Satellite = satellite or exchange
        lines: Lines = satellite or voice
        app = create_app(
            database=database,
            inbox=where,
            live=where,
            lines=lines,
            objects=objects,
            posting=MailServers(Secrets({})),
            pushing=PushServices(PUSH_KEY, "https://otklik.example"),
            telephony=lambda: {"up": True, "advice": None},
            findings=findings,
            demo=simulation,
            inquiry=where.why,
            sip_upstream=lambda tenant: made.upstream,
            hung_up=lambda contact, offer: made.hung_up.append((contact, offer)),
            lacks=("trunk", "recogniser"),
            handlers=handlers,
            ice_servers=[{"urls": ["stun:stun.example.org"]}],
        )
        made = Site(app, exchange, where, where, voice, database, databases.seeded_tenant, neighbour, objects)
        yield made
        exchange.close_feeds()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await exchange.close()
    await handlers.close()
    await outside.close()
    await database.close()


@asynccontextmanager
async def pages_apart(
    url: str, exchange: Exchange, voice: SimulatedVoice, simulation: Simulation
) -> AsyncIterator[Satellite]:
    """What serves the pages where another process leads the centres."""
    pages = await Pages.open(url)
    leader = Leader.of(url, exchange, voice, pages.database, demo=simulation.state, set_rate=simulation.set_rate)
    await until(lambda: pages.led(*exchange.led()))
    yield pages.satellite
    await leader.die()
    await pages.die()


@pytest.fixture(scope="session")
async def address(site: Site) -> AsyncIterator[str]:
    """host:port of a real server on the application; WebSockets need one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(site.app, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


async def shown(site: Site, to: Watcher) -> Json:
    """What a page would show now."""
    feed = site.live.subscribe(site.tenant, to)
    try:
        page = FollowedPage()
        await page.read(feed)
        return page.state
    finally:
        feed.close()


@dataclass
class AtDesk:
    """An agent at work: signed in, in shift, telephone registered."""

    client: httpx.AsyncClient
    agent: AgentId
    site: Site

    async def talk(self) -> SimulatedCall:
        """A customer calls and is answered."""
        call = await calling(self.site)
        call.press("1")
        phone = self.site.voice.phone(self.agent)
        await until(lambda: phone.ringing)
        phone.answer()
        await until(lambda: call.hears == {"agent"})
        return call

    async def state(self) -> Json:
        """What a page of this agent would show now."""
        return await shown(self.site, Watcher(person=self.agent, agent=self.agent))

    async def until(self, true: Callable[[Json], object]) -> Json:
        async with asyncio.timeout(30):
            while not true(seen := await self.state()):
                await asyncio.sleep(0.005)
            return seen

    async def leave(self) -> None:
        """Everything in hand is finished, so that the next test finds this agent at home."""
        for call in list(self.site.voice._calls.values()):
            call.hang_up()
        for each in (await self.state())["contacts"]:
            if each["channel"] != "voice" and each["state"] == "talking":
                await self.client.post(f"/api/desk/contacts/{each['id']}/end")
        seen = await self.until(lambda seen: all(each["state"] == "wrap_up" for each in seen["contacts"]))
        for each in seen["contacts"]:
            done = WrapUpFinished(contact=each["id"], agent=self.agent, disposition="resolved")
            await self.site.inbox.submit(self.site.tenant, done)
        await self.site.voice.deprovision(self.agent)
        self.site.exchange.post(self.site.tenant, ShiftEnded(agent=self.agent))
        await self.until(lambda seen: seen["agent"]["state"] == "offline")

    async def put(self, path: str, body: Json) -> httpx.Response:
        return await self.client.put(path, json=body)

    async def ask(self, call: SimulatedCall, action: str, body: Json | None = None) -> httpx.Response:
        return await self.client.post(f"/api/desk/contacts/{call.contact}/{action}", json=body or {})


@asynccontextmanager
async def at_desk(site: Site, login: str, *, fresh: bool = False) -> AsyncIterator[AtDesk]:
    async with site.signed_in(login, fresh=fresh) as client:
        agent = AgentId(await site.person(login))
        answer = await client.post("/api/desk/shift", json={})
        assert answer.status_code == 200, answer.text
        phone = site.voice.phone(agent)
        phone.voice = "agent"  # whatever an earlier test called it
        phone.register()
        answer = await client.put("/api/desk/status", json={"status": "ready", "reason": None})
        assert answer.status_code == 204, answer.text
        made = AtDesk(client, agent, site)
        yield made
        await made.leave()


@pytest.fixture
async def anna(site: Site) -> AsyncIterator[AtDesk]:
    async with at_desk(site, "anna") as made:
        yield made


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition of another task; a test that waits in vain fails here, and says with what."""
    try:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.005)
    except TimeoutError as error:
        for name, value in inspect.getclosurevars(true).nonlocals.items():
            error.add_note(f"{name}: {value!r} {getattr(value, '__dict__', '')}")
        raise


async def calling(site: Site, number: str = "1000") -> SimulatedCall:
    """A customer calls, and the machine has begun to speak."""
    call = site.voice.arrive(number, "+79161234567")
    assert call is not None
    await until(lambda: site.exchange._centres[site.tenant].engine.contact(call.contact) and call.said)
    return call


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
async def admin(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """At the end the set-up is as it was."""
    async with site.signed_in("admin") as client:
        before = await current(client)
        yield client
        now = await current(client)
        if now["text"] != before["text"]:
            answer = await apply(client, before["text"], now["version"])
            assert answer.status_code == 200, answer.text


async def current(client: httpx.AsyncClient) -> Json:
    answer = await client.get("/api/configuration")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def apply(client: httpx.AsyncClient, text: str, version: int, comment: str = "") -> httpx.Response:
    body = {"text": text, "comment": comment}
    return await client.put("/api/configuration", json=body, headers={"If-Match": f'"{version}"'})
