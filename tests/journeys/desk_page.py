"""The agent's (or supervisor's) page as a person uses it: seen by names and roles, spoken to by clicks and keys.

The page carries a small watcher: when the ring began and what was on the screen at that moment, and what the remote
stream sounds like. `trouble` holds every error of the browser's console; a journey ends with none.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import BrowserContext, ConsoleMessage, Error, Frame, Locator, Page, Request, expect

from tests import tones
from tests.journeys import words
from tests.journeys.floor import PATIENCE_SECONDS
from tests.product import Product

WATCHER = """
localStorage.setItem("otklik.audio.raw", "1");
window.journey = { rings: [] };
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  if (this.loop) {
    const card = document.querySelector('[data-testid="ringing"]');
    window.journey.rings.push({ at: Date.now(), card: card?.checkVisibility() ? card.innerText : null });
  }
  return start.apply(this, when);
};
window.journey.listen = async () => {
  const stream = window.otklikDiagnostics?.remoteStream;
  if (!stream?.active) return null;
  if (window.journey.stream !== stream) {
    window.journey.stream = stream;
    window.journey.context ??= new AudioContext();
    window.journey.source?.disconnect();
    window.journey.source = window.journey.context.createMediaStreamSource(stream);
    window.journey.analyser = window.journey.context.createAnalyser();
    window.journey.analyser.fftSize = 8192;
    window.journey.source.connect(window.journey.analyser);
    return null;
  }
  const heard = new Float32Array(8192);
  window.journey.analyser.getFloatTimeDomainData(heard);
  return { rate: window.journey.context.sampleRate, samples: Array.from(heard, (one) => Math.round(one * 32768)) };
};
"""
FLAGS = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)
BEAT_SECONDS = 0.1
OVER_BEFORE_IT_ASKED = re.compile(r"status of 409 .*/api/desk/contacts/[^/]+/look-ups\)$")
"""A contact may end while the page's question what else is known of it is on its way."""
TYPED_INTO = "input:focus, textarea:focus"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
"""Whatever the page had to draw when this began has been drawn."""
IDLE = """() => new Promise((done) => requestIdleCallback(() => requestAnimationFrame(() =>
  setTimeout(() => requestIdleCallback(done, { timeout: 5000 }), 50)), { timeout: 5000 }))"""
"""Nothing is left to do for the page, and a moment later still nothing. On a machine without a free moment: for long enough."""
IDLE_WITHIN_SECONDS = 60.0
SHOTS = Path(os.environ.get("OTKLIK_SHOTS") or Path(__file__).resolve().parents[2] / "var" / "screens")
"""Every screen as the last run saw it: light, dark, on a telephone's width, in Russian and in English."""


