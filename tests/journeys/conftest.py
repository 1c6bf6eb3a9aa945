"""One product and one browser for all journeys; every journey has contexts, callers and agents of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests import peers, tones
from tests.journeys.desk_page import FLAGS, SHOTS, DeskPage
from tests.journeys.floor import PATIENCE_SECONDS, Floor
from tests.product import Product, shared_product

OpenPage = Callable[..., Awaitable[DeskPage]]
expect.set_options(timeout=PATIENCE_SECONDS * 1000)
DESK_VIEW: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    yield from shared_product(tmp_path_factory)


@pytest.fixture
def fresh_product(tmp_path: Path) -> Iterator[Callable[..., Product]]:
    """Makes products on folders of their own; whatever is left of them at the end is killed."""
    made: list[Product] = []

    def make(name: str = "fresh", **settings: str) -> Product:
        made.append(Product(tmp_path / name, **settings))
        return made[-1]

    yield make
    for product in made:
        if product.running:
            product.kill()
        product.wait_until_nothing_runs(10)


@pytest.fixture(scope="session")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    microphone = tones.write_microphone(tmp_path_factory.mktemp("sound") / "agent.wav", tones.AGENT_TONE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=peers.chromium(),
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"],
        )
        yield browser
        await browser.close()


@pytest.fixture(autouse=True)
def _listening(request: pytest.FixtureRequest) -> None:
    """Who listens to a browser is marked so."""
    DeskPage.may_listen = request.node.get_closest_marker("alone") is not None


@pytest.fixture
async def open_page(product: Product, browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[OpenPage]:
    """Opens a page for a login in its own context. At the end: nobody stays on shift, no console error is left."""
    pages: list[DeskPage] = []

    async def open_one(
        login: str, *, on: Product | None = None, view: ViewportSize = DESK_VIEW, **options: Any
    ) -> DeskPage:
        where = on or product
        options = {"locale": "ru-RU", "color_scheme": "light", "permissions": ["microphone", "notifications"]} | options
        context = await browser.new_context(base_url=where.url, viewport=view, **options)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        pages.append(await DeskPage.open(context, where, login))
        return pages[-1]

    yield open_one
    failed = getattr(request.node, "failed_call", False)
    trouble = [text for page in pages for text in page.unforgiven()]
    for page in pages:
        if failed:
            await _keep_evidence(page, request.node.name)
        with contextlib.suppress(Exception):  # the server may be gone: that was the journey
            await page.leave()
        await page.page.context.close()
    assert failed or not trouble, f"errors in the browser's console: {trouble}"


@pytest.fixture
async def floor(product: Product) -> AsyncIterator[Floor]:
    async with following(product) as floor:
        yield floor


@contextlib.asynccontextmanager
async def following(product: Product) -> AsyncIterator[Floor]:
    floor = Floor(product)
    task = asyncio.create_task(floor.follow(), name="floor")
    try:
        await floor.until("the first snapshot", lambda: True)
        yield floor
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call":
        item.failed_call = report.failed  # type: ignore[attr-defined]
    return report


async def _keep_evidence(page: DeskPage, test: str) -> None:
    with contextlib.suppress(Exception):
        await page.shot(f"failed-{test[:60]}-{page.person.login}")
        print(f"{page.person.login} sees {page.page.url}; live: {await page.live()}")
        print(f"console: {page.trouble}\nscreenshot in {SHOTS}")
    print(page.product.tail(3_000))
