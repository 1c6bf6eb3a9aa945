"""A supervisor at a page with a telephone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from tests.web.conftest import Site, shown, until

from otklik.channels.voice.simulator import SimulatedCall, SimulatedPhone
from otklik.contact.facts import ContactFinished, WrapUpFinished
from otklik.contact.ids import AgentId
from otklik.contact.ports import Watcher

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Overseeing:
    """A supervisor whose page has a telephone, and answers it by itself as pages do."""

    client: httpx.AsyncClient
    id: AgentId
    phone: SimulatedPhone
    site: Site

    async def join(self, call: SimulatedCall, way: str = "listen") -> None:
        assert (await self.ask(call, "join", {"way": way})).status_code == 204
        await until(lambda: self.phone.ringing)
        self.phone.answer()
        await until(lambda: "agent" in self.phone.hears)

    async def ask(self, call: SimulatedCall, action: str, body: Json | None = None) -> httpx.Response:
        return await self.client.post(f"/api/supervision/contacts/{call.contact}/{action}", json=body or {})

    async def go_over(self, call: SimulatedCall, way: str) -> httpx.Response:
        return await self.client.put(f"/api/supervision/contacts/{call.contact}/join", json={"way": way})

    async def state(self) -> Json:
        return await shown(self.site, Watcher(person=self.id, agent=self.id, floor=True))

    async def is_out(self) -> None:
        async with asyncio.timeout(30):
            while (await self.state())["supervision"] is not None:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def overseeing(site: Site, login: str = "olga") -> AsyncIterator[Overseeing]:
    async with site.signed_in(login) as client:
        who = AgentId(await site.person(login))
        answer = await client.post("/api/desk/softphone", json={})
        assert answer.status_code == 200, answer.text
        phone = site.voice.phone(who)
        phone.voice = "supervisor"
        phone.register()
        made = Overseeing(client, who, phone, site)
        yield made
        for each in (await made.state())["contacts"]:
            await site.inbox.submit(site.tenant, ContactFinished(contact=each["id"], agent=who))
            await site.inbox.submit(site.tenant, WrapUpFinished(contact=each["id"], agent=who, disposition="order"))
        await site.voice.deprovision(who)


def hears(who: SimulatedCall | SimulatedPhone, sounds: set[str]) -> bool:
    return who.hears == sounds
