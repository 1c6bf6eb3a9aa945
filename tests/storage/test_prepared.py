"""A statement whose answer nobody waits for any more."""

from __future__ import annotations

import asyncio
import select
from typing import Any

from psycopg import AsyncConnection
from tests.conftest import Databases

from otklik.storage.prepared import Prepared


async def test_answer_that_comes_together_with_the_cancellation_is_left_aside(databases: Databases) -> None:
    loop, faults = asyncio.get_running_loop(), list[dict[str, Any]]()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    connection = await AsyncConnection.connect(await databases.empty(), autocommit=True)
    made = await Prepared.on(connection, b"select $1::text")
    asking = loop.create_task(made.run([b"word"]))
    await asyncio.sleep(0)
    readable, _, _ = select.select([connection.fileno()], [], [], 30)
    loop.call_soon(asking.cancel)
    await asyncio.wait([asking])
    await connection.close()
    assert readable and asking.cancelled()
    assert faults == []
