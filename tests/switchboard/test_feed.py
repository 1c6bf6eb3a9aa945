"""How many pages hear of one change: none is forgotten, and they do not stand in the way of what rings."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from tests.switchboard.conftest import Running

from otklik.contact.facts import StatusChosen
from otklik.contact.ports import Subscription, Watcher
from otklik.switchboard.feed import PAGES_AT_ONCE


async def test_a_crowd_of_desks_hears_of_the_centre_in_turns(running: Running) -> None:
    anna = await running.ready("Анна")
    watcher = Watcher(person=anna, agent=None)
    pages = [running.exchange.subscribe(running.tenant, watcher) for _ in range(3 * PAGES_AT_ONCE)]
    turn, heard = 0, Counter[int]()

    async def turns() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    async def hears(page: Subscription) -> None:
        while json.loads(await page.next())["type"] != "shared":
            pass
        heard[turn] += 1

    counting = asyncio.create_task(turns())
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for page in pages:
            group.create_task(hears(page))
        await running.exchange.submit(running.tenant, StatusChosen(agent=anna, status="not_ready", reason="lunch"))
    counting.cancel()
    assert heard.total() == len(pages)
    assert max(heard.values()) <= PAGES_AT_ONCE
