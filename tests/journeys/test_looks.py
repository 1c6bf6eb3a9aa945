"""Every screen for everybody: axe-core finds nothing in light and dark, in Russian and English, and nothing scrolls
sideways on a telephone's width.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.product import Product
from tests.sipp import dial

AXE = Path(__file__).resolve().parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
"""The extra rules are off by default in axe and were the ones that other checkers found (WCAG 2.5.3, 2.5.8)."""
RULES_OF_COLOUR = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""Dark differs from light by the values of colours alone (tokens.css): the other rules would find the same again."""
CONTEXT = {"exclude": [["[data-live-announcer]"]]}
"""React Aria's announcer: for seconds it names by id elements that are no longer on the page."""
JUDGE = """async ([context, rules]) => {
  if (typeof window.axe !== "object") return null;
  const moves = (one) => one.playState === "running" && one.effect.getComputedTiming().iterations !== Infinity;
  do await new Promise(requestAnimationFrame); while (document.getAnimations().some(moves));
  const { violations } = await axe.run(context, rules);
  return violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target) }));
}"""
"""Colours that are on their way from light to dark are not judged."""
NARROW = 390
FIT = """async ([narrow, wholeWords, patience]) => {
  const meant = '.unseen, .clip, [role="tablist"], .setupNav, pre, code, textarea, select, svg, .react-flow, .tipped';
  const hidden = (one) => one && (getComputedStyle(one).clipPath !== "none" || hidden(one.parentElement));
  const cutOff = () => {
    const found = [];
    for (const one of document.querySelectorAll("body *")) {
      if (![...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim())) continue;
      if (one.closest(meant) || !one.checkVisibility({ visibilityProperty: true })) continue;
      if (getComputedStyle(one).textOverflow === "ellipsis" || hidden(one)) continue;
      const text = document.createRange();
      text.selectNodeContents(one);
      const { left, right, width } = text.getBoundingClientRect();
      if (width > 1 && (left < -1 || right > innerWidth + 1)) found.push(`${one.className || one.tagName}: ${one.textContent.slice(0, 40)}`);
    }
    return found.slice(0, 5);
  };
  const until = performance.now() + patience;
  for (;;) {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const [width, words] = [document.documentElement.scrollWidth, wholeWords ? cutOff() : []];
    if ((width <= narrow && words.length === 0) || performance.now() > until) return [width, words];
  }
}"""
"""How wide the page is, and words that end beyond its edge where it does not scroll: nobody reads them. What is open finds its new
place a moment after the page has become narrow."""
FIT_WITHIN_MS = 5_000


@cache
def axe_source() -> str:
    assert AXE.exists(), f"{AXE} is missing: the browser side is not installed (`make test` does it)"
    return AXE.read_text()


async def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe-core finds on the page once it is settled: rule, and the elements it names."""
    found: list[dict[str, Any]] | None = await page.evaluate(JUDGE, [CONTEXT, rules])
    if found is None:
        await page.evaluate(axe_source())
        found = await page.evaluate(JUDGE, [CONTEXT, rules])
    assert found is not None
    return [f"{one['id']}: {one['targets']}" for one in found]


async def assert_accessible(desk: DeskPage, screen: str) -> None:
    """In light and in dark; the page follows the system's theme."""
    await judged(desk, screen, "light", RULES)
    await judged(desk, screen, "dark", RULES_OF_COLOUR)
    await as_it_was(desk)


async def judged(desk: DeskPage, screen: str, scheme: Literal["light", "dark"], rules: dict[str, Any]) -> None:
    """In this theme, in the language the page speaks, and its picture taken."""
    await desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert not (found := await violations(desk.page, rules)), f"{screen}, {scheme}, {desk.language}: {found}"
    await desk.shot(f"{screen}-{scheme}-{desk.language}")


async def as_it_was(desk: DeskPage) -> None:
    await desk.page.emulate_media(color_scheme="light", reduced_motion="no-preference")


