"""A tiny program at the other end of ARI: sees calls arrive, and hangs them up with a cause of its choice."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from otklik.embedded.asterisk import EmbeddedAsterisk

NO_SUCH_NUMBER = "1"
"""Q.850 cause 1, unallocated number: 404 for the caller."""


class Stasis:
    """Every call that arrives is hung up at once with `NO_SUCH_NUMBER`."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def next_call(self) -> dict[str, Any]:
        """The StasisStart event."""
        async with asyncio.timeout(30):
            return await self.arrived.get()

    async def run(self, connection: ClientConnection) -> None:
        async for message in connection:
            event = json.loads(message)
            if event["type"] == "StasisStart":
                self.arrived.put_nowait(event)
                hang_up = {
                    "type": "RESTRequest",
                    "request_id": "1",
                    "method": "DELETE",
                    "uri": f"channels/{event['channel']['id']}",
                    "query_strings": [{"name": "reason_code", "value": NO_SUCH_NUMBER}],
                }
                await connection.send(json.dumps(hang_up))


@asynccontextmanager
async def program(asterisk: EmbeddedAsterisk) -> AsyncIterator[Stasis]:
    """Our program is up while the block runs."""
    token = base64.b64encode(f"{asterisk.ari_user}:{asterisk.ari_password}".encode()).decode()
    url = f"{asterisk.ari_url.replace('http', 'ws')}/ari/events?app=otklik"
    async with connect(url, additional_headers={"Authorization": f"Basic {token}"}) as connection:
        seen = Stasis()
        task = asyncio.create_task(seen.run(connection))
        try:
            yield seen
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def get(asterisk: EmbeddedAsterisk, path: str) -> Any:
    """One question to ARI."""
    async with httpx.AsyncClient(auth=(asterisk.ari_user, asterisk.ari_password)) as client:
        return (await client.get(f"{asterisk.ari_url}/ari/{path}")).json()
