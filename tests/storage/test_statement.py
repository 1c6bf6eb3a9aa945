"""A statement that is put again and again is planned once, the statements inside of its functions too."""

from __future__ import annotations

from otklik.storage.engine import Database


async def test_a_statement_of_every_call_is_planned_once(database: Database) -> None:
    made = database.statement(b"select current_setting('plan_cache_mode')", options="-c synchronous_commit=off")
    assert await made.run() == b"force_generic_plan"
    also = database.statement(b"select current_setting('synchronous_commit')", options="-c synchronous_commit=off")
    assert await also.run() == b"off"
