"""Who hears whom, by tones: an agent with a voice of their own, and a wait for exactly the voices that should be heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import async_playwright

from tests import peers, tones
from tests.journeys.conftest import DESK_VIEW
from tests.journeys.desk_page import FLAGS, DeskPage
from tests.journeys.floor import PATIENCE_SECONDS
from tests.product import Product
from tests.sipp import Callers

CUSTOMER, AGENT, SECOND = tones.CUSTOMER_TONE, tones.AGENT_TONE, 1_700.0
ALL = (CUSTOMER, AGENT, SECOND)
Heard = Callable[[], Awaitable[tuple[tones.Samples, int]]]


@asynccontextmanager
async def own_voice(product: Product, folder: Path, login: str) -> AsyncIterator[DeskPage]:
    """A page whose microphone sounds `SECOND`, in a browser of its own, since the tone of a microphone is the browser's."""
    microphone = tones.write_microphone(folder / f"{login}.wav", SECOND)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=peers.chromium(), args=[*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
        )
        context = await browser.new_context(
            base_url=product.url, viewport=DESK_VIEW, locale="ru-RU", permissions=["microphone", "notifications"]
        )
        page = await DeskPage.open(context, product, login)
        yield page
        await page.leave()
        await browser.close()
        assert not page.unforgiven()


async def until_hears(who: str, heard: Heard, *expected: float) -> None:
    """Wait until exactly these tones are heard; none: silence, or music, in which no tone stands out."""
    found: set[float] = set()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        samples, rate = await heard()
        if samples.size:
            found = {one for one in ALL if _sounds(samples, one, rate, among_others=bool(expected))}
            if found == set(expected):
                return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{who} hears {found}, not {expected}")


def _sounds(samples: tones.Samples, tone: float, rate: int, *, among_others: bool) -> bool:
    if among_others:
        return tones.level(samples, tone, rate) > tones.AUDIBLE_LEVEL
    return tones.is_heard(samples, tone, rate)


async def heard_by(caller: Callers) -> tuple[tones.Samples, int]:
    return caller.heard(), tones.TELEPHONE_RATE
