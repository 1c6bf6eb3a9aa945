"""Menus on real Asterisk: 200 callers at a time press keys through eight questions, and when each next text is heard.

The whole product, with recording as it is set up and every answer in the log before it counts. The callers are plain SIP
lines with sound both ways and keys by RFC 4733. Also what a contact costs in memory: in a menu, in a queue, and in the
deciding code alone.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import uvloop
from tests import tones

from bench._centre import DIRECT, Centre, running
from bench._figures import cpu_seconds, load, percentile, report
from bench._keys import FREQUENCIES, Heard, KeyCallers
from otklik.contact.configuration import Configuration, EntryPoint, Queue
from otklik.contact.decisions import Ask
from otklik.contact.facts import Configured, ContactArrived, ContactQueued, VerbFinished
from otklik.contact.flow import AskBlock, Block, Flow, HangUpBlock
from otklik.contact.ids import ContactId, EntryPointId, QueueId, ScenarioId
from otklik.routing import Engine
from otklik.scenario import Run
from otklik.tenancy.demo import SALES

NUMBER = "3100"
CALLS, CALLS_PER_SECOND, WARM_CALLS = 200, 20, 20
QUESTIONS, TEXT_SECONDS = 8, 4.0
SETTLE_SECONDS, WINDOW_SECONDS = 12.0, 45.0
GOAL_MS = 150.0
ALONE = 50_000


def text(question: int) -> str:
    return f"Question {question}"


def flow() -> Flow:
    blocks = [
        Block(
            id=f"ask{n}",
            ask=AskBlock(text={"en": text(n)}, keys={"1": "Yes", "2": "No"}),
            exits={"1": f"ask{n + 1}" if n + 1 < QUESTIONS else "end"},
        )
        for n in range(QUESTIONS)
    ]
    blocks.append(Block(id="end", hang_up=HangUpBlock()))
    return Flow(id=ScenarioId("menus"), languages=("en",), otherwise=SALES, blocks=tuple(blocks))


def record_texts(centre: Centre) -> None:
    """Tones in place of words, handed in as an administrator does it."""
    with centre.product.signed_in("admin") as client:
        found = client.get("/api/prompts").raise_for_status().json()["prompts"]
        ids = {each["text"]: each["id"] for each in found}
        for n in range(QUESTIONS):
            sound = tones.wav(
                [tones.tone(FREQUENCIES[n % 2], TEXT_SECONDS, tones.TELEPHONE_RATE)], tones.TELEPHONE_RATE
            )
            put = client.put(f"/api/prompts/{ids[text(n)]}", content=sound, headers={"Content-Type": "audio/wav"})
            put.raise_for_status()


def resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def memory(centre: Centre, when: str) -> dict[str, float]:
    return {f"{name}_{when}_mib": resident_mib(centre.pids[name]) for name in ("otklik", "asterisk")}


async def fill(callers: KeyCallers, number: str, calls: int) -> None:
    """At the pace of people. Whoever was served calls anew."""
    callers._again = lambda: callers.call(number)
    while len(callers.calls) < calls:
        callers.call(number)
        await asyncio.sleep(1 / CALLS_PER_SECOND)


def latencies(name: str, heard: Heard) -> dict[str, float]:
    return {
        f"{name}_p50_ms": percentile(heard.after_up, 0.5),
        f"{name}_p95_ms": percentile(heard.after_up, 0.95),
        f"{name}_p99_ms": percentile(heard.after_up, 0.99),
        f"{name}_from_first_packet_p95_ms": percentile(heard.after_down, 0.95),
    }


def cpu(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: cpu_seconds(pid, apart=set(pids.values())) for name, pid in pids.items()}


async def in_menus(centre: Centre, callers: KeyCallers) -> dict[str, float]:
    await fill(callers, NUMBER, CALLS)
    await asyncio.sleep(SETTLE_SECONDS)
    callers.forget()
    ended, before = callers.ended, cpu(centre.pids)
    await asyncio.sleep(WINDOW_SECONDS)
    after, over, during = cpu(centre.pids), callers.over, callers.during
    both = Heard(over.after_up + during.after_up, over.after_down + during.after_down)
    figures = {
        **latencies("key_to_text", both),
        **latencies("silence", over),
        **latencies("interrupting", during),
        "missed": over.missed + during.missed,
        "keys_per_s": callers.keys / WINDOW_SECONDS,
        "calls_per_s": (callers.ended - ended) / WINDOW_SECONDS,
        **{f"{name}_cores": (after[name] - before[name]) / WINDOW_SECONDS for name in after},
        **memory(centre, "menus"),
    }
    await callers.empty()
    return figures


async def measure() -> dict[str, float]:
    async with running({NUMBER: flow()}) as centre:
        await asyncio.to_thread(record_texts, centre)
        callers = KeyCallers(centre.sip, questions=QUESTIONS, text_seconds=TEXT_SECONDS)
        await callers.open()
        try:
            await fill(callers, NUMBER, WARM_CALLS)
            await asyncio.sleep(SETTLE_SECONDS)
            await callers.empty()
            await asyncio.sleep(1)
            figures = memory(centre, "idle")
            await fill(callers, DIRECT, CALLS)
            await asyncio.sleep(5)
            figures |= memory(centre, "queue")
            await callers.empty()
            figures |= await in_menus(centre, callers) | {"refused": callers.refused}
        finally:
            callers.close()
    for name in ("otklik", "asterisk"):
        for where in ("queue", "menus"):
            more = figures[f"{name}_{where}_mib"] - figures[f"{name}_idle_mib"]
            figures[f"{name}_kib_per_call_in_{where}"] = more * 1024 / CALLS
    return figures


def bytes_each() -> dict[str, float]:
    """Of the deciding code alone: contacts that wait in a queue, and scenarios that stand at their third question."""
    queue, menu = Queue(id=QueueId("q"), name="q", everyone=True, announce_every_seconds=0.0), flow()
    number = EntryPoint(id=EntryPointId("n"), number="1", scenario=menu.id)
    engine, runs = Engine(), list[Run]()
    engine.handle(Configured(configuration=Configuration(queues=(queue,), flows=(menu,), entry_points=(number,))), 0.0)

    def wait(n: int) -> None:
        contact = ContactId(f"019ac5e0-0000-7000-8000-{n:012}")
        engine.handle(
            ContactArrived(contact=contact, channel="voice", entry_point=number.id, dnis="1", leg=f"1764300000.{n}"),
            0.0,
        )
        engine.handle(ContactQueued(contact=contact, queue=queue.id), 0.0)
        if n % 500 == 0:
            engine.take_touched()

    def ask(n: int) -> None:
        run = Run(ContactId(f"019ac5e0-0000-7000-8000-{n:012}"), menu)
        (verb,) = run.start()
        for _ in range(2):
            assert isinstance(verb, Ask)
            answer = VerbFinished(contact=run.contact, step=verb.step, outcome="digits", digits="1", block=verb.block)
            (verb,) = run.handle(answer)
        runs.append(run)

    found = dict[str, float]()
    for name, one in (("engine_bytes_per_waiting", wait), ("scenario_bytes_per_contact", ask)):
        one(0)
        gc.collect()
        before = resident_mib(os.getpid())
        for n in range(1, ALONE + 1):
            one(n)
        gc.collect()
        found[name] = (resident_mib(os.getpid()) - before) * 1024 * 1024 / ALONE
    return found


def main() -> int:
    before = load()
    figures = bytes_each() | {"load_before": before}
    print({name: round(value) for name, value in figures.items()}, file=sys.stderr, flush=True)
    figures |= uvloop.run(measure())
    late, missed = figures["key_to_text_p95_ms"], figures["missed"]
    return report(
        "menus",
        figures,
        peer={"key_to_text_p95_ms": GOAL_MS},
        ratio=late / GOAL_MS,
        goal=f"{CALLS} calls in menus, from the key to the next text p95 <= {GOAL_MS:g} ms, and every text comes",
        holds=late <= GOAL_MS and not missed and not figures["refused"],
    )


if __name__ == "__main__":
    raise SystemExit(main())
