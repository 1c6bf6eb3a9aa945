"""When something was painted, by the page's own clock, which is compared with ours first."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.async_api import Browser, Page, expect

from bench._hall import WATCHED, RunningHall

CLOCK_SAMPLES = 15
# After the frame that shows it: a message posted in a frame arrives when the frame is drawn.
WATCH = """([selector, needle]) => {
  const seen = (window.benchSeen = []);
  let last = null;
  const look = () => {
    const found = [...document.querySelectorAll(selector)].find((one) => one.textContent.includes(needle));
    const now = found ? found.textContent.replace(/[0-9:]+/g, "") : "";
    if (now === last) return;
    last = now;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => seen.push([performance.timeOrigin + performance.now(), now]);
      port2.postMessage(null);
    });
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  look();
}"""


@dataclass(frozen=True, slots=True)
class Painted:
    """Instants, our clock, at which the watched thing looked different."""

    at: list[float]

    @staticmethod
    async def of(page: Page) -> Painted:
        ahead = await _ahead(page)
        seen: list[tuple[float, str]] = await page.evaluate("window.benchSeen.filter(([, what]) => what)")
        return Painted([instant / 1000 - ahead for instant, _ in seen])

    def after(self, marks: list[float]) -> list[float]:
        """Milliseconds from each mark to the first paint after it; one that is painted no more before the next mark was
        painted with it."""
        found = (next((at for at in self.at if at >= mark), None) for mark in marks)
        delays = [(at - mark) * 1000 for at, mark in zip(found, marks, strict=True) if at is not None]
        assert len(delays) >= 0.9 * len(marks) > 0, f"{len(delays)} of {len(marks)} changes were painted"
        return delays


async def _ahead(page: Page) -> float:
    best = (1.0, 0.0)
    for _ in range(CLOCK_SAMPLES):
        asked = time.time()
        theirs = await page.evaluate("performance.timeOrigin + performance.now()")
        answered = time.time()
        best = min(best, (answered - asked, theirs / 1000 - (asked + answered) / 2))
    return best[1]


async def _open(browser: Browser, hall: RunningHall, session: str, path: str) -> Page:
    context = await browser.new_context(base_url=f"http://{hall.address}", locale="ru-RU")
    await context.add_cookies([{"name": "otklik_session", "value": session, "url": f"http://{hall.address}"}])
    page = await context.new_page()
    await page.goto(path)
    return page


async def open_floor(browser: Browser, hall: RunningHall) -> Page:
    page = await _open(browser, hall, hall.supervisors[0], "/floor")
    await expect(page.get_by_role("button", name=WATCHED, exact=True)).to_be_visible(timeout=30_000)
    await page.evaluate(WATCH, ["tr", WATCHED])
    return page


async def open_desk(browser: Browser, hall: RunningHall) -> Page:
    page = await _open(browser, hall, hall.agents[0], "/desk")
    await expect(page.get_by_role("navigation")).to_be_visible(timeout=30_000)
    await page.evaluate(WATCH, ["[data-testid=ringing]", "Иван Петров"])
    return page
