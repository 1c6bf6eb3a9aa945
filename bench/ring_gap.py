"""The product's queue against Asterisk's own app_queue, in one run on the same Asterisk: agent's BYE to the agent's next INVITE.

The same plain SIP agents and callers for both, the same codec, no recording, no music, no pages. The product commits every
fact to its log with fsync before it acts; app_queue keeps nothing. Its CPU is Asterisk's, ours that of Asterisk, otklik and
PostgreSQL together. app_queue is called without Answer(), which makes it quicker. With free agents also the least that a program can do over ARI
(`_bare`): how quick this machine is.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from tests.product import free_port, free_rtp_ports

from bench import _bare
from bench._figures import cpu_seconds, load, percentile, report
from bench._pool import Agents, Callers
from otklik.embedded import asterisk
from otklik.embedded.postgres import EmbeddedPostgres, start_postgres
from otklik.settings import load as settings
from otklik.storage.engine import migrate

TALK_SECONDS = {10: 3.0, 50: 5.0, 200: 10.0}
"""By the number of agents; half to one and a half of it. At ten seconds 200 agents end 20 calls a second."""
WAITING = (100, 500)
WINDOW_SECONDS = 12.0
ALL_BUSY_SECONDS = 30.0
SETTLED_SECONDS = 5.0
"""After the last of the crowd has come: what a call costs is measured, not what five hundred cost who come within three seconds."""
FREE_AGENTS, FREE_CALLS, FREE_PER_SECOND = 50, 200, 20
FREE_TALK_SECONDS = 0.5
OURS = "3000"
BARE = "7000"
GOAL_RATIO = 1 / 50
GOAL_FREE_MS = 3.0
"""Set on a machine on which a bare ARI loop took half of it; `free_ring_to_bare` says how it stands on any other."""
QUEUES = """[general]
autofill=yes
shared_lastcall=yes

"""
QUEUE = """[bench{agents}]
strategy=leastrecent
timeout=20
retry=1
wrapuptime=0
autopause=no
ringinuse=no
"""
LINE = """[{user}]
type=endpoint
context=agents
disallow=all
allow=ulaw
direct_media=no
rtp_symmetric=yes
force_rport=yes
rewrite_contact=yes
device_state_busy_at=1
aors={user}

[{user}]
type=aor
contact=sip:{user}@127.0.0.1:{port}

"""


class Switch(asterisk.EmbeddedAsterisk):
    """The product's, with app_queue beside: number 6000 and the agents of a queue lead into it."""

    agents_port = 0

    def _write(self) -> None:
        super()._write()
        etc = self.plan.folder / "etc"
        users = [f"peer{number}" for number in range(max(TALK_SECONDS))]
        with (etc / "modules.conf").open("a") as file:
            file.write("load=app_queue.so\n")
        with (etc / "extensions.conf").open("a") as file:
            numbers = (f"exten => {_theirs(n)},1,Queue(bench{n})\n same => n,Hangup()\n" for n in TALK_SECONDS)
            file.write("\n[inbound]\n" + "".join(numbers) + f"exten => {BARE},1,Stasis({_bare.APP})\n")
        with (etc / "pjsip.conf").open("a") as file:
            file.write("".join(LINE.format(user=user, port=self.agents_port) for user in users))
        members = (
            QUEUE.format(agents=n) + "".join(f"member=PJSIP/{user}\n" for user in users[:n]) for n in TALK_SECONDS
        )
        (etc / "queues.conf").write_text(QUEUES + "".join(members))


def _theirs(agents: int) -> str:
    return str(6000 + agents)


@dataclass
class Bench:
    switch: Switch
    postgres: EmbeddedPostgres
    centre: asyncio.subprocess.Process
    agents: Agents
    callers: Callers
    figures: dict[str, float] = field(default_factory=dict)
    peer: dict[str, float] = field(default_factory=dict)

    async def ask(self, agents: int) -> None:
        """So many agents are at work in the product."""
        assert self.centre.stdin is not None and self.centre.stdout is not None
        self.centre.stdin.write(f"{agents}\n".encode())
        assert await self.centre.stdout.readline() == b"ready\n", "the centre has ended"

    def cpu(self, *, ours: bool) -> dict[str, float]:
        pids = {"asterisk": self.switch.pid}
        if ours:
            pids |= {"otklik": self.centre.pid, "postgres": self.postgres.pid}
        return {name: cpu_seconds(pid, apart=set()) for name, pid in pids.items() if pid is not None}


