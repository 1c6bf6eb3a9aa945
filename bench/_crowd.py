"""Callers who wait: whoever was served or gave up is followed by another. `python -m bench._crowd PORT NUMBER PEOPLE`

A process of its own that yields to all others, so that their sound does not stand in the way of what is measured: in
life customers' telephones are not on this machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench._centre import Customer

PAUSE_SECONDS = 0.1
STOP_SECONDS = 10.0


@asynccontextmanager
async def crowd(server: tuple[str, int], number: str, people: int) -> AsyncIterator[None]:
    """So many call as long as the block lasts."""
    words = [str(server[1]), number, str(people)]
    callers = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench._crowd", *words, start_new_session=True)
    try:
        yield
        assert callers.returncode is None, "the callers have gone home"
    finally:
        if callers.returncode is None:
            callers.terminate()
        await asyncio.wait_for(callers.wait(), STOP_SECONDS)


async def _call_again_and_again(phone: Customer, number: str) -> None:
    async with phone:
        while True:
            call = await phone.call(number)
            await call.ended.wait()
            await asyncio.sleep(PAUSE_SECONDS)


async def main(port: int, number: str, people: int) -> None:
    phones = [Customer(f"+7916{index:07}", ("127.0.0.1", port), tone=440) for index in range(people)]
    tasks = [asyncio.create_task(_call_again_and_again(phone, number), name=phone.user) for phone in phones]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def yield_to_all() -> None:
    """Niceness counts inside a session only where the kernel shares processors out by sessions (sched(7), autogroup):
    hence a session of our own, and the niceness of both."""
    os.nice(19)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text("19")


if __name__ == "__main__":
    yield_to_all()
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
