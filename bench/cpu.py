"""CPU of our processes for one whole call: from the INVITE to the recording in its place, with sound both ways.

Agents are pages in real Chromium that accept by themselves, customers send and hear sound; only otklik, Asterisk and
PostgreSQL are counted.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.sipp import until
from tests.tones import AGENT_TONE, CUSTOMER_TONE

from bench._centre import DIRECT, MENU, Centre, Customer, running
from bench._figures import cpu_seconds, load, report
from bench._pages import AgentPage, chromium, open_page

LOGINS = ("anna", "boris", "kate")
CALLS = 60
"""Of each kind."""
TALK_SECONDS = 1.0
IDLE_SECONDS = 5.0
LAST_WORK_SECONDS = 1.5
"""Recordings are put away and accounts written a moment after the call."""
GOAL_MS = 200.0
"""Set after the first measurement, so that a change that makes calls dear is seen: five new calls a second per core."""
SIGNALLING_ONLY = {"app_queue_asterisk_ms_per_call": 4.45, "bare_ari_ms_per_call": 4.01}
"""Measured earlier on such a machine: no sound, no encryption, no recording, nothing kept; a lower bound."""


class Bill:
    """CPU since it was opened."""

    def __init__(self, centre: Centre) -> None:
        self._pids = centre.pids
        self._began = time.monotonic()
        self._before = self._now()

    def _now(self) -> dict[str, float]:
        return {name: cpu_seconds(pid, apart=set(self._pids.values())) for name, pid in self._pids.items()}

    def per(self, unit: str, count: float) -> dict[str, float]:
        """Milliseconds of each process, and of all."""
        now = self._now()
        each = {name: (now[name] - before) * 1000 / count for name, before in self._before.items()}
        return {f"{name}_ms_per_{unit}": ms for name, ms in (each | {"all": sum(each.values())}).items()}

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began


async def accept_all(page: AgentPage) -> None:
    while True:
        event = await page.events.get()
        if event.what == "INVITE":
            await page.desk.button("Accept").click()


async def customer(phone: Customer, number: str, keys: str) -> None:
    """Calls, chooses, hears the agent, says good-bye."""
    call = await phone.call(number)
    await asyncio.wait_for(call.answered.wait(), 10)
    pressed = 0.0

    def heard() -> bool:
        nonlocal pressed
        if keys and time.monotonic() - pressed > 1.5 and not call.hears(AGENT_TONE):
            pressed = time.monotonic()
            call.press(keys)
        return call.hears(AGENT_TONE)

    await until("the agent is heard", heard, 30)
    await asyncio.sleep(TALK_SECONDS)
    call.hang_up()


async def calls(centre: Centre, number: str, keys: str) -> dict[str, float]:
    left = itertools.count()

    async def one_after_another(phone: Customer) -> None:
        async with phone:
            while next(left) < CALLS:
                await customer(phone, number, keys)

    bill = Bill(centre)
    async with asyncio.TaskGroup() as group:
        for index in range(len(LOGINS)):
            group.create_task(one_after_another(Customer(f"+7916000000{index}", centre.sip, tone=CUSTOMER_TONE)))
    await asyncio.sleep(LAST_WORK_SECONDS)
    return bill.per("call", CALLS) | {"seconds": bill.seconds}


@asynccontextmanager
async def staffed(centre: Centre) -> AsyncIterator[None]:
    async with chromium(centre.folder) as browser:
        pages = [await open_page(browser, centre.product, login) for login in LOGINS]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(accept_all(page)) for page in pages]
            yield
            for task in tasks:
                task.cancel()


async def bench() -> int:
    figures: dict[str, float] = {"load_before": load()}
    async with running() as centre, staffed(centre):
        idle = Bill(centre)
        await asyncio.sleep(IDLE_SECONDS)
        figures |= {f"idle_{name}": value for name, value in idle.per("s", idle.seconds).items()}
        for kind, number, keys in (("direct", DIRECT, ""), ("menu", MENU, "1")):
            figures |= {f"{kind}_{name}": value for name, value in (await calls(centre, number, keys)).items()}
    worst = figures["menu_all_ms_per_call"]
    return report(
        "cpu",
        figures | {"calls": 2 * CALLS},
        peer=SIGNALLING_ONLY,
        ratio=worst / SIGNALLING_ONLY["bare_ari_ms_per_call"],
        goal=f"a call through the menu under {GOAL_MS:g} ms of CPU, all processes together",
        holds=worst < GOAL_MS,
    )


def main() -> int:
    return asyncio.run(bench())


if __name__ == "__main__":
    raise SystemExit(main())
