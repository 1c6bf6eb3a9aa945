"""A statement that is put again and again is planned once, the statements inside of its functions too."""

from __future__ import annotations

from otklik.storage.engine import Database


async def test_a_statement_of_every_call_is_planned_once(database: Database) -> None:
    made = database.statement(b"select current_setting('plan_cache_mode')", options="-c synchronous_commit=off")
    assert await made.run() == b"force_generic_plan"
    also = database.statement(b"select current_setting('synchronous_commit')", options="-c synchronous_commit=off")
    assert await also.run() == b"off"


async def test_the_first_one_waits_for_no_connection_that_was_opened_ahead(database: Database) -> None:
    made = database.statement(b"select pg_backend_pid()")
    await made.open()
    ((connection, _),) = made._idle
    assert await made.run() == str(connection.info.backend_pid).encode()
    await made.close()