async def busy(bench: Bench, agents: int, waiting: int, *, ours: bool) -> None:
    """All agents talk, so many wait; what is measured goes into the figures of that side."""
    number = OURS if ours else _theirs(agents)
    bench.agents.talk_seconds = TALK_SECONDS[agents]
    await bench.callers.fill(number, agents + waiting)
    async with asyncio.timeout(ALL_BUSY_SECONDS):
        while bench.agents.talking < agents:
            await asyncio.sleep(0.1)
    await asyncio.sleep(max(SETTLED_SECONDS, TALK_SECONDS[agents] / 2))
    bench.agents.forget()
    calls, before, began = bench.callers.ended, bench.cpu(ours=ours), time.monotonic()
    await asyncio.sleep(WINDOW_SECONDS)
    after, lasted, calls = bench.cpu(ours=ours), time.monotonic() - began, bench.callers.ended - calls
    gaps = bench.agents.gaps
    await bench.callers.empty()
    found = {
        "gap_p50_ms": percentile(gaps, 0.5),
        "gap_p95_ms": percentile(gaps, 0.95),
        "calls_per_s": calls / lasted,
    }
    _note(bench, f"{agents}x{waiting}", found | _bill(before, after, calls), ours=ours)


def _bill(before: dict[str, float], after: dict[str, float], calls: int) -> dict[str, float]:
    """Milliseconds of the processor for each call: together, and of each process where there are several."""
    each = {f"{name}_ms_per_call": (after[name] - before[name]) * 1000 / calls for name in after}
    return {"cpu_ms_per_call": sum(each.values())} | (each if len(each) > 1 else {})


async def free(bench: Bench, *, ours: bool) -> None:
    """Nobody waits, agents are free."""
    before = bench.cpu(ours=ours)
    calls, rings = await free_rings(bench, OURS if ours else _theirs(FREE_AGENTS))
    bill = _bill(before, bench.cpu(ours=ours), calls)
    found = {"ring_p50_ms": percentile(rings, 0.5), "ring_p95_ms": percentile(rings, 0.95)}
    _note(bench, "free", found | bill, ours=ours)


async def free_rings(bench: Bench, number: str) -> tuple[int, list[float]]:
    """How many calls were served, and each time from a caller's INVITE to the agent's."""
    bench.agents.talk_seconds = FREE_TALK_SECONDS
    bench.agents.forget()
    calls = bench.callers.ended
    for _ in range(FREE_CALLS):
        bench.callers.call(number)
        await asyncio.sleep(1 / FREE_PER_SECOND)
    await asyncio.sleep(2 * FREE_TALK_SECONDS)
    calls, rings = bench.callers.ended - calls, bench.agents.rings
    await bench.callers.empty()
    return calls, rings


async def free_bare(bench: Bench) -> None:
    """The same with the least that a program can do."""
    order = {name: getattr(bench.switch, name) for name in ("ari_url", "ari_user", "ari_password")}
    order["endpoints"] = [f"PJSIP/peer{number}" for number in range(FREE_AGENTS)]
    pipe = asyncio.subprocess.PIPE
    loop = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench._bare", stdin=pipe, stdout=pipe)
    assert loop.stdin is not None and loop.stdout is not None
    loop.stdin.write(json.dumps(order).encode() + b"\n")
    assert await loop.stdout.readline() == b"ready\n", "the bare loop has ended"
    _, rings = await free_rings(bench, BARE)
    loop.stdin.close()
    await loop.wait()
    found = {"ring_p50_ms": round(percentile(rings, 0.5), 3), "ring_p95_ms": round(percentile(rings, 0.95), 3)}
    print(f"{'free':8} {'bare ARI':10} {found}", file=sys.stderr, flush=True)
    bench.peer |= {f"bare_{name}": value for name, value in found.items()}


