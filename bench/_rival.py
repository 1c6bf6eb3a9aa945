"""Asterisk's own queue (app_queue) on the same Asterisk build, one agent on a desk phone, callers waiting."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.product import free_port, free_rtp_ports
from tests.sip_phone import SipPhone

from bench._crowd import crowd
from bench._figures import spread
from otklik.channels.voice.music import hold_music
from otklik.embedded import asterisk
from otklik.settings import load

SAMPLES = 30
NUMBER = "700"
TALK_SECONDS = 0.2
AGENT = asterisk.Phone(user="agent1", password="agent1-secret", name="Agent")
QUEUES = f"""[general]
autofill=yes
shared_lastcall=yes

[bench]
strategy=leastrecent
timeout=20
retry=1
wrapuptime=0
autopause=no
ringinuse=no
member=PJSIP/{AGENT.user}
"""
DIALPLAN = f"\n[inbound]\nexten => {NUMBER},1,Queue(bench)\n same => n,Hangup()\n"
MODULES = "load=app_queue.so\n"


class QueueAsterisk(asterisk.EmbeddedAsterisk):
    """The embedded one with app_queue and a number that leads into it."""

    def _write(self) -> None:
        super()._write()
        etc = self.plan.folder / "etc"
        with (etc / "modules.conf").open("a") as file:
            file.write(MODULES)
        with (etc / "extensions.conf").open("a") as file:
            file.write(DIALPLAN)
        (etc / "queues.conf").write_text(QUEUES)


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[tuple[str, int]]:
    found = asterisk.find(load().cache_dir)
    assert found is not None, "the product fetched it"
    await asyncio.to_thread(hold_music, folder / "music")
    first, _, last = free_rtp_ports().partition("-")
    plan = asterisk.AsteriskPlan(
        folder=folder / "asterisk",
        sip_port=free_port(),
        rtp_ports=(int(first), int(last)),
        music=folder / "music",
        trunk_addresses=("127.0.0.1",),
        phones=(AGENT,),
    )
    running = QueueAsterisk(plan, found, lambda _: None)
    await running.start()
    try:
        yield "127.0.0.1", plan.sip_port
    finally:
        await running.stop()


async def gaps(people: int) -> dict[str, float]:
    """From the agent's BYE to the next INVITE to the same agent."""
    found = list[float]()
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as name:
        async with _running(Path(name)) as server, SipPhone(AGENT.user, server, password=AGENT.password) as agent:
            await agent.register()
            async with crowd(server, NUMBER, people):
                ended_at = 0.0
                for _ in range(SAMPLES + 5):
                    call = await agent.ring()
                    found.append((time.time() - ended_at) * 1000)
                    await call.answer()
                    await asyncio.sleep(TALK_SECONDS)
                    ended_at = time.time()
                    call.hang_up()
    return spread("app_queue_gap", found[5:])
