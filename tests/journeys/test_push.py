"""An agent switches notifications on in this browser, and is told why it does not work where it does not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playwright.async_api import expect

from otklik.push.news import News, message
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_looks import looks_right

SUBSCRIBES = """
const made = {
  endpoint: "https://push.example.com/1",
  toJSON: () => ({ keys: { p256dh: "BA", auth: "AA" } }),
  unsubscribe: async () => ((kept = null), true),
};
let kept = { ...made, options: { applicationServerKey: new Uint8Array([4, 1]).buffer } };
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  if (kept) throw new DOMException("", "InvalidStateError");
  return (kept = { ...made, options: { applicationServerKey: applicationServerKey.buffer } });
};
PushManager.prototype.getSubscription = async () => kept;
"""
"""There is no service of a browser's maker on this machine: the rest is the page's, the worker's and the server's. The browser has
subscribed before, with another key than the server's."""


async def opened(desk: DeskPage) -> None:
    await desk.page.locator(".person").click()
    await desk.button("Notifications").click()
    await expect(desk.page.get_by_role("checkbox").first).to_be_visible()


async def test_an_agent_has_this_browser_told_and_switches_it_off_again(open_page: OpenPage) -> None:
    desk = await open_page("anna")
    desk.forgive(r"status of 502 .*/api/push/browser/try")
    await desk.page.add_init_script(SUBSCRIBES)
    await desk.sign_in()
    await opened(desk)
    rings = desk.page.get_by_role("checkbox", name=desk.word("A contact rings for me"))
    await expect(rings).not_to_be_checked()
    await rings.check()
    await desk.button("Save").click()
    await expect(desk.page.get_by_text(desk.word("This browser is told."))).to_be_visible()
    await desk.button("Send one now").click()
    await expect(desk.page.get_by_role("alert")).to_be_visible()
    await looks_right(desk, "notifications")
    await rings.uncheck()
    await desk.button("Save").click()
    await expect(desk.button("Send one now")).to_have_count(0)


SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, to: data.to }));
}"""


async def test_what_comes_while_no_page_is_open_is_shown_by_the_worker(open_page: OpenPage) -> None:
    """Handed over as the service of the browser's maker does; what it reads of ours is proved elsewhere."""
    desk = await (await open_page("anna")).sign_in()
    desk.forgive(r"'localStorage'")  # of the empty page
    await desk.page.evaluate("navigator.serviceWorker.register('/push.js').then(() => navigator.serviceWorker.ready)")
    devtools = await desk.page.context.new_cdp_session(desk.page)
    registrations: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    devtools.on("ServiceWorker.workerRegistrationUpdated", registrations.put_nowait)
    await devtools.send("ServiceWorker.enable")
    async with asyncio.timeout(30):
        while not (told_of := (await registrations.get())["registrations"]):
            pass
    (registration,) = told_of
    await desk.page.goto("about:blank")
    told = message(News(kind="offer", to=None, about="c1 1"), "ru")
    sent = {"origin": desk.product.url, "registrationId": registration["registrationId"], "data": json.dumps(told)}
    await devtools.send("ServiceWorker.deliverPushMessage", sent)
    await desk.page.goto("/desk")
    async with asyncio.timeout(30):
        while not (shown := await desk.page.evaluate(SHOWN)):
            await asyncio.sleep(0.1)
    assert shown == [told]


async def test_who_signs_out_after_loading_past_the_worker_is_told_nothing_more(open_page: OpenPage) -> None:
    desk = await open_page("anna")
    await desk.page.add_init_script(SUBSCRIBES)
    await desk.sign_in()
    await opened(desk)
    await desk.page.get_by_role("checkbox", name=desk.word("A contact rings for me")).check()
    await desk.button("Save").click()
    await expect(desk.page.get_by_text(desk.word("This browser is told."))).to_be_visible()
    devtools = await desk.page.context.new_cdp_session(desk.page)
    async with desk.page.expect_event("load"):
        await devtools.send("Page.reload", {"ignoreCache": True})
    await desk.page.locator(".person").click()
    assert await desk.page.evaluate("navigator.serviceWorker.controller === null")
    async with desk.page.expect_response("**/api/push/browser/forget"):
        await desk.button("End shift and sign out").click()