def _note(bench: Bench, cell: str, found: dict[str, float], *, ours: bool) -> None:
    shown = {name: round(value, 2) for name, value in found.items()}
    print(f"{cell:8} {'otklik' if ours else 'app_queue':10} {shown}", file=sys.stderr, flush=True)
    side = bench.figures if ours else bench.peer
    side |= {f"{cell}_{name}": value for name, value in found.items()}


async def grid(bench: Bench) -> None:
    for agents in TALK_SECONDS:
        await bench.ask(agents)
        for waiting in WAITING:
            for ours in (False, True):
                await busy(bench, agents, waiting, ours=ours)
        if agents == FREE_AGENTS:
            for ours in (False, True):
                await free(bench, ours=ours)
            await free_bare(bench)


@asynccontextmanager
async def telephones(sip_port: int) -> AsyncIterator[tuple[Agents, Callers]]:
    callers = Callers(("127.0.0.1", sip_port))
    agents = Agents(("127.0.0.1", sip_port), callers.invited)
    await agents.open()
    await callers.open()
    try:
        yield agents, callers
    finally:
        agents.close()
        callers.close()


@asynccontextmanager
async def centre(folder: Path, switch: Switch, postgres: EmbeddedPostgres) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench._unrecorded", stdin=pipe, stdout=pipe, limit=1 << 20, start_new_session=True
    )
    order = {"database": postgres.url, "folder": str(folder), "agents": max(TALK_SECONDS)}
    names = ("ari_url", "ari_user", "ari_password", "ami_host", "ami_port", "ami_password")
    order |= {name: getattr(switch, name) for name in names}
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    try:
        yield process
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()


async def measure(folder: Path) -> Bench:
    found = asterisk.find(settings().cache_dir)
    assert found is not None, "the product fetches it: run another measurement first"
    first, _, last = free_rtp_ports().partition("-")
    (folder / "silence").mkdir()
    plan = asterisk.AsteriskPlan(
        folder=folder / "asterisk",
        sip_port=free_port(),
        rtp_ports=(int(first), int(last) + 1000),
        music=folder / "silence",
        trunk_addresses=("127.0.0.1",),
    )
    postgres = await start_postgres(folder / "postgres", lambda _: None)
    try:
        await asyncio.to_thread(migrate, postgres.url)
        switch = Switch(plan, found, lambda _: None)
        async with telephones(plan.sip_port) as (agents, callers):
            switch.agents_port = agents.port
            await switch.start()
            try:
                async with centre(folder, switch, postgres) as process:
                    assert process.stdout is not None
                    for user, password in json.loads(await process.stdout.readline()):
                        await agents.register(user, password)
                    bench = Bench(switch, postgres, process, agents, callers)
                    await grid(bench)
            finally:
                await switch.stop()
    finally:
        await postgres.stop()
    return bench


def main() -> int:
    before = load()
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as name:
        done = uvloop.run(measure(Path(name)))
    figures, peer = done.figures, done.peer
    cells = [f"{agents}x{waiting}" for agents in TALK_SECONDS for waiting in WAITING]
    ratio = max(figures[f"{cell}_gap_p50_ms"] / peer[f"{cell}_gap_p50_ms"] for cell in cells)
    dearer = max(figures[f"{cell}_cpu_ms_per_call"] / peer[f"{cell}_cpu_ms_per_call"] for cell in cells)
    ringing = figures["free_ring_p50_ms"]
    figures["free_ring_to_bare"] = ringing / peer["bare_ring_p50_ms"]
    figures["free_ring_to_app_queue"] = ringing / peer["free_ring_p50_ms"]
    return report(
        "ring_gap",
        figures | {"worst_cpu_ratio": dearer, "refused": done.callers.refused, "load_before": before},
        peer=peer,
        ratio=ratio,
        goal=f"gap p50 at most 1/50 of app_queue's and no more CPU per call in every cell; with free agents {GOAL_FREE_MS:g} ms p50 (twice a bare ARI loop, where it was set)",
        holds=ratio <= GOAL_RATIO and dearer <= 1 and ringing <= GOAL_FREE_MS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
