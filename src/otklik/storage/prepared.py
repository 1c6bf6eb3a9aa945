"""One prepared statement, carried out by libpq itself.

For the append, which every ring waits for: the driver's own way to a row takes a third of a millisecond more when it
was not used a moment ago, and nothing of what it does beside is needed here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection, pq

NAME = b"otklik"


class Prepared:
    """Lives as long as its connection, which may be used by the driver in between, but not at the same time.

    Whoever is cancelled in the middle must close the connection: an answer is still on its way."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._link = connection.pgconn

    @classmethod
    async def on(cls, connection: AsyncConnection[Any], statement: bytes) -> Prepared:
        """Parameters are `$1`, `$2`...; one value comes back."""
        made = cls(connection)
        made._link.send_prepare(NAME, statement)
        _checked(await made._answer())
        return made

    async def run(self, parameters: Sequence[bytes | None]) -> bytes | None:
        """The first value of the first row, as text; None without any row. Raises what the driver would."""
        self._link.send_query_prepared(NAME, parameters)
        result = _checked(await self._answer())
        return result.get_value(0, 0) if result.ntuples else None

    async def _answer(self) -> pq.abc.PGresult:
        loop, link = asyncio.get_running_loop(), self._link
        answered: asyncio.Future[pq.abc.PGresult] = loop.create_future()
        socket, results = link.socket, list[pq.abc.PGresult]()

        def go_on() -> None:
            if answered.done():
                return  # whoever asked is cancelled, and has not been told yet
            try:
                if not link.flush():
                    loop.remove_writer(socket)
                link.consume_input()
                while not link.is_busy():
                    result = link.get_result()
                    if result is None:
                        loop.remove_reader(socket)
                        answered.set_result(results[-1])
                        return
                    results.append(result)
            except psycopg.Error as err:
                loop.remove_reader(socket)
                answered.set_exception(err)

        if link.flush():
            loop.add_writer(socket, go_on)
        loop.add_reader(socket, go_on)
        try:
            return await answered
        finally:
            loop.remove_writer(socket)
            loop.remove_reader(socket)


def _checked(result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    state = result.error_field(pq.DiagnosticField.SQLSTATE)
    said = result.get_error_message()
    try:
        raise psycopg.errors.lookup(state.decode() if state else "")(said)
    except KeyError:
        raise psycopg.OperationalError(said) from None
