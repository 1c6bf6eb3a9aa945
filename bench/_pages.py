"""Agents' pages in real Chromium that tell by the millisecond what passes: an INVITE, the ring, their own BYE."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright
from tests import peers, tones
from tests.journeys.desk_page import FLAGS, DeskPage
from tests.product import Product

WAIT_SECONDS = 20.0
CLOCK_SAMPLES = 15
# The page's own clock is monotonic; what it calls now is compared with ours before it is used.
WATCHER = """
const tell = (what) => window.benchTell?.(what, performance.timeOrigin + performance.now());
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    this.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return;
      const first = data.slice(0, 7);
      if (first === "INVITE ") tell("INVITE");
    });
  }
  send(data) {
    if (typeof data === "string" && data.startsWith("BYE ")) tell("end");
    super.send(data);
  }
};
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  if (this.loop) tell("ring");
  return start.apply(this, when);
};
"""


@dataclass(frozen=True, slots=True)
class Event:
    what: str
    at: float
    """Seconds of `time.time()`."""


@dataclass
class AgentPage:
    """A ready agent. `events` are told by the page as they happen."""

    desk: DeskPage
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    ahead: float = 0.0
    """Seconds by which the page's clock is ahead of ours."""

    async def until(self, what: str) -> Event:
        """The next event of this kind; those before it are dropped."""
        async with asyncio.timeout(WAIT_SECONDS):
            while (event := await self.events.get()).what != what:
                pass
        return event

    def forget(self) -> None:
        while not self.events.empty():
            self.events.get_nowait()

    def _tell(self, _source: Any, what: str, at: float) -> None:
        self.events.put_nowait(Event(what, at / 1000 - self.ahead))

    async def set_clock(self) -> None:
        """By the quickest of several questions."""
        best = (1.0, 0.0)
        for _ in range(CLOCK_SAMPLES):
            asked = time.time()
            theirs = await self.desk.page.evaluate("performance.timeOrigin + performance.now()")
            answered = time.time()
            best = min(best, (answered - asked, theirs / 1000 - (asked + answered) / 2))
        self.ahead = best[1]


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Browser]:
    microphone = tones.write_microphone(folder / "agent.wav", tones.AGENT_TONE)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=peers.chromium(), args=flags)
        yield browser
        await browser.close()


async def open_page(browser: Browser, product: Product, login: str) -> AgentPage:
    """Signed in, on shift, ready."""
    context = await browser.new_context(
        base_url=product.url, locale="ru-RU", permissions=["microphone", "notifications"]
    )
    await context.add_init_script(WATCHER)
    page = AgentPage(await DeskPage.open(context, product, login))
    await page.desk.page.expose_binding("benchTell", page._tell)
    await page.desk.sign_in()
    await page.desk.start_shift()
    await page.set_clock()
    await page.desk.be_ready()
    page.forget()
    return page


async def close_page(page: AgentPage) -> None:
    await page.desk.leave()
    await page.desk.page.context.close()
