"""How soon an agent's page rings: after a customer's INVITE, and after the agent's last call while customers wait.

Beside it Asterisk's own app_queue, measured in the same run, and figures of a bare ARI loop from an earlier one.
"""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, expect
from tests.sipp import until

from bench import _rival
from bench._centre import DIRECT, Caller, Centre, running, waiting
from bench._crowd import crowd
from bench._figures import load, report, spread
from bench._line import on_shift
from bench._pages import AgentPage, chromium, close_page, open_page

RINGS = 60
GAPS = 60
CROWD = 24
FEWEST_WAITING = 20
GOAL_MS = 10.0
TALK_SECONDS = 0.2
BARE_ARI = {"bare_ari_gap_p50_ms": 1.8, "bare_ari_gap_p95_ms": 2.7, "bare_ari_invite_p50_ms": 1.5}
"""50 agents, 100 waiting, no recording, nothing kept: a lower bound, measured earlier on such a machine."""


async def rings(centre: Centre, page: AgentPage) -> dict[str, float]:
    """A free agent; each caller hangs up as soon as it rings."""
    arrived, sounded = list[float](), list[float]()
    async with Caller("+79161234567", centre.sip, tone=440) as caller:
        for _ in range(RINGS):
            page.forget()
            call = await caller.call(DIRECT)
            invite, ring = await page.until("INVITE"), await page.until("ring")
            arrived.append((invite.at - caller.invited_at) * 1000)
            sounded.append((ring.at - caller.invited_at) * 1000)
            await asyncio.wait_for(call.answered.wait(), 5)
            call.hang_up()
            await page.desk.until_agent("ready")
            await expect(page.desk.ringing).to_be_hidden()
    return spread("invite_to_page", arrived) | spread("invite_to_ring", sounded)


async def gaps_of_page(page: AgentPage) -> dict[str, float]:
    """From the page's BYE to its next INVITE; accepted and ended by mouse."""
    gaps = list[float]()
    for _ in range(GAPS):
        await page.desk.button("Accept").click()
        await page.desk.until_agent("talking")
        await asyncio.sleep(TALK_SECONDS)
        page.forget()
        await page.desk.button("End call").click()
        ended, invite = await page.until("end"), await page.until("INVITE")
        gaps.append((invite.at - ended.at) * 1000)
    return spread("end_to_next_invite", gaps)


async def gaps_of_line(centre: Centre) -> dict[str, float]:
    """From the agent's BYE to the next INVITE, both on the wire: what the peer is measured by."""
    gaps = list[float]()
    async with on_shift(centre.product, "boris") as line:
        for number in range(GAPS + 1):
            async with asyncio.timeout(10):
                at, call = await line.rung.get()
            if number:
                gaps.append((at - line.bye_at) * 1000)
            line.accept(call)
            await asyncio.sleep(TALK_SECONDS)
            line.hang_up(call)
    return spread("bye_to_next_invite", gaps)


async def measure(centre: Centre, browser: Browser) -> dict[str, float]:
    page = await open_page(browser, centre.product, "anna")
    figures = await rings(centre, page)
    async with crowd(centre.sip, DIRECT, CROWD):
        with centre.product.signed_in("olga") as client:
            await until(f"{FEWEST_WAITING} wait", lambda: waiting(client) >= FEWEST_WAITING)
            figures |= await gaps_of_page(page)
            figures["waiting_after"] = waiting(client)
            await close_page(page)
            figures |= await gaps_of_line(centre)
    return figures


async def bench() -> int:
    figures: dict[str, float] = {"load_before": load()}
    async with running() as centre, chromium(centre.folder) as browser:
        figures |= await measure(centre, browser)
    rival = await _rival.gaps(CROWD)
    return report(
        "ring",
        figures,
        peer=rival | BARE_ARI,
        ratio=figures["bye_to_next_invite_p50_ms"] / rival["app_queue_gap_p50_ms"],
        goal=f"from the agent's hang-up to the next ring with {FEWEST_WAITING} callers waiting: p95 under {GOAL_MS:g} ms on the wire, where the peers are measured",
        holds=figures["bye_to_next_invite_p95_ms"] < GOAL_MS,
    )


def main() -> int:
    return asyncio.run(bench())


if __name__ == "__main__":
    raise SystemExit(main())
