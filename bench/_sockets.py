"""Pages that are only sockets: `python -m bench._sockets ADDRESS`, sessions on its input, one a line. Reads and drops.

A process of its own that yields to all others: in life browsers are not on this machine. Prints how many are open.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from bench._crowd import yield_to_all

OPEN_SECONDS = 120.0
AT_ONCE = 20


@asynccontextmanager
async def sockets(address: str, sessions: list[str]) -> AsyncIterator[None]:
    """Open as long as the block lasts."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench._sockets", address, stdin=pipe, stdout=pipe, start_new_session=True
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n".join(sessions).encode() + b"\n\n")
    async with asyncio.timeout(OPEN_SECONDS):
        line = await process.stdout.readline()
    assert int(line or 0) == len(sessions), f"{line!r} of {len(sessions)} sockets are open"
    try:
        yield
        assert process.returncode is None, "the sockets were closed"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _drop(address: str, session: str, gate: asyncio.Semaphore, opened: list[str]) -> None:
    headers = {"Cookie": f"otklik_session={session}"}
    url = f"ws://{address}/api/live"
    async with gate:
        socket = await connect(
            url,
            additional_headers=headers,
            origin=Origin(f"http://{address}"),
            proxy=None,
            max_size=None,
            compression=None,
        )
        await socket.recv()
        opened.append(session)
    try:
        while True:
            await socket.recv(decode=False)
    except ConnectionClosed as closed:
        raise SystemExit(f"a socket was closed: {closed}") from closed


async def _main(address: str, sessions: list[str]) -> None:
    gate, opened = asyncio.Semaphore(AT_ONCE), list[str]()
    async with asyncio.TaskGroup() as group:
        for session in sessions:
            group.create_task(_drop(address, session, gate, opened))
        while len(opened) < len(sessions):  # noqa: ASYNC110  nothing is measured yet
            await asyncio.sleep(0.05)
        print(len(opened), flush=True)


if __name__ == "__main__":
    yield_to_all()
    asyncio.run(_main(sys.argv[1], [line.strip() for line in iter(sys.stdin.readline, "\n")]))