async def faults_of_fit(desk: DeskPage, screen: str, *, whole_words: bool = True) -> list[str]:
    """What does not fit the width of a telephone: the page scrolls sideways, or words end beyond its edge."""
    before = desk.page.viewport_size
    await desk.page.set_viewport_size({"width": NARROW, "height": 844})
    width, cut_off = await desk.page.evaluate(FIT, [NARROW, whole_words, FIT_WITHIN_MS])
    await desk.shot(f"{screen}-narrow-{desk.language}")
    if before:
        await desk.page.set_viewport_size(before)
    wide = [f"{screen} is {width} px wide on a {NARROW} px screen"] if width > NARROW else []
    return wide + [f"{screen} cuts off {words}" for words in cut_off]


async def assert_fits(desk: DeskPage, screen: str, *, whole_words: bool = False) -> None:
    """`whole_words`: nor does anything end beyond the edge of a page that itself does not scroll."""
    faults = await faults_of_fit(desk, screen, whole_words=whole_words)
    assert faults == [], faults


async def looks_right(desk: DeskPage, screen: str, *, whole_words: bool = False) -> None:
    """What has no address of its own: in light in one language, in dark in the other. Both are judged by every rule, as
    names and sizes differ by language alone and colours by theme alone. The page speaks its own again afterwards.
    """
    own = desk.language
    await desk.speak(other(own))
    await judged(desk, screen, "dark", RULES)
    await assert_fits(desk, screen, whole_words=whole_words)
    await desk.speak(own)
    await judged(desk, screen, "light", RULES)
    await assert_fits(desk, screen, whole_words=whole_words)
    await as_it_was(desk)


async def looks_right_in_all(desk: DeskPage, screen: str) -> None:
    """An address: in each language in each theme."""
    own = desk.language
    for language in (other(own), own):
        await desk.speak(language)
        await assert_accessible(desk, screen)
        await assert_fits(desk, screen, whole_words=True)


def other(language: str) -> str:
    return "en" if language == "ru" else "ru"


async def test_an_agents_screens(open_page: OpenPage, product: Product, floor: Floor) -> None:
    ani = "+79161234567"
    desk = await open_page("anna")
    desk.forgive(r"status of 401 .*/api/session")
    await desk.page.goto("/sign-in")
    await expect(desk.page.locator("#login")).to_be_visible()
    await looks_right(desk, "sign-in")
    await desk.sign_in_by_form()
    await expect(desk.button("Start the shift")).to_be_visible()
    await looks_right(desk, "off-shift")
    await desk.start_shift()
    await looks_right(desk, "shift-started")
    await desk.be_ready()
    await looks_right(desk, "ready")
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(desk.ringing).to_be_visible()
        await looks_right(desk, "ringing")
        await desk.button("Accept").click()
        await desk.until_agent("talking")
        await looks_right(desk, "talking")
        await desk.page.locator(".talkAnswers button").nth(1).click()
        await desk.page.locator(".talkField input").fill("ООО «Ромашка»")
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.locator(".talkBehind li")).to_have_count(2)
        await looks_right(desk, "talk-script")
        await desk.button("Hold").click()
        await desk.until_agent("held")
        await looks_right(desk, "on-hold")
        await caller.hang_up()
    await desk.until_agent("wrap_up")
    await desk.page.locator("label:has(.leads)").click()
    await expect(desk.page.locator(".resultChoices")).to_have_count(2)
    await looks_right(desk, "wrap-up")
    await _follow_up(desk)
    await desk.go("history")
    await looks_right(desk, "history")


async def _follow_up(desk: DeskPage) -> None:
    """A result that requires a task: by the keyboard alone it is written, saved and found again."""
    keys = desk.page.keyboard
    await desk.page.get_by_role("radio", name="Качество").focus()
    await keys.press("Space")
    task = desk.page.get_by_role("textbox", name=desk.word("Task"), exact=True)
    await expect(task).to_be_visible()
    await keys.press("Control+Enter")
    await expect(task).to_be_focused()
    await looks_right(desk, "follow-up")
    await task.press_sequentially("Заменить чайник")
    await keys.press("Control+Enter")
    await desk.until_agent("ready")
    await expect(desk.page.get_by_role("region", name=desk.word("My tasks"))).to_contain_text("Заменить чайник")
    await looks_right(desk, "my-tasks")
