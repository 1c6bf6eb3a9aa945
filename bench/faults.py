"""A long day in which the centre is killed some thousand times at random steps; every recovery is checked.

What is checked is written in tests/switchboard/hazard.py. The figure of merit is nought: violations found.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
import traceback
from pathlib import Path

import structlog
from tests.switchboard.hazard import Day

from bench._figures import report
from otklik.customer import store as customers
from otklik.embedded.postgres import start_postgres
from otklik.storage.engine import Database, migrate
from otklik.switchboard import snapshot
from otklik.tenancy import store as tenancy

STEPS = 25
LIVES_PER_DAY = 50


async def measure(folder: Path, lives: int, seed: int) -> dict[str, float]:
    postgres = await start_postgres(folder / "postgres", lambda _: None)
    found = {"lives": 0.0, "contacts": 0.0, "facts": 0.0, "violations": 0.0}
    try:
        await asyncio.to_thread(migrate, postgres.url)
        database = await Database.open(postgres.url)
        await tenancy.seed_demo(database, "set by nobody", customers.add_demo)
        await database.close()
        for number in range(seed, seed + max(1, lives // LIVES_PER_DAY)):
            day = Day(postgres.url, number)
            try:
                for _ in range(LIVES_PER_DAY):
                    await day.live(STEPS)
                await day.evening()
            except AssertionError:
                found["violations"] += 1
                print(f"seed {number}:\n{traceback.format_exc()}", flush=True)
                break  # the log of this database no longer begins in order
            found["lives"] += day.lives
            found["contacts"] += len(day.calls)
            found["facts"] += len(day.ledger.confirmed)
    finally:
        await postgres.stop()
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lives", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1000)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    snapshot.FEW = snapshot.SLICE = 2  # so that contacts change while one is being taken
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        found = asyncio.run(measure(Path(folder), asked.lives, asked.seed))
    return report(
        "faults",
        found | {"seconds": time.perf_counter() - began},
        peer={"violations_allowed": 0},
        goal="no invariant is broken after any kill: nobody lost, nobody offered twice, state = fold of the log",
        holds=found["violations"] == 0 and found["lives"] > 0,
    )


if __name__ == "__main__":
    raise SystemExit(main())