class DeskPage:
    """One person's page in a browser context of its own."""

    may_listen = False

    def __init__(self, page: Page, product: Product, login: str) -> None:
        self.page = page
        self.product = product
        self.person = product.login(login)
        self.language = self.person.language
        self.trouble: list[str] = []
        self.forgiven = [OVER_BEFORE_IT_ASKED]
        self._asked: set[Request] = set()
        self._leaves_by: Request | None = None
        self._ever_asked = 0
        page.on("request", self._asks)
        page.on("requestfinished", self._told)
        page.on("requestfailed", self._told)
        page.on("framenavigated", self._goes)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.trouble.append(f"pageerror: {error}"))

    @classmethod
    async def open(cls, context: BrowserContext, product: Product, login: str) -> DeskPage:
        await context.add_init_script(WATCHER)
        return cls(await context.new_page(), product, login)

    def _asks(self, request: Request) -> None:
        self._ever_asked += 1
        self._asked.add(request)
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._leaves_by = request

    def _told(self, request: Request) -> None:
        self._asked.discard(request)

    def _goes(self, frame: Frame) -> None:
        """Of what the document that is left has asked for, not every end is told. Within a document nothing is left."""
        if frame == self.page.main_frame and self._leaves_by is not None:
            self._asked.clear()
            self._leaves_by = None

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.trouble.append(f"{message.text} ({message.location.get('url', '')})")

    def forgive(self, pattern: str) -> None:
        """Console errors that this journey provokes on purpose."""
        self.forgiven.append(re.compile(pattern))

    def unforgiven(self) -> list[str]:
        return [text for text in self.trouble if not any(pattern.search(text) for pattern in self.forgiven)]

    # finding

    def word(self, source: str) -> str:
        return words.word(self.language, source)

    def button(self, source: str) -> Locator:
        return self.page.get_by_role("button", name=self.word(source), exact=True)

    def text(self, source: str) -> Locator:
        return self.page.get_by_text(self.word(source), exact=True)

    @property
    def ringing(self) -> Locator:
        return self.page.get_by_test_id("ringing")

    async def until_typing(self, where: Locator | None = None) -> None:
        """A field has the focus (there): what is typed from now on is not lost."""
        await expect((where or self.page).locator(TYPED_INTO)).to_have_count(1)

    # doing

    async def sign_in(self) -> DeskPage:
        """By the API: one page is loaded instead of two."""
        self.forgive(r"status of 401 .*/api/session")  # where nobody is signed in any more: that is how the page asks
        headers = {"X-Otklik": "1", "Origin": self.product.url}
        body = {"login": self.person.login, "password": self.person.password}
        answer = await self.page.context.request.post("/api/session", headers=headers, data=body)
        assert answer.ok, await answer.text()
        await self.page.goto("/")
        await expect(self.page.get_by_role("navigation")).to_be_visible()
        return self

    async def sign_in_by_form(self) -> DeskPage:
        """As people do; the sign-in is on the screen."""
        await self.page.locator("#login").fill(self.person.login)
        await self.page.locator("#password").fill(self.person.password)
        await self.page.locator("form button[type=submit]").click()
        await expect(self.page.get_by_role("navigation")).to_be_visible()
        return self

    async def speak(self, language: str) -> None:
        """As if the language had been chosen in another tab; the account's own stays as it is."""
        told = {"key": "otklik.language", "newValue": language}
        await self.page.evaluate("(told) => window.dispatchEvent(new StorageEvent('storage', told))", told)
        await expect(self.page.locator("html")).to_have_attribute("lang", language)
        self.language = language

    async def go(self, place: str) -> None:
        """To a screen by its address, until all that it asks the server for is there."""
        await self.page.goto(f"/{place}")
        await expect(self.page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        await self.until_idle()

    async def until_idle(self) -> None:
        """All that the page asked the server for is there and drawn, and it asks for nothing more."""
        try:
            async with asyncio.timeout(IDLE_WITHIN_SECONDS):
                ever_asked = -1
                while self._asked or self._ever_asked != ever_asked:
                    ever_asked = self._ever_asked
                    await self.page.evaluate(IDLE)
        except TimeoutError as error:
            raise AssertionError(f"still asked for: {[each.url for each in self._asked]}") from error

    async def start_shift(self) -> DeskPage:
        """Shift started, phone registered; not ready yet."""
        await self.button("Start the shift").click()
        await self.until_agent("not_ready")
        await self.until_reachable()
        return self

    async def be_ready(self) -> DeskPage:
        await self.button("Ready for calls").click()
        await self.until_agent("ready")
        return self

    async def wrap_up(self, disposition: str, note: str) -> None:
        """Chooses the result, writes the note, saves: ready again."""
        await self.page.get_by_role("radio", name=disposition, exact=True).click(force=True)
        await self.page.locator("#note").fill(note)
        await self.button("Save and ready").click()

    async def leave(self) -> None:
        """Whatever is in hand is ended, the shift too. For the end of a journey: by the API, in any state."""
        headers = {"X-Otklik": "1", "Origin": self.product.url}
        request = self.page.context.request
        for contact in (await self.live() or {}).get("contacts", []):
            url = f"/api/desk/contacts/{contact['id']}"
            if contact["state"] != "wrap_up":
                await request.post(f"{url}/end", headers=headers, data={})
            await request.post(
                f"{url}/wrap-up",
                headers=headers,
                data={"disposition": "resolved", "note": "", "then": "ready", "reason": None},
            )
        await request.delete("/api/session", headers=headers)

    # seeing

    async def live(self) -> dict[str, Any] | None:
        """The live state that the page has now."""
        if self.page.is_closed():
            return None
        state = await self.page.evaluate("JSON.stringify(window.otklikDiagnostics?.live?.state ?? null)")
        found: dict[str, Any] | None = json.loads(state)
        return found

    async def until_live(self, what: str, condition: str, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        """`condition` is JavaScript over `live` (the live state) and `phone` (the page's telephone).

        The page shows it by then, but for what it has yet to fetch. Before a key is pressed, what the person sees is waited for, too.
        """
        script = (
            "() => { const { live: feed, phone, registered, session } = window.otklikDiagnostics ?? {};"
            f" const live = feed?.state; return live && phone && ({condition}); }}"
        )
        try:
            await self.page.wait_for_function(script, timeout=timeout_seconds * 1000)
            await self.page.evaluate(DRAWN)
        except Exception as error:
            raise AssertionError(
                f"{self.person.login}: not within {timeout_seconds:g} s: {what}; {await self.live()}"
            ) from error

    async def until_agent(self, state: str, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        await self.until_live(f"agent is {state}", f"live.agent?.state === {json.dumps(state)}", timeout_seconds)

    async def until_reachable(self, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        await self.until_live("the phone is registered", "registered && live.agent?.reachable", timeout_seconds)

    async def contact_in_hand(self) -> dict[str, Any]:
        state = await self.live()
        assert state is not None and len(state["contacts"]) == 1, state
        contact: dict[str, Any] = state["contacts"][0]
        return contact

    async def rings(self) -> list[dict[str, Any]]:
        """Each ring of this page: when it began, and the text of the card that was on the screen at that moment."""
        found: list[dict[str, Any]] = await self.page.evaluate("window.journey.rings")
        return found

    async def shot(self, name: str) -> None:
        """A picture to be looked at after the run, in `var/screens` or where OTKLIK_SHOTS says. Without it a journey goes on."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(Error):
            await self.page.screenshot(path=SHOTS / f"{name.replace('/', '-')}.png", animations="disabled")

    # hearing

    async def heard(self) -> tuple[tones.Samples, int]:
        """The last sixth of a second of the customer's voice in the page."""
        assert self.may_listen, "beside other journeys a browser sounds choppy: mark this one with pytest.mark.alone"
        sound = await self.page.evaluate("window.journey.listen()")
        if sound is None:
            return np.zeros(0), tones.BROWSER_RATE
        return np.asarray(sound["samples"], dtype=np.float64) / 32768, int(sound["rate"])

    async def wait_to_hear(self, frequency: float, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + timeout_seconds
        loudness = 0.0
        while time.monotonic() < deadline:
            samples, rate = await self.heard()
            if tones.is_heard(samples, frequency, rate):
                return
            loudness = tones.loudness(samples)
            await asyncio.sleep(BEAT_SECONDS)
        raise AssertionError(
            f"{frequency:g} Hz was not heard in the page within {timeout_seconds:g} s ({loudness=:.4f})"
        )

    async def wait_for_silence_of(self, frequency: float, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            samples, rate = await self.heard()
            if samples.size and tones.level(samples, frequency, rate) < tones.AUDIBLE_LEVEL / 2:
                return
            await asyncio.sleep(BEAT_SECONDS)
        raise AssertionError(f"{frequency:g} Hz was still heard in the page after {timeout_seconds:g} s")
