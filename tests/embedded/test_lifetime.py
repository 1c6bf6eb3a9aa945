"""`kill -9` of the program leaves nothing running: no database, no Asterisk, no orphan of theirs."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from otklik.embedded.asterisk import AsteriskFound
from tests.embedded.conftest import plan_in

PARENT = """
    import asyncio, pickle, sys
    from pathlib import Path
    from otklik.embedded import asterisk
    from otklik.embedded.postgres import start_postgres

    async def main():
        plan, found, folder = pickle.load(open(sys.argv[1], "rb"))
        telephony = await asterisk.start(plan, found)
        database = await start_postgres(folder, lambda _: None)
        print(telephony.pid, database.pid, flush=True)
        await asyncio.sleep(60)

    asyncio.run(main())
"""


def mentioning(folder: Path) -> list[int]:
    """Living processes that name this folder in their words or work in it."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit() and int(one.name) != os.getpid():
            try:
                dead = (one / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                words = (one / "cmdline").read_bytes() + os.fsencode(os.readlink(one / "cwd"))
            except OSError:
                continue
            if not dead and os.fsencode(folder) in words:
                found.append(int(one.name))
    return found


async def test_kill_9_of_the_program_leaves_nothing_running(found: AsteriskFound, short_folder: Path) -> None:
    order = short_folder / "order"
    order.write_bytes(pickle.dumps((plan_in(short_folder), found, short_folder / "postgres")))
    words = [sys.executable, "-c", textwrap.dedent(PARENT), str(order)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        living = mentioning(short_folder)
        assert set(pids) <= set(living)
        assert len(living) > len(pids) + 1, "the database has processes of its own"
        parent.send_signal(signal.SIGKILL)
    async with asyncio.timeout(30):  # its children would live for ever
        while mentioning(short_folder):
            await asyncio.sleep(0.02)
